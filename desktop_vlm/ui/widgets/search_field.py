"""A field that something is searched for with: Escape clears it, and only then leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.text_menu import use_text_menu


class SearchField(QLineEdit):
    """A line with a magnifier before it, and a button that clears it."""

    def __init__(self, theme: Theme, name: str) -> None:
        """`name` says what is searched, and stands in the empty field."""
        super().__init__()
        self._theme = theme
        self._magnifier: QAction | None = None
        theme.changed.connect(self._take_icon)
        self._take_icon()
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        use_text_menu(self)

    def _take_icon(self) -> None:
        if self._magnifier is not None:
            self.removeAction(self._magnifier)
        icon = self._theme.icon("search", "faint")
        self._magnifier = self.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(False)  # it takes its picture from the style once, when it is made
        self.setClearButtonEnabled(True)

    def claim_escape(self) -> Claim:
        if not self.text():
            return Claim.LEAVE
        self.clear()
        return Claim.DONE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """In a dialog, which would close: there nobody else brings the key here."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

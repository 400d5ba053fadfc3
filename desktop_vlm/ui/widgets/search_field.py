"""A field that something is searched for with: Escape clears it, and only then leaves it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.clear_button import ClearButton
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.text_menu import use_text_menu


class SearchField(QLineEdit):
    """A line with a magnifier before it, and a button that clears it.

    Both are as large as goes with the text, which those that Qt has for a line are not: they are of 16 px always.

    Attributes:
        clear_button: there while the field has text.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        """`name` says what is searched, and stands in the empty field."""
        super().__init__()
        self._theme = theme
        self.clear_button = ClearButton(theme, self, has_icon=True)
        self.clear_button.clicked.connect(self.clear)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        use_text_menu(self)

    def magnifier_rect(self) -> QRect:
        """Where the magnifier is drawn."""
        return self.clear_button.icon_before()

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

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            self._theme.icon("search", "faint").paint(painter, self.magnifier_rect())

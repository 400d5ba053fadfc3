"""A field that something is searched for with: Escape clears it, and only then leaves it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QStyle, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_SIDE_PX = 26
"""What the magnifier, and the button that clears, take of the field with text of the usual size."""
_MIDDLE_PX = 15
"""From the field's edge to the middle of either."""
_ICON_PX = 16


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
        self.clear_button = _ClearButton(theme, self)
        self.clear_button.setAccessibleName(self.tr("Clear"))
        self.clear_button.clicked.connect(self.clear)
        self.textChanged.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        use_text_menu(self)

    def magnifier_rect(self) -> QRect:
        """Where the magnifier is drawn."""
        return self._icon_rect(self._theme.scaled(_MIDDLE_PX))

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            self._theme.icon("search", "faint").paint(painter, self.magnifier_rect())

    def _fit(self) -> None:
        """Make room for the magnifier, and for the button where there is something to clear."""
        side = self._theme.scaled(_SIDE_PX)
        before, behind = side, side if self.text() else 0
        left, right = (behind, before) if self.isRightToLeft() else (before, behind)
        self.setTextMargins(left, 0, right, 0)
        self.clear_button.setVisible(bool(self.text()))
        self._place_button()

    def _place_button(self) -> None:
        self.clear_button.setGeometry(self._icon_rect(self.width() - self._theme.scaled(_MIDDLE_PX)))

    def _icon_rect(self, middle: int) -> QRect:
        side = self._theme.scaled(_ICON_PX)
        there = QRect(middle - side // 2, (self.height() - side) // 2, side, side)
        return QStyle.visualRect(self.layoutDirection(), self.rect(), there)


class _ClearButton(QAbstractButton):
    """A cross without a frame; the keyboard has Escape for it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._theme.icon("x", "muted").paint(painter, self.rect())

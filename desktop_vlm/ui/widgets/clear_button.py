"""A cross in a line of text that clears it: as large as goes with the text, which Qt's own is not: always 16 px."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QStyle

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

_SIDE_PX = 26
"""What an icon takes of a line with text of the usual size."""
_MIDDLE_PX = 15
"""From the line's edge to the middle of the icon."""
_ICON_PX = 16


class ClearButton(QAbstractButton):
    """A cross without a frame, there while its line has text; the keyboard has Escape or Backspace for it."""

    def __init__(self, theme: Theme, line: QLineEdit, *, has_icon: bool = False) -> None:
        """`has_icon`: the line draws one of its own before the text (`icon_before`)."""
        super().__init__(line)
        self._theme = theme
        self._line = line
        self._has_icon = has_icon
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Clear"))
        line.installEventFilter(self)
        line.textChanged.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()

    def icon_before(self) -> QRect:
        """Where the line's own icon is, before the text."""
        return self._icon_rect(self._theme.scaled(_MIDDLE_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._line and event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange}:
            self._fit()
        return False

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._theme.icon("x", "muted").paint(painter, self.rect())

    def _fit(self) -> None:
        """Make room for the icon before the text, and for this where there is something to clear."""
        side = self._theme.scaled(_SIDE_PX)
        before, behind = side if self._has_icon else 0, side if self._line.text() else 0
        left, right = (behind, before) if self._line.isRightToLeft() else (before, behind)
        self._line.setTextMargins(left, 0, right, 0)
        self.setVisible(bool(self._line.text()))
        self.setGeometry(self._icon_rect(self._line.width() - self._theme.scaled(_MIDDLE_PX)))

    def _icon_rect(self, middle: int) -> QRect:
        side = self._theme.scaled(_ICON_PX)
        there = QRect(middle - side // 2, (self._line.height() - side) // 2, side, side)
        return QStyle.visualRect(self._line.layoutDirection(), self._line.rect(), there)

"""A small lamp."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.theme.theme import Theme

DOT_PX = 8


class Dot(QWidget):
    """A round spot in one of the theme's colours, in the middle of the height that its owner gives it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = "faint"
        self.setFixedSize(DOT_PX, DOT_PX)

    def set_tone(self, tone: str) -> None:
        """Take another of the theme's colours."""
        self._tone = tone
        self.update()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._tone))
        painter.drawEllipse(QRectF(0, (self.height() - DOT_PX) / 2, DOT_PX, DOT_PX))

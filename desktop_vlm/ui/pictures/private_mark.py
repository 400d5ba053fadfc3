"""The mark at a picture in which private text can be read."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_icon, draw_ring

_FILL = QColor(16, 16, 18, 220)
_FILL_HOVERED = QColor(52, 52, 58, 240)
"""Dark in both themes: it lies on pictures, which have every colour."""
_HEIGHT = 20
_GAP = 6
"""To the picture's edge, px."""
_ICON = 12


class PrivateMark(QAbstractButton):
    """A pill at the lower edge: "3 private", or the number alone where there is no room for the word."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = 0
        self._text = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the context menu does the same; Tab would stop twice
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()

    def show_count(self, count: int, hint: str) -> None:
        """Say how much there is; 0 for nothing. `hint` says of which kinds."""
        self._count = count
        ask = self.tr("Click to hide it.")
        self.setToolTip(f"{hint}\n{ask}" if count else "")
        self.setAccessibleName(hint)
        self.setVisible(bool(count))
        self.place()

    def place(self) -> None:
        """In the middle of the lower edge, as wide as its text where the picture is wide enough."""
        parent = self.parentWidget()
        if parent is None or not self._count:
            return
        room = parent.width() - 2 * _GAP
        metrics = QFontMetrics(self._font())
        words = self.tr("{0} private").format(self._count)
        self._text = words if metrics.horizontalAdvance(words) + 14 <= room else str(self._count)
        width = metrics.horizontalAdvance(self._text) + 14
        self.resize(width + _ICON + 4 if width + _ICON + 4 <= room else width, _HEIGHT)
        self.move((parent.width() - self.width()) // 2, parent.height() - _HEIGHT - _GAP)
        self.update()

    def _font(self) -> QFont:
        return self._theme.font(0.78, QFont.Weight.DemiBold)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_FILL_HOVERED if self.underMouse() else _FILL)
        painter.drawRoundedRect(rect, _HEIGHT / 2, _HEIGHT / 2)
        draw_ring(painter, rect, _HEIGHT / 2, QColor(255, 255, 255, 70), 1)
        painter.setFont(self._font())
        painter.setPen(QColor("white"))
        width = painter.fontMetrics().horizontalAdvance(self._text)
        has_icon = self.width() >= width + 14 + _ICON
        left = (self.width() - width - (_ICON + 4 if has_icon else 0)) / 2
        if has_icon:
            draw_icon(
                painter, icon("shield", "#ffffff", "#ffffff"), QPointF(left + _ICON / 2, rect.center().y()), _ICON
            )
            left += _ICON + 4
        text = QRectF(left, 0, width + 2, _HEIGHT)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()

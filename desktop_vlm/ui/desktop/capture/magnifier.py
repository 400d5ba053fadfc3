"""The magnifier beside the pointer: single pixels, eight times as large, and which one a click would take."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QTransform

from desktop_vlm.ui.desktop.capture.chrome import MUTED, OUTLINE, TEXT, draw_card, number_font
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.colors import DARK
from desktop_vlm.ui.widgets.painting import with_alpha

CELLS = 15
"""Pixels across; odd, so that one is in the middle."""
ZOOM = 8
_LENS = CELLS * ZOOM
_MARGIN = 6
_FROM_POINTER = 22


class Magnifier:
    """Draws itself near a point; holds only fonts."""

    def __init__(self, theme: Theme) -> None:
        self._font = number_font(theme, 0.86)
        self._line = round(QFontMetricsF(self._font).height() + 3)

    def rect(self, pointer: QPointF, area: QRectF) -> QRectF:
        """Right below the pointer; on the other side where the screen ends."""
        width, height = _LENS + 2 * _MARGIN, _LENS + 2 * self._line + 3 * _MARGIN
        left, top = pointer.x() + _FROM_POINTER, pointer.y() + _FROM_POINTER
        if left + width > area.right() - 4:
            left = pointer.x() - _FROM_POINTER - width
        if top + height > area.bottom() - 4:
            top = pointer.y() - _FROM_POINTER - height
        return QRectF(round(left), round(top), width, height)

    def draw(self, painter: QPainter, rect: QRectF, image: QImage, pixel: QPoint) -> None:
        """The surroundings of a pixel, its place and its colour."""
        draw_card(painter, rect, 14)
        lens = QRectF(rect.left() + _MARGIN, rect.top() + _MARGIN, _LENS, _LENS)
        _draw_pixels(painter, lens, image, pixel)
        color = image.pixelColor(pixel)
        painter.setFont(self._font)
        painter.setPen(MUTED)
        line = QRectF(lens.left() + 4, lens.bottom() + _MARGIN, _LENS - 8, self._line)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, f"{pixel.x()}, {pixel.y()}")
        line.translate(0, self._line)
        swatch = QRectF(line.left(), line.center().y() - 5, 10, 10)
        painter.setPen(QPen(OUTLINE, 1))
        painter.setBrush(QColor(color.rgb()))
        painter.drawRoundedRect(swatch, 3, 3)
        painter.setPen(TEXT)
        painter.drawText(line.adjusted(17, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, color.name())


def _draw_pixels(painter: QPainter, lens: QRectF, image: QImage, pixel: QPoint) -> None:
    half = CELLS // 2
    around = image.copy(pixel.x() - half, pixel.y() - half, CELLS, CELLS)  # black beyond the screen's edges
    brush = QBrush(around)
    brush.setTransform(QTransform.fromTranslate(lens.left(), lens.top()).scale(ZOOM, ZOOM))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(lens, 9, 9)

    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(127, 127, 127, 70), 0))
    for line in range(1, CELLS):
        across, down = lens.top() + line * ZOOM, lens.left() + line * ZOOM
        painter.drawLine(QPointF(lens.left() + 1, across), QPointF(lens.right() - 1, across))
        painter.drawLine(QPointF(down, lens.top() + 1), QPointF(down, lens.bottom() - 1))

    cell = QRectF(lens.left() + half * ZOOM, lens.top() + half * ZOOM, ZOOM, ZOOM)
    band = with_alpha(QColor(DARK.accent), 0.28)
    painter.fillRect(QRectF(lens.left(), cell.top(), cell.left() - lens.left(), ZOOM), band)
    painter.fillRect(QRectF(cell.right(), cell.top(), lens.right() - cell.right(), ZOOM), band)
    painter.fillRect(QRectF(cell.left(), lens.top(), ZOOM, cell.top() - lens.top()), band)
    painter.fillRect(QRectF(cell.left(), cell.bottom(), ZOOM, lens.bottom() - cell.bottom()), band)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Dark and light: one of them is seen on any colour, and the pixel itself stays free.
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1))
    painter.drawRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5))
    painter.setPen(QPen(QColor("#ffffff"), 1))
    painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.setPen(QPen(OUTLINE, 1))
    painter.drawRoundedRect(lens.adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)

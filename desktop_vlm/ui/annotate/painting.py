"""Marks by Qt, for the moment in which they are made or moved: the exact pixels come a little later (`exact`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.images.annotations.shapes import Blackness, Blur, Digits, Disc, Fill, Point, Shape, Stroke
from desktop_vlm.images.redaction import pixels_of

_GREY = QColor(128, 128, 128, 235)
"""Where something will be blurred, until it is known how that looks."""

HANDLE = 4.5
"""Radius of a handle, logical px."""


def paint_mark(painter: QPainter, mark: Mark, size: tuple[int, int], mosaics: Mapping[Blur, QImage]) -> None:
    """Paint with a painter whose unit is a pixel of the picture.

    Args:
        painter: of the picture.
        mark: on it.
        size: of the whole picture.
        mosaics: what is known of blurred places.
    """
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for shape in mark.shapes:
        _paint(painter, shape, size, mosaics)


def _paint(painter: QPainter, shape: Shape, size: tuple[int, int], mosaics: Mapping[Blur, QImage]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if isinstance(shape, Blackness | Blur):
        area = pixels_of(shape.box, *size)
        if area is None:
            return
        rect = QRectF(area[0], area[1], area[2] - area[0], area[3] - area[1])
        if isinstance(shape, Blur) and shape in mosaics:
            painter.drawImage(rect, mosaics[shape])
        else:
            painter.fillRect(rect, QColor(0, 0, 0) if isinstance(shape, Blackness) else _GREY)
    elif isinstance(shape, Stroke):
        pen = QPen(QColor(shape.color), shape.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(_polygon(shape.points))
    elif isinstance(shape, Fill):
        painter.setBrush(QColor(shape.color))
        painter.drawPolygon(_polygon(shape.points))
    elif isinstance(shape, Disc):
        painter.setBrush(QColor(shape.color))
        painter.drawEllipse(QPointF(*shape.center), shape.radius, shape.radius)
    elif isinstance(shape, Digits):
        font = QFont()
        font.setPixelSize(max(1, round(shape.height)))
        painter.setFont(font)
        painter.setPen(QColor(shape.color))
        painter.drawText(rect_of(shape.bounds).adjusted(-99, -99, 99, 99), Qt.AlignmentFlag.AlignCenter, shape.text)
    else:
        painter.drawImage(rect_of(shape.box), _coloured(shape.mask, shape.color))


def rect_of(box: Box) -> QRectF:
    """The same for Qt."""
    return QRectF(box.left, box.top, box.width, box.height)


def _polygon(points: tuple[Point, ...]) -> QPolygonF:
    return QPolygonF([QPointF(*point) for point in (points if len(points) > 1 else points * 2)])


@lru_cache(maxsize=32)
def _coloured(mask: bytes, color: str) -> QImage:
    """A stencil with its colour going through."""
    alpha = QImage.fromData(QByteArray(mask)).convertToFormat(QImage.Format.Format_Grayscale8)
    made = QImage(alpha.size(), QImage.Format.Format_ARGB32)
    made.fill(QColor(color))
    made.setAlphaChannel(alpha)
    return made


def paint_handles(painter: QPainter, places: list[QPointF], frame: QRectF, accent: QColor) -> None:
    """What shows that a mark is picked, in logical pixels: a dashed frame, and the points that can be dragged."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, offset in ((QColor(0, 0, 0, 120), 0.0), (QColor(255, 255, 255, 220), 4.0)):
        pen = QPen(color, 1)
        pen.setDashPattern([4, 4])
        pen.setDashOffset(offset)
        painter.setPen(pen)
        painter.drawRect(frame)
    painter.setPen(QPen(accent, 2))
    painter.setBrush(QColor("white"))
    for place in places:
        painter.drawEllipse(place, HANDLE, HANDLE)

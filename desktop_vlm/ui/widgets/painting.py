"""Small things that several picture widgets paint."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
)


def rounded_whole(
    image: QImage, width: int, height: int, ratio: float, radius: float, *, largest: float = 1e9
) -> QPixmap:
    """All of an image in the middle of width x height, with rounded corners, sharp at this device pixel ratio.

    `largest` limits the scale; what the image does not fill stays transparent.
    """
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    scale = min(largest, width / image.width(), height / image.height())
    shown = QRectF(0, 0, image.width() * scale, image.height() * scale)
    shown.moveCenter(QPointF(width / 2, height / 2))
    if scale * ratio < 1:  # Qt's own painting would skip pixels
        requested = QSize(max(1, round(image.width() * scale * ratio)), max(1, round(image.height() * scale * ratio)))
        image = image.scaled(requested, mode=Qt.TransformationMode.SmoothTransformation)
        scale = 1 / ratio
    brush = QBrush(image)
    brush.setTransform(QTransform.fromTranslate(shown.x(), shown.y()).scale(scale, scale))
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)  # filling is smooth along the corners, clipping would not be
    if min(shown.width(), shown.height()) > 3 * radius:
        painter.drawRoundedRect(shown, radius, radius)
    else:  # of so little of an image no corner can be spared
        painter.drawRect(shown)
    painter.end()
    return pixmap


def draw_ring(painter: QPainter, rect: QRectF, radius: float, color: QColor, width: float) -> None:
    """An outline that lies wholly inside the rectangle."""
    half = width / 2
    painter.setPen(QPen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


def draw_icon(painter: QPainter, icon: QIcon, center: QPointF, size: int) -> None:
    """An icon around a point, on whole pixels."""
    half = size / 2
    icon.paint(painter, QRect(round(center.x() - half), round(center.y() - half), size, size))


def pill_size(text: str, font: QFont) -> QSizeF:
    """Of what `draw_pill` draws."""
    metrics = QFontMetricsF(font)
    height = metrics.height() + 2
    return QSizeF(max(height, metrics.horizontalAdvance(text) + height * 0.7), height)


def draw_pill(painter: QPainter, corner: QPointF, text: str, font: QFont, fill: QColor, ink: QColor) -> QRectF:
    """A short text on a rounded ground; `corner` is its bottom left. Returns what it covers."""
    size = pill_size(text, font)
    height = size.height()
    rect = QRectF(QPointF(corner.x(), corner.y() - height), size)
    path = QPainterPath()
    path.addRoundedRect(rect, height / 2, height / 2)
    painter.fillPath(path, fill)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    return rect


def elided(text: str, font: QFont, width: float) -> str:
    """A file's name cut in its middle: its start and its ending both tell something."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def with_alpha(color: QColor, alpha: float) -> QColor:
    """The same colour, more transparent."""
    found = QColor(color)
    found.setAlphaF(alpha)
    return found

"""Written text as a mask of its letters: only the window has the fonts for every script."""

from __future__ import annotations

import math

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

LINE_PX = 5.0
"""Height of letters, by the width of a mark's lines."""
_LONGEST_PX = 8000
"""Of a line of text on an image."""


def letter(text: str, width: float) -> tuple[bytes, tuple[int, int]]:
    """A PNG that says where the letters are, and its width and height.

    Args:
        text: one or several lines.
        width: of the mark's lines, px; the letters follow it.
    """
    font = QFont()
    font.setPixelSize(max(6, round(width * LINE_PX)))
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    lines = text.split("\n")
    margin = math.ceil(metrics.height() * 0.1)
    across = max(metrics.horizontalAdvance(line) for line in lines)
    size = min(_LONGEST_PX, math.ceil(across) + 2 * margin), math.ceil(metrics.lineSpacing() * len(lines)) + 2 * margin
    image = QImage(*size, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        inside = QRectF(margin, margin, size[0] - 2 * margin, size[1] - 2 * margin)
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 80)  # type: ignore[call-overload]
    return bytes(buffer.data().data()), size

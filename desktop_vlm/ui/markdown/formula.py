"""Draws formulas: QtSvg, sharp at every scale and in the colour asked for."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_vlm.markdown.formula import MARGIN, FormulaDrawing


def draw_formula(painter: QPainter, picture: FormulaDrawing, left: QPointF, color: str, scale: float = 1.0) -> None:
    """Draw with the left end of the baseline at `left`, in the colour #rrggbb."""
    target = QRectF(-MARGIN, -picture.ascent - MARGIN, picture.width + 2 * MARGIN, picture.height + 2 * MARGIN)
    painter.save()
    painter.translate(left)
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(picture, color).render(painter, target)
    painter.restore()


@lru_cache(maxsize=256)
def _renderer(picture: FormulaDrawing, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(picture.colored(color).encode()))

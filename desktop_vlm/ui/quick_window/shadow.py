"""The soft shadow of a card, drawn once and stretched: an effect of Qt would draw the whole card again each time."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QMargins, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from desktop_vlm.ui.widgets.painting import with_alpha

MARGINS = QMargins(24, 18, 24, 32)
"""Space that the shadow takes around the card: more below, as if light came from above."""

_STEPS = 32
_UNDER_PX = 16


def draw_shadow(painter: QPainter, card: QRectF, radius: float, *, dark: bool, ratio: float) -> None:
    """Draw the shadow of a rounded card; what lies under the card itself stays free."""
    corner = MARGINS.left() + MARGINS.bottom() + round(radius)
    picture = _picture(corner, radius, dark, ratio)
    whole = card.marginsAdded(MARGINS.toMarginsF())
    side = picture.width() / ratio
    lefts = (whole.left(), whole.left() + corner, whole.right() - corner, whole.right())
    tops = (whole.top(), whole.top() + corner, whole.bottom() - corner, whole.bottom())
    cuts = (0.0, corner, side - corner, side)
    for row in range(3):
        for column in range(3):
            if row == column == 1:
                continue
            target = QRectF(QPointF(lefts[column], tops[row]), QPointF(lefts[column + 1], tops[row + 1]))
            source = QRectF(
                QPointF(cuts[column] * ratio, cuts[row] * ratio),
                QPointF(cuts[column + 1] * ratio, cuts[row + 1] * ratio),
            )
            painter.drawPixmap(target, picture, source)


@lru_cache(maxsize=4)
def _picture(corner: int, radius: float, dark: bool, ratio: float) -> QPixmap:
    """The shadow of the smallest card: four corners with two pixels between them."""
    side = 2 * corner + 2
    # With 8 bits a channel, steps as faint as these would be rounded away.
    image = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_RGBA64_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    card = QRectF(0, 0, side, side).marginsRemoved(MARGINS.toMarginsF())
    down = (MARGINS.bottom() - MARGINS.top()) / 2
    reach = (MARGINS.bottom() + MARGINS.top()) / 2
    strongest = 0.7 if dark else 0.36
    painter.translate(0, down)
    # Many faint cards on one another, each smaller, down to some that lie wholly under the card: the sum grows as a
    # square towards it and has no edge of its own.
    for step in range(_STEPS):
        grown = reach - (reach + _UNDER_PX) * step / _STEPS
        alpha = strongest * 2 * (step + 1) / (_STEPS * (_STEPS + 1))
        painter.setBrush(with_alpha(QColor(Qt.GlobalColor.black), alpha))
        round_px = max(radius + grown, 2.0)
        painter.drawRoundedRect(card.adjusted(-grown, -grown, grown, grown), round_px, round_px)
    painter.end()
    return QPixmap.fromImage(image)

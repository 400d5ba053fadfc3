"""Places of a picture that are pointed out in a small version of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.widgets.painting import draw_ring, with_alpha

PLACE = QColor(255, 196, 0)
"""Around what is pointed out, as in the viewer: seen on light and on dark pictures."""
_SCRIM = QColor(16, 16, 18)
"""What lies over the rest, whatever the theme: pictures have every colour."""
_SMALLEST_PX = 8.0


def part_of(shown: QRectF, size: tuple[int, int], box: Box) -> QRectF:
    """Where a place of a picture of this size is, when all of it is shown in a rectangle."""
    across, down = shown.width() / max(size[0], 1), shown.height() / max(size[1], 1)
    return QRectF(shown.left() + box.left * across, shown.top() + box.top * down, box.width * across, box.height * down)


def draw_places(painter: QPainter, area: QRectF, radius: float, places: Sequence[QRectF]) -> None:
    """Light up places within an area: the rest of it is dimmed, and each is large enough to be seen."""
    if not places:
        return
    shown = [_at_least(place, area) for place in places]
    dimmed, lit = QPainterPath(), QPainterPath()
    dimmed.addRoundedRect(area, radius, radius)
    lit.setFillRule(Qt.FillRule.WindingFill)
    for place in shown:
        lit.addRoundedRect(place, 3, 3)
    painter.fillPath(dimmed.subtracted(lit), with_alpha(_SCRIM, 0.45))
    for place in shown:
        draw_ring(painter, place.adjusted(-1, -1, 1, 1), 4, PLACE, 2)


def _at_least(place: QRectF, area: QRectF) -> QRectF:
    """A little larger than what it holds, at least so large that it is seen, and within the picture."""
    wider, higher = (max(0.0, _SMALLEST_PX - side) / 2 + 2 for side in (place.width(), place.height()))
    return place.adjusted(-wider, -higher, wider, higher).intersected(area)

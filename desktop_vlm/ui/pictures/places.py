"""Places of a picture that are pointed out in a small version of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pointing import COLOR, HALO, Pointer
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


def draw_pointers(painter: QPainter, rects: Sequence[QRectF]) -> None:
    """What a question points at, as `images.pointing` draws it on what is sent; where pointers are is their frame."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in rects:
        for color, width in ((QColor(HALO), 4.0), (QColor(COLOR), 2.2)):
            painter.setPen(QPen(color, width))
            painter.drawRoundedRect(rect, 2, 2)


def draw_spots(painter: QPainter, rects: Sequence[QRectF]) -> None:
    """The same for places that were clicked."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rect in rects:
        for color, width in ((QColor(HALO), 4.0), (QColor(COLOR), 2.2)):
            painter.setPen(QPen(color, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(rect)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(rect.center(), width, width)


def draw_pointing(
    painter: QPainter,
    pointers: Sequence[Pointer],
    size: tuple[int, int],
    on_screen: Callable[[Box], QRectF],
    smallest_px: float = 14.0,
) -> None:
    """What a question points at in a picture of this size; `on_screen` says where its places are."""
    frames = [_large_enough(on_screen(pointer.frame(size)), smallest_px) for pointer in pointers]
    draw_pointers(painter, [frame for frame, one in zip(frames, pointers, strict=True) if not one.is_spot])
    draw_spots(painter, [frame for frame, one in zip(frames, pointers, strict=True) if one.is_spot])


def _large_enough(rect: QRectF, smallest_px: float) -> QRectF:
    wider, higher = (max(0.0, smallest_px - side) / 2 for side in (rect.width(), rect.height()))
    return rect.adjusted(-wider, -higher, wider, higher)


def _at_least(place: QRectF, area: QRectF) -> QRectF:
    """A little larger than what it holds, at least so large that it is seen, and within the picture."""
    wider, higher = (max(0.0, _SMALLEST_PX - side) / 2 + 2 for side in (place.width(), place.height()))
    return place.adjusted(-wider, -higher, wider, higher).intersected(area)

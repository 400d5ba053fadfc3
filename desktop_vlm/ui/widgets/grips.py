"""Arithmetic of selected rectangles, in pixels of a picture, and of what can be dragged of them.

A rectangle includes both of its corner pixels: what is under the pointer when the button goes down, and when it
comes up again, belongs to it. QRect counts alike.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF


class Grip(Enum):
    """What can be dragged of a selection: which of its edges move, as (left or right, top or bottom)."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    RIGHT = (1, 0)
    BOTTOM_RIGHT = (1, 1)
    BOTTOM = (0, 1)
    BOTTOM_LEFT = (-1, 1)
    LEFT = (-1, 0)
    INSIDE = (0, 0)


def spanned(start: QPoint, end: QPoint, bounds: QRect) -> QRect:
    """The rectangle between two pixels, both included."""
    left, right = sorted((start.x(), end.x()))
    top, bottom = sorted((start.y(), end.y()))
    return QRect(QPoint(left, top), QPoint(right, bottom)).intersected(bounds)


def moved(rect: QRect, by: QPoint, bounds: QRect) -> QRect:
    """The same size elsewhere, stopped by the screen's edges."""
    left = min(max(rect.left() + by.x(), bounds.left()), bounds.right() - rect.width() + 1)
    top = min(max(rect.top() + by.y(), bounds.top()), bounds.bottom() - rect.height() + 1)
    return QRect(QPoint(left, top), rect.size())


def grown(rect: QRect, by: QPoint, bounds: QRect) -> QRect:
    """Right and bottom edge moved; never smaller than a pixel, never past the screen."""
    right = min(max(rect.right() + by.x(), rect.left()), bounds.right())
    bottom = min(max(rect.bottom() + by.y(), rect.top()), bounds.bottom())
    return QRect(rect.topLeft(), QPoint(right, bottom))


def dragged(rect: QRect, grip: Grip, by: QPoint, bounds: QRect) -> QRect:
    """What becomes of a rectangle when one of its grips is dragged; an edge may pass the opposite one."""
    if grip is Grip.INSIDE:
        return moved(rect, by, bounds)
    horizontal, vertical = grip.value
    start, end = rect.topLeft(), rect.bottomRight()
    if horizontal < 0:
        start.setX(start.x() + by.x())
    elif horizontal > 0:
        end.setX(end.x() + by.x())
    if vertical < 0:
        start.setY(start.y() + by.y())
    elif vertical > 0:
        end.setY(end.y() + by.y())
    return spanned(start, end, bounds)


def grip_points(frame: QRectF) -> dict[Grip, QPointF]:
    """Where the eight handles of a frame are."""
    center, half_width, half_height = frame.center(), frame.width() / 2, frame.height() / 2
    return {
        grip: QPointF(center.x() + grip.value[0] * half_width, center.y() + grip.value[1] * half_height)
        for grip in Grip
        if grip is not Grip.INSIDE
    }


def grip_at(frame: QRectF, at: QPointF, reach: float) -> Grip | None:
    """What a press there would drag: an edge within reach, the inside, or nothing."""
    if not frame.adjusted(-reach, -reach, reach, reach).contains(at):
        return None
    horizontal = _edge(at.x(), frame.left(), frame.right(), reach)
    vertical = _edge(at.y(), frame.top(), frame.bottom(), reach)
    return Grip((horizontal, vertical))


def _edge(at: float, low: float, high: float, reach: float) -> int:
    """-1 near the low edge, 1 near the high one, else 0; of a small frame the nearer one."""
    to_low, to_high = abs(at - low), abs(at - high)
    if min(to_low, to_high) > reach:
        return 0
    # The middle of a small frame stays the place to move it by.
    if low < at < high and high - low < 4 * reach and min(to_low, to_high) > (high - low) / 4:
        return 0
    return -1 if to_low < to_high else 1

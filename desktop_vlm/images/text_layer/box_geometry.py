"""Points and boxes, px of the image."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from desktop_vlm.api.text_layer import Box


def contains(box: Box, x: float, y: float) -> bool:
    """Whether a point lies in a box."""
    return box.left <= x < box.right and box.top <= y < box.bottom


def beside(box: Box, x: float) -> float:
    """How far left or right of a box that is; 0 between its sides."""
    return max(box.left - x, x - box.right, 0.0)


def beyond(box: Box, y: float) -> float:
    """How far above or below a box that is; 0 between its top and bottom."""
    return max(box.top - y, y - box.bottom, 0.0)


def grown(box: Box, across: float, down: float) -> Box:
    """A box with a margin at its sides, and one above and below."""
    return Box(box.left - across, box.top - down, box.right + across, box.bottom + down)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around some."""
    return reduce(Box.union, boxes)

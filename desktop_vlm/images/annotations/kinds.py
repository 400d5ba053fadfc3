"""Every kind of mark there is. A new one is one function here: tools, keys, drawing, keeping and selecting follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.marks import Gesture, Mark, kind
from desktop_vlm.images.annotations.shapes import (
    Blackness,
    Blur,
    Digits,
    Disc,
    Fill,
    Point,
    Shape,
    Stencil,
    Stroke,
)

_HEAD = 4.0
"""Length of an arrow's head, by the width of its line."""
_SMALLEST_CELL_PX = 12
_CELLS = 3
"""Into so many rows at most a low box is blurred: a line of text is nothing but a few spots then."""


@kind("pen", icon="pencil", label="Pen", key="P", gesture=Gesture.PATH)
def pen(mark: Mark) -> Sequence[Shape]:
    """A line as the hand went."""
    return [Stroke(mark.points, mark.width, mark.color)]


@kind("arrow", icon="move-up-right", label="Arrow", key="A", gesture=Gesture.LINE)
def arrow(mark: Mark) -> Sequence[Shape]:
    """From the first point to the last, where its tip is."""
    start, tip = mark.points[0], mark.points[-1]
    length = math.dist(start, tip)
    if not length:
        return [Disc(tip, mark.width, mark.color)]
    along = ((tip[0] - start[0]) / length, (tip[1] - start[1]) / length)
    head = min(length, _HEAD * mark.width)
    neck = (tip[0] - along[0] * head, tip[1] - along[1] * head)
    side = (-along[1] * head * 0.55, along[0] * head * 0.55)
    wings = ((neck[0] + side[0], neck[1] + side[1]), (neck[0] - side[0], neck[1] - side[1]))
    shaft_end = (tip[0] - along[0] * head * 0.9, tip[1] - along[1] * head * 0.9)
    return [Stroke((start, shaft_end), mark.width, mark.color), Fill((tip, *wings), mark.color)]


@kind("box", icon="square", label="Box", key="B", gesture=Gesture.AREA)
def box(mark: Mark) -> Sequence[Shape]:
    """A frame between two corners."""
    area = mark.area
    return [Stroke((*corners(area), (area.left, area.top)), mark.width, mark.color)]


@kind("number", icon="circle-dot", label="Number", key="N", gesture=Gesture.SPOT, counts=True)
def number(mark: Mark) -> Sequence[Shape]:
    """A disc with a number, which counts on by itself."""
    center, radius = mark.points[0], mark.width * 3.2
    ink = "#111113" if _is_light(mark.color) else "#ffffff"
    return [
        Disc(center, radius * 1.12, ink),
        Disc(center, radius, mark.color),
        Digits(center, radius * (1.3 if len(mark.text) == 1 else 1.0), mark.text, ink),
    ]


@kind("text", icon="type", label="Text", key="T", gesture=Gesture.SPOT, writes=True)
def text(mark: Mark) -> Sequence[Shape]:
    """Words from a corner on, to the right and down."""
    (left, top), (wide, high) = mark.points[0], mark.stencil_size
    if not mark.stencil:
        return []
    return [Stencil(Box(left, top, left + wide, top + high), mark.stencil, mark.color)]


@kind("blur", icon="droplet", label="Blur", key="U", gesture=Gesture.AREA, hides=True)
def blur(mark: Mark) -> Sequence[Shape]:
    """What is there cannot be recognised any more."""
    area = mark.area
    cell = max(_SMALLEST_CELL_PX, round(mark.width * 3), math.ceil(min(area.width, area.height) / _CELLS / 4))
    low = math.ceil(min(area.width, area.height) / _CELLS)
    return [Blur(area, max(cell, min(low, 4 * _SMALLEST_CELL_PX)))]


@kind("black-out", icon="rectangle-horizontal", label="Black out", key="K", gesture=Gesture.AREA, hides=True)
def black_out(mark: Mark) -> Sequence[Shape]:
    """What is there is black."""
    return [Blackness(mark.area)]


def corners(area: Box) -> tuple[Point, Point, Point, Point]:
    """Of a box, clockwise from its top left."""
    return (area.left, area.top), (area.right, area.top), (area.right, area.bottom), (area.left, area.bottom)


def _is_light(color: str) -> bool:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red * 0.299 + green * 0.587 + blue * 0.114 > 170

"""Pointing at something in an image: a place that a question is about, drawn on what the model gets or cut out beside.

Everybody draws it alike, by `draw_pointers`: the window, exports, and whoever trains a model on such marks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.drawing import draw
from desktop_vlm.images.annotations.marks import unit_of
from desktop_vlm.images.annotations.shapes import Digits, Disc, Point, Shape, Stroke, bounds_of, grown
from desktop_vlm.images.open import to_rgb

COLOR, HALO = "#e5173f", "#ffffff"
"""Of the line, and of what lies under it, so that it shows on every image."""

_LINE = 5.5
"""Width of the line, in units of the image."""
_SPOT = 26.0
"""Radius of the ring around a place that was clicked, in units of the image."""
_AROUND_SPOT = 6.0
"""How much is cut out around such a place, by that radius."""
_AROUND_AREA = 0.12
"""How much is cut out around an area, by its longer side: a thing is recognised by what is beside it."""
_SMALLEST_PART = 64
_CIRCLE = tuple((math.cos(math.pi * at / 24), math.sin(math.pi * at / 24)) for at in range(49))
MAX_POINTERS = 9
"""Of one image."""


@dataclass(frozen=True)
class Pointer:
    """A place of an image, px: an area, or a spot, whose box has no size."""

    box: Box

    @property
    def is_spot(self) -> bool:
        return not (self.box.width or self.box.height)

    def frame(self, size: tuple[int, int]) -> Box:
        """What its line goes around, on an image of this size."""
        return grown(self.box, _SPOT * unit_of(size)) if self.is_spot else self.box

    def part(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """What is cut out for it of an image of this size: left, top, right, bottom, px, wholly within it."""
        if self.is_spot:
            reach = max(_SPOT * unit_of(size) * _AROUND_SPOT, _SMALLEST_PART)
        else:
            reach = max(self.box.width, self.box.height) * _AROUND_AREA
        box = grown(self.box, reach)
        lacking = max(0.0, _SMALLEST_PART - min(box.width, box.height)) / 2
        box = grown(box, lacking)
        left, top = max(0, int(box.left)), max(0, int(box.top))
        right, bottom = min(size[0], int(box.right + 0.999)), min(size[1], int(box.bottom + 0.999))
        return min(left, size[0] - 1), min(top, size[1] - 1), max(right, left + 1), max(bottom, top + 1)

    def is_near(self, x: float, y: float, size: tuple[int, int]) -> bool:
        """Whether somebody who points there means it: its line, or what it goes around."""
        box = grown(self.frame(size), _LINE * unit_of(size))
        return box.left <= x <= box.right and box.top <= y <= box.bottom

    def as_json(self) -> list[float]:
        return [round(side, 2) for side in (self.box.left, self.box.top, self.box.right, self.box.bottom)]


def pointers_from_json(values: object) -> tuple[Pointer, ...]:
    """What was kept; without what is damaged."""
    found = []
    for value in values if isinstance(values, list) else []:
        try:
            left, top, right, bottom = (float(side) for side in value)
        except (TypeError, ValueError):
            continue
        if all(abs(side) < 1e6 for side in (left, top, right, bottom)) and left <= right and top <= bottom:
            found.append(Pointer(Box(left, top, right, bottom)))
    return tuple(found[:MAX_POINTERS])


def kept_pointers(details: Mapping[str, Any]) -> dict[str, tuple[Pointer, ...]]:
    """SHA-256 of an image -> what a question points at in it, from what is kept with the question."""
    values = details if isinstance(details, dict) else {}
    found = {str(sha256): pointers_from_json(one) for sha256, one in values.items()}
    return {sha256: pointers for sha256, pointers in found.items() if pointers}


def shapes_of(pointers: Sequence[Pointer], size: tuple[int, int]) -> list[Shape]:
    """What pointers are drawn with on an image of this size; several are lettered by numbers in the order they came."""
    shapes: list[Shape] = []
    width = _LINE * unit_of(size)
    for number, pointer in enumerate(pointers, 1):
        outline = _ring(pointer, size) if pointer.is_spot else _frame(pointer, size)
        shapes += [Stroke(outline, width * 2, HALO), Stroke(outline, width, COLOR)]
        if pointer.is_spot:
            center = pointer.box.left, pointer.box.top
            shapes += [Disc(center, width * 1.5, HALO), Disc(center, width, COLOR)]
        if len(pointers) > 1:
            shapes += _label(str(number), outline, width, size)
    return shapes


def draw_pointers(image: Image.Image, pointers: Sequence[Pointer]) -> Image.Image:
    """A copy of an image with its pointers drawn on it, RGB."""
    marked = Image.new("RGB", image.size)
    marked.paste(to_rgb(image))
    draw(marked, shapes_of(pointers, image.size))
    return marked


def parts_of(pointers: Iterable[Pointer], size: tuple[int, int]) -> list[Box]:
    """What is pointed at in an image of this size, px."""
    return [Box(*pointer.part(size)) for pointer in pointers]


def cut_out(image: Image.Image, pointers: Iterable[Pointer]) -> list[Image.Image]:
    """The part around each pointer, RGB, with all its own pixels."""
    return [to_rgb(image.crop(pointer.part(image.size))) for pointer in pointers]


def _frame(pointer: Pointer, size: tuple[int, int]) -> tuple[Point, ...]:
    """Around the area, not over it, as far as the image goes."""
    box = grown(pointer.box, 1.2 * _LINE * unit_of(size))
    inset = _LINE * unit_of(size) / 2
    left, top = max(inset, box.left), max(inset, box.top)
    right, bottom = min(size[0] - inset, box.right), min(size[1] - inset, box.bottom)
    return (left, top), (right, top), (right, bottom), (left, bottom), (left, top)


def _ring(pointer: Pointer, size: tuple[int, int]) -> tuple[Point, ...]:
    """A circle as many short lines."""
    radius = _SPOT * unit_of(size)
    x, y = pointer.box.left, pointer.box.top
    return tuple((x + radius * across, y + radius * down) for across, down in _CIRCLE)


def _label(text: str, outline: Sequence[Point], width: float, size: tuple[int, int]) -> list[Shape]:
    """Its number at its upper left, within the image."""
    box, radius = bounds_of(outline), width * 3
    x = min(max(box.left, radius), size[0] - radius)
    y = min(max(box.top, radius), size[1] - radius)
    return [Disc((x, y), radius * 1.2, HALO), Disc((x, y), radius, COLOR), Digits((x, y), radius * 1.3, text, HALO)]

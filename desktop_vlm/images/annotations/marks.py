"""A mark on an image: its kind, the points that place it, its colour and width."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.shapes import Point, Shape, bounds_of

COLORS = ("#e5484d", "#f5a524", "#30a46c", "#0091ff", "#111113", "#ffffff")
"""Offered for marks: the first is the usual one."""

WIDTHS = (2.0, 4.0, 8.0)
"""Offered for marks, in units of the image (`unit_of`)."""

MAX_POINTS = 20_000
"""Of one mark; a hand that draws for a minute makes some thousands."""


@dataclass(frozen=True)
class Mark:
    """Something on an image.

    Attributes:
        kind: id of one of `KINDS`.
        points: px of the image, turned as it is shown; what they mean the kind says.
        color: "#rrggbb".
        width: of its lines, px.
        text: what is written, or the number.
        stencil: of what is written, a PNG with as many pixels as it takes on the image.
        stencil_size: width and height of that, px.
    """

    kind: str
    points: tuple[Point, ...]
    color: str = COLORS[0]
    width: float = 4.0
    text: str = ""
    stencil: bytes = b""
    stencil_size: tuple[int, int] = (0, 0)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What it is drawn with, from the lowest to the topmost."""
        return tuple(KINDS[self.kind].shapes(self))

    @property
    def hides(self) -> bool:
        """Whether what is below it is gone for good."""
        return KINDS[self.kind].hides

    @property
    def area(self) -> Box:
        """Between its points."""
        return bounds_of(self.points)

    @property
    def bounds(self) -> Box:
        """Around all that is drawn of it."""
        box = self.area
        for shape in self.shapes:
            box = box.union(shape.bounds)
        return box

    def is_near(self, x: float, y: float, reach: float) -> bool:
        """Whether somebody who points there may mean it."""
        return any(shape.is_near(x, y, reach) for shape in self.shapes)

    def moved(self, across: float, down: float) -> Mark:
        return replace(self, points=tuple((x + across, y + down) for x, y in self.points))

    def turned(self, height: float) -> Mark:
        """On the image turned clockwise, which was so high before; what is written stays upright."""
        points = self.points
        if self.stencil:  # placed by its corner, turned by its middle
            (x, y), (wide, high) = points[0], self.stencil_size
            points = ((height - (y + high / 2) - wide / 2, x + wide / 2 - high / 2),)
            return replace(self, points=points)
        return replace(self, points=tuple((height - y, x) for x, y in points))

    def as_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "kind": self.kind,
            "points": [[round(x, 2), round(y, 2)] for x, y in self.points],
            "color": self.color,
            "width": self.width,
        }
        if self.text:
            values["text"] = self.text
        if self.stencil:
            values["stencil"] = base64.b64encode(self.stencil).decode()
            values["stencil_size"] = list(self.stencil_size)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Mark:
        """Raises ValueError: it is no mark that this program knows."""
        try:
            points = tuple((float(x), float(y)) for x, y in values["points"])
            wide, high = (int(side) for side in values.get("stencil_size", (0, 0)))
            mark = cls(
                kind=str(values["kind"]),
                points=points,
                color=str(values["color"]),
                width=float(values["width"]),
                text=str(values.get("text", "")),
                stencil=base64.b64decode(values.get("stencil", ""), validate=True),
                stencil_size=(wide, high),
            )
        except (KeyError, TypeError, ValueError, OverflowError, binascii.Error) as error:
            raise ValueError(f"not a mark: {error}") from error
        if not _is_sound(mark):
            raise ValueError("not a mark of this program")
        return mark


def _is_sound(mark: Mark) -> bool:
    numbers = [mark.width, *(value for point in mark.points for value in point)]
    return (
        mark.kind in KINDS
        and 0 < len(mark.points) <= MAX_POINTS
        and all(math.isfinite(value) and abs(value) < 1e6 for value in numbers)
        and 0 < mark.width < 10_000
        and len(mark.color) == 7
        and mark.color[0] == "#"
        and all(digit in "0123456789abcdefABCDEF" for digit in mark.color[1:])
        and len(mark.text) < 10_000
    )


class Gesture(Enum):
    """How a mark is made.

    PATH: all places of a drag.
    LINE: where a drag begins and ends.
    AREA: two opposite corners.
    SPOT: a click.
    """

    PATH = "path"
    LINE = "line"
    AREA = "area"
    SPOT = "spot"


Shapes: TypeAlias = "Callable[[Mark], Sequence[Shape]]"


@dataclass(frozen=True)
class MarkTool:
    """A kind of mark, and the tool that makes it.

    Attributes:
        id: names it to the program, and in what is kept.
        icon: its name in the icon set.
        label: of the tool, in English; translated where it is shown, in the context "Annotations".
        key: a letter that chooses the tool.
        gesture: how it is made.
        shapes: what a mark of this kind is drawn with.
        hides: whether what is below it is gone for good; it has no colour then.
        writes: whether text is typed.
        counts: whether its text is the next number.
    """

    id: str
    icon: str
    label: str
    key: str
    gesture: Gesture
    shapes: Shapes
    hides: bool = False
    writes: bool = False
    counts: bool = False


KINDS: dict[str, MarkTool] = {}
"""By id, in the order of their tools."""


def kind(
    id_: str,
    *,
    icon: str,
    label: str,
    key: str,
    gesture: Gesture,
    hides: bool = False,
    writes: bool = False,
    counts: bool = False,
) -> Callable[[Shapes], Shapes]:
    """Declare a kind by the function that gives the shapes of its marks."""

    def register(shapes: Shapes) -> Shapes:
        KINDS[id_] = MarkTool(id_, icon, label, key, gesture, shapes, hides, writes, counts)
        return shapes

    return register


def unit_of(size: tuple[float, float]) -> float:
    """What lines on an image of this size are measured by, px: alike to see on a small and a large one."""
    return max(1.0, max(size) / 1200)

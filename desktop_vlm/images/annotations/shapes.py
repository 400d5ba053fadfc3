"""What marks are drawn with: a few shapes in pixels of the image, each in one colour. No drawing here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from desktop_vlm.api.text_layer import Box

Point: TypeAlias = "tuple[float, float]"
"""x and y, px."""


@dataclass(frozen=True)
class Stroke:
    """A line through points with round ends and corners."""

    points: tuple[Point, ...]
    width: float
    color: str

    @property
    def bounds(self) -> Box:
        return grown(bounds_of(self.points), self.width / 2)

    def is_near(self, x: float, y: float, reach: float) -> bool:
        """Whether a place is within `reach` of it."""
        return any(distance((x, y), *part) <= self.width / 2 + reach for part in self.parts)

    @property
    def parts(self) -> tuple[tuple[Point, Point], ...]:
        """Its straight parts; a single point is one without length."""
        if len(self.points) == 1:
            return ((self.points[0], self.points[0]),)
        return tuple(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True)
class Fill:
    """A polygon."""

    points: tuple[Point, ...]
    color: str

    @property
    def bounds(self) -> Box:
        return bounds_of(self.points)

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return _is_in(grown(self.bounds, reach), x, y)


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    center: Point
    radius: float
    color: str

    @property
    def bounds(self) -> Box:
        return grown(bounds_of([self.center]), self.radius)

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return math.dist(self.center, (x, y)) <= self.radius + reach


@dataclass(frozen=True)
class Digits:
    """A number, centred by its ink."""

    center: Point
    height: float
    text: str
    color: str

    @property
    def bounds(self) -> Box:
        across = self.height * max(1, len(self.text)) / 2
        x, y = self.center
        return Box(x - across, y - self.height / 2, x + across, y + self.height / 2)

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return _is_in(grown(self.bounds, reach), x, y)


@dataclass(frozen=True)
class Stencil:
    """A mask that colour goes through: text, whose letters only the window's fonts have.

    Attributes:
        box: where it goes.
        mask: a PNG, of which each pixel says how much colour there is.
    """

    box: Box
    mask: bytes
    color: str

    @property
    def bounds(self) -> Box:
        return self.box

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return _is_in(grown(self.box, reach), x, y)


@dataclass(frozen=True)
class Blackness:
    """Every pixel that the box touches is black."""

    box: Box

    @property
    def bounds(self) -> Box:
        return self.box

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return _is_in(grown(self.box, reach), x, y)


@dataclass(frozen=True)
class Blur:
    """Every pixel that the box touches is a mean of `cell` x `cell` pixels, with soft transitions."""

    box: Box
    cell: int

    @property
    def bounds(self) -> Box:
        return self.box

    def is_near(self, x: float, y: float, reach: float) -> bool:
        return _is_in(grown(self.box, reach), x, y)


Shape: TypeAlias = "Stroke | Fill | Disc | Digits | Stencil | Blackness | Blur"


def bounds_of(points: Sequence[Point]) -> Box:
    """The smallest box around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def grown(box: Box, by: float) -> Box:
    """With so much more on each side."""
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def distance(place: Point, start: Point, end: Point) -> float:
    """From a place to a straight part."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    if not length:
        return math.dist(place, start)
    along = ((place[0] - start[0]) * across + (place[1] - start[1]) * down) / length
    along = min(1.0, max(0.0, along))
    return math.dist(place, (start[0] + along * across, start[1] + along * down))


def _is_in(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom

"""How marks are drawn: frames, rings and arrows with sharp or smooth edges, lines below texts, badges with numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw

from desktop_vlm.images.annotations.drawing import draw
from desktop_vlm.images.annotations.shapes import Fill, Stroke
from training.screens.records import Box
from training.screens.sketch import Sketch
from training.screens.typefaces import Colour

Point = tuple[float, float]

_HALO_SHARE, _SMOOTH_SHARE, _OPEN_SHARE = 0.2, 0.4, 0.3
"""Of marks: with a light edge below them; with smooth edges; of arrows, those whose head is two lines."""
_LARGE_HEAD_SHARE = 0.3
"""Of arrows: heads larger than their width asks for."""
_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Brush:
    """What a mark is drawn with.

    Attributes:
        thick: of its lines, px.
        smooth: edges as the program itself draws them, else those of plain lines of pixels.
        halo: a white edge around its lines.
        open_head: arrows end in two lines, not in a triangle.
        head: of an arrow, px along its line.
    """

    sketch: Sketch
    tone: Colour
    thick: int
    smooth: bool = False
    halo: bool = False
    open_head: bool = False
    head: float = 0.0

    @classmethod
    def drawn(cls, rng: random.Random, sketch: Sketch, tone: Colour, thick: int) -> Brush:
        """A random one of this colour and width."""
        head = (4 + 3 * thick) * (rng.uniform(1.2, 1.8) if rng.random() < _LARGE_HEAD_SHARE else 1.0)
        return cls(sketch, tone, thick, smooth=rng.random() < _SMOOTH_SHARE,
                   halo=rng.random() < _HALO_SHARE and tone != _WHITE, open_head=rng.random() < _OPEN_SHARE,
                   head=head)  # fmt: skip

    def line(self, points: Sequence[Point]) -> None:
        """A line from point to point."""
        for ink, wide in [(_WHITE, self.thick + 2)] * self.halo + [(self.tone, self.thick)]:
            if self.smooth:
                draw(self.sketch.image, [Stroke(tuple(points), wide, _hex(ink))])
            else:
                self.sketch.draw.line(list(points), ink, wide, joint="curve")

    def area(self, points: Sequence[Point]) -> None:
        """A filled polygon with these corners."""
        if self.smooth:
            draw(self.sketch.image, [Fill(tuple(points), _hex(self.tone))])
        else:
            self.sketch.draw.polygon(list(points), self.tone)

    def arrow(self, tip: Point, tail: Point, *, along: Sequence[Point] = ()) -> None:
        """A line from the tail to the tip, with a head in its own direction; its shaft is `along`, from the tip on."""
        tail, end = (along[len(along) // 6 + 1], tail) if along else (tail, tail)
        long = math.dist(tip, tail) or 1.0
        x, y = (tail[0] - tip[0]) / long, (tail[1] - tip[1]) / long
        head = min(self.head or 4 + 3 * self.thick, 0.6 * math.dist(tip, end))
        base = (tip[0] + x * head, tip[1] + y * head)
        barbs = [(base[0] - y * head * 0.55 * side, base[1] + x * head * 0.55 * side) for side in (1, -1)]
        if self.open_head:
            self.line(along or (tip, end))
            self.line((barbs[0], tip, barbs[1]))
        else:
            self.line([base, *[one for one in along if math.dist(one, tip) > head]] if along else (base, end))
            self.area((tip, *barbs))


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def draw_around(drawn: ImageDraw.ImageDraw, kind: str, box: Box, colour: Colour, thick: int, *,
                gap: float) -> tuple[Point, ...]:  # fmt: skip
    """A plain frame or ring around a text; returns its corners."""
    left, top, right, bottom = box
    if kind == "box":
        drawn.rectangle((left - gap, top - gap, right + gap, bottom + gap), None, colour, thick)
        return rectangle(left - gap, top - gap, right + gap, bottom + gap)
    around = ring_around(box, gap)
    drawn.ellipse(around, None, colour, thick)
    return ellipse(*around)


def draw_side_arrow(rng: random.Random, drawn: ImageDraw.ImageDraw, width: int, box: Box, colour: Colour,
                    thick: int) -> tuple[Point, ...]:  # fmt: skip
    """From the left or the right, with its tip beside the text: from where there is more room."""
    left, top, right, bottom = box
    from_left = left > width - right
    tip = (left - 5, (top + bottom) / 2) if from_left else (right + 5, (top + bottom) / 2)
    away = -1 if from_left else 1
    long = rng.randint(40, 120)
    tail = (tip[0] + away * long, tip[1] + rng.randint(-30, 30))
    drawn.line((*tip, *tail), colour, thick)
    head = 4 + 3 * thick
    drawn.polygon(
        (tip, (tip[0] + away * head, tip[1] - head * 0.6), (tip[0] + away * head, tip[1] + head * 0.6)), colour
    )
    return tip, tail


def ring_around(box: Box, gap: float, loose: float = 1.0) -> Box:
    """The bounds of an ellipse that has the whole text in it, `loose` times as wide and high."""
    left, top, right, bottom = box
    across, down = ((right - left) * 0.72 + gap) * loose, ((bottom - top) * 0.95 + gap) * loose
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - across, y - down, x + across, y + down


def rectangle(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """Its corners, the first one twice."""
    return (left, top), (right, top), (right, bottom), (left, bottom), (left, top)


def ellipse(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """Points along it, the first one twice."""
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    turns = [math.pi * step / 18 for step in range(37)]
    return tuple((x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns)


def hand_drawn(rng: random.Random, left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    """An ellipse as a hand draws it: not quite round, and its ends do not quite meet."""
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    start, round_by = rng.uniform(0, 2 * math.pi), 2 * math.pi * rng.uniform(0.97, 1.08)
    phases = rng.uniform(0, 6), rng.uniform(0, 6)
    drift = rng.uniform(0, 0.08)
    points = []
    for step in range(49):
        turn = start + round_by * step / 48
        far = 1.06 + 0.03 * math.sin(2 * turn + phases[0]) + 0.02 * math.sin(3 * turn + phases[1]) + drift * step / 48
        points.append((x + across * far * math.cos(turn), y + down * far * math.sin(turn)))
    return tuple(points)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> tuple[Point, ...]:
    """A rectangle with round corners, the first point twice."""
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = ((right - radius, top + radius, -90), (right - radius, bottom - radius, 0),
               (left + radius, bottom - radius, 90), (left + radius, top + radius, 180))  # fmt: skip
    turns = [(x, y, math.radians(first + step * 30)) for x, y, first in corners for step in range(4)]
    points = [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for x, y, turn in turns]
    return (*points, points[0])


def rough_frame(rng: random.Random, left: float, top: float, right: float, bottom: float,
                most: float) -> tuple[Point, ...]:  # fmt: skip
    """A frame as a hand draws it: no side quite straight, and its ends do not quite meet; `most` px off its sides."""
    corners = rectangle(left, top, right, bottom)
    points: list[Point] = []
    for (x, y), (u, v) in pairwise(corners):
        steps = max(2, min(10, int(math.dist((x, y), (u, v)) / 12)))
        phase, off = rng.uniform(0, 6), rng.uniform(0.2, 0.8) * most
        for step in range(steps):
            share = step / steps
            sway = off * math.sin(phase + 5 * share) * 0.5 + off * 0.5  # outwards, so that nothing within is hidden
            across, down = (v - y) / (abs(v - y) + abs(u - x) or 1), (u - x) / (abs(v - y) + abs(u - x) or 1)
            points.append((x + (u - x) * share + across * sway, y + (v - y) * share - down * sway))
    return (*points, (left - rng.uniform(0, most), top - rng.uniform(0, most)))


def bent(rng: random.Random, tip: Point, tail: Point, size: tuple[int, int]) -> tuple[Point, ...] | None:
    """The shaft of an arrow as a hand draws it, from the tip on; None where it would leave an image of this size."""
    long = math.dist(tip, tail)
    x, y = (tail[0] - tip[0]) / long, (tail[1] - tip[1]) / long
    bow, sway, phase = rng.uniform(-0.16, 0.16) * long, rng.uniform(0, 0.012) * long, rng.uniform(0, 6)
    points = []
    for step in range(25):
        share = step / 24
        off = 4 * bow * share * (1 - share) + sway * math.sin(phase + 9 * share) * min(1, 6 * share)
        points.append((tip[0] + x * long * share - y * off, tip[1] + y * long * share + x * off))
    within = all(2 < u < size[0] - 2 and 2 < v < size[1] - 2 for u, v in points)
    return tuple(points) if within else None


def underline(box: Box, thick: int) -> tuple[Point, ...]:
    """The ends of a line below a text."""
    return (box[0], box[3] + thick), (box[2], box[3] + thick)


def draw_underline(brush: Brush, box: Box, *, rough: random.Random | None = None) -> tuple[Point, ...]:
    """A line below the text, as a hand draws it where `rough` is given; returns its points."""
    ends = underline(box, brush.thick)
    if rough:
        (x, y), (u, _) = ends
        drop = rough.uniform(0, 1.5) + brush.thick / 2
        points = [(x + (u - x) * n / 12, y + drop * (0.5 + 0.5 * math.sin(n * 0.9))) for n in range(13)]
        brush.line(points)
        return tuple(points)
    brush.sketch.draw.line((ends[0][0] - 2, ends[0][1], ends[1][0] + 2, ends[1][1]), brush.tone, brush.thick)
    return ends


def draw_highlight(sketch: Sketch, box: Box, tone: Colour, strong: float = 0.35) -> None:
    """As a marker does: the ground of the text takes on so much of its colour."""
    left, top, right, bottom = box
    area = (max(0, round(left) - 3), max(0, round(top) - 2), round(right) + 3, round(bottom) + 2)
    part = sketch.image.crop(area)
    sketch.image.paste(Image.blend(part, Image.new("RGB", part.size, tone), strong), area[:2])


def badge_at(box: Box, thick: int) -> Box:
    """Where the disc with a number is: at the upper left of a mark."""
    high = max(9, round((box[3] - box[1]) * 0.6))
    x, y = max(high, box[0] - 3 - thick), max(high, box[1] - 3 - thick)
    return x - high, y - high, x + high, y + high


def draw_badge(sketch: Sketch, number: str, place: Box, tone: Colour) -> None:
    """A disc with a number."""
    sketch.draw.ellipse(place, tone)
    ink = _WHITE if sum(tone) < 480 else (0, 0, 0)
    x, y, high = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2, (place[3] - place[1]) / 2
    sketch.draw.text((x, y), number, ink, anchor="mm", font_size=round(high * 1.5))

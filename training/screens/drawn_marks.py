"""Marks on texts to train on, drawn so that nothing but the one text can be meant."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from training.screens.arrows import arrow_at, crosses, means
from training.screens.mark_strokes import (
    Brush,
    Point,
    badge_at,
    bent,
    draw_highlight,
    draw_underline,
    ellipse,
    hand_drawn,
    rectangle,
    ring_around,
    rough_frame,
    rounded,
    underline,
)
from training.screens.records import Box
from training.screens.sketch import Sketch
from training.screens.typefaces import Colour

KINDS = ("box", "circle", "arrow", "underline", "highlight")
"""Of marks to train on."""
_WEIGHTS: tuple[float, ...] = (4, 9, 6, 1, 1)
_EDGE = 0.15
"""Of a text's height at its top and at its bottom, where strokes hide nothing."""
_ROUGH_SHARE = 0.22
"""Of frames, arrows and lines: as a hand draws them."""
_LOOSE_SHARE = 0.2
_TRIES = 5
_HELD, _HELD_BY_RING = 0.6, 0.4
"""Of a text beside the marked one: so much of it may be within a frame or a ring."""


@dataclass
class Drawing:
    """How the marks of one screen are drawn.

    Attributes:
        chosen: the boxes of what is marked; no mark touches another one's.
        around: those of all texts.
        thick: of strokes, px.
        careless: frames, rings and arrows also go through texts beside what they mark.
        controls: for each of `chosen` the bounds of its button, field or cell, where that is marked as a whole.
        words: whether parts of texts are marked.
    """

    rng: random.Random
    sketch: Sketch
    chosen: list[Box]
    around: list[Box]
    thick: int
    careless: bool
    words: bool
    controls: list[Box | None] = field(default_factory=list)

    def has_room_for_numbers(self) -> bool:
        """Whether discs at the upper left of all marks hide nothing of what is marked."""
        badges = [badge_at(box, self.thick) for box in self.chosen]
        return all(box[0] > 3 * (box[3] - box[1]) for box in self.chosen) and not any(
            badge[0] < box[2] and box[0] < badge[2] and badge[1] < box[3] and box[1] < badge[3]
            for n, badge in enumerate(badges) for m, box in enumerate(self.chosen) if n != m)  # fmt: skip

    def kind_weights(self, room: float) -> tuple[float, ...]:
        """No arrows and few rings at parts of texts; where they are drawn with care, few rings that strike others."""
        box, circle, arrow, underline, highlight = _WEIGHTS
        if self.words or (room < 3 * self.thick + 6 and not self.careless):
            circle *= 0.1
        return box, circle, 0 if self.words else arrow, underline + self.words, highlight

    def width(self, kind: str, room: float) -> int:
        """Of the strokes of a mark, px: drawn with care they are thinner between dense lines."""
        dense = room < 2 * self.thick + 4 and not self.careless and kind != "arrow"
        return max(1, min(self.thick, round(room / 3))) if dense else self.thick

    def draw(
        self, kind: str, place: int, room: float, tone: Colour, origin: Box | None = None
    ) -> tuple[Point, ...] | None:
        """Where the strokes are; None where they would say something else than is meant, and nothing is drawn."""
        text = self.chosen[place]
        box = (self.controls[place] if self.controls else None) or text
        whole = box != text
        around = [box if one == text else one for one in self.around] if whole else self.around
        others = [one for n, one in enumerate(self.chosen) if n != place]
        thick = self.width(kind, room)
        brush = Brush.drawn(self.rng, self.sketch, tone, thick)
        if kind == "highlight":
            draw_highlight(self.sketch, text, tone, self.rng.uniform(0.25, 0.5))
            return ()
        if kind == "underline":
            if self._strikes(underline(text, thick), text, thick):
                return None
            return draw_underline(brush, text, rough=self.rng if self.rng.random() < _ROUGH_SHARE else None)
        if kind == "arrow":
            return self._draw_arrow(brush, box, around, others, origin, touching=whole)
        for _ in range(_TRIES):
            strokes = self._around(
                kind,
                box,
                0.0 if whole else room,
                brush.halo + (1.0 if thick < self.thick else self.rng.uniform(2, 4)),
                brush.thick,
            )
            if not crosses(strokes, others, self.thick + 2) and _holds_no_other(kind, strokes, box, around):
                if self._strikes(strokes, box, thick):
                    continue
                brush.line(strokes)
                return strokes
        return None

    def _draw_arrow(self, brush: Brush, box: Box, around: list[Box], others: list[Box], origin: Box | None, *,
                    touching: bool) -> tuple[Point, ...] | None:  # fmt: skip
        """An arrow at a box, perhaps from another text, straight or bent; `around` has the boxes of all texts."""
        size = self.sketch.image.size
        ends = _between(origin, box, self.thick) if origin else arrow_at(
            self.rng, size, box, self.thick, around, others, careless=self.careless, touching=touching)  # fmt: skip
        if ends is None or crosses(ends, others, self.thick + 4) or not means(*ends, box, around):
            return None
        rough = None if origin or self.rng.random() >= _ROUGH_SHARE else bent(self.rng, *ends, size)
        if rough and not crosses(rough, [one for one in around if one != box], self.thick / 2 + 1):
            brush.arrow(*ends, along=rough)
            return rough
        brush.arrow(*ends)
        return ends

    def _strikes(self, strokes: Sequence[Point], box: Box, thick: int) -> bool:
        """Whether strokes that are drawn with care would hide a part of what is beside the text."""
        if self.careless:
            return False
        near = [(one, _EDGE * (one[3] - one[1])) for one in self.around if not within(one, box)]
        inner = [(one[0], one[1] + edge, one[2], one[3] - edge) for one, edge in near]
        return crosses(strokes, inner, thick / 2)

    def _is_loose(self) -> bool:
        """Whether a frame or a ring leaves much room where there is some."""
        return not self.words and self.rng.random() < _LOOSE_SHARE

    def _around(self, kind: str, box: Box, room: float, gap: float, thick: int) -> tuple[Point, ...]:
        """A frame or a ring, `gap` px or more beside the text."""
        rng, (left, top, right, bottom) = self.rng, box
        high = bottom - top
        gap += thick / 2
        if kind == "circle":
            way = rng.random()
            loose = rng.uniform(0.95, 1.4) if self.words else rng.uniform(1.2, 3.0 if self._is_loose() else 2.2)
            ring = ring_around(box, gap, rng.choice((1.0, rng.uniform(0.95, 1.4), loose)))
            return hand_drawn(rng, *ring) if way > 0.55 else ellipse(*ring)
        free = 0.0 if room == math.inf else room - gap - thick
        most_down, most_across = (2.5, 4.0) if self._is_loose() else (0.8, 1.5)
        down = rng.uniform(0, min(most_down * high, max(0.0, free))) if rng.random() < 0.5 else 0.0
        across = max(down, rng.uniform(0, min(most_across * high, max(0.0, free)))) if down else 0.0
        edges = (left - gap - across, top - gap - down, right + gap + across, bottom + gap + down)
        way = rng.random()
        if way < _ROUGH_SHARE:
            return rough_frame(rng, *edges, gap - thick / 2)
        return rounded(*edges, rng.uniform(2, 3) * (gap - thick / 2)) if way > 0.82 else rectangle(*edges)


def _holds_no_other(kind: str, strokes: Sequence[Point], box: Box, around: Sequence[Box]) -> bool:
    """Whether no text but the one in `box` is within a frame or a ring with more than a part of it."""
    left, right = min(x for x, _ in strokes), max(x for x, _ in strokes)
    top, bottom = min(y for _, y in strokes), max(y for _, y in strokes)
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    for one in around:
        if one[0] >= right or one[2] <= left or one[1] >= bottom or one[3] <= top or within(one, box):
            continue
        points = [(one[0] + (one[2] - one[0]) * i / 8, one[1] + (one[3] - one[1]) * j / 4)
                  for i in range(1, 8) for j in (1, 2, 3)]  # fmt: skip
        inside = sum(left < u < right and top < v < bottom if kind == "box"
                     else ((u - x) / across) ** 2 + ((v - y) / down) ** 2 < 1 for u, v in points)  # fmt: skip
        if inside > (_HELD if kind == "box" else _HELD_BY_RING) * len(points) and not within(box, one):
            return False
    return True


def _between(origin: Box, box: Box, thick: int) -> tuple[Point, Point]:
    """Tip and tail of an arrow from beside one text to beside another."""
    gap = 2 + thick
    right = origin[2] < box[0]
    return ((box[0] - gap if right else box[2] + gap, (box[1] + box[3]) / 2),
            (origin[2] + gap if right else origin[0] - gap, (origin[1] + origin[3]) / 2))  # fmt: skip


def within(box: Box, other: Box) -> bool:
    """Whether a box is in another one, or is the same."""
    return box[0] >= other[0] - 1 and box[1] >= other[1] - 1 and box[2] <= other[2] + 1 and box[3] <= other[3] + 1

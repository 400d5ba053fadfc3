"""Where an arrow at a text comes from and where it ends, so that nothing else can be meant."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from training.screens.mark_strokes import Point
from training.screens.records import Box

_TRIES = 10
_BESIDE_SHARE = 0.5
"""Of arrows: from the left or the right, at half the height of the text."""
_TOUCHING_SHARE = 0.25
"""Of arrows at texts: their tip is at the very edge."""
_SHORT_SHARE, _SHORT_OF_IT = 0.15, 1.3
"""Of the other arrows: their tip is up to so many heights of the text away from it."""
_NEARER = 1.3
"""Times: so much further from the tip than the text that is meant any other one is."""
_STEP_PX = 3.0
"""Between the points of a line at which it is looked for boxes."""
_SHORTEST_PX = 22
_CROSSING_SHARE = 0.3
"""Of careless arrows that cross a text: no other place is tried."""


def arrow_at(rng: random.Random, size: tuple[int, int], box: Box, thick: int, texts: Sequence[Box],
             kept: Sequence[Box], *, careless: bool, touching: bool = False) -> tuple[Point, Point] | None:  # fmt: skip
    """Tip and tail of an arrow at a text, on an image of this size; None where none was found.

    The first text in its direction, and the nearest to its tip, is that one. A careless arrow may cross other
    `texts`, but none of those `kept`. A `touching` one ends at the very edge of what it points at.
    """
    found = None
    for _ in range(_TRIES):
        tip, tail = _drawn(rng, size, box, thick, touching=touching)
        if (
            math.dist(tip, tail) < _SHORTEST_PX
            or not means(tip, tail, box, texts)
            or crosses((tip, tail), kept, thick + 4)
        ):
            continue
        if not crosses((tip, tail), [one for one in texts if one != box], thick / 2):
            return tip, tail
        if careless:
            found = tip, tail
            if rng.random() < _CROSSING_SHARE:
                break
    return found


def _drawn(rng: random.Random, size: tuple[int, int], box: Box, thick: int, *,
           touching: bool) -> tuple[Point, Point]:  # fmt: skip
    """Tip and tail of any arrow at a text, from one of its sides."""
    left, top, right, bottom = box
    high = bottom - top
    near = touching or rng.random() < _TOUCHING_SHARE
    short = _SHORT_OF_IT if not touching and rng.random() < _SHORT_SHARE else 0.45
    gap = thick / 2 + (rng.uniform(0.5, 2.5) if near else rng.uniform(1.5, max(3.0, short * high)))
    far = rng.choice((rng.uniform(40, 120), rng.uniform(0.03, 0.3) * max(size), rng.uniform(0.15, 0.5) * max(size)))
    if rng.random() < _BESIDE_SHARE:
        away = -1 if rng.random() < 0.5 else 1
        tip = (left - gap if away < 0 else right + gap, (top + bottom) / 2)
        tail = (tip[0] + away * far, tip[1] + rng.uniform(-0.5, 0.5) * min(far, 140))
    else:
        side = rng.choices(("left", "right", "above", "below"), (2, 2, 3, 3))[0]
        along, lean = rng.uniform(0.15, 0.85), rng.uniform(-0.95, 0.95)
        if side in ("left", "right"):
            away = -1 if side == "left" else 1
            tip = (left - gap if away < 0 else right + gap, top + along * high)
            tail = (tip[0] + away * far * math.cos(lean), tip[1] + far * math.sin(lean))
        else:
            away = -1 if side == "above" else 1
            tip = (left + along * (right - left), top - gap if away < 0 else bottom + gap)
            tail = (tip[0] + far * math.sin(lean), tip[1] + away * far * math.cos(lean))
    return tip, _within(tip, tail, size)


def _within(tip: Point, tail: Point, size: tuple[int, int]) -> Point:
    """The tail, moved along the arrow into the image."""
    share = 1.0
    for axis in (0, 1):
        step = tail[axis] - tip[axis]
        if step > 0:
            share = min(share, (size[axis] - 4 - tip[axis]) / step)
        elif step < 0:
            share = min(share, (tip[axis] - 3) / -step)
    share = max(0.0, share)
    return tip[0] + (tail[0] - tip[0]) * share, tip[1] + (tail[1] - tip[1]) * share


def means(tip: Point, tail: Point, box: Box, texts: Sequence[Box]) -> bool:
    """Whether the arrow's own line meets the text behind its tip, before any other, which are further away."""
    gap = distance(box, tip)
    near = [one for one in texts if one != box and distance(one, tip) < 6 * gap + 20]
    if any(distance(one, tip) < _NEARER * gap + 1 for one in near):
        return False
    long = math.dist(tip, tail)
    step = ((tip[0] - tail[0]) / long, (tip[1] - tail[1]) / long)
    for n in range(1, int(6 * gap + 20)):
        x, y = tip[0] + step[0] * n, tip[1] + step[1] * n
        if distance(box, (x, y)) == 0:
            return True
        if any(distance(one, (x, y)) == 0 for one in near):
            return False
    return False


def crosses(strokes: Sequence[Point], boxes: Sequence[Box], margin: float) -> bool:
    """Whether lines come nearer to a box than `margin` px."""
    for (x, y), (u, v) in pairwise(strokes):
        near = [one for one in boxes if one[0] - margin < max(x, u) and min(x, u) < one[2] + margin
                and one[1] - margin < max(y, v) and min(y, v) < one[3] + margin]  # fmt: skip
        count = max(1, int(math.dist((x, y), (u, v)) / _STEP_PX))
        points = [(x + (u - x) * n / count, y + (v - y) * n / count) for n in range(count + 1)] if near else []
        if any(distance(one, point) <= margin for one in near for point in points):
            return True
    return False


def distance(box: Box, point: Point) -> float:
    """Px from a point to a box: 0 within it."""
    return math.hypot(max(box[0] - point[0], point[0] - box[2], 0), max(box[1] - point[1], point[1] - box[3], 0))

"""Boxes, circles, arrows and numbers on a screen, as people draw them on what they ask about.

Held-out screens get one red mark (`draw_mark`); those to train on one to three of several kinds and colours
(`draw_marks`). Their strokes are labelled like shapes (`stroke_glyphs`), so that the encoder learns to see them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from desktop_vlm.api.text_layer import Box as Area
from desktop_vlm.images.annotations.drawing import draw
from desktop_vlm.images.annotations.marks import unit_of
from desktop_vlm.images.pointing import Pointer, shapes_of
from training.screens.asking import Asker
from training.screens.mark_questions import Marked
from training.screens.records import Box, Glyph
from training.screens.sketch import Sketch
from training.screens.typefaces import Colour

Kind = Literal["box", "circle", "arrow"]
Point = tuple[float, float]

_REDS = ((220, 30, 30), (255, 0, 0), (230, 20, 60))
TONES: dict[str, tuple[Colour, ...]] = {
    "red": (*_REDS, (229, 72, 77), (229, 23, 63)), "orange": ((245, 165, 36), (255, 128, 0)),
    "green": ((48, 164, 108), (0, 170, 40), (60, 220, 60)), "blue": ((0, 145, 255), (30, 70, 230), (0, 0, 255)),
    "yellow": ((255, 220, 0), (255, 240, 60)), "purple": ((150, 40, 200), (128, 0, 128)),
    "pink": ((255, 60, 170), (255, 105, 180)), "black": ((0, 0, 0), (17, 17, 19)), "white": ((255, 255, 255),),
}  # fmt: skip
"""Colours of marks, those of the program's own among them."""
_OFTEN = (12, 2, 3, 3, 1.5, 1, 1.5, 0.7, 0.3)
_KINDS = ("box", "circle", "arrow", "underline", "highlight")
_KIND_WEIGHTS = (5, 4, 4, 1, 1)
_SHAPES = {"box": "rectangle", "circle": "circle", "arrow": "triangle", "underline": "rectangle"}
"""What strokes are labelled as: kinds of `SHAPE_NAMES`."""
_LONGEST, _LONGEST_BLOCK = 40, 160
"""Characters of a text that is marked, and of several lines that are framed together."""


def text_runs(glyphs: Sequence[Glyph]) -> list[tuple[str, Box]]:
    """Texts that stand in one line, with their boxes: characters that follow each other without a gap."""
    return [_as_text(run) for run in runs_of(glyphs)]


def _as_text(run: Sequence[Glyph]) -> tuple[str, Box]:
    return "".join(g.char for g in run).strip(), (run[0].box[0], run[0].box[1], run[-1].box[2], run[0].box[3])


def runs_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters that follow each other in one line without a gap."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        before = runs[-1][-1] if runs else None
        if before and glyph.box[1] == before.box[1] and abs(glyph.box[0] - before.box[2]) < 0.01:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _usable(texts: Sequence[tuple[str, Box]], least_px: float, shortest: int = 2) -> list[tuple[str, Box]]:
    return [(text, box) for text, box in texts
            if shortest <= len(text) <= _LONGEST and box[3] - box[1] >= least_px]  # fmt: skip


def draw_mark(rng: random.Random, sketch: Sketch, glyphs: Sequence[Glyph], *, least_px: float) -> Marked | None:
    """Mark one text in red; None where there is none of at most 40 characters and at least `least_px` high."""
    usable = _usable(text_runs([glyph for glyph in glyphs if len(glyph.char) == 1]), least_px)
    if not usable:
        return None
    text, box = rng.choice(usable)
    kind: Kind = rng.choice(("box", "circle", "arrow"))
    colour, thick = rng.choice(_REDS), rng.choice((2, 3, 4))
    if kind == "arrow":
        strokes = _draw_arrow(rng, sketch.draw, sketch.image.width, box, colour, thick)
    else:
        strokes = _draw_around(sketch.draw, kind, box, colour, thick, gap=3 + thick)
    return Marked(text, kind, "red", strokes)


def _draw_around(drawn: ImageDraw.ImageDraw, kind: str, box: Box, colour: Colour, thick: int, *,
                 gap: float) -> tuple[Point, ...]:  # fmt: skip
    left, top, right, bottom = box
    if kind == "box":
        drawn.rectangle((left - gap, top - gap, right + gap, bottom + gap), None, colour, thick)
        return _rectangle(left - gap, top - gap, right + gap, bottom + gap)
    across, down = (right - left) * 0.22 + gap, (bottom - top) * 0.45 + gap
    drawn.ellipse((left - across, top - down, right + across, bottom + down), None, colour, thick)
    return _ellipse(left - across, top - down, right + across, bottom + down)


def _draw_arrow(rng: random.Random, drawn: ImageDraw.ImageDraw, width: int, box: Box, colour: Colour,
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


def draw_marks(rng: random.Random, sketch: Sketch, glyphs: Sequence[Glyph], *, least_px: float) -> list[Marked]:
    """Mark one to three texts, words of them or several lines, each with a kind, colour or number of its own."""
    runs = runs_of([glyph for glyph in glyphs if len(glyph.char) == 1])
    texts = [_as_text(run) for run in runs]
    words = rng.random() < 0.2
    found = [_as_text(word) for run in runs for word in _words(run)] if words else texts
    found = [(text.rstrip(",;:"), box) for text, box in found] if words else found
    usable = [one for one in _usable(found, least_px, 1 if rng.random() < 0.2 else 2)
              if any(char.isalnum() for char in one[0])]  # fmt: skip
    chosen = _apart(rng, usable, rng.choices((1, 2, 3), (5, 4, 3))[0])
    block = _block(rng, [one for one in texts if one[1][3] - one[1][1] >= least_px]) if rng.random() < 0.15 else None
    if block:
        chosen = [block, *(one for one in chosen if not _near(one[1], block[1]))][:2]
    if not chosen:
        return []
    size = sketch.image.size
    thick = max(2, round(rng.choice((2, 2, 3, 3, 4, 5)) * math.sqrt(max(size) / 1000)))
    room = [clearance(box, found) for _, box in chosen]
    if rng.random() < 0.2 and _pointers_fit(size, chosen, room):
        return _draw_pointers(sketch, chosen)
    numbered = len(chosen) > 1 and rng.random() < 0.3 and all(box[0] > 3 * (box[3] - box[1]) for _, box in chosen)
    marked: list[Marked] = []
    for number, (text, box) in enumerate(chosen, 1):
        name, tone = _colour(rng, sketch.image, box)
        is_block = block is not None and number == 1
        dense = room[number - 1] < 2 * thick + 4
        tight = dense or room[number - 1] < 0.45 * (box[3] - box[1]) + 2 * thick + 3
        weights = (1, 0, 0, 0, 0) if is_block or numbered else _kind_weights(tight, words=words)
        kind = rng.choices(_KINDS, weights)[0]
        if not numbered and any((one.kind, one.colour) == (kind, name) for one in marked):
            continue
        origin = _origin(rng, box, usable) if kind == "arrow" and rng.random() < 0.35 else None
        wide = min(thick, max(1, round(room[number - 1] / 3))) if dense else thick
        if origin:
            strokes = _draw_between(sketch.draw, origin[1], box, tone, thick)
        else:
            strokes = _draw_any(rng, sketch, kind, box, tone, wide, gap=wide + (1 if dense else 3), texts=texts)
        if numbered:
            _draw_badge(sketch, str(number), box, tone, thick)
        marked.append(Marked(text, kind, name, strokes, number if numbered else 0, None if words or is_block else box,
                             origin[0] if origin else ""))  # fmt: skip
    return marked


def _kind_weights(tight: bool, *, words: bool) -> tuple[float, ...]:
    """No circles where they would strike the lines above and below; no arrows at parts of texts."""
    box, circle, arrow, underline, highlight = _KIND_WEIGHTS
    return box, circle * 0.15 if tight else circle, 0 if words else arrow, underline + words, highlight


def clearance(box: Box, texts: Sequence[tuple[str, Box]]) -> float:
    """Px from a text to the nearest one beside it."""
    left, top, right, bottom = box
    gaps = [(max(b[0] - right, left - b[2]), max(b[1] - bottom, top - b[3])) for _, b in texts]
    return min((max(gap) for gap in gaps if max(gap) > -1), default=math.inf)


def _pointers_fit(size: tuple[int, int], chosen: Sequence[tuple[str, Box]], room: Sequence[float]) -> bool:
    """Whether the program's own frames and numbers hide no text."""
    unit = unit_of(size)
    left = 34 if len(chosen) > 1 else 12
    return all(box[0] > left * unit and box[1] > 12 * unit and free > 13 * unit
               for (_, box), free in zip(chosen, room, strict=True))  # fmt: skip


def _block(rng: random.Random, texts: Sequence[tuple[str, Box]]) -> tuple[str, Box] | None:
    """Two to four lines of a paragraph, or all texts of a row, that can be framed with nothing else in the frame."""
    for _, first in rng.sample(texts, min(8, len(texts))):
        high = first[3] - first[1]
        if rng.random() < 0.5:
            lines = [one for one in texts if abs(one[1][0] - first[0]) < 2 and abs(one[1][3] - one[1][1] - high) < 1
                     and 0 <= one[1][1] - first[1] < 1.7 * high * 4]  # fmt: skip
            lines = sorted(lines, key=lambda one: one[1][1])[: rng.randint(2, 4)]
            joined = all(b[1][1] - a[1][1] < 1.7 * high for a, b in pairwise(lines))
        else:
            lines = [one for one in texts if abs(one[1][1] - first[1]) < 2 and abs(one[1][3] - first[3]) < 2]
            lines = sorted(lines, key=lambda one: one[1][0])
            joined = len(lines) < 6 and all(b[1][0] - a[1][2] < 15 * high for a, b in pairwise(lines))
        text = " ".join(one[0] for one in lines)
        if len(lines) < 2 or not joined or len(text) > _LONGEST_BLOCK:
            continue
        box = (min(b[0] for _, b in lines), min(b[1] for _, b in lines), max(b[2] for _, b in lines),
               max(b[3] for _, b in lines))  # fmt: skip
        within = [b for _, b in texts if b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3]]
        if len(within) == len(lines):
            return text, box
    return None


def _origin(rng: random.Random, box: Box, usable: Sequence[tuple[str, Box]]) -> tuple[str, Box] | None:
    """A text at the left or the right from which an arrow can go to another."""
    high = box[3] - box[1]
    found = [one for one in usable if 3 * high < max(box[0] - one[1][2], one[1][0] - box[2]) < 20 * high
             and 2 * high < abs(one[1][1] - box[1]) < 15 * high and len(one[0]) > 2]  # fmt: skip
    return rng.choice(found) if found else None


def _draw_between(drawn: ImageDraw.ImageDraw, origin: Box, box: Box, tone: Colour, thick: int) -> tuple[Point, ...]:
    """An arrow from beside one text to beside another; returns its tip and its tail."""
    gap = 2 + thick
    right = origin[2] < box[0]
    tip = (box[0] - gap if right else box[2] + gap, (box[1] + box[3]) / 2)
    tail = (origin[2] + gap if right else origin[0] - gap, (origin[1] + origin[3]) / 2)
    _draw_shaft(drawn, tip, tail, tone, thick)
    return tip, tail


def _words(run: list[Glyph]) -> list[list[Glyph]]:
    words: list[list[Glyph]] = [[]]
    for glyph in run:
        if glyph.char == " ":
            words.append([])
        else:
            words[-1].append(glyph)
    return [word for word in words if word]


def _apart(rng: random.Random, usable: list[tuple[str, Box]], count: int) -> list[tuple[str, Box]]:
    """At most `count` texts, none near another."""
    chosen: list[tuple[str, Box]] = []
    for text, box in rng.sample(usable, min(len(usable), 4 * count)):
        if len(chosen) < count and not any(_near(box, other) for _, other in chosen):
            chosen.append((text, box))
    return chosen


def _near(box: Box, other: Box) -> bool:
    high = 1.6 * (box[3] - box[1])
    near = (box[0] - 30, box[1] - high, box[2] + 30, box[3] + high)
    return near[0] < other[2] and other[0] < near[2] and near[1] < other[3] and other[1] < near[3]


def _colour(rng: random.Random, image: Image.Image, box: Box) -> tuple[str, Colour]:
    """A colour that stands out from what is left of the text."""
    at = (min(max(0, round(box[0]) - 2), image.width - 1), min(max(0, round(box[1]) - 1), image.height - 1))
    pixel = image.getpixel(at)
    ground = pixel if isinstance(pixel, tuple) else (0, 0, 0)
    for _ in range(8):
        name = rng.choices(list(TONES), _OFTEN)[0]
        tone = rng.choice(TONES[name])
        if math.dist(tone, ground) > 150:
            return name, tone
    return "red", (255, 0, 0)


def _draw_any(rng: random.Random, sketch: Sketch, kind: str, box: Box, tone: Colour, thick: int, *,
              gap: float, texts: Sequence[tuple[str, Box]] = ()) -> tuple[Point, ...]:  # fmt: skip
    """Any kind of mark, `gap` px from its text, some with a light edge below it; returns where its strokes are."""
    left, top, right, bottom = box
    if kind == "highlight":
        area = (max(0, round(left) - 3), max(0, round(top) - 2), round(right) + 3, round(bottom) + 2)
        part = sketch.image.crop(area)
        sketch.image.paste(Image.blend(part, Image.new("RGB", part.size, tone), 0.35), area[:2])
        return ()
    if kind == "underline":
        y = bottom + thick
        sketch.draw.line((left - 2, y, right + 2, y), tone, thick)
        return (left, y), (right, y)
    halo = rng.random() < 0.25 and tone != (255, 255, 255)
    passes = [((255, 255, 255), thick + 2), (tone, thick)] if halo else [(tone, thick)]
    if kind in {"box", "circle"}:
        for ink, wide in passes:
            strokes = _draw_around(sketch.draw, kind, box, ink, wide, gap=gap + (wide - thick))
        return strokes
    tip, tail = _arrow_at(rng, sketch.image.size, box, thick, texts)
    for ink, wide in passes:
        _draw_shaft(sketch.draw, tip, tail, ink, wide)
    return tip, tail


def _arrow_at(rng: random.Random, size: tuple[int, int], box: Box, thick: int,
              texts: Sequence[tuple[str, Box]]) -> tuple[Point, Point]:  # fmt: skip
    """The tip of an arrow, beside, above or below the text, and where it comes from, within the image.

    It comes from where no other text is so near that it would lie on it or seem to be meant.
    """
    left, top, right, bottom = box
    room = _room_beside(size, box, [other for _, other in texts])
    sides = {"left": room[0], "right": room[1], "above": room[2] * 0.6, "below": room[3] * 0.6}
    side = rng.choices(list(sides), [max(0.01, min(free, 200.0) - 4 * thick) for free in sides.values()])[0]
    gap, long = 2 + thick, rng.randint(30, 130)
    lean = rng.uniform(-0.6, 0.6) * long
    inside, middle = rng.uniform(0.2, 0.8), (top + bottom) / 2
    if side in {"left", "right"}:
        away = -1 if side == "left" else 1
        tip = (left - gap if away < 0 else right + gap, middle)
        tail = (tip[0] + away * long, middle + lean)
    else:
        away = -1 if side == "above" else 1
        tip = (left + inside * (right - left), top - gap if away < 0 else bottom + gap)
        tail = (tip[0] + lean, tip[1] + away * long)
    return tip, (min(max(2, tail[0]), size[0] - 3), min(max(2, tail[1]), size[1] - 3))


def _room_beside(size: tuple[int, int], box: Box, texts: Sequence[Box]) -> tuple[float, float, float, float]:
    """Px to the next text, or to the image's edge, at the left, at the right, above and below."""
    left, top, right, bottom = box
    row = [one for one in texts if one[1] < bottom and top < one[3]]
    column = [one for one in texts if one[0] < right and left < one[2]]
    return (min([left, *(left - one[2] for one in row if one[2] <= left + 1)]),
            min([size[0] - right, *(one[0] - right for one in row if one[0] >= right - 1)]),
            min([top, *(top - one[3] for one in column if one[3] <= top + 1)]),
            min([size[1] - bottom, *(one[1] - bottom for one in column if one[1] >= bottom - 1)]))  # fmt: skip


def _draw_shaft(drawn: ImageDraw.ImageDraw, tip: Point, tail: Point, colour: Colour, thick: int) -> None:
    """A line with a filled head in its own direction."""
    long = math.dist(tip, tail) or 1.0
    x, y = (tail[0] - tip[0]) / long, (tail[1] - tip[1]) / long
    head = 4 + 3 * thick
    base = (tip[0] + x * head, tip[1] + y * head)
    drawn.line((*base, *tail), colour, thick)
    drawn.polygon((tip, (base[0] - y * head * 0.55, base[1] + x * head * 0.55),
                   (base[0] + y * head * 0.55, base[1] - x * head * 0.55)), colour)  # fmt: skip


def _draw_badge(sketch: Sketch, number: str, box: Box, tone: Colour, thick: int) -> None:
    """A disc with a number at the upper left of a mark."""
    high = max(9, round((box[3] - box[1]) * 0.6))
    x, y = max(high, box[0] - 3 - thick), max(high, box[1] - 3 - thick)
    sketch.draw.ellipse((x - high, y - high, x + high, y + high), tone)
    ink = (255, 255, 255) if sum(tone) < 480 else (0, 0, 0)
    sketch.draw.text((x, y), number, ink, anchor="mm", font_size=round(high * 1.5))


def _draw_pointers(sketch: Sketch, chosen: list[tuple[str, Box]]) -> list[Marked]:
    """As the program itself points at areas of an image."""
    unit = unit_of(sketch.image.size)
    room = 20 * unit if len(chosen) > 1 else 3 * unit  # the number must not hide the text
    areas = [(max(0, left - room), top - 2 * unit, right + 3 * unit, bottom + 2 * unit)
             for _, (left, top, right, bottom) in chosen]  # fmt: skip
    draw(sketch.image, shapes_of([Pointer(Area(*area)) for area in areas], sketch.image.size))
    edge = 7 * unit
    return [
        Marked(text, "box", "red", _rectangle(left - edge, top - edge, right + edge, bottom + edge),
               number if len(chosen) > 1 else 0)
        for number, ((text, _), (left, top, right, bottom)) in enumerate(zip(chosen, areas, strict=True), 1)
    ]  # fmt: skip


def _rectangle(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    return (left, top), (right, top), (right, bottom), (left, bottom), (left, top)


def _ellipse(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    x, y, across, down = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    turns = [math.pi * step / 18 for step in range(37)]
    return tuple((x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns)


def stroke_glyphs(marked: Sequence[Marked], glyphs: Sequence[Glyph], size: tuple[int, int], *,
                  step_px: float) -> list[Glyph]:  # fmt: skip
    """Labels along the strokes of marks, every `step_px` of the image of this size, where no character stands."""
    half = step_px / 2
    points = [(f"{one.colour} {_SHAPES[one.kind]}", x, y) for one in marked for x, y in _along(one.strokes, step_px)
              if half <= x <= size[0] - half and half <= y <= size[1] - half]  # fmt: skip
    if not points:
        return []
    left, right = min(x for _, x, _ in points), max(x for _, x, _ in points)
    above, below = min(y for *_, y in points), max(y for *_, y in points)
    near = [glyph.box for glyph in glyphs if glyph.box[1] <= below and glyph.box[3] >= above
            and glyph.box[0] <= right and glyph.box[2] >= left and len(glyph.char) == 1]  # fmt: skip
    boxes = np.array(near, np.float64).reshape(-1, 4)  # [G, 4]
    at = np.array([point[1:] for point in points])[:, None, :]  # [P, 1, 2]
    inside = np.logical_and(at >= boxes[:, :2], at <= boxes[:, 2:])  # [P, G, 2]
    covered = np.any(np.all(inside, axis=2), axis=1).tolist()  # [P]
    return [Glyph(label, (x - half, y - half, x + half, y + half))
            for (label, x, y), hidden in zip(points, covered, strict=True) if not hidden]  # fmt: skip


def _along(strokes: Sequence[Point], step_px: float) -> list[Point]:
    points: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(strokes):
        count = max(1, round(math.dist((x0, y0), (x1, y1)) / step_px))
        points += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count)]
    return points


def ask_marked(asker: Asker, marked: Marked) -> None:
    """What the marked text is."""
    asker.ask(f"marked_{marked.kind}", marked.text, as_kind="marked")

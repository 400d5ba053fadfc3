"""Boxes, circles, arrows and numbers on a screen, as people draw them on what they ask about.

Held-out screens get one red mark (`draw_mark`); those to train on one to six of several kinds and colours
(`draw_marks`). Their strokes are labelled like shapes (`stroke_glyphs`), so that the encoder learns to see them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
from PIL import Image

from desktop_vlm.api.text_layer import Box as Area
from desktop_vlm.images.annotations.drawing import draw
from desktop_vlm.images.annotations.marks import unit_of
from desktop_vlm.images.pointing import Pointer, shapes_of
from training.screens.asking import Asker
from training.screens.drawn_marks import KINDS, Drawing, within
from training.screens.mark_questions import Marked
from training.screens.mark_strokes import (
    Point,
    badge_at,
    draw_around,
    draw_badge,
    draw_side_arrow,
    rectangle,
)
from training.screens.outlines import control_around
from training.screens.records import Box, Glyph
from training.screens.sketch import Sketch
from training.screens.typefaces import Colour

Kind = Literal["box", "circle", "arrow"]

_REDS = ((220, 30, 30), (255, 0, 0), (230, 20, 60))
TONES: dict[str, tuple[Colour, ...]] = {
    "red": (*_REDS, (229, 72, 77), (229, 23, 63)), "orange": ((245, 165, 36), (255, 128, 0)),
    "green": ((48, 164, 108), (0, 170, 40), (60, 220, 60)), "blue": ((0, 145, 255), (30, 70, 230), (0, 0, 255)),
    "yellow": ((255, 220, 0), (255, 240, 60)), "purple": ((150, 40, 200), (128, 0, 128)),
    "pink": ((255, 60, 170), (255, 105, 180), (255, 0, 255)), "black": ((0, 0, 0), (17, 17, 19)),
    "white": ((255, 255, 255),),
}  # fmt: skip
"""Colours of marks, those of the program's own among them."""
_OFTEN = (20, 2.5, 3, 3.5, 2.2, 1.2, 2, 1.2, 0.4)
_SHAPES = {"box": "rectangle", "circle": "circle", "arrow": "triangle", "underline": "rectangle"}
"""What strokes are labelled as: kinds of `SHAPE_NAMES`."""
_LONGEST, _LONGEST_BLOCK, _LONGEST_CELL = 40, 160, 30
"""Characters of a text that is marked, of several lines that are framed together, and of a text in a row of them."""
_HOW_MANY = (7, 4, 3, 2, 1.2, 0.8)
"""How often one to six marks are on a screen; up to three where it is no larger than `_SMALL_PX`."""
_SMALL_PX = 700
_BOX_ALONE = (1, 0, 0, 0, 0)
"""How often each of `KINDS` is drawn with numbers and around several lines."""
_WORDS_SHARE, _BLOCK_SHARE, _POINTERS_SHARE, _NUMBERED_SHARE = 0.2, 0.15, 0.1, 0.22
"""Of screens: single words are marked; lines together; as the program itself marks; with numbers, if they fit."""
_FAVOURED_SHARE = 0.6
"""Of screens: half of the marks or more are on such texts."""
_CONTROL_SHARE = 0.7
"""Of marked texts in a button, a field or a cell whose edges are seen: all of that is marked."""
_FROM_SHARE, _TRIES = 0.08, 5
"""Of marks: arrows that come from another text. How often a mark is tried until it fits."""
_CARELESS_SHARE = 0.55
"""Of screens to train on: as people draw who do not mind whether they strike what is beside it."""
_SPACES = 0.9
"""Heights of a text: what is nearer to it in its row belongs to it."""
_CONTRAST, _CONTRAST_OF_RED = 150, 100
"""Between the colour of a mark and the ground, as a distance in RGB."""
_DARK, _LIGHTER = 60, 40
"""Lightness of a ground, 0 to 255, on which marks must be so much lighter."""


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
        strokes = draw_side_arrow(rng, sketch.draw, sketch.image.width, box, colour, thick)
    else:
        strokes = draw_around(sketch.draw, kind, box, colour, thick, gap=3 + thick)
    return Marked(text, kind, "red", strokes)


def draw_marks(rng: random.Random, sketch: Sketch, glyphs: Sequence[Glyph], *, least_px: float,
               seen: Sequence[Glyph] = (), careful: bool = False,
               favoured: Collection[str] = (), boxed: Sequence[tuple[str, Box]] = (),
               around_boxes: Sequence[Box] = ()) -> list[Marked]:  # fmt: skip
    """Mark one to six texts, words of them or several lines, each with a kind, colour or number of its own.

    What is marked is a whole text, such as a label, a cell, a button or a line, or a word that has strokes around it
    or below it, or lines and rows that one frame holds. `seen` are all characters, where `glyphs` are those of texts
    that may be marked. Careful marks strike as little as they can. `favoured` are texts that are marked more often.
    `boxed` are more texts that may be marked, with the boxes of the controls they stand on; `around_boxes` are the
    boxes of all such.
    """
    runs = _trimmed(glyphs)
    texts = [*(_as_text(run) for run in runs), *boxed]
    words = rng.random() < _WORDS_SHARE
    found = [_as_text(word) for run in runs for word in _words(run)] if words else texts
    usable = [one for one in _usable(found, least_px, 1 if rng.random() < 0.2 else 2)
              if any(char.isalnum() for char in one[0])]  # fmt: skip
    around = [_as_text(run)[1] for run in (_trimmed(seen) if seen else runs)] + [*around_boxes]
    most = 6 if max(sketch.image.size) > _SMALL_PX else 3
    count = rng.choices(range(1, most + 1), _HOW_MANY[:most])[0]
    first = favoured if rng.random() < _FAVOURED_SHARE else ()
    chosen = _apart(rng, usable, count, None if words else around, first)
    block = (
        _block(rng, [one for one in texts[: len(runs)] if one[1][3] - one[1][1] >= least_px])
        if rng.random() < _BLOCK_SHARE
        else None
    )
    if block:
        chosen = [block, *(one for one in chosen if not _near(one[1], block[1]))][:3]
    if not chosen:
        return []
    size = sketch.image.size
    room = [clearance(box, found) for _, box in chosen]
    if rng.random() < _POINTERS_SHARE and _pointers_fit(size, chosen, room):
        return _draw_pointers(sketch, chosen)
    careless = rng.random() < _CARELESS_SHARE and not careful
    drawing = Drawing(rng, sketch, [box for _, box in chosen], [box for _, box in found] if words else around,
                      _thickness(rng, size), careless=careless, words=words)  # fmt: skip
    if not words:
        drawing.controls = [control_around(sketch.image, box, around) if chosen[place] is not block
                            and rng.random() < _CONTROL_SHARE else None
                            for place, (_, box) in enumerate(chosen)]  # fmt: skip
    numbered = len(chosen) > 1 and rng.random() < _NUMBERED_SHARE and drawing.has_room_for_numbers()
    if numbered:
        drawing.controls = []
    marked: list[Marked] = []
    for place, (text, box) in enumerate(chosen):
        plain = not words and chosen[place] is not block
        origin = _origin(rng, box, usable) if plain and not numbered and rng.random() < _FROM_SHARE else None
        kinds = _BOX_ALONE if numbered or chosen[place] is block else drawing.kind_weights(room[place])
        drawn = _mark_one(drawing, place, room[place], origin, kinds, [] if numbered else marked)
        if drawn is None:
            continue
        one, tone = drawn
        if numbered:
            badge = badge_at(box, drawing.thick)
            draw_badge(sketch, str(place + 1), badge, tone)
            one = replace(one, number=place + 1, covers=(badge,))
        marked.append(replace(one, text=text, box=box if plain else None))
    return marked


def _mark_one(drawing: Drawing, place: int, room: float, origin: tuple[str, Box] | None, kinds: Sequence[float],
              before: Sequence[Marked]) -> tuple[Marked, Colour] | None:  # fmt: skip
    """A mark unlike those `before`, still without its text, and its colour; None where none can be drawn."""
    rng, taken = drawing.rng, {(one.kind, one.colour) for one in before}
    for _ in range(_TRIES):
        name, tone = _colour(rng, drawing.sketch.image, drawing.chosen[place])
        kind = "arrow" if origin else rng.choices(KINDS, kinds)[0]
        if (kind, name) in taken:
            continue
        strokes = drawing.draw(kind, place, room, tone, origin[1] if origin else None)
        if strokes is not None:
            thick = drawing.width(kind, room)
            return Marked("", kind, name, strokes, origin=origin[0] if origin else "", thick=thick), tone
        origin = None
    return None


def _thickness(rng: random.Random, size: tuple[int, int]) -> int:
    """Of strokes, px: thin ones on any screen, or such as look alike on all."""
    if rng.random() < 0.4:
        return rng.choice((2, 3, 4))
    return max(2, min(12, round(rng.choice((2, 2, 3, 3, 4, 5, 6)) * math.sqrt(max(size) / 1000))))


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
            joined = joined and all(len(one[0]) <= _LONGEST_CELL for one in lines)
        text = " ".join(one[0] for one in lines)
        if len(lines) < 2 or not joined or len(text) > _LONGEST_BLOCK:
            continue
        box = (min(b[0] for _, b in lines), min(b[1] for _, b in lines), max(b[2] for _, b in lines),
               max(b[3] for _, b in lines))  # fmt: skip
        held = [b for _, b in texts if b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3]]
        if len(held) == len(lines):
            return text, box
    return None


def _origin(rng: random.Random, box: Box, usable: Sequence[tuple[str, Box]]) -> tuple[str, Box] | None:
    """A text at the left or the right from which an arrow can go to another."""
    high = box[3] - box[1]
    found = [one for one in usable if 3 * high < max(box[0] - one[1][2], one[1][0] - box[2]) < 20 * high
             and 2 * high < abs(one[1][1] - box[1]) < 15 * high and len(one[0]) > 2]  # fmt: skip
    return rng.choice(found) if found else None


def _trimmed(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The texts without the spaces that they begin and end with."""
    trimmed = []
    for run in runs_of([glyph for glyph in glyphs if len(glyph.char) == 1]):
        shown = [place for place, glyph in enumerate(run) if glyph.char != " "]
        if shown:
            trimmed.append(run[shown[0] : shown[-1] + 1])
    return trimmed


def _words(run: list[Glyph]) -> list[list[Glyph]]:
    """Its words without the marks that end them."""
    words: list[list[Glyph]] = [[]]
    for glyph in run:
        if glyph.char == " ":
            words.append([])
        else:
            words[-1].append(glyph)
    ends = [len("".join(glyph.char for glyph in word).rstrip(",;:")) for word in words]
    return [word[:end] for word, end in zip(words, ends, strict=True) if end]


def _apart(rng: random.Random, usable: list[tuple[str, Box]], count: int,
           around: Sequence[Box] | None, first: Collection[str]) -> list[tuple[str, Box]]:  # fmt: skip
    """At most `count` texts, none near another; `around` are all, where only such as stand alone are chosen."""
    chosen: list[tuple[str, Box]] = []
    found = rng.sample(usable, min(len(usable), 6 * count))
    before = [one for one in usable if one[0].rstrip(":") in first]
    for text, box in [*rng.sample(before, min(len(before), (count + 1) // 2)), *found]:
        if len(chosen) < count and not any(_near(box, other) for _, other in chosen) and (
                around is None or stands_alone(box, around)):  # fmt: skip
            chosen.append((text, box))
    return chosen


def stands_alone(box: Box, around: Sequence[Box]) -> bool:
    """Whether nothing in the same row is so near that it reads as a part of the same text."""
    high = box[3] - box[1]
    row = [one for one in around if one[1] < box[3] - high / 3 and box[1] + high / 3 < one[3]]
    return not any(max(one[0] - box[2], box[0] - one[2]) < _SPACES * high for one in row
                   if not (within(one, box) and within(box, one)))  # fmt: skip


def _near(box: Box, other: Box) -> bool:
    high = 1.6 * (box[3] - box[1])
    near = (box[0] - 30, box[1] - high, box[2] + 30, box[3] + high)
    return near[0] < other[2] and other[0] < near[2] and near[1] < other[3] and other[1] < near[3]


def _colour(rng: random.Random, image: Image.Image, box: Box) -> tuple[str, Colour]:
    """A colour that stands out from what is left of the text."""
    at = (min(max(0, round(box[0]) - 2), image.width - 1), min(max(0, round(box[1]) - 1), image.height - 1))
    pixel = image.getpixel(at)
    ground: Colour = (pixel[0], pixel[1], pixel[2]) if isinstance(pixel, tuple) else (0, 0, 0)
    for _ in range(8):
        name = rng.choices(list(TONES), _OFTEN)[0]
        tone = rng.choice(TONES[name])
        if _stands_out(tone, ground, _CONTRAST_OF_RED if name == "red" else _CONTRAST):
            return name, tone
    return "red", (255, 0, 0)


def _stands_out(tone: Colour, ground: Colour, least: float) -> bool:
    """Whether a colour is unlike the ground, and on a dark one not dark itself."""
    return math.dist(tone, ground) > least and (_light(ground) > _DARK or _light(tone) > _light(ground) + _LIGHTER)


def _light(colour: Colour) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def _draw_pointers(sketch: Sketch, chosen: list[tuple[str, Box]]) -> list[Marked]:
    """As the program itself points at areas of an image."""
    unit = unit_of(sketch.image.size)
    room = 20 * unit if len(chosen) > 1 else 3 * unit  # the number must not hide the text
    areas = [(max(0, left - room), top - 2 * unit, right + 3 * unit, bottom + 2 * unit)
             for _, (left, top, right, bottom) in chosen]  # fmt: skip
    draw(sketch.image, shapes_of([Pointer(Area(*area)) for area in areas], sketch.image.size))
    edge = 7 * unit
    several = len(chosen) > 1
    marked = []
    for number, ((text, box), (left, top, right, bottom)) in enumerate(zip(chosen, areas, strict=True), 1):
        frame = (left - edge, top - edge, right + edge, bottom + edge)
        disc = (frame[0], frame[1], max(frame[0], box[0] - 2), bottom)
        marked.append(Marked(text, "box", "red", rectangle(*frame), number if several else 0, thick=4 * unit,
                             covers=(disc,) if several else ()))  # fmt: skip
    return marked


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

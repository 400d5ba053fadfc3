"""Red boxes, circles and arrows on a screen, as people draw them on what they ask about."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from training.screens.asking import Asker
from training.screens.records import Box, Glyph
from training.screens.sketch import Sketch

Kind = Literal["box", "circle", "arrow"]

_REDS = ((220, 30, 30), (255, 0, 0), (230, 20, 60))
_LONGEST = 40
"""Characters of a text that is marked."""


@dataclass(frozen=True)
class Marked:
    """What is marked, by what."""

    text: str
    kind: Kind


def text_runs(glyphs: Sequence[Glyph]) -> list[tuple[str, Box]]:
    """Texts that stand in one line, with their boxes: characters that follow each other without a gap."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        before = runs[-1][-1] if runs else None
        if before and glyph.box[1] == before.box[1] and abs(glyph.box[0] - before.box[2]) < 0.01:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return [("".join(g.char for g in run).strip(), (run[0].box[0], run[0].box[1], run[-1].box[2], run[0].box[3]))
            for run in runs]  # fmt: skip


def draw_mark(rng: random.Random, sketch: Sketch, glyphs: Sequence[Glyph], *, least_px: float) -> Marked | None:
    """Mark one text; None where there is none of at most 40 characters and at least `least_px` high."""
    usable = [
        (text, box)
        for text, box in text_runs([glyph for glyph in glyphs if len(glyph.char) == 1])
        if 2 <= len(text) <= _LONGEST and box[3] - box[1] >= least_px
    ]
    if not usable:
        return None
    text, (left, top, right, bottom) = rng.choice(usable)
    kind: Kind = rng.choice(("box", "circle", "arrow"))
    colour, thick = rng.choice(_REDS), rng.choice((2, 3, 4))
    gap = 3 + thick
    if kind == "box":
        sketch.draw.rectangle((left - gap, top - gap, right + gap, bottom + gap), None, colour, thick)
    elif kind == "circle":
        across, down = (right - left) * 0.22 + gap, (bottom - top) * 0.45 + gap
        sketch.draw.ellipse((left - across, top - down, right + across, bottom + down), None, colour, thick)
    else:
        _draw_arrow(rng, sketch, (left, top, right, bottom), colour, thick)
    return Marked(text, kind)


def _draw_arrow(rng: random.Random, sketch: Sketch, box: Box, colour: tuple[int, int, int], thick: int) -> None:
    """From the left or the right, with its tip beside the text: from where there is more room."""
    left, top, right, bottom = box
    from_left = left > sketch.image.width - right
    tip = (left - 5, (top + bottom) / 2) if from_left else (right + 5, (top + bottom) / 2)
    away = -1 if from_left else 1
    long = rng.randint(40, 120)
    tail = (tip[0] + away * long, tip[1] + rng.randint(-30, 30))
    sketch.draw.line((*tip, *tail), colour, thick)
    head = 4 + 3 * thick
    sketch.draw.polygon(
        (tip, (tip[0] + away * head, tip[1] - head * 0.6), (tip[0] + away * head, tip[1] + head * 0.6)), colour
    )


def ask_marked(asker: Asker, marked: Marked) -> None:
    """What the marked text is."""
    asker.ask(f"marked_{marked.kind}", marked.text, as_kind="marked")

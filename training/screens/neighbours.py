"""Questions that any window answers: where a text stands beside others, and how one goes on.

They are made from the places of the characters alone, so every layout gets them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.screens.asking import Asker
from training.screens.records import Box, Glyph

_LONGEST = 60
"""Characters of a text that is asked for."""
_FAR = 14.0
"""How many line heights away a neighbour may be, across; down it may be a quarter of that."""


@dataclass(frozen=True)
class Text:
    """Characters that were drawn in one go."""

    text: str
    box: Box


def texts_of(glyphs: Iterable[Glyph]) -> list[Text]:
    """The texts that glyphs in reading order make: each character starts where the one before it ends."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if len(glyph.char) != 1:
            continue
        last = runs[-1][-1].box if runs else None
        if last and (last[1], last[3]) == (glyph.box[1], glyph.box[3]) and abs(last[2] - glyph.box[0]) < 0.01:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    found = []
    for run in runs:
        text = "".join(glyph.char for glyph in run)
        if text.strip():
            found.append(Text(text.strip(), (run[0].box[0], run[0].box[1], run[-1].box[2], run[0].box[3])))
    return found


def ask_neighbours(rng: random.Random, asker: Asker, texts: Sequence[Text], count: int) -> None:
    """At most `count` questions about texts that occur once."""
    said = Counter(one.text for one in texts)
    words = Counter(word for one in texts for word in one.text.split())
    once = [one for one in texts if said[one.text] == 1 and 2 <= len(one.text) <= _LONGEST]
    for one in rng.sample(once, min(count, len(once))):
        draw = rng.random()
        if draw < 0.35:
            _ask_beside(asker, one, texts)
        elif draw < 0.6:
            _ask_below(asker, one, texts)
        elif draw < 0.8:
            unique = [word for word in one.text.split() if words[word] == 1 and len(word) > 2]
            if unique and len(one.text.split()) > 1:
                asker.ask("with_word", one.text, as_kind="near", text=rng.choice(unique))
        elif len(one.text.split()) > 2:
            parts = one.text.split()
            cut = rng.randint(1, len(parts) - 1)
            begun = " ".join(parts[:cut])
            if sum(other.text.startswith(begun) for other in texts) == 1:
                asker.ask("goes_on", " ".join(parts[cut:]), as_kind="near", text=begun)


def _ask_beside(asker: Asker, one: Text, texts: Sequence[Text]) -> None:
    """What stands right of a text, in the same line; nothing where that is far away."""
    _, top, right, bottom = one.box
    high = bottom - top
    line = [other for other in texts if other is not one and other.box[0] >= right - 1
            and abs((other.box[1] + other.box[3]) - (top + bottom)) < high]  # fmt: skip
    if line:
        nearest = min(line, key=lambda other: other.box[0])
        if nearest.box[0] - right < _FAR * high and len(nearest.text) <= _LONGEST:
            asker.ask("right_of", nearest.text, as_kind="near", text=one.text)


def _ask_below(asker: Asker, one: Text, texts: Sequence[Text]) -> None:
    """What stands below a text that begins at the same place across; nothing where that is far away."""
    left, top, _, bottom = one.box
    high = bottom - top
    below = [other for other in texts if abs(other.box[0] - left) < high / 2 and other.box[1] >= bottom - 1]
    if below:
        nearest = min(below, key=lambda other: other.box[1])
        if nearest.box[1] - bottom < _FAR / 4 * high and len(nearest.text) <= _LONGEST:
            asker.ask("below", nearest.text, as_kind="near", text=one.text)

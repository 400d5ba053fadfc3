"""Which rows of an image's text a question is about."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.images.legibility import font_px

_WORD = re.compile(r"\w+(?:[.,:/@_-]\w+)*")
_PART = re.compile(r"\w+")
_SHORTEST_STEM = 4
"""Characters from which on a word also names one that begins with it: "total" and "totals"."""
_COMMON_SHARE = 0.1
"""Words that stand in more than this part of the rows name none of them: those of every sentence, mostly."""
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a an and any are as at be by can did do does for from give has have how i in picture is it its me my not of on
        or please read say says show tell text that the their there these this those to was were what when where which
        who why will with write you your image screen screenshot line lines word words
        das dem den der des die ein eine ist im in mit sind und von was welche welcher wer wie wo zu zum zur bild
        """,
    )
)
"""Words of questions that name nothing in an image, English and German; in other languages their frequency tells."""
_ALWAYS_RARE = 2
"""Rows that a word may stand in and still name them, however few rows there are."""


@dataclass(frozen=True)
class Row:
    """A line of text, or a row of a table.

    Attributes:
        text: one line; the cells of a table's row stand apart from each other.
        box: around all of it, px.
        font_px: font size of its smallest line, px.
    """

    text: str
    box: Box
    font_px: float


def rows_of(layer: TextLayer) -> tuple[Row, ...]:
    """All text of an image in reading order; what stands in a table by its rows, left to right."""
    tables = {table.first: table for table in layer.tables}
    rows, at = [], 0
    while at < len(layer.lines):
        table = tables.get(at)
        if table is None:
            rows.append(_row(layer, (at,)))
            at += 1
            continue
        rows += [_row(layer, *cells) for cells in table.rows if any(cells)]
        at = max(at, table.last) + 1
    return tuple(row for row in rows if row.text)


def _row(layer: TextLayer, *cells: Sequence[int]) -> Row:
    texts = (" ".join(layer.lines[number].text.strip() for number in cell) for cell in cells)
    lines = [layer.lines[number] for cell in cells for number in cell]
    box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    text = " | ".join(texts) if len(cells) > 1 else next(texts)
    return Row(text, box, min(map(font_px, lines)))


def named(rows: Sequence[str], question: str) -> dict[int, float]:
    """Which rows a question names, and how clearly: the more of its rare words stand in a row, the higher.

    Upper and lower case, accents and the end of a longer word do not matter.
    """
    words = [_words(row) for row in rows]
    asked = _words(question) - _FUNCTION_WORDS
    standing = {word: [at for at, found in enumerate(words) if _stands(word, found)] for word in asked}
    most = max(_ALWAYS_RARE, math.floor(len(rows) * _COMMON_SHARE))
    scores: defaultdict[int, float] = defaultdict(float)
    for word, places in standing.items():
        if 0 < len(places) <= most:
            for at in places:
                scores[at] += len(word) / len(places)
    return dict(scores)


def naming_words(row: str, question: str) -> tuple[str, ...]:
    """The words of a row, as they are written there, that a question names, each once and in their order."""
    asked = _words(question) - _FUNCTION_WORDS
    found = (word for word in _WORD.findall(row) if any(_stands(one, {_fold(word)} | _words(word)) for one in asked))
    return tuple(dict.fromkeys(found))


def _words(text: str) -> set[str]:
    folded = _fold(text)
    return {word for word in (*_WORD.findall(folded), *_PART.findall(folded)) if len(word) > 1 or not word.isascii()}


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _stands(word: str, found: set[str]) -> bool:
    if word in found:
        return True
    return any(
        min(len(word), len(other)) >= _SHORTEST_STEM and (other.startswith(word) or word.startswith(other))
        for other in found
    )

"""The text of a layer as one long text to search in, each character of it with the place it comes from."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine

Part: TypeAlias = "tuple[str, int, int, int]"
"""A character, or what stands for it, its line, and where in that it starts and ends."""

_NOTHING = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Characters that nobody sees."""


@dataclass(frozen=True)
class Place:
    """A part of one line.

    Attributes:
        line: its number in the layer.
        start, end: characters of the line's text; `end` is the first one outside.
        box: around them, px of the image. Within a word every character is taken to be equally wide.
    """

    line: int
    start: int
    end: int
    box: Box


@dataclass(frozen=True)
class Match:
    """Where a text stands: a place for each line that it spans, in reading order."""

    places: tuple[Place, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(place.box for place in self.places)


@dataclass
class FoldedText:
    """A long text; for each of its characters the line it comes from, and where in that it starts and ends."""

    text: str = ""
    lines: array[int] = field(default_factory=lambda: array("i"))
    starts: array[int] = field(default_factory=lambda: array("i"))
    ends: array[int] = field(default_factory=lambda: array("i"))

    @classmethod
    def of(cls, parts: Iterable[Part]) -> FoldedText:
        text, lines, starts, ends = [], array("i"), array("i"), array("i")
        for part, line, start, end in parts:
            text.append(part)
            for _ in part:
                lines.append(line)
                starts.append(start)
                ends.append(end)
        return cls("".join(text), lines, starts, ends)

    def match(self, layer: TextLayer, start: int, end: int) -> Match:
        """The places of its characters from `start` to `end`."""
        places = []
        while start < end:
            line = self.lines[start]
            after = next((n for n in range(start, end) if self.lines[n] != line), end)
            first, last = self.starts[start], self.ends[after - 1]
            places.append(Place(line, first, last, box_of(layer.lines[line], first, last)))
            start = after
        return Match(tuple(places))


def exact_text(layer: TextLayer) -> FoldedText:
    """All lines in reading order, without case, with one space for every gap and line break."""
    return FoldedText.of(_exact_parts(layer))


def _exact_parts(layer: TextLayer) -> Iterable[Part]:
    before = " "  # the last character written
    for number, line in enumerate(layer.lines):
        if before != " " and not (is_dense(before) and line.text and is_dense(line.text[0])):
            before = " "
            end = len(layer.lines[number - 1].text)
            yield " ", number - 1, end, end
        for place, char in enumerate(line.text):
            folded = fold_char(char)
            if folded == " " == before or not folded:
                continue
            before = folded[-1]
            yield folded, number, place, place + 1


def fold(text: str) -> str:
    """A text as it would stand in `exact_text`."""
    return " ".join("".join(map(fold_char, text)).split())


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """A character without its case, taken apart from its accents; any white space is one space."""
    if char in _NOTHING:
        return ""
    return " " if char.isspace() else unicodedata.normalize("NFD", char.casefold())


@lru_cache(maxsize=4096)
def is_dense(char: str) -> bool:
    """Whether a script is written without spaces: Chinese, Japanese, and others of East and South-East Asia."""
    code = ord(char)
    return (
        (0x2E80 <= code <= 0x9FFF and not 0x3130 <= code <= 0x318F)  # all but the letters of Hangul
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFFEF
        or 0x20000 <= code <= 0x3FFFF
        or 0x0E00 <= code <= 0x0EFF
        or 0x1780 <= code <= 0x17FF
        or 0x1000 <= code <= 0x109F
    )


def box_of(line: TextLine, start: int, end: int) -> Box:
    """Around the characters of a line from `start` to `end`, px."""
    around: Box | None = None
    place = 0
    for word in line.words:
        first = line.text.find(word.text, place)
        if first < 0:
            continue
        place = first + len(word.text)
        if first < end and start < place:
            part = _part(word.box, len(word.text), max(start - first, 0), min(end, place) - first)
            around = part if around is None else around.union(part)
    return around or _part(line.box, len(line.text), start, end)


def _part(box: Box, length: int, start: int, end: int) -> Box:
    """A box's part that holds the characters from `start` to `end` of `length`."""
    width = box.width / max(length, 1)
    return Box(box.left + width * start, box.top, box.left + width * end, box.bottom)

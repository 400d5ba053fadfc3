"""Words of a line that was read: what stands between its spaces, bounded by where the ink has gaps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from desktop_vlm.api.text_layer import TextLine, Word
from desktop_vlm.images.text_layer.ink import runs
from desktop_vlm.images.text_layer.line_reading import Reading


def line_of(reading: Reading) -> TextLine:
    """The line with its words' places."""
    reading = with_wide_spaces(reading)
    crop = reading.crop
    spans = list(_spans(reading.text))
    borders = _borders(reading, spans)
    words = tuple(
        Word(reading.text[start:end], crop.place(left, right))
        for (start, end), (left, right) in zip(spans, borders, strict=True)
    )
    return TextLine(" ".join(reading.text.split()), crop.box, words, reading.confidence)


def with_wide_spaces(reading: Reading) -> Reading:
    """With a space wherever the ink has a gap as wide as a character, which no font has within a word.

    Labels of narrow buttons stand that far apart, and what a reader takes for one word then is two.
    """
    ink, text = reading.crop.ink, reading.text
    if ink is None or len(text) < 2:
        return reading
    pitch = (reading.crop.inner[1] - reading.crop.inner[0]) / len(text)
    for at in range(len(text) - 1, 0, -1):
        pair = text[at - 1 : at + 1]
        if " " in pair or any(_is_alone(one) for one in pair):
            continue
        left, right = _gap(reading, at - 1, at, apart=False)
        if right - left >= pitch:
            text = f"{text[:at]} {text[at:]}"
            reading = replace(
                reading,
                text=text,
                starts=(*reading.starts[:at], left, *reading.starts[at:]),
                ends=(*reading.ends[:at], right, *reading.ends[at:]),
            )
    return reading


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Words by their first character and the one behind their last; of scripts without spaces each character."""
    start = 0
    for at in range(len(text) + 1):
        ends = at == len(text) or text[at] == " "
        alone = not ends and _is_alone(text[at])
        if (ends or alone or (at and _is_alone(text[at - 1]))) and at > start:
            yield start, at
            start = at
        if ends:
            start = at + 1


def _is_alone(character: str) -> bool:
    """Whether it is of a script that is written without spaces: Chinese, Japanese."""
    return unicodedata.east_asian_width(character) in "WF" and not character.isspace()


def _borders(reading: Reading, spans: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Each word's first column of the crop, and the one behind its last."""
    if not spans:
        return []
    first, last = (float(column) for column in reading.crop.inner)
    lefts, rights = [first], []
    for (_, end), (after, _) in pairwise(spans):
        right, left = _gap(reading, end - 1, after, apart=end < after)
        rights.append(right)
        lefts.append(left)
    return list(zip(lefts, [*rights, last], strict=True))


def _gap(reading: Reading, before: int, after: int, *, apart: bool) -> tuple[float, float]:
    """Where the ink ends between two characters, and begins again: its widest gap between their middles."""
    from_column = (reading.starts[before] + reading.ends[before]) / 2
    to_column = (reading.starts[after] + reading.ends[after]) / 2
    ink = reading.crop.ink
    if ink is not None:
        first, last = round(from_column), max(round(from_column) + 1, round(to_column))
        gaps = runs(~ink[:, first:last].any(axis=0))
        if gaps:
            start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
            return float(first + start), float(first + end)
    if apart:
        return reading.ends[before], reading.starts[after]
    middle = (reading.ends[before] + reading.starts[after]) / 2
    return middle, middle

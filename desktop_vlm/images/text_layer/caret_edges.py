"""Where the characters of a line stand, estimated from the boxes of its words.

An OCR engine tells where words are, not characters. Within a word they are taken to be either equally wide, as on a
terminal, or as wide as in a usual proportional font, whichever explains the line's words better.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from desktop_vlm.api.text_layer import TextLine

_NARROW = frozenset("iljtfrI.,:;'!|()[]{}`\"-/\\\u00b7\u2019\u2018 ")
_WIDE = frozenset("mwMWOQGDNHU@%&\u2014\u0152\u00c6")


def caret_edges(line: TextLine) -> tuple[float, ...]:
    """For each place between two characters, and before the first and after the last, its x in px; ascending."""
    spans = _word_spans(line)
    equal = _is_monospaced(line, spans)
    places: list[tuple[int, float]] = [(0, line.box.left)]
    for (start, end), word in zip(spans, line.words, strict=True):
        if end <= start:
            continue
        widths = [1.0 if equal else _width(char) for char in line.text[start:end]]
        scale, x = word.box.width / sum(widths), word.box.left
        places.append((start, x))
        for number, width in enumerate(widths, start + 1):
            x += width * scale
            places.append((number, x if number < end else word.box.right))
    places.append((len(line.text), line.box.right if not spans else places[-1][1]))
    return _filled(places, len(line.text))


def _word_spans(line: TextLine) -> list[tuple[int, int]]:
    """Where each word stands in the line's text; an empty span for one that does not."""
    spans, at = [], 0
    for word in line.words:
        start = line.text.find(word.text, at)
        spans.append((start, start + len(word.text)) if start >= 0 else (at, at))
        at = spans[-1][1]
    return spans


def _filled(places: list[tuple[int, float]], length: int) -> tuple[float, ...]:
    """An x for every number from 0 to `length`; between those that are known it grows evenly, and never back."""
    edges: list[float] = [places[0][1]]
    for number, place in [*places[1:], (length, places[-1][1])]:
        x = max(place, edges[-1])
        if number == len(edges) - 1:
            edges[-1] = x
        elif number == len(edges):
            edges.append(x)
        elif number > len(edges):
            first, start = len(edges) - 1, edges[-1]
            step = (x - start) / (number - first)
            edges += [start + step * offset for offset in range(1, number - first)]
            edges.append(x)
    return tuple(edges)


def _is_monospaced(line: TextLine, spans: list[tuple[int, int]]) -> bool:
    """Whether equal widths explain the words' boxes better than those of a proportional font."""
    counted = [
        (word.box.width, float(end - start), sum(_width(char) for char in line.text[start:end]))
        for (start, end), word in zip(spans, line.words, strict=True)
        if end - start > 2
    ]
    return len(counted) > 1 and _spread(counted, 1) < _spread(counted, 2)


def _spread(counted: list[tuple[float, float, float]], model: int) -> float:
    """How much the width of a unit differs between words."""
    units = [word[0] / word[model] for word in counted]
    mean = sum(units) / len(units)
    return sum((unit / mean - 1) ** 2 for unit in units) if mean else 0.0


@lru_cache(maxsize=4096)
def _width(char: str) -> float:
    if char in _NARROW:
        return 0.5
    if char in _WIDE:
        return 1.4
    if unicodedata.combining(char):
        return 0.01
    if unicodedata.east_asian_width(char) in "WF":
        return 1.8
    return 1.2 if char.isupper() else 1.0

"""The lines of a layer with what is around them, and the rectangles of what is found in them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.sensitive.kinds import Passage

_WIDE_GAP = 1.6
"""Between words of different columns: their distance over the line's height."""

_NEAR = 12
"""Lines before and after one in reading order among which its label is looked for."""

_WHOLE_WORD = 40
"""Words of up to so many characters are covered as a whole: where in a word a character stands can only be guessed."""

_NARROW = frozenset("ijlIt1|.,:;'`!()[]{}/\\ -f\"r")
_WIDE = frozenset("mwMWQOGD@%&_")


def passages(layer: TextLayer) -> Iterator[Passage]:
    """Every line, in the layer's order."""
    for number, line in enumerate(layer.lines):
        yield Passage(_with_tabs(line), _before(layer, number))


def placed_words(line: TextLine) -> Iterator[tuple[Word, int]]:
    """The words of a line, and where each begins in its text."""
    at = 0
    for word in line.words:
        start = line.text.find(word.text, at)
        if start >= 0:
            yield word, start
            at = start + len(word.text)


def _with_tabs(line: TextLine) -> str:
    """The line's text, with a tab for blanks where there is a wide gap."""
    text = line.text
    before: tuple[Word, int] | None = None
    for word, start in placed_words(line):
        if before is not None:
            gap = word.box.left - before[0].box.right
            after = before[1] + len(before[0].text)
            if gap > _WIDE_GAP * line.box.height > 0 and not text[after:start].strip():
                text = text[:after] + "\t" * (start - after) + text[start:]
        before = word, start
    return text


def _before(layer: TextLayer, number: int) -> str:
    """The nearest text left of a line in its row, or else a short line right above it."""
    line = layer.lines[number]
    middle = (line.box.top + line.box.bottom) / 2
    left, above = "", ""
    most = 24 * line.box.height
    for other in layer.lines[max(0, number - _NEAR) : number + _NEAR]:
        box = other.box
        if box.right <= line.box.left + 2 and box.top < middle < box.bottom and line.box.left - box.right < most:
            left = other.text if len(other.text) <= 48 else left
    if not left and number > 0:
        other = layer.lines[number - 1]
        is_near = other.box.bottom <= middle and line.box.top - other.box.bottom < 1.2 * line.box.height
        if is_near and len(other.text) <= 32 and abs(other.box.left - line.box.left) < 2 * line.box.height:
            above = other.text
    return left or above


def box_of(line: TextLine, start: int, end: int) -> Box:
    """What must be covered so that nothing of the characters from `start` to `end` is left, px."""
    around: Box | None = None
    for word, first in placed_words(line):
        after = first + len(word.text)
        if first < end and start < after:
            part = _part(word.text, word.box, max(start - first, 0), min(end, after) - first)
            around = part if around is None else around.union(part)
    return around or _part(line.text, line.box, start, end)


def _part(text: str, box: Box, start: int, end: int) -> Box:
    """All of a word, or of a very long one the part with some room at both sides."""
    if len(text) <= _WHOLE_WORD or 2 * (end - start) >= len(text):
        return box
    widths = [0.5 if char in _NARROW else 1.5 if char in _WIDE else 1.0 for char in text]
    whole = sum(widths)
    room = 1.5 + 0.02 * len(text)
    left = max(0.0, sum(widths[:start]) - room)
    right = min(whole, sum(widths[:end]) + room)
    return Box(box.left + box.width * left / whole, box.top, box.left + box.width * right / whole, box.bottom)

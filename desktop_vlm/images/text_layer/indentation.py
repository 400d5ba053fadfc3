"""How far lines of code are indented, which OCR does not see: it reads what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from desktop_vlm.api.text_layer import TextLine

_LEAST_WORDS = 7
"""So many words must stand where a font with equal widths puts them, before it is one."""

_OFF_PLACE = 0.3
"""Of a character's width: how far from there a word stands at most, seen from the one before it."""

_SHARE = 0.75
"""Of the words that stand there: the others follow two spaces, or one that was not read."""

_SAME_WIDTH = 0.06


def indents(lines: Sequence[TextLine], paragraphs: Sequence[range]) -> Mapping[int, int]:
    """The spaces that belong before each line of monospaced text, by the line's number; others are not in it.

    Args:
        lines: of a layer.
        paragraphs: numbers of the lines of each, in reading order.
    """
    found: dict[int, int] = {}
    for numbers, width in _stretches(lines, paragraphs):
        first = min(lines[number].box.left for number in numbers)
        found |= {number: round((lines[number].box.left - first) / width) for number in numbers}
    return found


def _stretches(lines: Sequence[TextLine], paragraphs: Sequence[range]) -> Iterator[tuple[list[int], float]]:
    """Paragraphs below each other in letters of one width, together, and that width in px."""
    numbers: list[int] = []
    width = 0.0
    for paragraph in paragraphs:
        own = character_width([lines[number] for number in paragraph])
        follows = numbers and _is_below(lines[numbers[-1]], lines[paragraph[0]])
        if follows and (
            abs(own - width) <= _SAME_WIDTH * width or (not own and _fits(lines, paragraph, numbers, width))
        ):
            numbers += paragraph
            continue
        if numbers:
            yield numbers, width
        numbers, width = (list(paragraph), own) if own else ([], 0.0)
    if numbers:
        yield numbers, width


def character_width(lines: Sequence[TextLine]) -> float:
    """The width that all characters have, px; 0 where they have different ones or too little is there to say so."""
    steps = [step for line in lines for step in _steps(line)]
    if len(steps) < _LEAST_WORDS:
        return 0.0
    width = median([px / count for count, px in steps])
    there = sum(abs(px - count * width) <= _OFF_PLACE * width for count, px in steps)
    return width if there >= _SHARE * len(steps) else 0.0


def _steps(line: TextLine) -> Iterator[tuple[int, float]]:
    """From the beginning of each word to that of the next one: characters, with the space between them, and px."""
    for word, after in pairwise(line.words):
        yield len(word.text) + 1, after.box.left - word.box.left


def _is_below(above: TextLine, below: TextLine) -> bool:
    gap = below.box.top - above.box.bottom
    return -above.box.height < gap < 3 * above.box.height


def _fits(lines: Sequence[TextLine], paragraph: range, numbers: Sequence[int], width: float) -> bool:
    """Whether lines too short to say, a lone brace, are as high as those above and stand on their grid."""
    first = min(lines[number].box.left for number in numbers)
    shifts = [(lines[number].box.left - first) / width for number in paragraph]
    evenly = all(abs(shift - round(shift)) <= _OFF_PLACE for shift in shifts) and min(shifts) > -_OFF_PLACE
    one_above_the_other = all(after.top > before.top for before, after in pairwise(lines[n].box for n in paragraph))
    return evenly and one_above_the_other and all(len(lines[number].text) <= 4 for number in paragraph)

"""The text that a PDF page carries: characters -> words -> lines, each where it is seen in the page's image."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from PIL import Image

from desktop_vlm.api.text_layer import Box, TextLine, Word
from desktop_vlm.images.text_layer.pdf_file import Char

_GAP = 1.2
"""Words that are further apart, in heights of their font, do not belong to one line: they are cells or columns."""

_LEAST_CONTRAST = 16
"""Of 255, within a word's box: with less, nobody sees it."""

_MOST_UNKNOWN = 0.1
"""With a larger share of characters that the file cannot name, its text is of no use."""


@dataclass(frozen=True)
class CarriedText:
    """What a page carries.

    Attributes:
        lines: in the order of the page's content; only what is seen.
        is_hidden: whether most of its text is drawn without being seen.
        is_garbage: whether the file does not say which characters they are.
    """

    lines: tuple[TextLine, ...]
    is_hidden: bool = False
    is_garbage: bool = False


def carried_text(chars: Iterable[Char], image: Image.Image, check: Callable[[], None]) -> CarriedText:
    """The text of a page, compared with its image.

    Args:
        chars: all characters of the page.
        image: of the page, RGB.
        check: called now and then; what it raises ends the work.
    """
    found: list[Char] = []
    for number, char in enumerate(chars):
        if number % 500 == 0:
            check()
        found.append(char)
    drawn = [char for char in found if char.box is not None]
    visible = [char for char in drawn if char.is_visible]
    if not visible:
        return CarriedText((), is_hidden=bool(drawn))
    if sum(not char.is_known for char in visible) > _MOST_UNKNOWN * len(visible):
        return CarriedText((), is_garbage=True)
    pixels = np.asarray(image)
    words = [_Word.of(chars) for chars in _words(char for char in found if char.box is None or char.is_visible)]
    seen = [[word for word in line if _is_seen(word.box, pixels)] for line in _lines(words)]
    lines = tuple(_line(line) for line in seen if line)
    return CarriedText(lines, is_hidden=2 * len(visible) < len(drawn) or (bool(words) and not lines))


@dataclass(frozen=True)
class _Word:
    """A word of a page.

    Attributes:
        height: of its font, px.
        is_sideways: whether it runs up or down the image.
        ends_line: whether PDFium sees the end of a line behind it.
    """

    text: str
    box: Box
    height: float
    is_sideways: bool
    ends_line: bool

    @classmethod
    def of(cls, chars: Sequence[Char]) -> _Word:
        ends_line = chars[-1].text == "\n"
        drawn = [char for char in chars if char.box is not None]
        box = reduce(Box.union, (char.box for char in drawn if char.box is not None))
        height = statistics.median(char.height for char in drawn)
        return cls("".join(char.text for char in drawn), box, height, drawn[0].is_sideways, ends_line)


def _words(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """Characters of each word; the end of a line, where there is one behind it, is its last."""
    word: list[Char] = []
    for char in chars:
        if char.box is not None:
            word.append(char)
        elif word:
            yield [*word, char]
            word = []
    if word:
        yield word


def _lines(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    line: list[_Word] = []
    for word in words:
        if line and not _goes_on(line[-1], word):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _goes_on(before: _Word, word: _Word) -> bool:
    """Whether a word stands beside the one before it, so close that they are one line; in any direction."""
    if before.ends_line or before.is_sideways != word.is_sideways:
        return False
    height = max(before.height, word.height)
    beside = max(word.box.left - before.box.right, before.box.left - word.box.right)
    below = max(word.box.top - before.box.bottom, before.box.top - word.box.bottom)
    along, across = (below, beside) if word.is_sideways else (beside, below)
    return -0.5 * height < along < _GAP * height and across < 0.5 * height


def _is_seen(box: Box, pixels: np.ndarray) -> bool:
    """Whether anything is drawn where a word stands; not, if it is as white as the page or lies under an image."""
    height, width = pixels.shape[:2]
    left, top = max(0, int(box.left)), max(0, int(box.top))
    right, bottom = min(width, int(box.right) + 1), min(height, int(box.bottom) + 1)
    if left >= right or top >= bottom:
        return False
    part = pixels[top:bottom, left:right].reshape(-1, pixels.shape[2])
    return int((part.max(axis=0) - part.min(axis=0)).max()) >= _LEAST_CONTRAST


def _line(words: Sequence[_Word]) -> TextLine:
    box = reduce(Box.union, (word.box for word in words))
    made = tuple(Word(word.text, word.box) for word in words)
    return TextLine(" ".join(word.text for word in words), box, made, 1.0)

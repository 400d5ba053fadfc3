"""What a kind of private text is, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer.sensitive.confusions import as_digits


@dataclass(frozen=True)
class Passage:
    """A line of text to look at.

    Attributes:
        text: the line's, character by character, but with a tab where the gap between two words is so wide that they
            belong to different columns.
        before: what stands left of the line or right above it, where that may be its label.
    """

    text: str
    before: str = ""

    @cached_property
    def digits(self) -> str:
        """The text with the digits that OCR may have meant, each character in its place."""
        return as_digits(self.text)

    def lead(self, start: int, chars: int = 32) -> str:
        """What is written just before a character, in small letters; the label where the line begins with it."""
        own = self.text[max(0, start - chars) : start]
        return (own if own.strip() or start > chars else f"{self.before[-chars:]} {own}").casefold()


Ranges: TypeAlias = Iterable[tuple[int, int]]
"""Starts and ends of characters of a passage."""


@dataclass(frozen=True)
class Kind:
    """A kind of private text.

    Attributes:
        key: its name in the program.
        label: what one is called.
        plural: what several are called.
        find: where it stands in a passage.
        goes_on: whether a line is more of it; given the text of the line above, which it ends, and of the line.
    """

    key: str
    label: str
    plural: str
    find: Callable[[Passage], Ranges]
    goes_on: Callable[[str, str], bool] | None = None


KINDS: dict[str, Kind] = {}
"""By key; of two kinds that find the same characters the one declared first counts, unless the other finds more."""


def kind(
    key: str, label: str, plural: str, goes_on: Callable[[str, str], bool] | None = None
) -> Callable[[Callable[[Passage], Ranges]], Callable[[Passage], Ranges]]:
    """Registers a function that finds a kind of private text."""

    def register(find: Callable[[Passage], Ranges]) -> Callable[[Passage], Ranges]:
        KINDS[key] = Kind(key, label, plural, find, goes_on)
        return find

    return register


WORD = Kind("word", "Word of yours", "words of yours", lambda _passage: ())
"""What a person names; the words come with the call."""


@dataclass(frozen=True)
class Span:
    """Characters of a line of the layer; `end` is the first one outside."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """Private text in an image.

    Attributes:
        kind: key of its kind.
        text: as it was read; parts on several lines are joined by line breaks.
        spans: where it stands in the layer, one for each line; none for what a QR code or barcode holds.
        boxes: around it in the image, px, one for each line.
    """

    kind: str
    text: str
    spans: tuple[Span, ...]
    boxes: tuple[Box, ...]

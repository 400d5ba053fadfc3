"""What the generator hands out: an image, where each character is on it, and questions with exact answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from PIL import Image

Split: TypeAlias = Literal["train", "held_out"]
"""Held-out images use fonts, words, random strings and looks that no training image shows."""

Box: TypeAlias = "tuple[float, float, float, float]"
"""(left, top, right, bottom), px in the image."""


COLOUR_NAMES = ("red", "green", "blue", "yellow", "orange", "purple", "pink", "brown", "black", "white", "grey")
SHAPE_NAMES = ("circle", "square", "triangle", "star", "rectangle", "diamond", "cross")
MARKS = tuple(f"{colour} {shape}" for colour in COLOUR_NAMES for shape in SHAPE_NAMES)
"""What may stand where no character does: the encoder learns them in the same way."""


@dataclass(frozen=True)
class Glyph:
    """One character on the image, spaces included, or one of `MARKS` on a part of a shape."""

    char: str
    box: Box
    """Across: the advance. Down: from the top of letters like `d` to the bottom of letters like `p`."""


@dataclass(frozen=True)
class Question:
    """A question that the image answers, in one of several phrasings."""

    kind: str
    """What is asked for, such as "title", "message", "buttons", "line", "colour", "json"."""
    text: str
    answer: str
    asked: tuple[str, Mapping[str, object]] | None = field(default=None, compare=False, repr=False)
    """Which phrasings `text` is from, and what fills their slots: to ask in other words."""
    needs: tuple[Box, ...] = ()
    """What must be seen to answer it, where that is known."""


@dataclass(frozen=True)
class Unlocated:
    """A part of an image whose texts are known, but not where their characters stand.

    Attributes:
        letters: heights of its lowest and its highest letters, px.
        texts: what is written there, with the boxes of the controls that say it.
        marked: places in `texts` of short ones that a mark may point at.
    """

    box: Box
    letters: tuple[float, float] = (0.0, 0.0)
    texts: tuple[tuple[str, Box], ...] = ()
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Screen:
    """An image with all that is known about it."""

    image: Image.Image
    """RGB."""
    glyphs: tuple[Glyph, ...]
    """In reading order within each text."""
    questions: tuple[Question, ...]
    kind: str
    """The layout, such as "dialog" or "receipt"; "composite" for several images in one."""
    noun: str
    """What people call it, such as "error dialog" or "bar chart"."""
    located: bool = True
    """Whether `glyphs` is known."""
    unlocated: tuple[Unlocated, ...] = ()
    """Where `glyphs` has no characters though some are seen; they are not there where `located` is false."""

"""An original and what is done to it, in a form that can be undone, kept, changed later and taken back.

The original itself is never changed, but for what marks hide: that is taken out of it for good (`finished`), so that it
is nowhere once the person is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations import kinds as _kinds  # noqa: F401 - declares the kinds
from desktop_vlm.images.annotations.drawing import draw
from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.redaction import pixels_of

VERSION = 1
"""Raised when an older program would misunderstand what is kept."""

_MAX_MARKS = 2000
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@dataclass(frozen=True)
class Document:
    """What is done to an original.

    Attributes:
        original: its width and height, px, upright.
        turns: by 90 degrees clockwise, 0 to 3.
        crop: the part that is left, left, top, right, bottom, px of the turned original; None for all of it.
        marks: from the lowest to the topmost, px of the turned original.
    """

    original: tuple[int, int]
    turns: int = 0
    crop: tuple[int, int, int, int] | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Of the turned original, px."""
        width, height = self.original
        return (height, width) if self.turns % 2 else (width, height)

    @property
    def part(self) -> tuple[int, int, int, int]:
        """What is left of it: left, top, right, bottom, px."""
        return self.crop or (0, 0, *self.size)

    @property
    def is_untouched(self) -> bool:
        """Whether the result is the original."""
        return not self.turns and self.crop is None and not self.marks

    @property
    def hides(self) -> bool:
        """Whether something is taken out for good."""
        return any(mark.hides for mark in self.marks)

    # What can be done

    def with_mark(self, mark: Mark) -> Document:
        """One more, on top."""
        return replace(self, marks=(*self.marks, mark))

    def with_changed(self, index: int, mark: Mark | None) -> Document:
        """Another mark in the place of one; None takes it away."""
        after = () if mark is None else (mark,)
        return replace(self, marks=(*self.marks[:index], *after, *self.marks[index + 1 :]))

    def cropped(self, box: Box | None) -> Document:
        """Only this part of the turned original is left; None for all of it. A part without pixels changes nothing."""
        if box is None:
            return replace(self, crop=None)
        area = pixels_of(Box(*map(round, (box.left, box.top, box.right, box.bottom))), *self.size)
        if area is None:
            return self
        return replace(self, crop=None if area == (0, 0, *self.size) else area)

    def turned(self, by: int = 1) -> Document:
        """Turned by 90 degrees clockwise so many times, with all that is on it."""
        document = self
        for _ in range(by % 4):
            height = document.size[1]
            crop = None
            if document.crop is not None:
                left, top, right, bottom = document.crop
                crop = (height - bottom, left, height - top, right)
            marks = tuple(mark.turned(height) for mark in document.marks)
            document = replace(document, turns=(document.turns + 1) % 4, crop=crop, marks=marks)
        return document

    # How it is kept

    def as_json(self) -> str:
        return json.dumps(
            {
                "version": VERSION,
                "original": self.original,
                "turns": self.turns,
                "crop": self.crop,
                "marks": [mark.as_json() for mark in self.marks],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Document:
        """Raises ValueError: it is damaged, or of a newer program."""
        try:
            values: Mapping[str, Any] = json.loads(text)
            if values["version"] != VERSION:
                raise ValueError("of another version")
            width, height = (int(side) for side in values["original"])
            crop = values["crop"]
            marks = tuple(Mark.from_json(one) for one in values["marks"][:_MAX_MARKS])
            made = cls((width, height), int(values["turns"]) % 4, None, marks)
            return made if crop is None else made.cropped(Box(*(float(side) for side in crop)))
        except (KeyError, TypeError, AttributeError, RecursionError, ValueError, OverflowError) as error:
            raise ValueError(f"not a document of this program: {error}") from error


def turned(image: Image.Image, document: Document) -> Image.Image:
    """The original as a document's marks see it; the same object where it is not turned."""
    return image.transpose(_TURNS[document.turns]) if document.turns else image


def _go_on() -> None:
    """For work that nobody stops."""


def render(original: Image.Image, document: Document, check: Callable[[], None] = _go_on) -> Image.Image:
    """The pixels that a document stands for. Slow for large images.

    Args:
        original: RGB or RGBA, upright, of the size that the document has; it is not changed.
        document: what is done to it.
        check: called between the parts of the work; what it raises ends it.
    """
    if original.size != document.original:
        raise ValueError(f"a document of {document.original} for an image of {original.size}")
    image = turned(original, document)
    if document.marks:
        image = image.copy() if image is original else image
        for mark in from_below(document.marks):
            check()
            draw(image, mark.shapes)
    check()
    return image.crop(document.crop) if document.crop is not None else image


def from_below(marks: Sequence[Mark]) -> list[Mark]:
    """In the order in which they are drawn: what hides, hides the original only, whenever it was added."""
    return sorted(marks, key=lambda mark: not mark.hides)


@dataclass(frozen=True)
class Finished:
    """What an edited image consists of.

    Attributes:
        original: the original; without what was hidden, if anything was.
        is_changed: whether that is another image than before.
        document: what is done to it, all of which can be taken back.
        image: the pixels of the result.
    """

    original: Image.Image
    is_changed: bool
    document: Document
    image: Image.Image


def finished(original: Image.Image, document: Document, check: Callable[[], None] = _go_on) -> Finished:
    """Take out of the original what is hidden in it, and render the rest. Slow for large images.

    Where something is hidden, nothing that transparency covers stays either: it is laid over white. `check` is as in
    `render`.
    """
    if not document.hides:
        return Finished(original, False, document, render(original, document, check))
    upright = document.turned(-document.turns)
    burnt = Image.new("RGB", original.size)
    burnt.paste(to_rgb(original))
    for mark in upright.marks:
        if mark.hides:
            check()
            draw(burnt, mark.shapes)
    rest = replace(document, marks=tuple(mark for mark in document.marks if not mark.hides))
    return Finished(burnt, True, rest, render(burnt, rest, check))

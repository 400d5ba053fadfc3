"""A picture that can be edited, and what becomes of it: decoded, rendered and packed in the picture threads."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtGui import QImage

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document, finished, render, turned
from desktop_vlm.ui.pictures.decoding import open_image, open_pages
from desktop_vlm.ui.pictures.intake import Edit, NewPicture
from desktop_vlm.ui.pictures.loading import PictureData, levels_of, read_data

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_LEVEL = 3
"""Of zlib: a photo of 4K takes about a second, of screenshots little is lost."""


@dataclass(frozen=True)
class Subject:
    """What is edited.

    Attributes:
        sha256: of the picture that is shown; "" for one that is not kept or sent yet.
        name: as people call it.
        original: the file that it is made from; its own where nothing was done to it yet.
        document: what was done to the original, as JSON; "" for nothing.
        messages: how many messages hold the picture already.
        crops: whether it begins with the tool for cropping.
    """

    sha256: str
    name: str
    original: PictureData
    document: str = ""
    messages: int = 0
    crops: bool = False

    @classmethod
    def of(cls, picture: NewPicture, *, crops: bool = False) -> Subject:
        """One that is read already, with what was done to it."""
        original = picture.edit.original.data if picture.edit else picture.data
        document = picture.edit.document if picture.edit else ""
        return cls(picture.sha256, picture.name, original, document, crops=crops)


@dataclass(frozen=True)
class Opened:
    """A picture that is ready to be edited.

    Attributes:
        document: what was done to it.
        levels: its pixels in several sizes, largest first.
        frame, n_frames: which frame of an animation it is, from 1; 1 of 1 for all others.
    """

    document: Document
    levels: list[QImage]
    frame: int = 1
    n_frames: int = 1


def _go_on() -> None:
    """For work that nobody stops."""


def open_subject(subject: Subject, turns: int | None = None, check: Callable[[], None] = _go_on) -> Opened:
    """Decode the original, turned so often or as the document says. Slow.

    Raises:
        UserError: it cannot be decoded.
        Exception: what `check` raises, which is called between the parts of the work.
    """
    check()
    found = open_pages(read_data(subject.original), name=subject.name, check=check)
    image = found.images[0]
    document = _document(subject, image.size)
    if turns is not None:
        document = Document(image.size).turned(turns)
    check()
    n_frames = found.count if found.kind == "frame" else 1
    return Opened(document, levels_of(turned(image, document)), found.numbers[0], n_frames)


def _document(subject: Subject, size: tuple[int, int]) -> Document:
    """What was done; nothing, where that cannot be read or is about another original."""
    try:
        found = Document.from_json(subject.document)
    except ValueError:
        return Document(size)
    return found if found.original == size else Document(size)


def edited(subject: Subject, document: Document, check: Callable[[], None] = _go_on) -> NewPicture:
    """The picture that a document makes of the original. Slow; raises as `open_subject` does.

    What is hidden in it is gone from the original that is kept with it, too.
    """
    check()
    data = read_data(subject.original)
    image = open_image(data, name=subject.name, check=check)
    if document.is_untouched:
        return NewPicture(data, subject.name, *image.size)
    done = finished(image, document, check)
    if done.is_changed:
        data = _png(done.original, check)
    name = f"{PurePath(subject.name).stem}.png" if PurePath(subject.name).suffix else subject.name
    original = NewPicture(data, subject.name, *image.size)
    if done.document.is_untouched:
        return NewPicture(data, name, *image.size)
    return NewPicture(_png(done.image, check), name, *done.image.size, edit=Edit(original, done.document.as_json()))


def cropped_to(subject: Subject, parts: Sequence[Box]) -> NewPicture:
    """The picture cropped to the smallest box around places of it, px of it as it is now. Slow; raises UserError."""
    image = open_image(read_data(subject.original), name=subject.name)
    document = _document(subject, image.size)
    left, top, *_ = document.part
    box = parts[0]
    for part in parts[1:]:
        box = box.union(part)
    moved = Box(box.left + left, box.top + top, box.right + left, box.bottom + top)
    return edited(subject, document.cropped(moved))


def pixels_file(subject: Subject, document: Document, check: Callable[[], None] = _go_on) -> bytes:
    """A PNG of what the picture looks like now, for the clipboard or a file. Slow; raises as `open_subject` does."""
    check()
    image = open_image(read_data(subject.original), name=subject.name, check=check)
    return _png(render(image, document, check), check)


class _Checked(io.BytesIO):
    """A file in memory that is asked before each piece: an encoder that writes to it ends where `check` raises."""

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__()
        self._check = check

    def write(self, piece: ReadableBuffer, /) -> int:
        self._check()
        return super().write(piece)


def _png(image: Image.Image, check: Callable[[], None]) -> bytes:
    buffer = _Checked(check)
    clean = Image.new(image.mode, image.size)  # nothing but pixels goes into the file
    clean.paste(image)
    clean.save(buffer, "PNG", compress_level=_LEVEL)
    return buffer.getvalue()

"""A picture that can be edited, and what becomes of it: decoded, rendered and packed in the picture threads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image
from PySide6.QtGui import QImage

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document, finished, render, turned
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.intake import Edit, NewPicture
from desktop_vlm.ui.pictures.loading import PictureData, levels_of, read_data

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


@dataclass(frozen=True)
class Opened:
    """A picture that is ready to be edited: what was done to it, and its pixels in several sizes, largest first."""

    document: Document
    levels: list[QImage]


def open_subject(subject: Subject, turns: int | None = None) -> Opened:
    """Decode the original, turned so often or as the document says. Slow; raises UserError."""
    image = open_image(read_data(subject.original), name=subject.name)
    document = _document(subject, image.size)
    if turns is not None:
        document = Document(image.size).turned(turns)
    return Opened(document, levels_of(turned(image, document)))


def _document(subject: Subject, size: tuple[int, int]) -> Document:
    """What was done; nothing, where that cannot be read or is about another original."""
    try:
        found = Document.from_json(subject.document)
    except ValueError:
        return Document(size)
    return found if found.original == size else Document(size)


def edited(subject: Subject, document: Document) -> NewPicture:
    """The picture that a document makes of the original. Slow; raises UserError.

    What is hidden in it is gone from the original that is kept with it, too.
    """
    data = read_data(subject.original)
    image = open_image(data, name=subject.name)
    if document.is_untouched:
        return NewPicture(data, subject.name, *image.size)
    done = finished(image, document)
    if done.is_changed:
        data = _png(done.original)
    name = f"{PurePath(subject.name).stem}.png" if PurePath(subject.name).suffix else subject.name
    original = NewPicture(data, subject.name, *image.size)
    if done.document.is_untouched:
        return NewPicture(data, name, *image.size)
    return NewPicture(_png(done.image), name, *done.image.size, edit=Edit(original, done.document.as_json()))


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


def pixels_file(subject: Subject, document: Document) -> bytes:
    """A PNG of what the picture looks like now, for the clipboard or a file. Slow; raises UserError."""
    return _png(render(open_image(read_data(subject.original), name=subject.name), document))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    clean = Image.new(image.mode, image.size)  # nothing but pixels goes into the file
    clean.paste(image)
    clean.save(buffer, "PNG", compress_level=_LEVEL)
    return buffer.getvalue()

"""What the model gets of pictures, made before anything is sent so that the window can show it.

A model that attends to one image only gets a composite of all; a model that takes many gets each as it is.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from PIL import Image
from PySide6.QtGui import QImage

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import EncodedSize, ImageSizing
from desktop_vlm.images.collage import MAX_IMAGES, Layout, compose
from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.pointing import Pointer, cut_out, draw_pointers
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.loading import SMALL_PIXELS, PictureData, read_data, to_qimage

_STRIP_PIXELS = 500_000
"""Transparency is laid over white in strips of so many pixels: Pillow keeps Python's lock over each, about 5 ms."""


@dataclass(frozen=True)
class Composition:
    """One image made of all pictures.

    Attributes:
        data: a PNG of the composite; of a single picture its own bytes, untouched.
        layout: where each picture is and at which scale.
        size: width and height in pixels of what is sent.
        preview: what the vision encoder gets, for the screen: the composite, or the single picture as it is scaled
            onto the canvas. Never larger than a canvas, so it is painted at once.
        sha256: of the data.
    """

    data: bytes
    layout: Layout
    size: tuple[int, int]
    preview: QImage
    sha256: str


@dataclass(frozen=True)
class NativeImage:
    """A picture that is sent as it is, with what is pointed at drawn on it, or a part of it that is pointed at.

    Attributes:
        sha256: of its file, which is `data`.
        size: width and height in pixels.
        encoded: the size that it gets for the encoder, and what it takes of the context.
        canvas: width and height that the encoder gets in all; what the picture does not fill of it is padding.
        preview: its pixels at that size, smaller where that would be too large to be painted at once.
        picture: SHA-256 of the picture that it shows.
        is_part: whether it is a part of that.
    """

    sha256: str
    data: bytes
    size: tuple[int, int]
    encoded: EncodedSize
    canvas: tuple[int, int]
    preview: QImage
    picture: str = ""
    is_part: bool = False

    def __post_init__(self) -> None:
        if not self.picture:
            object.__setattr__(self, "picture", self.sha256)

    @property
    def scale(self) -> float | None:
        """Pixels for the encoder per pixel of the picture, along its longer side; None where that is not known."""
        return max(self.encoded.width, self.encoded.height) / max(self.size) if self.encoded.n_tokens else None


@dataclass(frozen=True)
class Prepared:
    """What is sent for a conversation: one composition, or images; neither where no picture is sent."""

    composition: Composition | None = None
    images: tuple[NativeImage, ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        """The files to send, by their SHA-256."""
        if self.composition:
            return {self.composition.sha256: self.composition.data}
        return {image.sha256: image.data for image in self.images}


@dataclass(frozen=True)
class PictureSource:
    """A picture to prepare.

    Attributes:
        sha256: of its file.
        name: as people call it.
        data: its file.
        number: among all of the conversation.
        pointers: what is pointed at in it.
        draws, cuts: whether that is drawn on it, and whether it is cut out beside it.
    """

    sha256: str
    name: str
    data: PictureData
    number: int = 0
    pointers: tuple[Pointer, ...] = ()
    draws: bool = False
    cuts: bool = False

    @property
    def pointing(self) -> tuple[object, ...]:
        """What differs from the picture alone; nothing where nothing is pointed at."""
        return (self.pointers, self.draws, self.cuts) if self.pointers else ()


Part: TypeAlias = "Composition | NativeImage"
Key: TypeAlias = "tuple[object, ...]"
"""What a part depends on, so that it need not be made again."""


def parts_to_make(
    pictures: Sequence[PictureSource], capabilities: Capabilities
) -> list[tuple[Key, Callable[[], Part]]]:
    """What a model of these capabilities gets of the pictures, as functions that make it (slow: for a thread)."""
    sizing = capabilities.sizing
    if sizing is None:
        return []
    several = len(pictures) > 1 or any(picture.cuts for picture in pictures)
    if capabilities.composes_images and (several or sizing.kind == "tiles"):
        files = [picture.data for picture in pictures]
        numbers = [picture.number or at for at, picture in enumerate(pictures, 1)] if len(pictures) > 1 else [1]
        pointing = tuple(picture.pointing for picture in pictures)
        key = (*(picture.sha256 for picture in pictures), *numbers, sizing.canvas, pointing)
        return [(key, lambda: compose_for_model(files, *sizing.canvas, numbers, pictures))]
    made: list[tuple[Key, Callable[[], Part]]] = []
    for picture in pictures:
        made.append(((picture.sha256, sizing, picture.pointing), partial(show_natively, picture, sizing)))
        for at in range(len(picture.pointers) if picture.cuts else 0):
            key = (picture.sha256, sizing, picture.pointers[at], "part")
            made.append((key, partial(show_natively, picture, sizing, at)))
    return made


def with_pointing(
    pictures: Sequence[PictureSource], capabilities: Capabilities, point_with: str
) -> list[PictureSource]:
    """Decide for each picture how what is pointed at is shown: drawn on it, cut out beside it, or both.

    `point_with` is the setting of that name. Where the model takes no more images it is drawn, so that it is not lost.
    """
    most = MAX_IMAGES if capabilities.composes_images else capabilities.max_images
    room = most - len(pictures)
    decided = []
    for picture in pictures:
        n_parts = len(picture.pointers)
        cuts = bool(n_parts) and point_with in {"crop", "both"} and n_parts <= room
        room -= n_parts if cuts else 0
        draws = bool(n_parts) and (point_with != "crop" or not cuts)
        is_other = (cuts, draws) != (picture.cuts, picture.draws)
        decided.append(replace(picture, cuts=cuts, draws=draws) if is_other else picture)
    return decided


def show_natively(picture: PictureSource, sizing: ImageSizing, part: int | None = None) -> NativeImage:
    """A picture at the size that the encoder gets. Slow: not for the window's thread.

    Args:
        picture: what it is.
        sizing: of the encoder.
        part: number of a pointer, for the part that it points at.

    Raises:
        UserError: it cannot be read.
    """
    data = read_data(picture.data)
    image = open_image(data, name=picture.name)
    sha256 = picture.sha256
    if part is not None:
        (image,) = cut_out(image, picture.pointers[part : part + 1])
    elif picture.draws:
        image = draw_pointers(image, picture.pointers)
    if part is not None or picture.draws:
        data = _png(image)
        sha256 = hashlib.sha256(data).hexdigest()
    encoded = sizing.measure(*image.size)
    shrink = min(1.0, math.sqrt(SMALL_PIXELS / (encoded.width * encoded.height)))
    size = max(1, int(encoded.width * shrink)), max(1, int(encoded.height * shrink))
    scaled = _flat(image).resize(size, Image.Resampling.BICUBIC)
    canvas = (sizing.side, sizing.side) if sizing.kind == "square" else (encoded.width, encoded.height)
    preview = to_qimage(scaled)
    return NativeImage(sha256, data, image.size, encoded, canvas, preview, picture.sha256, part is not None)


def compose_for_model(
    pictures: Sequence[PictureData],
    tile_size: int,
    max_tiles: int,
    numbers: Sequence[int] | None = None,
    sources: Sequence[PictureSource] = (),
) -> Composition:
    """One picture for the model from pictures' files, by the same code and so with the same pixels as the engine.

    Slow: not for the window's thread. Raises UserError: no picture, too many, or one that cannot be read.

    Args:
        pictures: their files.
        tile_size: of the model's canvas, px.
        max_tiles: of the model's canvas.
        numbers: of the pictures in their conversation; from 1 if they are not given.
        sources: what is pointed at in them; parts that are cut out come after all pictures, with the number of theirs
            and a letter.
    """
    files = [read_data(picture) for picture in pictures]
    images = [_flat(open_image(data)) for data in files]
    labels = [str(number) for number in numbers or range(1, len(images) + 1)]
    for at, source in enumerate(sources):
        whole = images[at]
        if source.draws:
            images[at] = draw_pointers(whole, source.pointers)
        if source.cuts:
            images += cut_out(whole, source.pointers)
            labels += [f"{labels[at]}{letter}" for letter in "abcdefghi"[: len(source.pointers)]]
    collage = compose(images, tile_size=tile_size, max_tiles=max_tiles, numbers=labels)
    if len(images) == 1:
        scaled = images[0].resize(size_on_canvas(collage.layout), Image.Resampling.BILINEAR)
        is_own = not (sources and sources[0].draws)
        return _composition(files[0] if is_own else _png(images[0]), collage.layout, scaled)
    return _composition(_png(collage.image), collage.layout, collage.image)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _composition(data: bytes, layout: Layout, shown: Image.Image) -> Composition:
    return Composition(data, layout, layout.size, to_qimage(shown), hashlib.sha256(data).hexdigest())


def size_on_canvas(layout: Layout) -> tuple[int, int]:
    """Width and height that the pixels sent take on the canvas: all of it, unless it is a single picture."""
    if len(layout.placements) > 1:
        return layout.size
    scale = layout.placements[0].scale
    width, height = (max(1, math.floor(side * scale + 1e-6)) for side in layout.size)
    return width, height


def _flat(image: Image.Image) -> Image.Image:
    """`to_rgb` to the same pixels, in strips."""
    if image.mode == "RGB":
        return image
    flat = Image.new("RGB", image.size)
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        flat.paste(to_rgb(image.crop((0, top, image.width, min(top + rows, image.height)))), (0, top))
    return flat

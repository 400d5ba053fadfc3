"""The composite as the engine would make it, so that the window can show it before anything is sent."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_vlm.images.collage import Layout, compose
from desktop_vlm.images.open import open_image, to_rgb
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.loading import PictureData, read_data, to_qimage

_STRIP_PIXELS = 500_000
"""Transparency is laid over white in strips of so many pixels: Pillow keeps Python's lock over each, about 5 ms."""


@dataclass(frozen=True)
class Composition:
    """What is sent for one message.

    Attributes:
        png: a PNG of the composite; of a single picture its own bytes, untouched.
        layout: where each picture is and at which scale.
        size: width and height in pixels of what is sent.
        preview: what the vision encoder gets, for the screen: the composite, or the single picture as it is scaled
            onto the canvas. Never larger than a canvas, so it is painted at once.
    """

    png: bytes
    layout: Layout
    size: tuple[int, int]
    preview: QImage


def compose_for_model(pictures: Sequence[PictureData], tile_size: int, max_tiles: int) -> Composition:
    """One picture for the model from pictures' files, by the same code and so with the same pixels as the engine.

    Slow: not for the window's thread. Raises UserError: no picture, too many, or one that cannot be read.
    """
    files = [read_data(picture) for picture in pictures]
    images = [_flat(open_image(data)) for data in files]
    collage = compose(images, tile_size=tile_size, max_tiles=max_tiles)
    if len(images) == 1:
        scaled = images[0].resize(size_on_canvas(collage.layout), Image.Resampling.BILINEAR)
        return Composition(files[0], collage.layout, collage.layout.size, to_qimage(scaled))
    buffer = io.BytesIO()
    collage.image.save(buffer, "PNG")
    return Composition(buffer.getvalue(), collage.layout, collage.layout.size, to_qimage(collage.image))


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


class CompositeBuilder(QObject):
    """Composes in the background; only the latest request counts.

    Signals:
        built: a Composition.
        failed: a sentence.
        busy_changed: whether one is being made.
    """

    built = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._next: tuple[tuple[PictureData, ...], int, int] | None = None
        self._running = False
        self._stale = False  # the one running is not wanted any more

    def request(self, pictures: Sequence[PictureData], tile_size: int, max_tiles: int) -> None:
        """Compose these; an older request that is not finished gives no result."""
        self._next = (tuple(pictures), tile_size, max_tiles)
        self._stale = True
        if not self._running:
            self._start()

    def cancel(self) -> None:
        """No result for whatever was requested."""
        wanted = self._running and (self._next is not None or not self._stale)
        self._next, self._stale = None, True
        if wanted:
            self.busy_changed.emit(False)

    def _start(self) -> None:
        if self._next is None:
            return
        pictures, tile_size, max_tiles = self._next
        self._next, self._stale, self._running = None, False, True
        self.busy_changed.emit(True)
        work = partial(compose_for_model, pictures, tile_size, max_tiles)
        self._background.run(work, self._done, self._failed)

    def _done(self, composition: Composition) -> None:
        if self._is_wanted():
            self.built.emit(composition)

    def _failed(self, sentence: str) -> None:
        if self._is_wanted():
            self.failed.emit(sentence)

    def _is_wanted(self) -> bool:
        """Whether what just ended is still asked for; if something newer is, that begins."""
        self._running = False
        if self._stale:
            self._start()
            return False
        self.busy_changed.emit(False)
        return True

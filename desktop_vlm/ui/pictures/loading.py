"""Pictures' files to images that Qt can paint, scaled by Pillow, which lets the window go on meanwhile.

(QImage's own scaling and copying keep Python's lock: 40 ms for a 4K screenshot, during which nothing moves.)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_vlm.images.open import to_rgb
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import open_image

PictureData: TypeAlias = "bytes | Callable[[], bytes]"
"""A picture's file, or a function that fetches it; it is called in a thread, by which a database must be readable."""

SMALL_PIXELS = 1_500_000
"""Images up to here may be painted scaled on the window's thread: 5 ms. The model's canvas has at most 1.25 million."""

_STRIP_PIXELS = 250_000

_SMALLEST_LEVEL = 800
"""Halving ends when the longer side is below this."""


def read_data(data: PictureData) -> bytes:
    """The file's bytes. Not for the window's thread."""
    return data() if callable(data) else data


def to_qimage(image: Image.Image) -> QImage:
    """The pixels, transparency over white as the model sees it. Not for the window's thread if large."""
    made = QImage(image.width, image.height, QImage.Format.Format_RGB32)
    if made.isNull():
        raise MemoryError(f"no room for {image.width} x {image.height} pixels")
    target = memoryview(made.bits()).cast("B")
    # In strips: each keeps Python's lock for about a millisecond, and no second copy of everything is made.
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        start = top * made.bytesPerLine()
        pixels = to_rgb(strip).convert("RGBA").tobytes("raw", "BGRA")  # Qt wants 255 where alpha would be
        target[start : start + len(pixels)] = pixels
    return made


def levels_of(image: Image.Image) -> list[QImage]:
    """The image and copies of half the size each, largest first, for `PictureCanvas`. Not for the window's thread."""
    levels = [to_qimage(image)]
    while max(image.size) > _SMALLEST_LEVEL:
        image = image.reduce(2)
        levels.append(to_qimage(image))
    return levels


def to_pillow(image: QImage) -> Image.Image:
    """The pixels of an image without transparency, copied."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    size = (image.width(), image.height())
    return Image.frombytes("RGB", size, bytes(image.constBits()), "raw", "BGRX", image.bytesPerLine(), 1)


def shrink(image: QImage, width: int, height: int) -> QImage:
    """At exactly this size, well filtered. Not for the window's thread if large."""
    return to_qimage(to_pillow(image).resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0))


def thumbnail(data: PictureData, name: str, side: int) -> QImage:
    """Small, but so that `side` pixels are covered both ways, up to a shape of 3 to 1; never enlarged.

    Raises UserError.
    """
    image = open_image(read_data(data), name=name)
    scale = min(1.0, side / min(image.size), 3 * side / max(image.size))
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return to_qimage(image)


class ThumbnailLoader(QObject):
    """Makes thumbnails in the background and keeps the latest.

    Signals:
        loaded: the key that was asked for, and the QImage.
        failed: the key, and a sentence.
    """

    loaded = Signal(str, QImage)
    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None, kept: int = 400) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._kept = kept
        self._cache: OrderedDict[tuple[str, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()

    def get(self, key: str, side: int, data: PictureData, name: str = "") -> QImage | None:
        """The thumbnail if it is there; else None, and `loaded` will bring it.

        Args:
            key: what tells pictures apart, such as their SHA-256.
            side: in device pixels, see `thumbnail`.
            data: the picture's file.
            name: for the sentence if it cannot be read.
        """
        target = (key, side)
        if target in self._cache:
            self._cache.move_to_end(target)
            return self._cache[target]
        if target not in self._asked:
            self._asked.add(target)
            work = partial(thumbnail, data, name or self.tr("The picture"), side)
            self._background.run(work, partial(self._came, target), partial(self._went, target))
        return None

    def known(self, key: str, side: int) -> QImage | None:
        """The thumbnail if it is there; it is not asked for."""
        return self._cache.get((key, side))

    def forget(self, key: str) -> None:
        """Keep nothing of this picture."""
        for target in [target for target in self._cache if target[0] == key]:
            del self._cache[target]

    def _came(self, target: tuple[str, int], image: QImage) -> None:
        self._asked.discard(target)
        self._cache[target] = image
        while len(self._cache) > self._kept:
            self._cache.popitem(last=False)
        self.loaded.emit(target[0], image)

    def _went(self, target: tuple[str, int], sentence: str) -> None:
        self._asked.discard(target)
        self.failed.emit(target[0], sentence)

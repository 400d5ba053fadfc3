"""What an image is known by: to a model two images of one key are the same, and share what was made of them."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.images.open import to_rgb
from desktop_vlm.images.pixel_memory import PixelMemory
from desktop_vlm.images.strips import Box, strips
from desktop_vlm.system.cores import in_threads

_STRIP_PIXELS = 30_000
"""Copied at once where that has to be: so little memory that the allocator keeps it, since pages that the system has to
clear again cost more than the hash. Smaller images are hashed whole."""

_UNUSED = 0xFF000000
"""What stands in the byte of a pixel that is no colour, in keys, and mostly in Pillow's memory."""

_WORTH_A_THREAD = 250_000
_MOST_PARTS = 8


def content_key(image: Image.Image) -> str:
    """SHA-256 in hex of what the model would see: mode, size and pixels of the RGB form.

    Of a large image, the digests of its parts instead of the pixels, since several cores can make these; a pixel is
    four bytes there, as Pillow keeps it, the last of them 255. Nothing keeps a key longer than a model is loaded.
    """
    rgb = to_rgb(image)
    digest = hashlib.sha256(f"{rgb.mode} {rgb.width}x{rgb.height}\n".encode())
    n_pixels = rgb.width * rgb.height
    if n_pixels <= _STRIP_PIXELS:
        digest.update(rgb.tobytes())
        return digest.hexdigest()
    n_parts = min(max(n_pixels // _WORTH_A_THREAD, 1), _MOST_PARTS)
    edges = [rgb.height * k // n_parts for k in range(n_parts + 1)]
    for part in in_threads(_Parts(rgb).digest, list(pairwise(edges))):
        digest.update(part)
    return digest.hexdigest()


class _Parts:
    """Rows of an RGB image, hashed where they lie if that can be: threads that copy wait for each other."""

    def __init__(self, rgb: Image.Image) -> None:
        self._rgb = rgb
        self._memory: PixelMemory | None = None
        with suppress(ValueError):
            self._memory = PixelMemory(rgb)

    def digest(self, rows: tuple[int, int]) -> bytes:
        """Of the rows from the first to before the second."""
        top, bottom = rows
        if self._memory:
            pixels = self._memory.pixels()[top * self._rgb.width : bottom * self._rgb.width]
            if int(np.bitwise_and.reduce(pixels)) >= _UNUSED:
                return hashlib.sha256(pixels.data).digest()
        digest = hashlib.sha256()
        for left, first, right, last in strips((self._rgb.width, bottom - top), _STRIP_PIXELS):
            digest.update(self._copied((left, top + first, right, top + last)).data)
        return digest.digest()

    def _copied(self, box: Box) -> NDArray[np.uint32]:
        if self._memory:
            pixels = self._memory.pixels()[box[1] * self._rgb.width : box[3] * self._rgb.width]
        else:
            pixels = np.frombuffer(self._rgb.crop(box).tobytes("raw", "RGBX"), dtype="<u4")
        return pixels | np.uint32(_UNUSED)

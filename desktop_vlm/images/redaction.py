"""Covering places of an image for good: what was there is in no byte of the result."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable

from PIL import Image

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.open import to_rgb

BLACK = (0, 0, 0)

_LEVEL = 6
"""Of zlib: a screenshot of 4K takes about half a second."""


def cover(image: Image.Image, boxes: Iterable[Box]) -> bytes:
    """An image as a new PNG with black rectangles.

    The PNG is made of the pixels alone: of the file nothing else is taken over, no metadata, no thumbnail, no pixels
    that transparency hides (it is laid over white).

    Args:
        image: as `images.open` gives it.
        boxes: px; every pixel that one touches becomes black.
    """
    rgb = to_rgb(image)
    covered = Image.new("RGB", rgb.size)  # a fresh one: `info` would go into the file
    covered.paste(rgb)
    for box in boxes:
        area = pixels_of(box, *rgb.size)
        if area is not None:
            covered.paste(BLACK, area)
    buffer = io.BytesIO()
    covered.save(buffer, "PNG", compress_level=_LEVEL)
    return buffer.getvalue()


def pixels_of(box: Box, width: int, height: int) -> tuple[int, int, int, int] | None:
    """The pixels that a box touches, as left, top, right, bottom; None where it is outside of the image."""
    left, top = max(0, math.floor(box.left)), max(0, math.floor(box.top))
    right, bottom = min(width, math.ceil(box.right)), min(height, math.ceil(box.bottom))
    return (left, top, right, bottom) if left < right and top < bottom else None


def around(box: Box) -> Box:
    """A box with some room around it: OCR cuts words off within a letter, and JPEG smears what is there."""
    across, down = max(3.0, 0.3 * box.height), max(2.0, 0.12 * box.height)
    return Box(box.left - across, box.top - down, box.right + across, box.bottom + down)

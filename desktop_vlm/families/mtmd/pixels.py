"""Resizing an image to exactly what the encoder gets, as the family's image processor does it.

libmtmd resizes too, but letterboxes where the processors stretch. Given the final size, it only copies. Source: the
Pillow image processors of transformers 5.24.0 (`image_processing_pil_*.py`); those with torchvision, which transformers
takes where it is installed, round a few pixels differently.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.image_sizing import ImageSizing

Color = tuple[int, int, int]


def encoder_size(sizing: ImageSizing, width: int, height: int) -> tuple[int, int]:
    """Width and height of what the encoder gets for an image of `width` x `height`, padding included."""
    if sizing.kind == "square":
        return sizing.side, sizing.side
    measured = sizing.measure(width, height)
    return measured.width, measured.height


def encoder_pixels(image: Image.Image, sizing: ImageSizing, pad_color: Color = (0, 0, 0)) -> NDArray[np.uint8]:
    """What the encoder gets of an RGB image: uint8 (height, width, 3)."""
    size = encoder_size(sizing, *image.size)
    if sizing.kind == "square":
        image = pad_to_square(image, pad_color)
    if image.size != size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(image.convert("RGB"), np.uint8)


def pad_to_square(image: Image.Image, color: Color) -> Image.Image:
    """The image in the middle of a square of its longer side."""
    width, height = image.size
    side = max(width, height)
    if width == height:
        return image
    square = Image.new("RGB", (side, side), color)
    square.paste(image, ((side - width) // 2, (side - height) // 2))
    return square


def within_tokens(sizing: ImageSizing, max_tokens: int) -> ImageSizing:
    """`sizing`, tightened so that no image takes more than `max_tokens`, where it leaves a choice."""
    room = max(1, max_tokens - sizing.extra_tokens)
    if sizing.kind == "longest":
        return replace(sizing, max_tokens=min(room, sizing.max_tokens or room))
    if not sizing.max_pixels:
        return sizing
    max_pixels = min(sizing.max_pixels, room * sizing.multiple**2)
    return replace(sizing, max_pixels=max_pixels, min_pixels=min(sizing.min_pixels, max_pixels))

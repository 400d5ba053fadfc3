"""Images upright by the orientation in their metadata (EXIF), without a second copy of a large photo."""

from __future__ import annotations

import contextlib
import mmap
from typing import Any

from PIL import Image

from desktop_vlm.images.strips import strips

_TAG = 274
_METHODS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CAN_GIVE_BACK = hasattr(mmap, "MADV_DONTNEED") and hasattr(mmap, "MAP_ANONYMOUS")


def orientation_of(image: Image.Image) -> int:
    """1 for an image that is upright, else 2 to 8. Where it stands behind the pixels, these are decoded."""
    with contextlib.suppress(Exception):  # broken metadata is no reason to refuse good pixels
        found = image.getexif().get(_TAG, 1)
        return found if found in _METHODS else 1
    return 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The image turned; in its own memory where its size stays the same."""
    if orientation not in _METHODS:
        return image
    if orientation > 4:
        return image.transpose(_METHODS[orientation])
    height = image.height
    for box in strips((image.width, (height + 1) // 2)):
        other = (0, height - box[3], image.width, height - box[1])
        if orientation == 2:
            here, there = other, box
        else:
            here, there = box, other
        one, two = image.crop(here).transpose(_METHODS[orientation]), image.crop(there).transpose(_METHODS[orientation])
        image.paste(one, other[:2])
        image.paste(two, box[:2])
    return image


def decode_on_its_side(image: Image.Image) -> Image.Image | None:
    """A colour photo (JPEG) that is not decoded yet, decoded and turned by 90 degrees; None for everything else.

    It is decoded into its own memory, of which each strip is given back to the system once it has been turned.
    """
    if image.format not in {"JPEG", "MPO"} or image.mode != "RGB" or not _CAN_GIVE_BACK:
        return None
    orientation = orientation_of(image)
    if orientation < 5:
        return None
    width, height = image.size
    memory: Any = mmap.mmap(-1, 4 * width * height, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    lying = Image.frombuffer("RGBX", image.size, memory, "raw", "RGBX", 0, 1)
    image._mode, image.im = "RGBX", lying.im  # noqa: SLF001 - where it will be decoded to
    image.load()
    made = Image.new("RGB", (height, width), None)  # not filled, which would take all its memory at once
    for box in strips(image.size):
        left = height - box[3] if orientation in {6, 7} else box[1]
        made.paste(lying.crop(box).convert("RGB").transpose(_METHODS[orientation]), (left, 0))
        _give_back(memory, 4 * width * box[3])
    return made


def _give_back(memory: Any, end: int) -> None:
    if whole_pages := end // mmap.PAGESIZE * mmap.PAGESIZE:
        memory.madvise(mmap.MADV_DONTNEED, 0, whole_pages)

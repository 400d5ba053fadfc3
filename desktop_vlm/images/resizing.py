"""An image scaled by all cores at once, to the same bytes as by Pillow's `resize` on one.

Pillow scales rows first and columns of the result then, and rounds to bytes in between. Each row of the first
step, and each column of the second, depends on itself alone. (Releases from 13 on take the other order for images that
become much lower than they become narrower; those are left to it.)
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from desktop_vlm.system.cores import in_threads

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_BANDS = 8
_WORTH_PIXELS = 250_000
"""Below it the threads take longer to begin than they save."""


def resize_into(out: Pixels, image: Image.Image) -> None:
    """Write `image` (RGB), scaled bilinearly to the size of `out`, uint8 (height, width, 3), there."""
    height, width = out.shape[:2]
    rows_last = image.height - height > max(0, 2 * (image.width - width))
    if rows_last or image.width * image.height < _WORTH_PIXELS:
        out[:] = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
        return
    rows = Image.new("RGB", (width, image.height))

    def scale_rows(band: tuple[int, int]) -> tuple[int, Image.Image]:
        top, bottom = band
        part = image.crop((0, top, image.width, bottom))
        return top, part.resize((width, bottom - top), Image.Resampling.BILINEAR)

    for top, part in in_threads(scale_rows, _bands(image.height)):
        rows.paste(part, (0, top))

    def scale_columns(band: tuple[int, int]) -> None:
        left, right = band
        part = rows.crop((left, 0, right, rows.height))
        out[:, left:right] = np.asarray(part.resize((right - left, height), Image.Resampling.BILINEAR))

    in_threads(scale_columns, _bands(width))


def _bands(length: int) -> list[tuple[int, int]]:
    edges = [length * k // _BANDS for k in range(_BANDS + 1)]
    return [(start, stop) for start, stop in pairwise(edges) if start < stop]

"""An RGB image scaled bilinearly into tiles of floats, by all cores at once: to the same bytes as by Pillow's `resize`.

With Pillow and NumPy an image is copied five times on the way. That takes longer than the arithmetic, most of it
because the system has to clear each page of the copies first, and no other thread can help.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.images import pixel_memory
from desktop_vlm.images.pixel_memory import PixelMemory
from desktop_vlm.system.cores import in_threads

_LIBRARY_NAME = "_scale.dll" if sys.platform == "win32" else "_scale.so"
"""A plain library, no module of one Python version: see `setup.py`."""

_BITS, _BEHIND, _COLOURS = 22, 4, 3  # as in `_scale.c`
_MOST_WEIGHTS = 4096  # in one pixel: with more, what they are rounded by could add up
_BANDS = 8


class _Axis(ctypes.Structure):
    """`struct axis`."""

    _fields_ = (("first", ctypes.c_void_p), ("weight", ctypes.c_void_p), ("count", ctypes.c_int64))


class _Scale(ctypes.Structure):
    """`struct scale`."""

    _fields_ = (
        ("pixels", ctypes.c_void_p),
        ("width", ctypes.c_int64),
        ("pixel_bytes", ctypes.c_int64),
        ("scaled_width", ctypes.c_int64),
        ("across", _Axis),
        ("down", _Axis),
        ("table", ctypes.c_void_p),
        ("planes", ctypes.c_void_p),
        ("tile", ctypes.c_int64),
        ("n_across", ctypes.c_int64),
    )


class _Weights:
    """Which pixels of one side make each of the result, and how much of each.

    As `precompute_coeffs` of Pillow's Resample.c.

    Attributes:
        first: int32 (after,), the first of them.
        weight: int32 (after, count), as many for each; those that Pillow leaves out are 0.
    """

    def __init__(self, before: int, after: int) -> None:
        scale = before / after
        reach = max(scale, 1.0)
        centres = (np.arange(after) + 0.5) * scale
        first = np.maximum((centres - reach + 0.5).astype(np.int32), 0)
        ends = np.minimum((centres + reach + 0.5).astype(np.int32), before)
        self.count = int((ends - first).max())
        self.first: NDArray[np.int32] = np.minimum(first, before - self.count).astype(np.int32)
        at = self.first[:, None] + np.arange(self.count)
        distances = (at - centres[:, None] + 0.5) * (1.0 / reach)
        weights = np.maximum(1.0 - np.abs(distances), 0.0) * ((at >= first[:, None]) & (at < ends[:, None]))
        total = np.zeros(after)
        for column in weights.T:  # one after the other, as Pillow adds them up
            total += column
        weights /= total[:, None]
        self.weight: NDArray[np.int32] = np.ascontiguousarray((0.5 + weights * (1 << _BITS)).astype(np.int32))

    def axis(self) -> _Axis:
        """For C; good as long as this is."""
        return _Axis(self.first.ctypes.data, self.weight.ctypes.data, self.count)


class _Pixels:
    """The pixels of an RGB image, where Pillow keeps them if they lie together, else copied; good as long as this is.

    Attributes:
        address: of the first.
        pixel_bytes: from one to the next.
    """

    def __init__(self, image: Image.Image) -> None:
        try:
            self._kept: Any = PixelMemory(image)
            self.address, self.pixel_bytes = self._kept.address, pixel_memory.BYTES
        except ValueError:
            self._kept = ctypes.c_char_p(image.tobytes())
            self.address, self.pixel_bytes = ctypes.cast(self._kept, ctypes.c_void_p).value or 0, 3


def can_scale(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether `scale_into_tiles` does it, from and to a width and height.

    Not where the library was not compiled, and not where Pillow takes another order (from release 13 on, for images
    that become much lower than narrower) or leaves a side as it is.
    """
    rows_last = before[1] - after[1] > max(0, 2 * (before[0] - after[0]))
    changes = before[0] != after[0] and before[1] != after[1]
    shrinks = max(before[0] / after[0], before[1] / after[1])
    return _function() is not None and changes and not rows_last and 2 * shrinks + 2 < _MOST_WEIGHTS


def scale_into_tiles(
    image: Image.Image, size: tuple[int, int], table: NDArray[np.float32], out: NDArray[np.float32], n_across: int
) -> None:
    """Write `image` (RGB), scaled to `size`, into tiles, of which `n_across` lie in a row.

    Args:
        image: where `can_scale` says yes.
        size: width and height.
        table: float32 (3, 256), what becomes of each byte of each colour.
        out: float32 (tiles, 3, side, side), in one piece; what the image does not reach is left as it is.
        n_across: tiles in a row.
    """
    pixels = _Pixels(image)
    across, down = _Weights(image.width, size[0]), _Weights(image.height, size[1])
    job = _Scale(
        pixels.address,
        image.width,
        pixels.pixel_bytes,
        size[0],
        across.axis(),
        down.axis(),
        table.ctypes.data,
        out.ctypes.data,
        out.shape[-1],
        n_across,
    )

    def scale(band: tuple[int, int]) -> None:
        room = np.empty((down.count + 1, _COLOURS * size[0] + _BEHIND), dtype=np.uint8)
        sums = np.empty(_COLOURS * size[0], dtype=np.int32)
        _function()(ctypes.byref(job), *band, room.ctypes.data, sums.ctypes.data)

    edges = [size[1] * k // _BANDS for k in range(_BANDS + 1)]
    in_threads(scale, [(start, stop) for start, stop in pairwise(edges) if start < stop])


@cache
def _function() -> Any:
    """The C function, or None where it was not compiled or does not load."""
    try:
        scale = ctypes.CDLL(str(Path(__file__).with_name(_LIBRARY_NAME))).desktop_vlm_scale
    except (OSError, AttributeError):
        return None
    scale.argtypes = (ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)
    scale.restype = None
    return scale

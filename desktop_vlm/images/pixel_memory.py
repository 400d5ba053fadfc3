"""The pixels of an image where Pillow keeps them: copying them takes longer than most of what is done with them."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BYTES = 4
"""Of a pixel there; the fourth byte is not used and may be anything."""


class PixelMemory:
    """The pixels of an RGB image, good as long as this is.

    Attributes:
        address: of the first; the others follow row by row.
    """

    def __init__(self, image: Image.Image) -> None:
        """Find them.

        Raises:
            ValueError: they do not lie together, as those of an image of more than 16 MiB, or not as expected.
        """
        self._n_pixels = image.width * image.height
        self._kept: Any = image.__arrow_c_array__()
        array = _ArrowArray.from_address(_address_in(self._kept[1], b"arrow_array"))
        if (array.length, array.offset, array.n_children) != (self._n_pixels, 0, 1):
            raise ValueError("not one value for each pixel")
        values = array.children[0].contents
        if (values.length, values.offset, values.n_buffers) != (BYTES * self._n_pixels, 0, 2):
            raise ValueError("not four bytes for each pixel")
        self.address = int(values.buffers[1])

    def pixels(self) -> NDArray[np.uint32]:
        """All of them, to be read: uint32 (n_pixels,), red in the lowest byte."""
        memory: Any = (ctypes.c_uint8 * (BYTES * self._n_pixels)).from_address(self.address)
        memory.kept = self  # for as long as anybody has the array
        return np.frombuffer(memoryview(memory), dtype="<u4")


class _ArrowArray(ctypes.Structure):
    """`struct ArrowArray` of Arrow's C data interface, up to what is read of it."""


_ArrowArray._fields_ = (
    *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
)


def _address_in(capsule: Any, name: bytes) -> int:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.argtypes, get.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    address: int = get(capsule, name)
    return address

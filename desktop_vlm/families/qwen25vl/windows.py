"""Attention windows of another size than libmtmd's.

libmtmd groups an image's patches by windows of 112 pixels, whatever the file says. All published models have those; for
others, what depends on them is an input of the encoder's graph: the order of the patches, their positions in it, and
the mask of which patches see each other. Here it is computed as libmtmd does, with the file's own size.
"""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from numpy.typing import NDArray

from desktop_vlm.families.mtmd.encode_hook import set_input, source_name
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.runtime.ggml.library import TensorStruct

LIBRARY_WINDOW = 112
"""Side of libmtmd's windows in pixels."""
_PATTERN = "clip.vision.n_wa_pattern"
_MERGE = 2


class Windows:
    """An image's windows.

    Attributes:
        order: which merged patch, row by row, stands at each place: int32 (n,).
        place: the inverse.
        sizes: merged patches in each window.
    """

    def __init__(self, columns: int, rows: int, side: int) -> None:
        """Cut a grid of merged patches into windows of `side` x `side`, smaller ones at the right and below."""
        grid = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
        cut = [
            grid[y : y + side, x : x + side].reshape(-1) for y in range(0, rows, side) for x in range(0, columns, side)
        ]
        self.order = np.concatenate(cut)
        self.place = np.argsort(self.order).astype(np.int32)
        self.sizes = [len(window) for window in cut]
        self._columns = columns

    @cached_property
    def positions(self) -> NDArray[np.int32]:
        """Row and column of every patch at its place, twice: int32 (4 * n_patches,)."""
        inner = np.arange(_MERGE)
        y = (self.order // self._columns)[:, None, None] * _MERGE + inner[:, None]
        x = (self.order % self._columns)[:, None, None] * _MERGE + inner
        high, wide = np.broadcast_arrays(y, x)
        return np.concatenate([high.reshape(-1), wide.reshape(-1)] * 2).astype(np.int32)

    @cached_property
    def mask(self) -> NDArray[np.float32]:
        """0 where one patch sees another, else the lowest number: float32 (n_patches, n_patches)."""
        window = np.repeat(np.arange(len(self.sizes)), np.array(self.sizes) * _MERGE**2)
        hidden = np.float32(np.finfo(np.float32).min)
        return np.where(window[:, None] == window, np.float32(0), hidden)


class OwnWindows:
    """Gives the graph the windows of the file (`families.mtmd.encode_hook.InputCorrection`)."""

    def __init__(self, file: VisionFile) -> None:
        self._patch_size = file.patch_size
        self._side = file.number("window_size", LIBRARY_WINDOW) // _MERGE // file.patch_size
        self._windows = Windows(1, 1, 1)
        self._given: set[int | None] = set()

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """Cut the next image."""
        height, width = pixels.shape[:2]
        unit = self._patch_size * _MERGE
        self._windows = Windows(width // unit, height // unit, self._side)
        self._given = set()

    def offer(self, tensor: TensorStruct) -> bool:
        """Correct what a node reads; what several layers read, once."""
        found = False
        for index in (0, 1):
            name = source_name(tensor, index)
            if name in ("window_idx", "inv_window_idx", "positions", "window_mask"):
                found = True
                address = tensor.src[index].contents.data
                if address not in self._given:
                    self._given.add(address)
                    set_input(tensor, index, self._values(name))
        return found

    def _values(self, name: str) -> NDArray[np.int32] | NDArray[np.float32]:
        windows = self._windows
        if name == "window_idx":
            return windows.place
        if name == "inv_window_idx":
            return windows.order
        return windows.positions if name == "positions" else windows.mask


def has_own_windows(file: VisionFile) -> bool:
    """Whether libmtmd's windows are other ones than the file's."""
    per_window = _MERGE * file.patch_size
    window = file.number("window_size", LIBRARY_WINDOW)
    return file.number("n_wa_pattern") > 1 and window // per_window != LIBRARY_WINDOW // per_window


def write_without_windows(source: Path, copy: Path) -> None:
    """Write a copy whose layers all look at the whole image.

    Raises:
        OSError: no room, or the source cannot be read.
    """
    field = GGUFReader(source).fields[_PATTERN]
    value = field.data[0]
    offset = field.offset + sum(part.nbytes for part in field.parts[:value])
    shutil.copyfile(source, copy)
    with copy.open("r+b") as file:
        file.seek(offset)
        file.write(bytes(4))

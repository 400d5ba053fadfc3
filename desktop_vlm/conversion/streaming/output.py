"""Files of the result that are written at any place, in any order, over several runs."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.conversion.gguf_file import FileLayout, PlacedTensor, flush_folder
from desktop_vlm.hub import refusals


class PartialFile:
    """A GGUF file whose tensors arrive in any order. It has its whole length from the beginning, with holes in it."""

    def __init__(self, path: Path, layout: FileLayout) -> None:
        """Open `path`, made again unless it is the beginning of this very file.

        Raises:
            UserError: it cannot be written.
        """
        self._path = path
        self._layout = layout
        self.is_new = not layout.is_written_to(path)
        try:
            if self.is_new:
                self._start()
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            raise refusals.of_disk(error, path) from None

    def _start(self) -> None:
        with self._path.open("wb") as file:
            file.write(self._layout.header)
            file.truncate(self._layout.n_bytes)

    @property
    def bytes_to_allocate(self) -> int:
        """What it will still take on the disk."""
        found = self._path.stat()
        blocks = getattr(found, "st_blocks", None)  # Windows does not say
        return max(0, self._layout.n_bytes - (found.st_size if blocks is None else blocks * 512))

    def write(self, placed: PlacedTensor, first_row: int, rows: NDArray[np.uint8]) -> None:
        """Packed rows of a tensor from `first_row` on: uint8 (rows, bytes per row).

        Raises:
            UserError: the disk is full, or cannot be written.
        """
        try:
            self._file.seek(len(self._layout.header) + placed.offset + first_row * placed.row_bytes)
            left = rows.data.cast("B")
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise refusals.of_disk(error, self._path) from None

    def flush(self) -> None:
        """Have everything on the disk.

        Raises:
            UserError: the disk is full, or cannot be written.
        """
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise refusals.of_disk(error, self._path) from None

    def finish(self, path: Path) -> None:
        """Give the whole file its name.

        Raises:
            UserError: the disk does not take it.
        """
        self.flush()
        self.close()
        try:
            self._path.replace(path)
        except OSError as error:
            raise refusals.of_disk(error, path) from None
        flush_folder(path.parent)

    def close(self) -> None:
        """Nothing is written any more."""
        self._file.close()

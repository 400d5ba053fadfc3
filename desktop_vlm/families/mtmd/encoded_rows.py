"""What libmtmd's encoder makes of an image: rows for the language model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class EncodedRows:
    """The rows of each chunk of an image that has some, in order.

    The last ones may still lie in the library's own memory, which is good until the next image is encoded: copying
    them takes a third of the time in which a GPU encodes an image, and nobody should wait for that.
    """

    def __init__(self, parts: list[NDArray[np.float32]], *, borrows_last: bool) -> None:
        self._parts = parts
        self._borrows_last = borrows_last

    @property
    def parts(self) -> tuple[NDArray[np.float32], ...]:
        """Float32 (n_rows, width that the language model takes) each."""
        return tuple(self._parts)

    @property
    def states(self) -> NDArray[np.float32]:
        """All rows: float32 (n_rows, width that the language model takes)."""
        return np.concatenate(self._parts)

    @property
    def n_bytes(self) -> int:
        return sum(part.nbytes for part in self._parts)

    def keep(self) -> None:
        """Copy what is borrowed, before the library writes there again."""
        if self._borrows_last:
            self._parts[-1] = self._parts[-1].copy()
            self._borrows_last = False

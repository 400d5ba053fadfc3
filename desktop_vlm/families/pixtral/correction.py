"""A defect of libmtmd with Pixtral, repaired from outside.

The rows for [IMG_BREAK], one after each row of patches, are made by scaling uninitialised memory with 0; where a NaN or
an infinity lies there, it stays. So they are written again with the embedding itself. On a repaired library this
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class BreakRows:
    """Writes the rows that stand for breaks.

    Attributes:
        embedding: of [IMG_BREAK]: float32 (width,).
        multiple: pixels that one row of the language model covers in each direction.
    """

    embedding: NDArray[np.float32]
    multiple: int

    def __call__(self, rows: NDArray[np.float32], size: tuple[int, int]) -> None:
        columns = size[0] // self.multiple
        rows[columns :: columns + 1] = self.embedding

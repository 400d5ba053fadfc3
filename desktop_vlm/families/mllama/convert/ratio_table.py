"""Embeddings of tiles by their place in a grid, seen as transformers has them: a row for every aspect ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.conversion.assembled_tensor import ReshapedTensor
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.stored_tensor import DerivedTensor, SourceTensor, StoredTensor

_CHANNELS = 3
_MOST_TILES = 64


@dataclass(frozen=True)
class RatioTable(DerivedTensor):
    """The embeddings of (row, column) as a table of aspect ratios: their tiles in a row, then zeros; the first is none.

    Attributes:
        base: [tiles, tiles, tokens, width].
    """

    @staticmethod
    def of(base: StoredTensor) -> RatioTable:
        """The table of `base`.

        Raises:
            UserError: it is no table of that kind.
        """
        if len(base.shape) != 4 or base.shape[0] != base.shape[1] or not 0 < base.shape[0] <= _MOST_TILES:
            raise _odd(base)
        return RatioTable(base)

    @property
    def _tile_values(self) -> int:
        return math.prod(self.base.shape[2:])

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`."""
        n_tiles = self.base.shape[0]
        return (len(supported_aspect_ratios(n_tiles)) + 1, n_tiles * self._tile_values)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        n_tiles, n = self.base.shape[0], self._tile_values
        ratios = supported_aspect_ratios(n_tiles)
        found = np.zeros(count, dtype=np.float32)
        place = first
        while place < first + count:
            tile, inside = divmod(place, n)
            size = min(n - inside, first + count - place)
            ratio, number = divmod(tile, n_tiles)
            height, width = ratios[ratio - 1] if ratio else (0, 1)
            row, column = divmod(number, width)
            if row < height:
                start = (row * n_tiles + column) * n + inside
                found[place - first : place - first + size] = self.base.read(start, size)
            place += size
        return found


def first_value(tensor: SourceTensor) -> SourceTensor:
    """A gate: some files repeat its one value.

    Raises:
        UserError: it has none.
    """
    if math.prod(tensor.shape) < 1:
        raise _odd(tensor)
    return ReshapedTensor(tensor, (1,))


def reshaped(tensor: SourceTensor) -> SourceTensor:
    """The matrix (width, channels * patch * patch) as the convolution's kernels.

    Raises:
        UserError: it has another number of columns.
    """
    patch = math.isqrt(tensor.shape[1] // _CHANNELS) if len(tensor.shape) == 2 else 0
    if not patch or _CHANNELS * patch * patch != tensor.shape[1]:
        raise _odd(tensor)
    return ReshapedTensor(tensor, (tensor.shape[0], _CHANNELS, patch, patch))


def _odd(tensor: SourceTensor) -> UserError:
    return UserError(
        f"{tensor.path}: `{shown(tensor.name)}` has shape {list(tensor.shape)}, which Llama 3.2 Vision has not: "
        f"{get_again(tensor.path)}."
    )

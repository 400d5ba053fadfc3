"""Tensors that are put together of several, or seen in another shape, while they are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.stored_tensor import DerivedTensor, SourceTensor, StoredTensor


@dataclass(frozen=True)
class JoinedTensor:
    """Pieces one behind the other: rows (`axis` 0), or the beginnings and ends of every row (`axis` 1)."""

    pieces: tuple[SourceTensor, ...]
    axis: int

    @property
    def name(self) -> str:
        """See `SourceTensor`."""
        return self.pieces[0].name

    @property
    def dtype(self) -> str:
        """See `SourceTensor`."""
        return self.pieces[0].dtype

    @property
    def path(self) -> Path:
        """See `SourceTensor`."""
        return self.pieces[0].path

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`."""
        first = self.pieces[0].shape
        side = sum(piece.shape[self.axis] for piece in self.pieces)
        return (*first[: self.axis], side, *first[self.axis + 1 :])

    @property
    def is_readable(self) -> bool:
        """See `SourceTensor`."""
        return all(piece.is_readable for piece in self.pieces)

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        return tuple(part for piece in self.pieces for part in piece.parts)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        if self.axis == 1:
            n = math.prod(self.shape[1:])
            start, stop = first // n, -(-(first + count) // n)
            widths = [math.prod(piece.shape[1:]) for piece in self.pieces]
            read = [
                piece.read(start * width, (stop - start) * width).reshape(stop - start, width)
                for piece, width in zip(self.pieces, widths, strict=True)
            ]
            return np.concatenate(read, axis=1).reshape(-1)[first - start * n :][:count]
        found, end = [], 0
        for piece in self.pieces:
            begin, end = end, end + math.prod(piece.shape)
            low, high = max(first, begin), min(first + count, end)
            if low < high:
                found.append(piece.read(low - begin, high - low))
        return np.concatenate(found) if found else np.empty(0, dtype=np.float32)


def joined(pieces: Sequence[SourceTensor], axis: int) -> SourceTensor:
    """The pieces as one tensor.

    Raises:
        UserError: they do not fit together.
    """
    others = {(piece.shape[: max(axis, 0)], piece.shape[axis + 1 :], len(piece.shape) > axis) for piece in pieces}
    if len(others) > 1 or not all(len(piece.shape) > axis for piece in pieces):
        raise UserError(f"{pieces[0].path}: the parts of `{shown(pieces[0].name)}` in its files do not fit together.")
    return pieces[0] if len(pieces) == 1 else JoinedTensor(tuple(pieces), axis)


@dataclass(frozen=True)
class ReshapedTensor(DerivedTensor):
    """The first values of another tensor in another shape."""

    shape: tuple[int, ...]

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        return self.base.read(first, count)

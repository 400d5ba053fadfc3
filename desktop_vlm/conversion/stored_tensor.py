"""Tensors as checkpoints hold them: where their bytes are, and how those become numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL, FileAccess
from desktop_vlm.conversion.remedy import get_again, shown

FLOAT_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Bytes of a number of each type that is plain."""

_NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}

ITEM_BYTES = {**FLOAT_BYTES, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
"""Bytes of an item of each type whose size is known."""


class SourceTensor(Protocol):
    """A tensor of a checkpoint, read by pieces: stored plainly, or computed from what is stored.

    Attributes:
        name: as the checkpoint spells it.
        dtype: safetensors' name of the type that its values are stored in, such as `BF16`; of a quantised tensor the
            type that stands for its way, which is none of `FLOAT_BYTES`'s keys.
        shape: in PyTorch's order.
        path: the file, for sentences about it.
        is_readable: `read` can make numbers of it.
        parts: what is stored and must be there before it can be read.
    """

    @property
    def name(self) -> str: ...
    @property
    def dtype(self) -> str: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def path(self) -> Path: ...
    @property
    def is_readable(self) -> bool: ...
    @property
    def parts(self) -> tuple[StoredTensor, ...]: ...

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """`count` values from the `first` on, in memory order, as float32 (count,).

        Raises:
            UserError: a file cannot be read, ends early, or contradicts itself.
        """
        ...


@dataclass(frozen=True)
class DerivedTensor:
    """What is computed of another tensor while it is read: its name, type, file and parts are that one's."""

    base: SourceTensor

    @property
    def name(self) -> str:
        """See `SourceTensor`."""
        return self.base.name

    @property
    def dtype(self) -> str:
        """See `SourceTensor`."""
        return self.base.dtype

    @property
    def path(self) -> Path:
        """See `SourceTensor`."""
        return self.base.path

    @property
    def is_readable(self) -> bool:
        """See `SourceTensor`."""
        return self.base.is_readable

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        return self.base.parts


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies.

    Attributes:
        name: as the checkpoint spells it.
        dtype: safetensors' name of the type, such as `BF16`.
        shape: in PyTorch's order.
        path: the file.
        offset: the first byte in the file.
        access: how the file is read.
        n_bytes: all of its bytes, from `offset` on.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    path: Path
    offset: int
    n_bytes: int
    access: FileAccess = LOCAL

    @property
    def is_readable(self) -> bool:
        """See `SourceTensor`."""
        return self.dtype in FLOAT_BYTES

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        return (self,)

    @property
    def n_values(self) -> int:
        """How many values it has."""
        return math.prod(self.shape)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        item_bytes = FLOAT_BYTES[self.dtype]
        return as_float32(self.read_bytes(first * item_bytes, count * item_bytes), self.dtype)

    def read_bytes(self, first: int, count: int) -> NDArray[np.uint8]:
        """`count` of its bytes from the `first` on: uint8 (count,).

        Raises:
            UserError: the file cannot be read or ends early.
        """
        raw = np.empty(count, dtype=np.uint8)
        if self.access.read_into(self.path, self.offset + first, raw.data) < count:
            raise UserError(f"{self.path} ends inside `{shown(self.name)}`: {get_again(self.path)}.")
        return raw


def as_float32(raw: NDArray[np.uint8], dtype: str) -> NDArray[np.float32]:
    """Bytes of plain numbers of the type `dtype` as float32."""
    if dtype != "BF16":
        return raw.view(_NUMPY[dtype]).astype(np.float32, copy=False)
    bits = raw.view("<u2").astype(np.uint32)  # bfloat16 is the upper half of a float32
    bits <<= 16
    return bits.view(np.float32)

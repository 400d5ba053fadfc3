"""What a tensor of a checkpoint becomes: its name, its rows and its role in a GGUF file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray


class Role(Enum):
    """What a tensor is for; its type follows from it (`quant_types`)."""

    EXACT = auto()  # norms, biases, gates, small tables: always F32
    LINEAR = auto()
    ATTN_V = auto()
    ATTN_OUTPUT = auto()
    FFN_DOWN = auto()
    TOKEN_EMBEDDING = auto()
    OUTPUT = auto()
    PATCHES = auto()  # the convolution that makes patches of pixels
    POSITIONS = auto()  # a large table of a vision encoder's positions
    NO_F16 = auto()  # a matrix whose products can be too large for F16


@dataclass(frozen=True)
class Slices:
    """A source of `n` tensors that take turns, `n_rows` rows each time; this is number `which` of them."""

    n: int
    which: int
    n_rows: int


@dataclass(frozen=True)
class GgufTensor:
    """A tensor of a GGUF file and where its values come from.

    Attributes:
        name: in the GGUF file.
        shape: (..., rows, values per row), or (values,); the reverse of ggml's order.
        role: what it is for.
        source: the checkpoint's canonical name; empty for computed tensors.
        source_shape: its whole shape there.
        first_row: the first of its rows that belongs here; of a vector, in units of the vector's length.
        rotary_head_dim: if not 0, rows (of a vector: values) are reordered within heads of this size
            (`rope.interleaved_order`).
        layer: its place among the layers of its kind, from 0.
        values: of a computed tensor.
        slices: which part of the source it is, where several tensors take turns there.
    """

    name: str
    shape: tuple[int, ...]
    role: Role
    source: str = ""
    source_shape: tuple[int, ...] = ()
    first_row: int = 0
    rotary_head_dim: int = 0
    layer: int = 0
    values: NDArray[np.float32] | None = None
    slices: Slices | None = None

    @property
    def n_rows(self) -> int:
        """Rows that are packed one by one; a vector is one row."""
        return math.prod(self.shape[:-1])

    @property
    def n_per_row(self) -> int:
        """Values per row."""
        return self.shape[-1]


def linear(name: str, source: str, n_out: int, n_in: int, role: Role = Role.LINEAR, layer: int = 0) -> GgufTensor:
    """A matrix."""
    return GgufTensor(f"{name}.weight", (n_out, n_in), role, f"{source}.weight", (n_out, n_in), layer=layer)


def vector(name: str, source: str, n: int) -> GgufTensor:
    """A vector, exact."""
    return GgufTensor(name, (n,), Role.EXACT, source, (n,))


def table(name: str, source: str, n_rows: int, n_per_row: int, role: Role = Role.EXACT) -> GgufTensor:
    """A table that is looked up or added, exact unless its role says otherwise."""
    return GgufTensor(name, (n_rows, n_per_row), role, source, (n_rows, n_per_row))


def biased(name: str, source: str, n_out: int, n_in: int, role: Role = Role.LINEAR) -> list[GgufTensor]:
    """A matrix and its bias."""
    return [linear(name, source, n_out, n_in, role), vector(f"{name}.bias", f"{source}.bias", n_out)]


def convolution(name: str, source: str, n_out: int, patch_px: int) -> GgufTensor:
    """The convolution that makes patches of pixels with three colour channels."""
    shape = (n_out, 3, patch_px, patch_px)
    return GgufTensor(name, shape, Role.PATCHES, source, shape)

"""Tensors that bitsandbytes quantised to 4 or 8 bits, read as the numbers that it computes from them.

A matrix `X.weight` of 4 bits has tensors beside it (bitsandbytes' `QuantState`, as transformers stores it):

- `X.weight`: two codes a byte, the first in the high half, in memory order of the matrix;
- `X.weight.quant_map`: the 16 values of the codes;
- `X.weight.absmax`: the largest magnitude of each block of values; with double quantisation a code itself, of
  `nested_quant_map`'s 256 values, with `nested_absmax` for each block of blocks and an offset for all;
- `X.weight.quant_state.bitsandbytes__nf4` (or `__fp4`): JSON, with the matrix's shape and type.

A matrix of 8 bits has `X.SCB`, the largest magnitude of each row.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.stored_tensor import SourceTensor, StoredTensor
from desktop_vlm.system.bounded.json_text import parse_json

FOUR_BITS, EIGHT_BITS = "BNB4", "BNB8"
"""`SourceTensor.dtype` of matrices that bitsandbytes quantised."""

_STATE = ".quant_state.bitsandbytes__"
_FIELDS, _NESTED_FIELDS = ("absmax", "quant_map"), ("nested_absmax", "nested_quant_map")
_KINDS = ("nf4", "fp4")
_MAX_STATE_BYTES = 1 << 16
_STORED = ("U8", "I8", "BF16", "F16", "F32")
"""What the bytes of the codes may be called (`quant_storage`)."""
_MOST_BLOCK = 1 << 16
"""Values in a block: bitsandbytes has at most 4096, and each block is spread over as many numbers."""
_MOST_OFFSET = 1e30
_DTYPES = ("bfloat16", "float16", "float32")
_INVERSE_127 = np.float32(7.874015718698502e-3)  # the constant of bitsandbytes' own dequantisation


def assemble(tensors: dict[str, SourceTensor]) -> dict[str, SourceTensor]:
    """The tensors with every matrix that bitsandbytes quantised in place of its parts.

    Args:
        tensors: all that is stored, by canonical name.

    Raises:
        UserError: a part is missing.
    """
    found = dict(tensors)
    for key in [name for name in tensors if _STATE in name]:
        name, _, kind = key.partition(_STATE)
        found[name] = FourBitTensor(**_four_bit_parts(found, name, kind, key))
    for key in [name for name in tensors if name.endswith(".SCB")]:
        name = f"{key.removesuffix('.SCB')}.weight"
        weight = found.get(name)
        if isinstance(weight, StoredTensor) and weight.dtype == "I8":
            found[name] = EightBitTensor(weight, _stored(found.pop(key)))
            found.pop(f"{name}_format", None)
    return found


def without_parts(names: Collection[str]) -> set[str]:
    """The names of whole tensors among all that are stored."""
    four = {name.partition(_STATE)[0] for name in names if _STATE in name}
    eight = {name.removesuffix(".SCB") for name in names if name.endswith(".SCB")}
    parts = {f"{name}.{field}" for name in four for field in (*_FIELDS, *_NESTED_FIELDS)}
    parts |= {f"{name}.{field}" for name in eight for field in ("SCB", "weight_format")}
    return {name for name in names if _STATE not in name} - parts


def _four_bit_parts(found: dict[str, SourceTensor], name: str, kind: str, key: str) -> dict[str, Any]:
    """The parts of the matrix `name`, taken out of `found`."""
    state = _stored(found.pop(key))
    if kind not in _KINDS:
        raise UserError(f"{state.path}: `{shown(state.name)}` is of a kind that is none of {', '.join(_KINDS)}.")
    needed = {"weight": name} | {field: f"{name}.{field}" for field in _FIELDS}
    if missing := [part for part in needed.values() if part not in found]:
        raise UserError(f"{state.path}: `{shown(name)}` has 4 bits, but `{shown(missing[0])}` is not there.")
    parts: dict[str, Any] = {field: _stored(found.pop(part)) for field, part in needed.items()}
    for field in _NESTED_FIELDS:
        nested = found.pop(f"{name}.{field}", None)
        parts[field] = _stored(nested) if nested else None
    return {**parts, "state": state}


def _stored(tensor: SourceTensor) -> StoredTensor:
    if not isinstance(tensor, StoredTensor):
        raise UserError(f"{tensor.path}: `{shown(tensor.name)}` belongs to two quantised tensors.")
    return tensor


@dataclass(frozen=True)
class _State:
    """What the JSON beside a matrix of 4 bits says."""

    shape: tuple[int, ...]
    dtype: str
    block: int
    nested_block: int
    nested_offset: float


@dataclass(frozen=True)
class FourBitTensor:
    """A matrix of 4 bits and its parts; see the module."""

    weight: StoredTensor
    absmax: StoredTensor
    quant_map: StoredTensor
    nested_absmax: StoredTensor | None
    nested_quant_map: StoredTensor | None
    state: StoredTensor

    dtype = FOUR_BITS
    is_readable = True

    @property
    def name(self) -> str:
        """See `SourceTensor`."""
        return self.weight.name

    @property
    def path(self) -> Path:
        """See `SourceTensor`."""
        return self.weight.path

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`; read from the file."""
        return self._state.shape

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        parts = (self.state, self.quant_map, self.nested_quant_map, self.nested_absmax, self.absmax, self.weight)
        return tuple(part for part in parts if part)

    @cached_property
    def _state(self) -> _State:
        """The JSON, checked against the parts' sizes: every read after that stays inside of them."""
        state = self._parsed_state()
        blocks = -(-math.prod(state.shape) // state.block)
        sizes = [(self.weight, -(-math.prod(state.shape) // 2)), (self.quant_map, 16 * 4)]
        if self.nested_absmax and self.nested_quant_map:
            sizes += [(self.absmax, blocks), (self.nested_absmax, 4 * -(-blocks // state.nested_block))]
            sizes += [(self.nested_quant_map, 256 * 4)]
        else:
            sizes.append((self.absmax, 4 * blocks))
        for part, n_bytes in sizes:
            is_code = part is self.absmax and self.nested_absmax
            needed = _STORED if part is self.weight else ("U8",) if is_code else ("F32",)
            if part.n_bytes != n_bytes or part.dtype not in needed:
                raise UserError(
                    f"{part.path}: `{shown(part.name)}` has {part.n_bytes:,} bytes of {part.dtype}, which does not fit "
                    f"a 4-bit tensor of shape {list(state.shape)}."
                )
        return state

    def _parsed_state(self) -> _State:
        broken = UserError(f"{self.state.path}: `{shown(self.state.name)}` does not describe a 4-bit tensor.")
        if self.state.n_bytes > _MAX_STATE_BYTES:
            raise broken
        try:
            content = parse_json(self.state.read_bytes(0, self.state.n_bytes).tobytes())
            shape, dtype, block = content["shape"], content["dtype"], content["blocksize"]
            nested = (content["nested_blocksize"], content["nested_offset"]) if self.nested_absmax else (1, 0.0)
        except (KeyError, TypeError, ValueError):
            raise broken from None
        sides = [*shape, block, nested[0]] if isinstance(shape, list) and 0 < len(shape) <= 8 else []
        if not sides or not all(type(side) is int and 0 < side < 1 << 40 for side in sides) or dtype not in _DTYPES:
            raise broken
        if (
            max(block, nested[0]) > _MOST_BLOCK
            or type(nested[1]) not in (int, float)
            or not abs(nested[1]) < _MOST_OFFSET
            or bool(self.nested_absmax) != bool(self.nested_quant_map)
        ):
            raise broken
        return _State(tuple(shape), dtype, block, nested[0], float(nested[1]))

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`; what bitsandbytes computes, rounded to the type that the matrix had."""
        state = self._state
        start, stop = first // 2, -(-(first + count) // 2)
        packed = self.weight.read_bytes(start, stop - start)
        codes = np.empty(2 * len(packed), dtype=np.uint8)
        codes[0::2], codes[1::2] = packed >> 4, packed & 15
        codes = codes[first - 2 * start :][:count]
        first_block, last_block = first // state.block, -(-(first + count) // state.block)
        scales = np.repeat(self._scales(first_block, last_block - first_block), state.block)
        values = self.quant_map.read(0, 16)[codes]
        values *= scales[first - first_block * state.block :][:count]
        return _rounded(values, state.dtype)

    def _scales(self, first: int, count: int) -> NDArray[np.float32]:
        """The largest magnitudes of `count` blocks from the `first` on."""
        if not self.nested_absmax or not self.nested_quant_map:
            return self.absmax.read(first, count)
        block = self._state.nested_block
        start, stop = first // block, -(-(first + count) // block)
        outer = np.repeat(self.nested_absmax.read(start, stop - start), block)[first - start * block :][:count]
        codes = self.absmax.read_bytes(first, count)
        return self.nested_quant_map.read(0, 256)[codes] * outer + np.float32(self._state.nested_offset)


def _rounded(values: NDArray[np.float32], dtype: str) -> NDArray[np.float32]:
    """Values as they are in `dtype`: to the nearest, ties to even."""
    if dtype == "float16":
        with np.errstate(over="ignore"):  # infinite then, which is found later
            return values.astype(np.float16).astype(np.float32)
    if dtype == "bfloat16":
        bits = values.view(np.uint32)
        bits += 0x7FFF + ((bits >> 16) & 1)
        bits &= 0xFFFF0000
    return values


@dataclass(frozen=True)
class EightBitTensor:
    """A matrix of 8 bits and the largest magnitude of each of its rows."""

    weight: StoredTensor
    row_max: StoredTensor

    dtype = EIGHT_BITS

    @property
    def name(self) -> str:
        """See `SourceTensor`."""
        return self.weight.name

    @property
    def path(self) -> Path:
        """See `SourceTensor`."""
        return self.weight.path

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`."""
        return self.weight.shape

    @property
    def is_readable(self) -> bool:
        """See `SourceTensor`."""
        return self.row_max.dtype == "F32" and len(self.shape) == 2 and self.row_max.n_values == self.shape[0]

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        return (self.row_max, self.weight)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        n_per_row = self.shape[1]
        start, stop = first // n_per_row, -(-(first + count) // n_per_row)
        values = self.weight.read_bytes(first, count).view(np.int8).astype(np.float32)
        values *= np.repeat(self.row_max.read(start, stop - start), n_per_row)[first - start * n_per_row :][:count]
        values *= _INVERSE_127
        return values

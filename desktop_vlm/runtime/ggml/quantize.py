"""Rows of float32 to any ggml type, by the library's own native code."""

from __future__ import annotations

import ctypes

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.library import function


def row_bytes(ggml_type: GgmlType, n_per_row: int) -> int:
    """The bytes that a row of `n_per_row` values takes in `ggml_type`."""
    return int(function("ggml_row_size")(int(ggml_type), n_per_row))


def block_size(ggml_type: GgmlType) -> int:
    """How many values of a row `ggml_type` packs together; a row's length must be a multiple of it."""
    return int(function("ggml_blck_size")(int(ggml_type)))


def quantize_rows(ggml_type: GgmlType, rows: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pack `rows`, float32 (n_rows, n_per_row), into `ggml_type`: uint8 (n_rows, bytes per row).

    The C code runs without Python's lock, so several threads can quantise parts of one tensor.
    Values are rounded exactly as llama.cpp's own quantiser rounds them (`ggml_quantize_chunk`).
    """
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    n_rows, n_per_row = rows.shape
    if n_per_row % block_size(ggml_type):
        raise ValueError(f"{n_per_row} values a row do not fill whole blocks of {ggml_type.name}")
    packed = np.empty((n_rows, row_bytes(ggml_type, n_per_row)), dtype=np.uint8)
    written = function("ggml_quantize_chunk")(
        int(ggml_type),
        rows.ctypes.data_as(ctypes.c_void_p),
        packed.ctypes.data_as(ctypes.c_void_p),
        0,
        n_rows,
        n_per_row,
        None,
    )
    if written != packed.nbytes:
        raise RuntimeError(f"ggml wrote {written} bytes of {ggml_type.name} where {packed.nbytes} were expected")
    return packed


_KV_TYPES = {kind.name: kind for kind in (GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q4_0)}


def kv_cache_type(name: str) -> GgmlType | None:
    """The type of a KV cache by its name, in any case; None for "auto".

    Raises:
        UserError: there is no such type.
    """
    if name.lower() == "auto":
        return None
    if name.upper() not in _KV_TYPES:
        raise UserError(f"There is no KV cache type {name}; choose auto or one of {', '.join(_KV_TYPES)}.")
    return _KV_TYPES[name.upper()]

"""Whether packed rows hold finite numbers only, by the library's own check of every type."""

from __future__ import annotations

import ctypes

from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime.ggml.library import function


def unit_bytes(ggml_type: GgmlType) -> int:
    """The bytes that belong together: a block of a quantised type, or one number."""
    return int(GGML_QUANT_SIZES[ggml_type][1])


def is_finite(ggml_type: GgmlType, data: bytes) -> bool:
    """Whether every number in `data`, whole blocks of `ggml_type`, is finite (`ggml_validate_row_data`)."""
    address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
    return bool(function("ggml_validate_row_data")(int(ggml_type), address, len(data)))

"""What a GGUF says before its weights: settings and the size of every tensor. ggml reads it in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gguf import GGUFValueType as ValueType

from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.library import function


@dataclass(frozen=True)
class GgufHeader:
    """Settings and tensors of a GGUF.

    Attributes:
        integers: the settings that are unsigned 32-bit numbers, which all counts are.
        texts: the settings that are text.
        tensors: name -> bytes of its weights.
    """

    integers: dict[str, int]
    texts: dict[str, str]
    tensors: dict[str, int]


def read_header(path: Path) -> GgufHeader | None:
    """The header of a file; None when ggml cannot read it as a GGUF."""
    handle = function("gguf_init_from_file")(str(path).encode(), library.GgufInitParams(True, None))
    if not handle:
        return None
    try:
        return _header(handle)
    finally:
        function("gguf_free")(handle)


def _header(handle: int) -> GgufHeader:
    integers: dict[str, int] = {}
    texts: dict[str, str] = {}
    for index in range(function("gguf_get_n_kv")(handle)):
        key = function("gguf_get_key")(handle, index).decode("utf-8", "replace")
        kind = function("gguf_get_kv_type")(handle, index)
        if kind == ValueType.UINT32:
            integers[key] = function("gguf_get_val_u32")(handle, index)
        elif kind == ValueType.STRING:
            texts[key] = function("gguf_get_val_str")(handle, index).decode("utf-8", "replace")
    tensors = {
        function("gguf_get_tensor_name")(handle, index).decode("utf-8", "replace"): int(
            function("gguf_get_tensor_size")(handle, index)
        )
        for index in range(function("gguf_get_n_tensors")(handle))
    }
    return GgufHeader(integers, texts, tensors)

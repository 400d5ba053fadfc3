"""What llama.cpp's attention takes of memory, before anything is loaded."""

from __future__ import annotations

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime.ggml.quantize import row_bytes

_CONTEXT_BLOCK = 256
_WIDE_HEAD = 128
_MOST_SCORES_BYTES = 64 << 20


def whole_context(n_ctx: int) -> int:
    """What llama.cpp makes of a context of `n_ctx` tokens: full blocks (`llama_context`'s `GGML_PAD(n_ctx, 256)`)."""
    return -(-n_ctx // _CONTEXT_BLOCK) * _CONTEXT_BLOCK


def kv_cache_bytes(kv_type: GgmlType, *, n_ctx: int, n_kv_heads: int, head_dim: int) -> int:
    """Keys and values of one layer for a context of `n_ctx` tokens."""
    return 2 * n_ctx * n_kv_heads * row_bytes(kv_type, head_dim)


def plain_scores_bytes(
    kv_type: GgmlType, *, on_processor: bool, n_ctx: int, n_batch: int, n_heads: int, head_dim: int
) -> int:
    """What the scores take where attention is not to be flash attention; 0 where it is.

    Flash attention would round keys and values of F32 to F16 on the way; and without it, a processor takes half the
    time a token for narrow heads, which is worth some memory.
    """
    scores = 4 * n_heads * n_batch * n_ctx
    faster = on_processor and kv_type == GgmlType.F16 and head_dim < _WIDE_HEAD and scores <= _MOST_SCORES_BYTES
    return scores if kv_type == GgmlType.F32 or faster else 0

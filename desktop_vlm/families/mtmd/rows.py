"""Bringing an image's rows to the language model.

The same as `mtmd_helper_decode_image_chunk`, but it can be stopped between micro-batches and can have the logits after
the last row, as an image may be the end of a prompt.
"""

from __future__ import annotations

import ctypes
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError
from desktop_vlm.families.mtmd.binding import InputChunk, Projector
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.text_model import TextModel


def decode_rows(
    text: TextModel,
    projector: Projector,
    chunk: InputChunk,
    rows: NDArray[np.float32],
    position: int,
    *,
    with_logits: bool,
) -> None:
    """Extend the KV cache by an image's rows.

    Args:
        text: the language model.
        projector: knows positions and attention of the rows.
        chunk: of the image.
        rows: float32 (n_tokens, width).
        position: of the first row.
        with_logits: whether the logits after the last row are asked for.

    Raises:
        Cancelled: stopped.
        EngineError: llama.cpp failed, or the rows have to be computed at once and are too many.
    """
    if len(rows) != chunk.n_tokens:
        raise ValueError(f"{len(rows)} rows for an image of {chunk.n_tokens} tokens")
    non_causal = projector.is_non_causal(chunk)
    if non_causal and chunk.n_tokens > text.n_batch:
        raise EngineError(
            f"The {chunk.n_tokens:,} rows of an image see each other, so this model needs the setting n_batch of at "
            f"least {chunk.n_tokens:,}; it is {text.n_batch:,}."
        )
    positions = projector.positions(chunk, position)
    size = text.n_batch
    for start in range(0, chunk.n_tokens, size):
        stop = min(start + size, chunk.n_tokens)
        batch = _RowBatch(rows[start:stop], positions[:, start:stop], with_logits and stop == chunk.n_tokens)
        text.compute(partial(_decode, batch=batch, non_causal=non_causal))


def _decode(context: Any, batch: _RowBatch, non_causal: bool) -> int:
    if non_causal:
        llama.llama_set_causal_attn(context, False)
    try:
        status: int = llama.llama_decode(context, batch.struct)
    finally:
        if non_causal:
            llama.llama_set_causal_attn(context, True)
    return status


class _RowBatch:
    """A `llama_batch` of embeddings; its arrays live as long as this object."""

    def __init__(self, rows: NDArray[np.float32], positions: NDArray[np.int32], with_logits: bool) -> None:
        n = len(rows)
        self._rows = np.ascontiguousarray(rows, np.float32)
        self._positions = np.ascontiguousarray(positions, np.int32)  # one section after the other
        self._sequence = (llama.llama_seq_id * 1)(0)
        self._counts = (ctypes.c_int32 * n)(*[1] * n)
        pointer = ctypes.POINTER(llama.llama_seq_id)
        self._sequences = (pointer * (n + 1))(*[ctypes.cast(self._sequence, pointer)] * n, pointer())
        self._asked = (ctypes.c_int8 * n)()
        self._asked[n - 1] = with_logits
        self.struct = llama.llama_batch()
        self.struct.n_tokens = n
        self.struct.embd = self._rows.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        self.struct.pos = self._positions.ctypes.data_as(ctypes.POINTER(llama.llama_pos))
        self.struct.n_seq_id = self._counts
        self.struct.seq_id = self._sequences
        self.struct.logits = self._asked

"""The norms' epsilon, for architectures whose epsilon llama.cpp forgets to read.

In llama-cpp-python 0.3.36 the settings of `qwen2vl` are read by a function that lost its other half: the epsilon of
the norms stays 0 (src/models/qwen2vl.cpp; its log says `f_norm_rms_eps = 0.0e+00`). Where hidden states are small, as
in a first layer, that moves logits by percents. So the number is put where it belongs in the loaded model, before the
first graph is built from it. The place is found by loading a tiny model twice, with two unlikely numbers.
"""

from __future__ import annotations

import ctypes
import logging
import os
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter

from desktop_vlm.api.errors import EngineError
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.gguf_header import read_header
from desktop_vlm.runtime.interrupts import deferred_interrupts

_LOG = logging.getLogger(__name__)

_FORGETFUL = frozenset({"qwen2vl"})
_KEY = "attention.layer_norm_rms_epsilon"
_MODEL_BYTES = 12 << 10  # the settings' scalars lie well within; the object is larger
_UNLIKELY = (0.0123, 0.0345)
_WIDTH, _N_TOKENS = 32, 4


def restore(model: Any, architecture: str, path: Path) -> None:
    """Have the loaded `model` compute with the epsilon that its file `path` says, if llama.cpp has not read it.

    Raises:
        EngineError: the place of the number in the model was not found: this is no library that we know.
    """
    if architecture not in _FORGETFUL:
        return
    header = read_header(path)
    epsilon = header.numbers.get(f"{architecture}.{_KEY}", 0.0) if header else 0.0
    address = model + _offset()
    place = ctypes.cast(address, ctypes.POINTER(ctypes.c_float))
    if epsilon > 0 and place[0] == 0:
        place[0] = epsilon
        _LOG.debug("the norms' epsilon of %s is put right: %g", path.name, epsilon)


@cache
def _offset() -> int:
    """Where the epsilon lies in a `llama_model`."""
    found = [_places(number) for number in _UNLIKELY]
    both = found[0] & found[1]
    if len(both) != 1:
        raise EngineError(
            "The installed llama.cpp does not read a setting of this model, and it could not be put right; "
            "install the version of llama-cpp-python that Desktop VLM needs."
        )
    return both.pop()


def _places(epsilon: float) -> set[int]:
    """All places in a tiny model with this epsilon where the number stands."""
    with _file_for_a_moment() as path, deferred_interrupts():
        _write_tiny(path, epsilon)
        params = llama.llama_model_default_params()
        params.n_gpu_layers = 0
        model = llama.llama_model_load_from_file(str(path).encode(), params)
        if not model:
            return set()
        try:
            raw = ctypes.string_at(model, _MODEL_BYTES)
        finally:
            llama.llama_model_free(model)
    number = struct.pack("<f", epsilon)
    return {place for place in range(0, len(raw), 4) if raw[place : place + 4] == number}


@contextmanager
def _file_for_a_moment() -> Iterator[Path]:
    """A path to write to and read from: on Linux in memory, since an engine that is confined may write nowhere else."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("tiny.gguf")
        try:
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "tiny.gguf"


def _write_tiny(path: Path, epsilon: float) -> None:
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_context_length(8)
    writer.add_embedding_length(_WIDTH)
    writer.add_feed_forward_length(_WIDTH)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(epsilon)
    writer.add_vocab_size(_N_TOKENS)
    writer.add_tokenizer_model("no_vocab")
    sizes = dict.fromkeys(
        ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"), (_WIDTH, _WIDTH)
    )
    tensors: dict[str, tuple[int, ...]] = {"token_embd": (_N_TOKENS, _WIDTH), "output_norm": (_WIDTH,)}
    tensors |= {f"blk.0.{name}": size for name, size in sizes.items()}
    tensors |= {f"blk.0.{name}": (_WIDTH,) for name in ("attn_norm", "ffn_norm")}
    for name, size in tensors.items():
        writer.add_tensor(f"{name}.weight", np.zeros(size, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

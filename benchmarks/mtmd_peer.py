"""llama.cpp's own way to look at an image, measured on request: llama_cpp and its libmtmd, without our engine.

    python -m benchmarks.mtmd_peer '{"text": "text.gguf", "mmproj": "mmproj.gguf", ...}'

Requests and answers as in `benchmarks/peer.py`. It gets the settings that our engine chose (`MtmdSettings`) and does
with them what llama.cpp's own programs do: `mtmd_tokenize`, `mtmd_helper_eval_chunks`, `llama_decode`. There is no
evaluation callback, no correction and no memory of images; what it computes can be wrong, but takes as long.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.images import SCREEN, smooth_noise
from benchmarks.peer import serve

llama: Any = importlib.import_module("llama_cpp.llama_cpp")
mtmd: Any = importlib.import_module("llama_cpp.mtmd_cpp")

WARM_UP_TOKENS = 4
"""Decoded before those that count, as in `ours`."""
_IMAGE_CHUNK = 1
_LOG_ERROR = 4

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class MtmdSettings:
    """How to load both files.

    Attributes:
        text, mmproj: paths.
        size: width and height of the image as the encoder gets it, in pixels.
        n_gpu_layers: 0 for none; then the encoder is on the processor too.
        kv_type: number of the KV cache's type in ggml.
        encoder_flash_attention: -1 to let the library try, 0 or 1.
        max_tokens: the library's limit of an image's tokens; -1 for its own.
        extra_buffers: whether llama.cpp may repack weights for the processor.
    """

    text: str
    mmproj: str
    size: tuple[int, int]
    n_ctx: int
    n_batch: int
    n_gpu_layers: int
    n_threads: int
    kv_type: int
    encoder_flash_attention: int
    max_tokens: int
    extra_buffers: bool


class MtmdPeer:
    """A language model and its vision encoder."""

    def __init__(self, settings: MtmdSettings) -> None:
        """Load both.

        Raises:
            SystemExit: llama.cpp refused.
        """
        self._settings = settings
        self._log = llama.llama_log_callback(_print_errors)
        mtmd.mtmd_helper_log_set(self._log, None)
        llama.llama_log_set(self._log, None)
        llama.llama_backend_init()
        self._model = _made(self._load_model(), settings.text)
        self._context = _made(self._make_context(), "context")
        self._projector = _made(self._open_projector(), settings.mmproj)
        self._memory = llama.llama_get_memory(self._context)
        self._n_vocab: int = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(self._model))
        self._batch = llama.llama_batch_init(settings.n_batch, 0, 1)

    def _load_model(self) -> Any:
        params = llama.llama_model_default_params()
        params.n_gpu_layers = self._settings.n_gpu_layers
        params.use_extra_bufts = self._settings.extra_buffers
        return llama.llama_model_load_from_file(self._settings.text.encode(), params)

    def _make_context(self) -> Any:
        params = llama.llama_context_default_params()
        params.n_ctx = self._settings.n_ctx
        params.n_batch = params.n_ubatch = self._settings.n_batch
        params.n_threads = params.n_threads_batch = self._settings.n_threads
        params.type_k = params.type_v = self._settings.kv_type
        return llama.llama_init_from_model(self._model, params)

    def _open_projector(self) -> Any:
        params = mtmd.mtmd_context_params_default()
        params.use_gpu = self._settings.n_gpu_layers != 0
        params.print_timings = False
        params.warmup = False  # as ours; the first turns warm up
        params.n_threads = self._settings.n_threads
        params.flash_attn_type = self._settings.encoder_flash_attention
        params.image_min_tokens, params.image_max_tokens = 1, self._settings.max_tokens
        return mtmd.mtmd_init_from_file(self._settings.mmproj.encode(), self._model, params)

    def close(self) -> None:
        """Free everything."""
        llama.llama_batch_free(self._batch)
        mtmd.mtmd_free(self._projector)
        llama.llama_free(self._context)
        llama.llama_model_free(self._model)

    # What is measured

    def encode(self, n: int, size: tuple[int, int] | None = None) -> float:
        """Seconds from an image's final pixels to its rows, the mean of `n` times; `size` is another than its own."""
        pixels = self._image(seed=0, size=size)
        started = perf_counter()
        for _ in range(n):
            with self._chunks([pixels]) as chunks:
                self._encode(chunks)
        return (perf_counter() - started) / n

    def encode_alone(self, n: int) -> float:
        """The same without preparing the pixels: `mtmd_encode_chunk` and nothing else."""
        with self._chunks([self._image(seed=0)]) as chunks:
            started = perf_counter()
            for _ in range(n):
                self._encode(chunks)
            return (perf_counter() - started) / n

    def first_token(self, seed: int, n_prompt: int, *, whole_screen: bool) -> float:
        """Seconds from a new image and `n_prompt` tokens to the first token.

        Args:
            seed: of the image.
            n_prompt: tokens after it.
            whole_screen: whether the library has to resize it, as it does by itself.
        """
        return self._first([self._image(seed, size=SCREEN if whole_screen else None)], n_prompt)

    def several(self, seed: int, n_images: int, size: tuple[int, int], n_prompt: int) -> float:
        """The same with several images of one size."""
        return self._first([self._image(seed + i, size=size) for i in range(n_images)], n_prompt)

    def decode(self, n_context: int, n_generate: int, size: tuple[int, int] | None = None) -> float:
        """Seconds of `n_generate` tokens after an image and `n_context` other tokens."""
        llama.llama_memory_seq_rm(self._memory, 0, -1, -1)
        position = self._see([self._image(seed=0, size=size)])
        if n_context:
            self._decode(self._tokens(n_context), position)
        position += n_context
        started = 0.0
        for i, token in enumerate(self._tokens(WARM_UP_TOKENS + n_generate)):
            if i == WARM_UP_TOKENS:
                started = perf_counter()
            self._decode([token], position + i)
        return perf_counter() - started

    # With llama.cpp

    def _first(self, images: Sequence[Pixels], n_prompt: int) -> float:
        llama.llama_memory_seq_rm(self._memory, 0, -1, -1)
        tokens = self._tokens(n_prompt)
        started = perf_counter()
        position = self._see(images)
        self._decode(tokens, position).argmax()
        return perf_counter() - started

    def _image(self, seed: int, *, size: tuple[int, int] | None = None) -> Pixels:
        image: Image.Image = smooth_noise(*(size or self._settings.size), seed)
        return np.ascontiguousarray(image, np.uint8)

    @contextmanager
    def _chunks(self, images: Sequence[Pixels]) -> Iterator[Any]:
        """What pixels (height, width, 3) of images become in the sequence: a `mtmd_input_chunks *`."""
        bitmaps = (ctypes.c_void_p * len(images))(
            *(
                mtmd.mtmd_bitmap_init(*pixels.shape[1::-1], pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8)))
                for pixels in images
            )
        )
        chunks = mtmd.mtmd_input_chunks_init()
        text = mtmd.mtmd_input_text()
        text.text = mtmd.mtmd_default_marker() * len(images)
        text.text_len, text.add_special, text.parse_special = len(text.text), False, True
        status = mtmd.mtmd_tokenize(self._projector, chunks, ctypes.byref(text), bitmaps, len(images))
        for bitmap in bitmaps:
            mtmd.mtmd_bitmap_free(bitmap)
        _check(status, "mtmd_tokenize")
        yield chunks
        mtmd.mtmd_input_chunks_free(chunks)

    def _encode(self, chunks: Any) -> None:
        for index in range(mtmd.mtmd_input_chunks_size(chunks)):
            chunk = mtmd.mtmd_input_chunks_get(chunks, index)
            if mtmd.mtmd_input_chunk_get_type(chunk) == _IMAGE_CHUNK:
                _check(mtmd.mtmd_encode_chunk(self._projector, chunk), "mtmd_encode_chunk")

    def _see(self, images: Sequence[Pixels]) -> int:
        """Encode and decode images at the start; the position after them."""
        after = llama.llama_pos()
        with self._chunks(images) as chunks:
            n_batch = self._settings.n_batch
            status = mtmd.mtmd_helper_eval_chunks(
                self._projector, self._context, chunks, 0, 0, n_batch, False, ctypes.byref(after)
            )
        _check(status, "mtmd_helper_eval_chunks")
        return int(after.value)

    def _decode(self, tokens: list[int], position: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Logits after `tokens` at `position`: float32 (n_vocab,)."""
        size = self._settings.n_batch
        for start in range(0, len(tokens), size):
            self._decode_batch(tokens[start : start + size], position + start, len(tokens) - start <= size)
        return np.ctypeslib.as_array(llama.llama_get_logits_ith(self._context, -1), (self._n_vocab,))

    def _decode_batch(self, tokens: list[int], position: int, with_logits: bool) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i] = token, position + i
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, 0
            batch.logits[i] = with_logits and i == len(tokens) - 1
        _check(llama.llama_decode(self._context, batch), "llama_decode")

    def _tokens(self, count: int) -> list[int]:
        return [int(token) for token in np.random.default_rng(0).integers(0, self._n_vocab, count)]


def _made(handle: Any, what: str) -> Any:
    if not handle:
        raise SystemExit(f"llama.cpp cannot make {what}; its errors stand above.")
    return handle


def _check(status: int, what: str) -> None:
    if status:
        raise SystemExit(f"{what} failed (status {status}).")


def _print_errors(level: int, text: bytes, _user_data: Any) -> None:
    if level == _LOG_ERROR:
        print(text.decode("utf-8", "replace"), file=sys.stderr, end="")


def main() -> None:
    """Load, say so with a line, and serve."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not look like an answer
    peer = MtmdPeer(MtmdSettings(**json.loads(sys.argv[1])))
    actions: dict[str, Callable[..., Any]] = {
        name: getattr(peer, name) for name in ("encode", "encode_alone", "first_token", "several", "decode")
    }
    serve(actions, sys.stdin, answers)
    peer.close()


if __name__ == "__main__":
    main()

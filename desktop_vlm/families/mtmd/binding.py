"""libmtmd's C API as llama-cpp-python declares it: one object a C object, freed by `close`.

llama-cpp-python's own chat handlers are not used: they encode every image again at every turn, cannot be stopped, and
read user text as control tokens. Everything here follows `mtmd.h` and `mtmd-helper.h` of the pinned version.
"""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError
from desktop_vlm.runtime import abi, llama
from desktop_vlm.runtime.llama_log import log_collector
from desktop_vlm.system.border.files import c_path

_TEXT, _IMAGE = 0, 1
_FLASH_ATTENTION = {None: -1, False: 0, True: 1}
FUNCTIONS = (
    "mtmd_context_params_default",
    "mtmd_init_from_file",
    "mtmd_free",
    "mtmd_support_vision",
    "mtmd_decode_use_non_causal",
    "mtmd_decode_use_mrope",
    "mtmd_bitmap_init",
    "mtmd_bitmap_free",
    "mtmd_input_chunks_init",
    "mtmd_input_chunks_free",
    "mtmd_input_chunks_size",
    "mtmd_input_chunks_get",
    "mtmd_input_chunk_get_type",
    "mtmd_input_chunk_get_n_tokens",
    "mtmd_input_chunk_get_n_pos",
    "mtmd_input_chunk_get_tokens_text",
    "mtmd_tokenize_from_parts",
    "mtmd_encode_chunk",
    "mtmd_get_output_embd",
    "mtmd_input_chunk_get_tokens_image",
    "mtmd_helper_image_get_decoder_pos",
    "mtmd_helper_log_set",
)
"""What is called; a test compares them with the code."""

CONTEXT_DEFAULTS: dict[str, Any] = {
    "use_gpu": True,
    "device": None,
    "print_timings": True,
    "n_threads": 4,
    "image_marker": None,
    "flash_attn_type": -1,
    "warmup": True,
    "image_min_tokens": -1,
    "image_max_tokens": -1,
    "cb_eval": None,
    "cb_eval_user_data": None,
    "batch_max_tokens": 1024,
    "progress_callback": None,
    "progress_callback_user_data": None,
}
"""What `mtmd_context_params_default` returns: if a field has moved, one of these has another value."""


@cache
def library() -> Any:
    """The module with libmtmd's functions, all of which were found; what it logs goes to our log.

    Raises:
        EngineError: the installed llama-cpp-python came without libmtmd, or with another one than we know.
    """
    try:
        module = importlib.import_module("llama_cpp.mtmd_cpp")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EngineError(
            f"{abi.PACKAGE} {abi.installed_version()} came without its image library libmtmd ({error}); reinstall it."
        ) from error
    abi.check_has(module, FUNCTIONS)
    abi.check_fields(module.mtmd_context_params_default(), CONTEXT_DEFAULTS, "mtmd_context_params")
    module.mtmd_helper_log_set(log_collector().callback, None)
    return module


@dataclass(frozen=True)
class InputChunk:
    """A piece of what stands for an image: rows of the encoder's, or the tokens that the family puts around them.

    Attributes:
        handle: the `mtmd_input_chunk *`; lives as long as the `Chunks` that it is of.
        is_image: whether it has rows to encode.
        n_tokens: cells of the KV cache.
        n_positions: positions that it advances the sequence by; fewer than tokens with M-RoPE.
        tokens: the ids, where it is text.
    """

    handle: Any
    is_image: bool
    n_tokens: int
    n_positions: int
    tokens: tuple[int, ...] = ()


class Chunks:
    """What one image becomes in the sequence (`mtmd_input_chunks *`), in order."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._chunks = tuple(_read_chunk(library().mtmd_input_chunks_get(handle, index)) for index in self._indices())

    def _indices(self) -> range:
        return range(library().mtmd_input_chunks_size(self._handle))

    def __enter__(self) -> Chunks:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[InputChunk]:
        return iter(self._chunks)

    @property
    def n_tokens(self) -> int:
        return sum(chunk.n_tokens for chunk in self._chunks)

    @property
    def n_positions(self) -> int:
        return sum(chunk.n_positions for chunk in self._chunks)

    def close(self) -> None:
        """Free it; calling it again does nothing."""
        if self._handle:
            library().mtmd_input_chunks_free(self._handle)
            self._handle = None


def _read_chunk(handle: Any) -> InputChunk:
    functions = library()
    kind = functions.mtmd_input_chunk_get_type(handle)
    tokens: tuple[int, ...] = ()
    if kind == _TEXT:
        count = ctypes.c_size_t()
        ids = functions.mtmd_input_chunk_get_tokens_text(handle, ctypes.byref(count))
        tokens = tuple(ids[: count.value])
    return InputChunk(
        handle,
        kind == _IMAGE,
        functions.mtmd_input_chunk_get_n_tokens(handle),
        functions.mtmd_input_chunk_get_n_pos(handle),
        tokens,
    )


@dataclass(frozen=True)
class ProjectorOptions:
    """How to open a vision projector.

    Attributes:
        device: the `ggml_backend_dev_t` to encode on; None for the CPU.
        n_threads: CPU threads.
        flash_attention: in the encoder; None to let the library try.
        min_tokens, max_tokens: limits of an image's size where the model has a dynamic one.
        callback, user_data: asked about every node of the encoder's graph (`ggml_backend_sched_eval_callback`).
        progress: called with the loaded fraction, 0 to 1; whether to go on.
    """

    device: int | None
    n_threads: int
    flash_attention: bool | None
    min_tokens: int
    max_tokens: int
    callback: Any
    user_data: Any
    progress: Callable[[float], bool]


class Projector:
    """An opened vision projector (`mtmd_context *`)."""

    def __init__(self, path: Path, model: Any, options: ProjectorOptions) -> None:
        """Open it beside the language model `model` (`llama_model *`).

        Raises:
            ValueError: the library refused; the text is its last error line, empty where `progress` ended it.
        """
        functions = library()
        params = functions.mtmd_context_params_default()
        params.use_gpu = options.device is not None
        params.device = options.device
        params.print_timings = False
        params.n_threads = options.n_threads
        params.flash_attn_type = _FLASH_ATTENTION[options.flash_attention]
        params.warmup = False  # it would reserve memory for 46 x 46 tokens, whatever the limit
        params.image_min_tokens, params.image_max_tokens = options.min_tokens, options.max_tokens
        params.cb_eval, params.cb_eval_user_data = options.callback, options.user_data
        kept = functions.mtmd_progress_callback(lambda fraction, _user_data: options.progress(fraction))
        params.progress_callback = kept
        with log_collector().errors() as errors:
            self._handle = functions.mtmd_init_from_file(c_path(path), model, params)
        del kept
        if not self._handle:
            raise ValueError("; ".join(errors))
        self._row_width = llama.llama_model_n_embd_inp(model)

    def close(self) -> None:
        """Free it; calling it again does nothing."""
        if self._handle:
            library().mtmd_free(self._handle)
            self._handle = None

    @property
    def sees_images(self) -> bool:
        """Whether it has a vision encoder, and not one for sound alone."""
        return bool(library().mtmd_support_vision(self._handle))

    @property
    def uses_mrope(self) -> bool:
        """Whether the language model counts positions in several dimensions."""
        return bool(library().mtmd_decode_use_mrope(self._handle))

    def is_non_causal(self, chunk: InputChunk) -> bool:
        """Whether an image's rows see each other in both directions."""
        return bool(library().mtmd_decode_use_non_causal(self._handle, chunk.handle))

    def chunks(self, width: int, height: int, pixels: NDArray[np.uint8] | None = None) -> Chunks:
        """What an image of this size becomes; with `pixels` (height, width, 3) it can be encoded.

        Raises:
            EngineError: the library refuses the size.
        """
        functions = library()
        data = None
        if pixels is not None:
            pixels = np.ascontiguousarray(pixels, np.uint8)
            data = pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        bitmap = functions.mtmd_bitmap_init(width, height, data)
        chunks = functions.mtmd_input_chunks_init()
        try:
            part = functions.mtmd_input_part(None, bitmap)
            parts = (ctypes.POINTER(functions.mtmd_input_part) * 1)(ctypes.pointer(part))
            with log_collector().errors() as errors:
                status = functions.mtmd_tokenize_from_parts(self._handle, chunks, parts, 1, False)
        finally:
            functions.mtmd_bitmap_free(bitmap)
        if status:
            functions.mtmd_input_chunks_free(chunks)
            reason = f": {errors[-1]}" if errors else ""
            raise EngineError(f"An image of {width} x {height} pixels cannot be prepared for this model{reason}.")
        return Chunks(chunks)

    def encode(self, chunk: InputChunk) -> int:
        """Run the encoder; 0 where it worked (or was ended by its callback: then the output is no good)."""
        status: int = library().mtmd_encode_chunk(self._handle, chunk.handle)
        return status

    def output(self, chunk: InputChunk) -> NDArray[np.float32]:
        """What `encode` made of `chunk`: float32 (n_tokens, row width), good until it is called again."""
        rows = library().mtmd_get_output_embd(self._handle)
        return np.ctypeslib.as_array(rows, shape=(chunk.n_tokens, self._row_width))

    def positions(self, chunk: InputChunk, start: int) -> NDArray[np.int32]:
        """Positions of an image's rows from `start` on: int32 (1, n_tokens), or (4, n_tokens) with M-RoPE.

        The four are time, vertical, horizontal and one more, as `llama_batch.pos` wants them.
        """
        if not self.uses_mrope:
            return np.arange(start, start + chunk.n_tokens, dtype=np.int32)[None]
        functions = library()
        found = (functions.mtmd_decoder_pos * chunk.n_tokens)()
        functions.mtmd_helper_image_get_decoder_pos(
            functions.mtmd_input_chunk_get_tokens_image(chunk.handle), start, found
        )
        by_token = np.ctypeslib.as_array(ctypes.cast(found, ctypes.POINTER(ctypes.c_uint32)), (chunk.n_tokens, 4))
        time, horizontal, vertical, other = by_token.T.astype(np.int32)
        return np.stack([time, vertical, horizontal, other])

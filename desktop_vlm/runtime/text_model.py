"""The language model: llama.cpp's C API for one model, one context and one sequence."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.api.errors import Cancelled, DeviceLostError, EngineError, UserError
from desktop_vlm.runtime import llama, norm_epsilon
from desktop_vlm.runtime.attention_memory import kv_cache_bytes, plain_scores_bytes
from desktop_vlm.runtime.eval_hook import EvalHook, Handler
from desktop_vlm.runtime.ggml.device import free_bytes_of_all, gpu_devices, has_amx, null_terminated
from desktop_vlm.runtime.ggml.gguf_header import check_is_gguf
from desktop_vlm.runtime.interrupts import deferred_interrupts, interrupted
from desktop_vlm.runtime.llama_log import log_collector
from desktop_vlm.runtime.load_errors import context_error, context_too_large, load_error
from desktop_vlm.runtime.offload import layers_on_gpu
from desktop_vlm.runtime.scheduler import Scheduler
from desktop_vlm.runtime.tokenizer import Tokenizer
from desktop_vlm.system.border.files import c_path

_LOG = logging.getLogger(__name__)
_ABORTED, _FAILED = 2, -3
_MAX_OUTPUTS = 16  # llama.cpp reserves memory for the logits of so many tokens at once: 0.5 MB each for Llama 3

LoadProgress = Callable[[float], None]
"""Called with the loaded fraction, 0 to 1; may raise `Cancelled`."""


class TextModel:
    """A GGUF of any architecture that llama.cpp can chat with, with a KV cache for one conversation.

    Attributes:
        path: the GGUF.
        architecture: what kind of model it is, such as `llama` or `qwen2vl`.
        hook: where other code steps in between the layers; None for llama.cpp as it is.
        scheduler: of the context; None where the library hides it.
        n_ctx: tokens that fit the KV cache.
        n_batch: most tokens that `decode` takes at once; they run as one micro-batch.
        max_outputs: most of them whose logits can be asked for.
        n_vocab: rows of the vocabulary, those that only pad it included.
        n_embd, n_layer: of the model.
        n_bytes, n_parameters: size of its weights, and how many there are.
        n_gpu_layers: layers on GPUs, of `n_layer` and the output.
    """

    def __init__(
        self,
        path: Path,
        *,
        n_ctx: int,
        n_batch: int,
        n_gpu_layers: int,
        split: Sequence[int] = (),
        n_threads: int,
        kv_type: GgmlType | None,
        should_stop: Callable[[], bool],
        progress: LoadProgress | None = None,
        with_hook: bool = True,
    ) -> None:
        """Load the model and make its context.

        Args:
            path: the GGUF.
            n_ctx: context length in tokens; 0 for the length that the model was trained with.
            n_batch: most tokens computed at once.
            n_gpu_layers: layers on GPUs; negative for all.
            split: how many of them on each of several GPUs; empty to let llama.cpp decide.
            n_threads: processor threads.
            kv_type: type of the KV cache; None for F32 when the weights are F32 and F16 otherwise.
            should_stop: asked during long computations on the processor.
            progress: called with the loaded fraction.
            with_hook: let `decode` take handlers; without, this is llama.cpp as it is.

        Raises:
            UserError: the file is missing, damaged, or not a text model.
            EngineError: memory or device failed.
            Cancelled: from `progress`.
        """
        self.path = path
        self.architecture = ""
        self.hook = EvalHook() if with_hook else None
        self.scheduler: Scheduler | None = None
        self._should_stop = should_stop
        self._took_s = 0.0  # for what was computed last
        self._abort_callback = llama.ggml_abort_callback(lambda _: should_stop() or interrupted())
        self._model: Any = None
        self._vocab: Any = None
        self._tokenizer: Tokenizer | None = None
        self._context: Any = None
        self._memory: Any = None
        self._batch: Any = None
        self.n_vocab = self.n_embd = self.n_layer = self.n_bytes = self.n_parameters = self.n_ctx = 0
        self.n_batch = n_batch
        self.max_outputs = min(_MAX_OUTPUTS, n_batch)
        self.can_go_back = False
        self.n_gpu_layers = 0
        try:
            self._load(n_gpu_layers, split, progress)
            self._make_context(n_ctx, n_threads, kv_type)
        except BaseException:
            self.close()
            raise

    # Loading

    def _load(self, n_gpu_layers: int, split: Sequence[int], progress: LoadProgress | None) -> None:
        check_is_gguf(self.path)
        collector = log_collector()
        failure: list[BaseException] = []

        def on_progress(fraction: float, _user_data: Any) -> bool:
            try:
                if progress:
                    progress(fraction)
            except BaseException as error:  # noqa: BLE001 - must not travel through C
                failure.append(error)
            return not failure and not interrupted()

        params = llama.llama_model_default_params()
        params.n_gpu_layers = n_gpu_layers
        gpus = null_terminated(gpu_devices())  # those that were planned with: `split` is of them
        params.devices = ctypes.addressof(gpus)
        shares = (ctypes.c_float * llama.llama_max_devices())(*split)
        params.tensor_split = shares if any(split) else None
        # With AMX, ggml loads a tile configuration that it filled only in part, which crashes (llama.cpp#20824).
        params.use_extra_bufts = not has_amx()
        params.progress_callback = callback = llama.llama_progress_callback(on_progress)
        with collector.errors() as errors, deferred_interrupts():
            self._model = llama.llama_model_load_from_file(c_path(self.path), params)
        del callback, gpus
        if failure:
            raise failure[0]
        if not self._model:
            raise load_error(self.path, errors)
        self._vocab = llama.llama_model_get_vocab(self._model)
        self._tokenizer = Tokenizer(self._vocab, self.path, self.setting, lambda: self.special_tokens)
        self.architecture = self.setting("general.architecture")
        if llama.llama_model_has_encoder(self._model) or not llama.llama_model_has_decoder(self._model):
            raise self._cannot_chat()
        norm_epsilon.restore(self._model, self.architecture, self.path)
        self.n_vocab = llama.llama_vocab_n_tokens(self._vocab)
        self.n_embd = llama.llama_model_n_embd(self._model)
        self.n_layer = llama.llama_model_n_layer(self._model)
        self.can_go_back = not (llama.llama_model_is_recurrent(self._model) or llama.llama_model_is_hybrid(self._model))
        self.n_bytes = llama.llama_model_size(self._model)
        self.n_parameters = llama.llama_model_n_params(self._model)
        self.n_gpu_layers = layers_on_gpu(n_gpu_layers, self.n_layer)

    def _make_context(self, n_ctx: int, n_threads: int, kv_type: GgmlType | None) -> None:
        if kv_type is None:
            kv_type = GgmlType.F32 if self.setting("general.file_type") == "0" else GgmlType.F16
        self._check_room(n_ctx, kv_type)
        params = llama.llama_context_default_params()
        params.n_ctx = n_ctx
        params.n_batch = params.n_ubatch = self.n_batch
        params.n_outputs_max = self.max_outputs
        params.n_threads = params.n_threads_batch = n_threads
        params.type_k = params.type_v = int(kv_type)
        if self.hook:
            params.cb_eval = self.hook.callback
            params.cb_eval_user_data = self.hook.user_data
        if not self._uses_flash_attention(n_ctx, kv_type):
            params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.no_perf = True
        with log_collector().errors() as errors, deferred_interrupts():
            self._context = llama.llama_init_from_model(self._model, params)
        if not self._context:
            raise context_error(self.path.name, n_ctx, errors)
        self._memory = llama.llama_get_memory(self._context)
        if not self._memory:  # it embeds texts
            raise self._cannot_chat()
        norm_epsilon.restore(self._model, self.architecture, self.path)
        self.scheduler = Scheduler.of(self._context)
        if self.hook:
            self.hook.attach(self.scheduler)
        self.n_ctx = llama.llama_n_ctx(self._context)
        self.n_batch = min(self.n_batch, llama.llama_n_batch(self._context))  # less where the context is shorter
        self.max_outputs = min(self.max_outputs, self.n_batch)
        self._batch = llama.llama_batch_init(self.n_batch, 0, 1)

    def _uses_flash_attention(self, n_ctx: int, kv_type: GgmlType) -> bool:
        scores_bytes = plain_scores_bytes(
            kv_type,
            on_processor=self.n_gpu_layers == 0,
            n_ctx=n_ctx or llama.llama_model_n_ctx_train(self._model),
            n_batch=self.n_batch,
            n_heads=llama.llama_model_n_head(self._model),
            head_dim=self._head_dim,
        )
        return scores_bytes == 0

    def _cannot_chat(self) -> UserError:
        return UserError(f"{self.path.name} is a {self.architecture} model, which cannot chat; give a chat model.")

    @property
    def _head_dim(self) -> int:
        n_heads = llama.llama_model_n_head(self._model)  # 0 for models without attention
        key_length = self.setting(f"{self.architecture}.attention.key_length")
        return int(key_length) if key_length.isdecimal() else self.n_embd // (n_heads or 1)

    def _check_room(self, n_ctx: int, kv_type: GgmlType) -> None:
        """Refuse a KV cache that no memory could hold: the system would end the process without a word."""
        n_tokens = n_ctx or llama.llama_model_n_ctx_train(self._model)
        n_bytes = self.n_layer * kv_cache_bytes(
            kv_type,
            n_ctx=n_tokens,
            n_kv_heads=llama.llama_model_n_head_kv(self._model),
            head_dim=self._head_dim,
        )
        free_bytes = free_bytes_of_all()
        if n_bytes > free_bytes:
            raise context_too_large(n_tokens, n_bytes, free_bytes)

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        with deferred_interrupts():
            if self._batch is not None:
                llama.llama_batch_free(self._batch)
                self._batch = None
            if self._context:
                llama.llama_free(self._context)
            if self._tokenizer:
                self._tokenizer.close()
            if self._model:
                llama.llama_model_free(self._model)
            self._context = self._model = None

    # Vocabulary

    def setting(self, key: str) -> str:
        """A metadata value of the GGUF as text; empty when it is not there."""
        buffer = ctypes.create_string_buffer(1 << 10)
        length = llama.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        if length >= len(buffer):  # a chat template
            buffer = ctypes.create_string_buffer(length + 1)
            llama.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""

    def tokenize(self, text: str, *, special: bool = False, follows: bool = False) -> list[int]:
        """Token ids of `text`, nothing added around it.

        Args:
            text: any text.
            special: whether the names of control tokens in it stand for those tokens. What a person typed
                or an image says must stay plain text.
            follows: whether it follows other tokens than the one that starts every sequence.
        """
        assert self._tokenizer is not None
        return self._tokenizer.tokenize(text, special=special, follows=follows)

    def control_token(self, name: str) -> int | None:
        """The id of a control token such as `<|eot_id|>`; None if the vocabulary has no such token."""
        ids = self.tokenize(name, special=True)
        return ids[0] if len(ids) == 1 and self.token_bytes(ids[0], special=True) == name.encode() else None

    def token_bytes(self, token: int, *, special: bool = False) -> bytes:
        """The text of one token in UTF-8, which may end in the middle of a character; b"" for control tokens."""
        buffer = ctypes.create_string_buffer(256)
        length = llama.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, special)
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = llama.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, special)
        return buffer.raw[:length]

    def is_end(self, token: int) -> bool:
        """Whether the token ends an answer."""
        return bool(llama.llama_vocab_is_eog(self._vocab, token))

    @property
    def bos(self) -> int | None:
        """The token that starts every sequence; None if the vocabulary wants none."""
        return llama.llama_vocab_bos(self._vocab) if llama.llama_vocab_get_add_bos(self._vocab) else None

    @cached_property
    def special_tokens(self) -> Mapping[str, int]:
        """Control tokens, the unknown token, and what a file adds to its vocabulary, by name.

        Control tokens in plain text stay plain text; the others are found there too (`tokenize`).
        """
        kinds = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED | llama.LLAMA_TOKEN_ATTR_UNKNOWN
        found = [token for token in range(self.n_vocab) if llama.llama_vocab_get_attr(self._vocab, token) & kinds]
        names = {token: llama.llama_vocab_get_text(self._vocab, token).decode("utf-8", "replace") for token in found}
        return {name: token for token, name in names.items() if name}

    @property
    def vocab_handle(self) -> Any:
        """The `llama_vocab *`, for samplers."""
        return self._vocab

    @property
    def model_handle(self) -> Any:
        """The `llama_model *`, for a vision runner that calls llama.cpp itself."""
        return self._model

    # Computing

    def decode(
        self,
        tokens: Sequence[int],
        position: int,
        *,
        outputs: str | int,
        handlers: Mapping[bytes, Handler],
        borrow: bool = False,
    ) -> NDArray[np.float32]:
        """Run `tokens` at `position` on and extend the KV cache by them.

        Args:
            tokens: at most `n_batch` ids; at most `max_outputs` where all logits are asked for.
            position: of the first in the sequence; the KV cache must hold exactly what comes before. With M-RoPE that
                can be more cells than positions.
            outputs: "all", "last" or "none", or how many of the last: the tokens whose logits are asked for.
            handlers: node name -> what to do with it once computed.
            borrow: whether the rows may be llama.cpp's own memory, which is good until the next call: copying the
                logits of a large vocabulary costs a GPU's token some percent.

        Returns:
            float32 (n asked for, n_vocab).

        Raises:
            Cancelled: `should_stop` said so.
            EngineError: llama.cpp failed.
            In both cases, and when a handler raises, the cache holds what it held before.
        """
        first = len(tokens) - _n_outputs(outputs, len(tokens))
        try:
            for _ in range(2):
                status, complete = self._run(lambda: self._decode(tokens, position, first), handlers)
                self._check(status)
                if complete:
                    return self._logits(range(first, len(tokens)), borrow=borrow)
                _LOG.debug("the graph changed under the hook; running %d tokens again", len(tokens))
                self.forget_from(position)
            missing = ", ".join(name.decode() for name in handlers)
            raise EngineError(
                f"llama.cpp's graph lacks one of the nodes {missing}; install the version that Desktop VLM pins."
            )
        except BaseException:
            self.forget_from(position)
            raise

    def compute(self, decode: Callable[[Any], int]) -> None:
        """Let other code extend the KV cache by rows of its own.

        Args:
            decode: given the `llama_context *`, returns what `llama_decode` said.

        Raises:
            Cancelled: `should_stop` said so.
            EngineError: llama.cpp failed. In both cases it is for the caller to drop what was added.
        """

        def run() -> int:
            with deferred_interrupts():
                llama.llama_set_abort_callback(self._context, self._abort_callback, None)
                return decode(self._context)

        status, _ = self._run(run, {})
        self._check(status)

    def _run(self, compute: Callable[[], int], handlers: Mapping[bytes, Handler]) -> tuple[int, bool]:
        if self.hook:
            return self.hook.run(compute, handlers)
        if handlers:
            raise RuntimeError("this text model was loaded without a hook")
        return compute(), True

    def _decode(self, tokens: Sequence[int], position: int, first_output: int) -> int:
        batch = self._batch
        assert batch is not None
        batch.n_tokens = n = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i] = token
            batch.pos[i] = position + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = 0
            batch.logits[i] = i >= first_output
        # A question per node from Python would cost a tenth of a token's time, where one token is short.
        watch = self._abort_callback if n > 1 or self._took_s > 0.25 else llama.ggml_abort_callback()
        started_s = perf_counter()
        with deferred_interrupts():
            llama.llama_set_abort_callback(self._context, watch, None)
            status: int = llama.llama_decode(self._context, batch)
        self._took_s = perf_counter() - started_s
        return status

    def _check(self, status: int) -> None:
        if status == _ABORTED or (status != 0 and self._should_stop()):
            raise Cancelled("stopped")
        if status == 1:
            raise EngineError(f"The context of {self.n_ctx:,} tokens is full.")
        if status == _FAILED and self.n_gpu_layers:
            raise DeviceLostError("A GPU failed to compute; load the model again.")
        if status != 0:
            raise EngineError(f"llama.cpp failed to run the model (status {status}).")

    def _logits(self, asked: range, *, borrow: bool) -> NDArray[np.float32]:
        llama.llama_synchronize(self._context)
        pointers = [llama.llama_get_logits_ith(self._context, i) for i in asked]
        if not pointers:
            return np.empty((0, self.n_vocab), dtype=np.float32)
        if borrow and self._lie_together(pointers):
            return np.ctypeslib.as_array(pointers[0], shape=(len(pointers), self.n_vocab))
        return np.stack([np.ctypeslib.as_array(pointer, shape=(self.n_vocab,)) for pointer in pointers])

    def _lie_together(self, pointers: Sequence[Any]) -> bool:
        """Whether these rows are one block of memory."""
        start, *rest = (ctypes.addressof(pointer.contents) for pointer in pointers)
        row = self.n_vocab * ctypes.sizeof(ctypes.c_float)
        return all(address == start + number * row for number, address in enumerate(rest, 1))

    def last_logits(self) -> NDArray[np.float32]:
        """Logits of the last row that was decoded with an output, by whomever: float32 (1, n_vocab)."""
        llama.llama_synchronize(self._context)
        row = llama.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(row, shape=(1, self.n_vocab)).copy()

    def forget_from(self, position: int) -> bool:
        """Drop everything from `position` on from the KV cache.

        Returns:
            Whether that was possible: models that keep a running state cannot go back, only to the start (0).
        """
        return bool(llama.llama_memory_seq_rm(self._memory, 0, position, -1))

    def clear(self) -> None:
        """Drop everything from the KV cache and its memory: NaN that is left there spoils what comes after."""
        llama.llama_memory_clear(self._memory, True)


def _n_outputs(outputs: str | int, n_tokens: int) -> int:
    return outputs if isinstance(outputs, int) else {"all": n_tokens, "last": min(1, n_tokens), "none": 0}[outputs]

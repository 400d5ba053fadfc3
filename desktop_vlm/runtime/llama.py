"""llama.cpp's C API as llama-cpp-python declares it, in one place.

The package's declarations are ctypes objects that a type checker cannot follow, so they are `Any` here.
Only modules of `desktop_vlm.runtime` import this. The first use has `abi` check version, functions and structs.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import llama_cpp
import llama_cpp.llama_cpp as _api

from desktop_vlm.runtime import abi
from desktop_vlm.runtime.ggml import library

_functions: Any = _api
_GET_SCHED = "_ZNK13llama_context9get_schedEv"

FUNCTIONS = [
    "llama_backend_init",
    "llama_batch_free",
    "llama_batch_init",
    "llama_context_default_params",
    "llama_decode",
    "llama_free",
    "llama_get_logits_ith",
    "llama_get_memory",
    "llama_init_from_model",
    "llama_log_set",
    "llama_max_devices",
    "llama_memory_clear",
    "llama_memory_seq_rm",
    "llama_model_default_params",
    "llama_model_free",
    "llama_model_get_vocab",
    "llama_model_has_decoder",
    "llama_model_has_encoder",
    "llama_model_is_hybrid",
    "llama_model_is_recurrent",
    "llama_model_load_from_file",
    "llama_model_meta_val_str",
    "llama_model_n_ctx_train",
    "llama_model_n_embd",
    "llama_model_n_embd_inp",
    "llama_model_n_head",
    "llama_model_n_head_kv",
    "llama_model_n_layer",
    "llama_model_n_params",
    "llama_model_size",
    "llama_n_batch",
    "llama_n_ctx",
    "llama_sampler_accept",
    "llama_sampler_apply",
    "llama_sampler_chain_add",
    "llama_sampler_chain_default_params",
    "llama_sampler_chain_init",
    "llama_sampler_free",
    "llama_sampler_init_dist",
    "llama_sampler_init_greedy",
    "llama_sampler_init_min_p",
    "llama_sampler_init_penalties",
    "llama_sampler_init_temp",
    "llama_sampler_init_top_k",
    "llama_sampler_init_top_p",
    "llama_set_abort_callback",
    "llama_set_causal_attn",
    "llama_supports_gpu_offload",
    "llama_synchronize",
    "llama_token_to_piece",
    "llama_tokenize",
    "llama_version",
    "llama_vocab_bos",
    "llama_vocab_get_add_bos",
    "llama_vocab_get_attr",
    "llama_vocab_get_text",
    "llama_vocab_is_eog",
    "llama_vocab_n_tokens",
]
"""The functions that we call; a test compares them with the code."""

MODEL_DEFAULTS: dict[str, Any] = {
    "devices": None,
    "n_gpu_layers": -1,
    "split_mode": 1,
    "load_mode": -1,
    "lazy_mode": 1,
    "main_gpu": 0,
    "tensor_split": None,
    "progress_callback": None,
    "vocab_only": False,
    "check_tensors": False,
    "use_extra_bufts": True,
    "no_alloc": False,
}
"""What `llama_model_default_params` returns, of `struct llama_model_params`."""

CONTEXT_DEFAULTS: dict[str, Any] = {
    "n_ctx": 512,
    "n_batch": 2048,
    "n_ubatch": 512,
    "n_seq_max": 1,
    "n_outputs_max": 0,
    "flash_attn_type": -1,
    "yarn_ext_factor": -1.0,
    "yarn_beta_slow": -1.0,
    "cb_eval": None,
    "cb_eval_user_data": None,
    "type_k": 1,
    "type_v": 1,
    "abort_callback": None,
    "embeddings": False,
    "offload_kqv": True,
    "no_perf": True,
    "op_offload": True,
}
"""What `llama_context_default_params` returns, of `struct llama_context_params`."""


def check() -> None:
    """Check the library now; the first use of a function would do so by itself.

    Raises:
        EngineError: the installed library is not one that we know.
    """
    _checked()
    library.check()


def __getattr__(name: str) -> Any:
    return getattr(_checked(), name)


@cache
def _checked() -> Any:
    """llama-cpp-python's declarations, once all checks have passed.

    Raises:
        EngineError: the installed library is not one that we know.
    """
    abi.check_version(llama_cpp.__version__)
    abi.check_has(_functions, FUNCTIONS)
    abi.check_fields(_functions.llama_model_default_params(), MODEL_DEFAULTS, "llama_model_params")
    abi.check_fields(_functions.llama_context_default_params(), CONTEXT_DEFAULTS, "llama_context_params")
    abi.check_fields(_functions.llama_sampler_chain_default_params(), {"no_perf": True}, "llama_sampler_chain_params")
    _probe_batch()
    _probe_candidates()
    return _functions


def _probe_batch() -> None:
    """Compare `struct llama_batch` with what C allocates: ids without embeddings, and one sequence a token."""
    batch = _functions.llama_batch_init(3, 0, 1)
    try:
        abi.check_fields(batch, {"n_tokens": 0, "embd": None}, "llama_batch")
        parts = [abi.address(getattr(batch, name)) for name in ("token", "pos", "n_seq_id", "seq_id", "logits")]
        if None in parts or len(set(parts)) < len(parts) or batch.seq_id[3]:  # null after the last one
            raise abi.misfit("has another layout of `llama_batch`")
    finally:
        _functions.llama_batch_free(batch)


def _probe_candidates() -> None:
    """Let the greedy sampler choose among three tokens, through `struct llama_token_data_array`."""
    tokens = (_functions.llama_token_data * 3)((7, 0.5, 0.0), (8, 2.5, 0.0), (9, 1.5, 0.0))
    array = _functions.llama_token_data_array(tokens, 3, -1, False)
    sampler = _functions.llama_sampler_init_greedy()
    _functions.llama_sampler_apply(sampler, ctypes.byref(array))
    _functions.llama_sampler_free(sampler)
    if array.selected != 1:
        raise abi.misfit("has another layout of `llama_token_data_array`")


def tokenize_address() -> int:
    """Where the C function `llama_tokenize` is, for libraries that call it themselves."""
    address: Any = ctypes.cast(_checked()._lib.llama_tokenize, ctypes.c_void_p).value  # noqa: SLF001 - no other way
    return int(address)


def shows_scheduler() -> bool:
    """Whether `scheduler_of` finds anything in this library."""
    return _get_sched() is not None


def scheduler_of(context: Any) -> int | None:
    """The `ggml_backend_sched_t` that computes a context's graphs.

    llama.cpp's C API does not give it away, but on Linux and macOS the C++ method `llama_context::get_sched` is an
    ordinary symbol of the library; None where it is not. Its mangled name fixes what it takes; that it still
    returns the scheduler is known for `abi.SUPPORTED` only.
    """
    get = _get_sched()
    if get is None:
        return None
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    scheduler: int | None = get(context)
    return scheduler


def _get_sched() -> Any:
    return getattr(getattr(_functions, "_lib", None), _GET_SCHED, None)

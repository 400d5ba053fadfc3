"""llama.cpp's C API as llama-cpp-python declares it, in one place.

The package's declarations are ctypes objects that a type checker cannot follow, so they are `Any` here.
Only modules of `desktop_vlm.runtime` import this.
"""

from __future__ import annotations

import ctypes
from typing import Any

import llama_cpp.llama_cpp as _api
from llama_cpp.llama_grammar import json_schema_to_gbnf as _json_schema_to_gbnf

_functions: Any = _api
_GET_SCHED = "_ZNK13llama_context9get_schedEv"


def __getattr__(name: str) -> Any:
    return getattr(_functions, name)


def shows_scheduler() -> bool:
    """Whether `scheduler_of` finds anything in this library."""
    return _get_sched() is not None


def scheduler_of(context: Any) -> int | None:
    """The `ggml_backend_sched_t` that computes a context's graphs.

    llama.cpp's C API does not give it away, but on Linux and macOS the C++ method `llama_context::get_sched` is an
    ordinary symbol of the library; None where it is not.
    """
    get = _get_sched()
    if get is None:
        return None
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    scheduler: int | None = get(context)
    return scheduler


def _get_sched() -> Any:
    return getattr(getattr(_functions, "_lib", None), _GET_SCHED, None)


def json_schema_to_gbnf(schema: str) -> str:
    """A JSON schema (as JSON text) -> a grammar in GBNF that accepts exactly its instances.

    Raises:
        Exception: of many kinds, for a schema that it does not understand.
    """
    grammar: str = _json_schema_to_gbnf(schema)
    return grammar

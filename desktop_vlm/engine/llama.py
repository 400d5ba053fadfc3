"""llama.cpp's C API as llama-cpp-python declares it, in one place.

The package's declarations are ctypes objects that a type checker cannot follow, so they are `Any` here.
Only modules of `desktop_vlm.engine` import this.
"""

from __future__ import annotations

from typing import Any

import llama_cpp.llama_cpp as _api
from llama_cpp.llama_grammar import json_schema_to_gbnf as _json_schema_to_gbnf

_functions: Any = _api


def __getattr__(name: str) -> Any:
    return getattr(_functions, name)


def json_schema_to_gbnf(schema: str) -> str:
    """A JSON schema (as JSON text) -> a grammar in GBNF that accepts exactly its instances.

    Raises:
        Exception: of many kinds, for a schema that it does not understand.
    """
    grammar: str = _json_schema_to_gbnf(schema)
    return grammar

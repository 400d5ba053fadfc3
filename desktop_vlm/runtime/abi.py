"""Whether the installed llama-cpp-python is one that our bindings fit: its version, its functions, its structs.

ctypes believes what it is given: with another release, a struct with one field more makes a crash or, worse, a
wrong answer. So each binding (`ggml.library`, `llama`) has itself checked here before it hands out its first
function. Nothing of llama.cpp is called unchecked, whoever is first: `ask`, the engine's process, `doctor`,
`bench` or the converter's quantiser. All of it takes about a millisecond, once per process.

Functions here are given what they look at, and import no binding.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desktop_vlm.api.errors import EngineError

PACKAGE = "llama-cpp-python"
SUPPORTED = ("0.3.36",)
"""Versions that this program was tested with; the last one is the one to install."""

Functions = Mapping[str, Callable[..., Any]]
"""C function name -> the function, with its types set."""

_POINTERS = (ctypes._Pointer, *ctypes.CFUNCTYPE(None).__mro__[1:2])  # noqa: SLF001 - they have no public names
_F32 = 0
_TYPES = {"F32": (_F32, 1, 4), "F16": (1, 1, 2), "Q4_0": (2, 32, 18), "Q8_0": (8, 32, 34), "Q4_K": (12, 256, 144)}
"""Some of ggml's types: number, values in a block, bytes of a block. (Not from `gguf`, which the window's process
would import with this module.)"""


def check_version(installed: str) -> None:
    """Compare llama-cpp-python's version with those that we support; a local part (`+cu124`) does not matter.

    Raises:
        EngineError: it is another one.
    """
    if installed.partition("+")[0] not in SUPPORTED:
        raise EngineError(f"{PACKAGE} {installed} is installed, but Desktop VLM needs {SUPPORTED[-1]}; {way_out()}.")


def installed_version() -> str:
    """The installed version, without importing it; empty where there is none."""
    from importlib import metadata  # takes 15 ms, and the engine's process starts without

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return ""


def check_installed() -> None:
    """Compare the installed version, without importing it. What failed to import may be of another version.

    Raises:
        EngineError: a version that we do not support is installed.
    """
    installed = installed_version()
    if installed:
        check_version(installed)


def way_out() -> str:
    """How to install what is needed, as the second half of a sentence."""
    return f"run `pip install --force-reinstall --no-cache-dir --no-deps {PACKAGE}=={SUPPORTED[-1]}`"


def misfit(what: str) -> EngineError:
    """An error whose sentence begins with what is wrong with the installed library."""
    return EngineError(f"The installed {PACKAGE} {what}, so it cannot be used safely; {way_out()}.")


def resolve(libraries: Iterable[Any], prototypes: Mapping[str, tuple[Any, list[Any]]]) -> dict[str, Callable[..., Any]]:
    """Find every C function in the first library that has it, and set its types.

    Args:
        libraries: `ctypes.CDLL`s.
        prototypes: name -> (result type, argument types).

    Raises:
        EngineError: a function is missing.
    """
    opened = list(libraries)
    found = {}
    for name, (restype, argtypes) in prototypes.items():
        function = next((one for one in (getattr(library, name, None) for library in opened) if one is not None), None)
        if function is None:
            raise misfit(f"lacks the C function `{name}`")
        function.restype, function.argtypes = restype, argtypes
        found[name] = function
    return found


def check_has(namespace: Any, names: Iterable[str]) -> None:
    """Raise `EngineError` if an object (llama-cpp-python's own binding) lacks one of `names`."""
    for name in names:
        if not hasattr(namespace, name):
            raise misfit(f"lacks the C function `{name}`")


def check_fields(struct: Any, expected: Mapping[str, Any], what: str) -> None:
    """Compare fields of a struct that C filled with what C is known to write there.

    Args:
        struct: a `ctypes.Structure`.
        expected: field -> value; None for a null pointer.
        what: the C name of the struct, for the sentence.

    Raises:
        EngineError: it differs, so the fields have moved or mean something else.
    """
    wrong = [name for name, value in expected.items() if not hasattr(struct, name) or _seen(struct, name) != value]
    if wrong:
        raise misfit(f"has another layout of `{what}` (fields {', '.join(wrong)})")


def _seen(struct: Any, name: str) -> Any:
    """A field's value; None for a null pointer of any type."""
    value = getattr(struct, name)
    return address(value) if isinstance(value, _POINTERS) else value


def address(pointer: Any) -> int | None:
    """Where a ctypes pointer or function points; None for null."""
    return ctypes.cast(pointer, ctypes.c_void_p).value


def probe_tensors(call: Functions, init_params: Callable[..., Any]) -> None:
    """Make a few nodes and compare what C wrote with what we read: `struct ggml_tensor`, types and buffers.

    No device is asked for, which would start CUDA.

    Args:
        call: ggml's functions.
        init_params: makes a `struct ggml_init_params`.

    Raises:
        EngineError: something is not where we look for it.
    """
    context = call["ggml_init"](init_params(8 * call["ggml_tensor_overhead"](), None, True))
    buffer = None
    try:
        leaf = call["ggml_new_tensor_4d"](context, _F32, 4, 3, 2, 1)
        call["ggml_set_name"](leaf, b"layout-check")
        half = call["ggml_scale"](context, leaf, 0.5)
        total = call["ggml_add"](context, leaf, half)
        view = call["ggml_view_4d"](context, leaf, 2, 3, 2, 1, 16, 48, 96, 8)
        buffer = call["ggml_backend_alloc_ctx_tensors_from_buft"](context, call["ggml_backend_cpu_buffer_type"]())
        _check_leaf(leaf.contents, buffer)
        _check_nodes(call, leaf, half, total, view)
        _check_numbers(call, leaf)
        _check_quant_sizes(call)
    finally:
        if buffer:
            call["ggml_backend_buffer_free"](buffer)
        call["ggml_free"](context)


def _check_leaf(leaf: Any, buffer: int | None) -> None:
    expected = {"type": _F32, "op": 0, "name": b"layout-check", "view_offs": 0, "buffer": buffer}
    check_fields(leaf, expected, "ggml_tensor")
    if list(leaf.ne) != [4, 3, 2, 1] or list(leaf.nb) != [4, 16, 48, 96] or not leaf.data or not leaf.buffer:
        raise misfit("has another layout of `ggml_tensor` (fields ne, nb, data, buffer)")


def _check_nodes(call: Functions, leaf: Any, half: Any, total: Any, view: Any) -> None:
    seen = {
        "op": [call["ggml_op_name"](node.contents.op) for node in (half, total, view)],
        "op_params": ctypes.c_float.from_buffer_copy(bytes(half.contents.op_params)[:4]).value,
        "src": [address(source) for source in total.contents.src[:3]],
        "view_src": (address(view.contents.view_src), view.contents.view_offs),
        "data": (view.contents.data or 0) - leaf.contents.data,
    }
    expected = {
        "op": [b"SCALE", b"ADD", b"VIEW"],
        "op_params": 0.5,
        "src": [address(leaf), address(half), None],
        "view_src": (address(leaf), 8),
        "data": 8,
    }
    wrong = [name for name, value in expected.items() if seen[name] != value]
    if wrong:
        raise misfit(f"has another layout of `ggml_tensor` (fields {', '.join(wrong)})")


def _check_numbers(call: Functions, leaf: Any) -> None:
    written = (ctypes.c_float * 24)(*range(24))
    call["ggml_backend_tensor_set"](leaf, written, 0, ctypes.sizeof(written))
    there = ctypes.string_at(leaf.contents.data, ctypes.sizeof(written))
    if there != bytes(written):
        raise misfit("keeps a tensor's numbers elsewhere than at `data`")


def _check_quant_sizes(call: Functions) -> None:
    for name, (kind, n_values, n_bytes) in _TYPES.items():
        seen = call["ggml_blck_size"](kind), call["ggml_row_size"](kind, n_values)
        if seen != (n_values, n_bytes):
            raise misfit(f"packs the type {name} into {seen[1]} bytes for {seen[0]} values")

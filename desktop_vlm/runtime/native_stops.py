"""The compiled part of the evaluation callback (`_eval_stop.c`): its table, and whether it is there at all."""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.library import MAX_NAME_BYTES, TensorStruct, address_of, function

_LOG = logging.getLogger(__name__)

LEAVES_OUT_WAITS = True
"""Whether the GPU goes on over a stop whose work is ready, instead of being waited for (docs/decisions/0013)."""

_LIBRARY_NAME = "_eval_stop.dll" if sys.platform == "win32" else "_eval_stop.so"
"""A plain library, no module of one Python version: see `setup.py`."""

MAX_STOPS = 128
_MAX_GRAPHS = 4
_BACKEND_FIELDS = 64
"""More than a `ggml_backend` has: some twenty pointers."""


@dataclass(frozen=True)
class Launch:
    """Graphs that do all that is to be done at a node, ready to be started.

    Attributes:
        buffer: the `ggml_backend_buffer_t` in which they expect the node's numbers, `address` where in it, and
            `n_rows` how many rows. An address alone names nothing: Vulkan's buffers all begin at the same one.
        backend: the `ggml_backend_t` to start them on, in order with llama.cpp's own work.
        graphs: `ggml_cgraph *` each, in the order in which they run.
        no_wait: whether the node need not be there when they are started, as what the backend does comes in order.
    """

    buffer: int
    address: int
    n_rows: int
    backend: int
    graphs: tuple[int, ...]
    no_wait: bool = False


class _Stop(ctypes.Structure):
    _fields_ = (
        ("node", ctypes.c_void_p),
        ("buffer", ctypes.c_void_p),
        ("data", ctypes.c_void_p),
        ("n_rows", ctypes.c_int64),
        ("backend", ctypes.c_void_p),
        ("graphs", ctypes.c_void_p * _MAX_GRAPHS),
        ("n_graphs", ctypes.c_int32),
        ("n_met", ctypes.c_int32),
        ("no_wait", ctypes.c_int32),
        ("name", ctypes.c_char * MAX_NAME_BYTES),
    )


class _Stops(ctypes.Structure):
    _fields_ = (
        ("python", ctypes.c_void_p),
        ("compute", ctypes.c_void_p),
        ("data_offset", ctypes.c_int64),
        ("n_rows_offset", ctypes.c_int64),
        ("name_offset", ctypes.c_int64),
        ("buffer_offset", ctypes.c_int64),
        ("view_offset", ctypes.c_int64),
        ("wait_offset", ctypes.c_int64),
        ("waits", ctypes.c_void_p),
        ("wait", ctypes.c_void_p),
        ("all", ctypes.c_int32),
        ("status", ctypes.c_int32),
        ("n_stops", ctypes.c_int32),
        ("stops", _Stop * MAX_STOPS),
    )


@cache
def native_library() -> Any:
    """The compiled callback; None where there was no C compiler when this package was installed."""
    path = Path(__file__).with_name(_LIBRARY_NAME)
    if not path.exists():
        return None
    try:
        library = ctypes.CDLL(str(path))
        size = library.desktop_vlm_stops_size
    except (OSError, AttributeError):
        _LOG.warning("the compiled evaluation callback cannot be loaded; the slower one of Python is used")
        return None
    size.restype = ctypes.c_int64
    return library if size() == ctypes.sizeof(_Stops) else None


@cache
def offset_of_wait() -> int:
    """Where in a `ggml_backend` the function stands that `ggml_backend_synchronize` calls; -1 where it calls none.

    Found by having it wait for a backend of which every field is such a function.
    """
    called: list[int] = []
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
    functions = [kind(lambda _backend, field=field: called.append(field)) for field in range(_BACKEND_FIELDS)]
    backend = (ctypes.c_void_p * _BACKEND_FIELDS)(*(ctypes.cast(one, ctypes.c_void_p).value for one in functions))
    function("ggml_backend_synchronize")(ctypes.addressof(backend))
    return called[0] * ctypes.sizeof(ctypes.c_void_p) if len(called) == 1 else -1


class NativeStops:
    """What the compiled callback knows of one context.

    Attributes:
        callback: for `llama_context_params.cb_eval`.
        user_data: goes with it.
    """

    def __init__(self, library: Any, python_callback: Any) -> None:
        self._python_callback = python_callback  # kept alive: C holds it
        self._give_wait_back = library.desktop_vlm_give_wait_back
        self._table = table = _Stops()
        address = ctypes.cast(library.desktop_vlm_eval_stop, ctypes.c_void_p).value
        self.callback = llama.ggml_backend_sched_eval_callback(address)
        self.user_data = ctypes.cast(ctypes.pointer(table), ctypes.c_void_p)
        table.python = ctypes.cast(python_callback, ctypes.c_void_p)
        table.compute = address_of("ggml_backend_graph_compute_async")
        table.data_offset = TensorStruct.data.offset
        table.n_rows_offset = TensorStruct.ne.offset + ctypes.sizeof(ctypes.c_int64)
        table.name_offset = TensorStruct.name.offset
        table.buffer_offset = TensorStruct.buffer.offset
        table.view_offset = TensorStruct.view_src.offset
        table.wait_offset = offset_of_wait() if LEAVES_OUT_WAITS else -1

    def ask_about_all(self, yes: bool) -> None:
        """Whether Python is asked about every node, because it does not know yet where the requested ones are."""
        self._table.all = yes

    def fill(self, nodes: Mapping[int, bytes], launches: Mapping[bytes, Launch]) -> None:
        """Stop at these nodes (address -> name); those with a launch are done without Python."""
        table = self._table
        table.n_stops = len(nodes)
        for stop, address in zip(table.stops, sorted(nodes), strict=False):
            name = nodes[address]
            launch = launches.get(name)
            stop.node, stop.name, stop.n_graphs = address, name, 0
            if launch and len(launch.graphs) <= _MAX_GRAPHS:
                stop.buffer, stop.data, stop.n_rows = launch.buffer, launch.address, launch.n_rows
                stop.backend = launch.backend
                stop.n_graphs, stop.no_wait = len(launch.graphs), launch.no_wait
                stop.graphs[: stop.n_graphs] = launch.graphs

    def forget_launches(self) -> None:
        """Let Python do everything until `fill` says otherwise."""
        for i in range(self._table.n_stops):
            self._table.stops[i].n_graphs = 0

    def begin(self) -> None:
        """Forget what the last pass met."""
        table = self._table
        table.status = 0
        for i in range(table.n_stops):
            table.stops[i].n_met = 0

    def leave_out_wait(self, backend: int) -> None:
        """While Python is asked about a node: llama.cpp will not wait for a backend before it says the node is there.

        Args:
            backend: the `ggml_backend_t` that computes the node, and does all that is done with it.
        """
        table = self._table
        if table.wait_offset < 0:
            return
        place = ctypes.c_void_p.from_address(backend + table.wait_offset)
        table.waits, table.wait = ctypes.addressof(place), place.value
        place.value = None  # as `take_wait` of `_eval_stop.c`, which also puts it back

    def end(self) -> None:
        """After a pass, also one that failed in the middle: llama.cpp waits as ever."""
        self._give_wait_back(self.user_data)

    def met(self) -> list[bytes]:
        """The nodes that were done without Python, once for each time."""
        table = self._table
        return [table.stops[i].name for i in range(table.n_stops) for _ in range(table.stops[i].n_met)]

    @property
    def status(self) -> int:
        """The `ggml_status` of the first graph that failed; 0 if none did."""
        return int(self._table.status)

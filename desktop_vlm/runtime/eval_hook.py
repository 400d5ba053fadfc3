"""A place to step in between the layers of llama.cpp's own computation.

llama.cpp offers every node of its graph to an evaluation callback before running it ("ask"). Where the
answer is yes, it computes up to and including that node, waits, and calls again with the result. That
second call is where a handler changes the node's numbers in place.

A graph has a thousand nodes, so a pass remembers where the requested ones were and the next pass compares
addresses, in C where that was compiled (`native_stops`). llama.cpp may build its graph again at any time, so
every hit is checked by name and counted: a pass that did not meet each requested node once is void and has to
be run again. A pass without handlers runs without the callback where the scheduler is to be had.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from desktop_vlm.api.errors import DeviceLostError, EngineError
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.library import Tensor as TensorPointer
from desktop_vlm.runtime.ggml.library import TensorStruct
from desktop_vlm.runtime.native_stops import MAX_STOPS, Launch, NativeStops, native_library
from desktop_vlm.runtime.scheduler import Scheduler


class Handler(Protocol):
    """Receives the node after it was computed; may change its numbers in place."""

    def __call__(self, tensor: TensorStruct, /) -> None: ...


class LaunchingHandler(Handler, Protocol):
    """A handler that can say, once it was called, which graphs do its work the next time."""

    @property
    def launch(self) -> Launch | None: ...

    def stream(self, tensor: TensorStruct, /) -> int | None:
        """The `ggml_backend_t` on which all of a call's work is put behind the node, which so need not be there yet.

        Asked before the node is computed; None where its numbers are looked at.
        """


class EvalHook:
    """The evaluation callback of one llama.cpp context.

    Attributes:
        callback: for `llama_context_params.cb_eval`; lives as long as this object.
        user_data: for `cb_eval_user_data`.
    """

    def __init__(self, *, native: bool = True) -> None:
        """Make the callback, compiled if `native` and there was a compiler at installation, else of Python."""
        self._python_callback = llama.ggml_backend_sched_eval_callback(self._on_node)
        library = native_library() if native else None
        self._native = NativeStops(library, self._python_callback) if library else None
        self.callback = self._native.callback if self._native else self._python_callback
        self.user_data = self._native.user_data if self._native else None
        self._scheduler: Scheduler | None = None
        self._handlers: Mapping[bytes, Handler] = {}
        self._known: dict[int, bytes] = {}  # address of a node -> its name in an earlier pass
        self._targets: Any = frozenset()  # addresses to stop at; what `_on_node` looks at first
        self._by_name = False
        self._table_of: Mapping[bytes, Handler] | None = None  # the handlers that the compiled table was filled for
        self._met: list[bytes] = []
        self._failure: BaseException | None = None

    def attach(self, scheduler: Scheduler | None) -> None:
        """Tell of the context's scheduler, once there is a context."""
        self._scheduler = scheduler

    def invalidate(self) -> None:
        """Launches that handlers reported are no longer good, from now on, also in the middle of a pass."""
        self._table_of = None
        if self._native:
            self._native.forget_launches()

    def run(self, compute: Callable[[], int], handlers: Mapping[bytes, Handler]) -> tuple[int, bool]:
        """Run `compute` (one `llama_decode` of one micro-batch) with `handlers` by node name.

        Returns:
            `compute`'s result, and whether every handler ran exactly once; if not, what the pass wrote to
            the KV cache must be removed and the pass run again, which then looks nodes up by name.

        Raises:
            EngineError: a launched graph failed.
            Whatever a handler raised.
        """
        if self._scheduler:
            self._scheduler.set_callback(self.callback if handlers else None, self.user_data)
        if not handlers:
            self._stop_nowhere()
            return compute(), True
        self._handlers, self._met, self._failure = handlers, [], None
        self._by_name = not set(handlers) <= set(self._known.values())
        self._prepare(handlers)
        try:
            result = compute()
        finally:
            self._handlers, self._targets, self._by_name = {}, frozenset(), False
            if self._native:
                self._native.end()
        if self._failure is not None:
            raise self._failure
        if self._native:
            if self._native.status:
                kind = DeviceLostError if self._native.status == library.STATUS_FAILED else EngineError
                raise kind(f"A cross-attention layer failed to compute (ggml status {self._native.status}).")
            self._met += self._native.met()
        complete = sorted(self._met) == sorted(handlers)
        if not complete:
            self._known.clear()
            self.invalidate()
        return result, complete

    def _prepare(self, handlers: Mapping[bytes, Handler]) -> None:
        if self._native:
            self._native.ask_about_all(self._by_name)
            if handlers is not self._table_of:
                nodes = {address: name for address, name in self._known.items() if name in handlers}
                self._native.fill(nodes, _launches(handlers))
                self._table_of = handlers
            self._native.begin()
        self._targets = {address for address, name in self._known.items() if name in handlers}

    def _stop_nowhere(self) -> None:
        """llama.cpp puts the callback back when it builds a graph again, so the table must be empty as well."""
        if self._native:
            self._native.ask_about_all(False)
            self._native.fill({}, {})
            self._table_of = None

    def _on_node(self, address: int, ask: bool, _user_data: Any) -> bool:
        # Without the compiled callback this runs a thousand times a token: the common case must stay this short.
        if address not in self._targets and not self._by_name:
            return False
        return self._ask(address) if ask else self._answer(address)

    def _ask(self, address: int) -> bool:
        name: bytes = _tensor(address).name
        if name not in self._handlers:
            return False
        if len(self._known) >= MAX_STOPS:
            self._known.clear()
        if self._known.get(address) != name:
            self._known[address] = name
            self.invalidate()
        if self._native and (stream := _stream(self._handlers[name], address)):
            self._native.leave_out_wait(stream)
        return True

    def _answer(self, address: int) -> bool:
        tensor = _tensor(address)
        self._met.append(tensor.name)
        handler = self._handlers[tensor.name]
        if self._failure is None:
            try:
                handler(tensor)
            except BaseException as error:  # noqa: BLE001 - must not travel through C; `run` raises it
                self._failure = error
        if hasattr(handler, "launch"):
            self.invalidate()  # what it did here can perhaps be launched the next time
        return True  # False would end only a part of the computation


def _launches(handlers: Mapping[bytes, Handler]) -> dict[bytes, Launch]:
    found = {name: getattr(handler, "launch", None) for name, handler in handlers.items()}
    return {name: launch for name, launch in found.items() if launch is not None}


def _stream(handler: Handler, address: int) -> int | None:
    """Where all that the handler does with a node is in order behind it; None where it has to be waited for."""
    asked: Callable[[TensorStruct], int | None] | None = getattr(handler, "stream", None)
    return asked(_tensor(address)) if asked else None


def _tensor(address: int) -> Any:
    return ctypes.cast(address, TensorPointer).contents

"""A place to step in between the layers of llama.cpp's own computation.

llama.cpp offers every node of its graph to an evaluation callback before running it ("ask"). Where the
answer is yes, it computes up to and including that node, waits, and calls again with the result. That
second call is where a handler changes the node's numbers in place.

Comparing names costs about a microsecond a node and a graph has a thousand, so a pass remembers where the
wanted nodes were and the next pass compares addresses. llama.cpp may build its graph anew at any time, so
every hit is checked by name and counted: a pass that did not meet each wanted node once is void and has to
be run again.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

from desktop_vlm.engine import llama
from desktop_vlm.engine.ggml.library import Tensor as TensorPointer
from desktop_vlm.engine.ggml.library import TensorStruct

Handler = Callable[[TensorStruct], None]
"""Receives the node after it was computed; may change its numbers in place."""

_MAX_KNOWN = 4096


class EvalHook:
    """The evaluation callback of one llama.cpp context.

    Attributes:
        callback: for `llama_context_params.cb_eval`; lives as long as this object.
    """

    def __init__(self) -> None:
        self.callback = llama.ggml_backend_sched_eval_callback(self._on_node)
        self._handlers: Mapping[bytes, Handler] = {}
        self._known: dict[int, bytes] = {}  # address of a node -> its name in an earlier pass
        self._wanted: Any = frozenset()  # addresses to stop at; what `_on_node` looks at first
        self._by_name = False
        self._met: list[bytes] = []
        self._failure: BaseException | None = None

    def run(self, compute: Callable[[], int], handlers: Mapping[bytes, Handler]) -> tuple[int, bool]:
        """Run `compute` (one `llama_decode` of one micro-batch) with `handlers` by node name.

        Returns:
            `compute`'s result, and whether every handler ran exactly once; if not, what the pass wrote to
            the KV cache must be removed and the pass run again, which then looks nodes up by name.

        Raises:
            Whatever a handler raised.
        """
        self._handlers, self._met, self._failure = handlers, [], None
        self._wanted = {address for address, name in self._known.items() if name in handlers}
        self._by_name = bool(handlers) and not set(handlers) <= set(self._known.values())
        try:
            result = compute()
        finally:
            self._handlers, self._wanted, self._by_name = {}, frozenset(), False
        if self._failure is not None:
            raise self._failure
        complete = sorted(self._met) == sorted(handlers)
        if not complete:
            self._known.clear()
        return result, complete

    def _on_node(self, address: int, ask: bool, _user_data: Any) -> bool:
        # Runs a thousand times a token: the common case must stay this short.
        if address not in self._wanted and not self._by_name:
            return False
        return self._ask(address) if ask else self._answer(address)

    def _ask(self, address: int) -> bool:
        name: bytes = _tensor(address).name
        if name not in self._handlers:
            return False
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[address] = name
        return True

    def _answer(self, address: int) -> bool:
        tensor = _tensor(address)
        self._met.append(tensor.name)
        if self._failure is None:
            try:
                self._handlers[tensor.name](tensor)
            except BaseException as error:  # noqa: BLE001 - must not travel through C; `run` raises it
                self._failure = error
        return True  # False would end only a part of the computation


def _tensor(address: int) -> Any:
    return ctypes.cast(address, TensorPointer).contents

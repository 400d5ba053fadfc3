"""Stepping in while libmtmd encodes an image: progress, a stop, and the correction of single nodes.

The encoder's graph is built again for every image, at the same addresses for the same size. So where the requested
nodes lie is remembered by size, and only a first image of a size is asked about node by node (see `runtime.eval_hook`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.library import Tensor as TensorPointer
from desktop_vlm.runtime.ggml.library import TensorStruct
from desktop_vlm.runtime.interrupts import interrupted
from desktop_vlm.runtime.native_stops import NativeStops, native_library

_LAYER = b"layer_out-"
_SIZES_REMEMBERED = 64


class NodeCorrection(Protocol):
    """Repairs what the library computes wrong, or too coarsely, at certain nodes."""

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """An image, (height, width, 3), is about to be encoded."""
        ...

    def is_at(self, tensor: TensorStruct) -> bool:
        """Whether this node is one of them, judged by what it is made of."""
        ...

    def apply(self, tensor: TensorStruct) -> None:
        """Change the node's numbers, which were just computed."""
        ...


class EncodeHook:
    """The evaluation callback of one encoder.

    Attributes:
        callback, user_data: for `mtmd_context_params`; live as long as this object.
        n_corrected: nodes that were corrected in the last run.
    """

    def __init__(self, corrections: Sequence[NodeCorrection] = (), *, native: bool = True) -> None:
        """Make the callback, compiled if `native` and there was a compiler at installation, else of Python."""
        self._corrections = tuple(corrections)
        self._python_callback = llama.ggml_backend_sched_eval_callback(self._on_node)
        compiled = native_library() if native else None
        self._native = NativeStops(compiled, self._python_callback) if compiled else None
        self.callback = self._native.callback if self._native else self._python_callback
        self.user_data = self._native.user_data if self._native else None
        self._found: dict[Any, dict[int, bytes]] = {}  # size of an image -> the nodes, by address
        self._nodes: dict[int, bytes] = {}
        self._names: frozenset[bytes] = frozenset()
        self._by_name = False
        self._met: set[int] = set()
        self._on_layer: Callable[[int], None] = _ignore
        self._failure: BaseException | None = None
        self.n_corrected = 0

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """Tell the corrections what is encoded next."""
        for correction in self._corrections:
            correction.begin(pixels)

    def run(
        self, compute: Callable[[], int], size: Any, layers: Collection[int], on_layer: Callable[[int], None]
    ) -> int:
        """Run `compute` (one `mtmd_encode_chunk`).

        Args:
            compute: what runs the graph.
            size: images of an equal size have an equal graph.
            layers: the layers after which `on_layer` is to be called with the layer's number.
            on_layer: may raise, which ends the computation.

        Returns:
            `compute`'s result.

        Raises:
            Whatever `on_layer` or the correction raised; the encoder's output is no good then.
        """
        self._names = frozenset(_LAYER + b"%d" % layer for layer in layers)
        self._on_layer, self._failure = on_layer, None
        known = self._found.get(size)
        if known is not None:
            result = self._pass(compute, known, by_name=False)
            if self._met == set(known):
                return result
        found: dict[int, bytes] = {}
        result = self._pass(compute, found, by_name=True)
        if len(self._found) >= _SIZES_REMEMBERED:
            self._found.clear()
        self._found[size] = found
        return result

    def _pass(self, compute: Callable[[], int], nodes: dict[int, bytes], *, by_name: bool) -> int:
        self._nodes, self._by_name, self._met, self.n_corrected = nodes, by_name, set(), 0
        if self._native:
            self._native.ask_about_all(by_name)
            self._native.fill({} if by_name else nodes, {})
        try:
            result = compute()
        finally:
            self._nodes, self._by_name = {}, False
            if self._native:
                self._native.ask_about_all(False)
                self._native.fill({}, {})
        if self._failure is not None:
            raise self._failure
        return result

    def _on_node(self, address: int, ask: bool, _user_data: Any) -> bool:
        if ask and not self._by_name:
            return address in self._nodes
        if self._failure is not None:
            return False
        tensor = ctypes.cast(address, TensorPointer).contents
        return self._ask(address, tensor) if ask else self._answer(address, tensor)

    def _ask(self, address: int, tensor: TensorStruct) -> bool:
        name: bytes = tensor.name
        # `layer_out-2 (reshaped)` exists as well: the name must be equal, not only begin so.
        if name not in self._names and not any(one.is_at(tensor) for one in self._corrections):
            return False
        self._nodes[address] = name
        return True

    def _answer(self, address: int, tensor: TensorStruct) -> bool:
        name: bytes = tensor.name
        if self._nodes.get(address) == name:
            self._met.add(address)
        try:
            if name in self._names:
                self._on_layer(int(name.removeprefix(_LAYER)))
            for correction in self._corrections:
                if correction.is_at(tensor):
                    correction.apply(tensor)
                    self.n_corrected += 1
            if interrupted():  # the interrupt itself is raised when the call into C has returned
                raise Cancelled("interrupted")
        except BaseException as error:  # noqa: BLE001 - must not travel through C; `_pass` raises it
            self._failure = error
        return self._failure is None  # false ends this part of the graph


def _ignore(_layer: int) -> None:
    pass

"""Stepping in while libmtmd encodes an image: progress, a stop, and corrections of inputs and single nodes.

The encoder's graph is built again for every image, at the same addresses for the same size. So where the requested
nodes lie is remembered by size, and only a first image of a size is asked about node by node (see `runtime.eval_hook`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.graph import set_tensor
from desktop_vlm.runtime.ggml.library import Tensor as TensorPointer
from desktop_vlm.runtime.ggml.library import TensorStruct
from desktop_vlm.runtime.interrupts import interrupted
from desktop_vlm.runtime.native_stops import MAX_STOPS, NativeStops, native_library

_LAYER = b"layer_out-"
_SIZES_REMEMBERED = 64


@runtime_checkable
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


@runtime_checkable
class InputCorrection(Protocol):
    """Changes what nodes read before they are computed: the graph need not stop for it."""

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """An image, (height, width, 3), is about to be encoded."""
        ...

    def offer(self, tensor: TensorStruct) -> bool:
        """A node is about to be computed; whether it must be offered again for the next image of this size."""
        ...


Correction = NodeCorrection | InputCorrection


def source_name(tensor: TensorStruct, index: int) -> str:
    """What a node reads as its operand `index`; empty for nothing. Copies on a GPU are called `CUDA0#name#0`."""
    source = tensor.src[index]
    if not source:
        return ""
    name: str = source.contents.name.decode("utf-8", "replace")
    return name.split("#")[1] if name.count("#") > 1 else name


def set_input(tensor: TensorStruct, index: int, values: NDArray[Any]) -> None:
    """Give a node's operand other numbers, as many as it has.

    Raises:
        ValueError: it has another size.
    """
    source = tensor.src[index]
    if values.size != np.prod(list(source.contents.ne)):
        raise ValueError(f"{values.size} numbers for {source_name(tensor, index)}")
    set_tensor(source, values)


class EncodeHook:
    """The evaluation callback of one encoder.

    Attributes:
        callback, user_data: for `mtmd_context_params`; live as long as this object.
        n_corrected: nodes and inputs that were corrected in the last run.
    """

    def __init__(self, corrections: Sequence[Correction] = (), *, native: bool = True) -> None:
        """Make the callback, compiled if `native` and there was a compiler at installation, else of Python."""
        self._corrections = tuple(corrections)
        self._of_nodes = [one for one in corrections if isinstance(one, NodeCorrection)]
        self._of_inputs = [one for one in corrections if isinstance(one, InputCorrection)]
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
            self._native.ask_about_all(by_name or len(nodes) > MAX_STOPS)
            self._native.fill({} if by_name else dict(list(nodes.items())[:MAX_STOPS]), {})
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
        if ask and not self._by_name and address not in self._nodes:
            return False
        if self._failure is not None:
            return False
        tensor = ctypes.cast(address, TensorPointer).contents
        return self._ask(address, tensor) if ask else self._answer(address, tensor)

    def _ask(self, address: int, tensor: TensorStruct) -> bool:
        name: bytes = tensor.name
        offered = self._offer(tensor)
        # `layer_out-2 (reshaped)` exists as well: the name must be equal, not only begin so.
        requested = name in self._names or any(one.is_at(tensor) for one in self._of_nodes)
        if offered or requested:
            self._nodes.setdefault(address, name)
        if offered and self._nodes[address] == name:
            self._met.add(address)
        return requested

    def _offer(self, tensor: TensorStruct) -> bool:
        try:
            taken = [one.offer(tensor) for one in self._of_inputs]
        except BaseException as error:  # noqa: BLE001 - must not travel through C; `_pass` raises it
            self._failure = error
            return False
        self.n_corrected += sum(taken)
        return any(taken)

    def _answer(self, address: int, tensor: TensorStruct) -> bool:
        name: bytes = tensor.name
        if self._nodes.get(address) == name:
            self._met.add(address)
        try:
            if name in self._names:
                self._on_layer(int(name.removeprefix(_LAYER)))
            for correction in self._of_nodes:
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

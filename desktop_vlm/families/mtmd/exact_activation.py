"""GELU as the checkpoints define it, for files in F32 on a CPU.

ggml's GELU is the approximation by tanh and its CPU code rounds to F16 on the way; both are lost in a quantised model,
but who keeps a model in F32 wants its numbers. On other devices and for other files this is left out.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.runtime.ggml.graph import get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import TensorStruct, function

_BLOCK = 1 << 16

Values = NDArray[np.float32]


class ExactActivation:
    """Computes what follows certain layers again (`families.mtmd.encode_hook.NodeCorrection`)."""

    def __init__(self, biases: Iterable[str]) -> None:
        """`biases`: names of the tensors that are added last before an activation."""
        self._biases = frozenset(name.encode() for name in biases)
        self._kept: Values | None = None

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        """Nothing depends on the image."""

    def is_at(self, tensor: TensorStruct) -> bool:
        """Whether this is what goes into an activation, or what comes out of it."""
        return self._is_input(tensor) or self._is_output(tensor)

    def apply(self, tensor: TensorStruct) -> None:
        """Keep what goes in, as the activation is computed in the same place; write what comes out."""
        pointer = ctypes.pointer(tensor)
        if self._is_input(tensor):
            self._kept = get_tensor(pointer)
        elif self._kept is not None:
            set_tensor(pointer, _in_place(self._kept, _ACTIVATIONS[_operation(tensor)]))
            self._kept = None

    def _is_input(self, tensor: TensorStruct) -> bool:
        added = tensor.src[1]
        return bool(added) and added.contents.name in self._biases

    def _is_output(self, tensor: TensorStruct) -> bool:
        source = tensor.src[0]
        return bool(source) and self._is_input(source.contents) and _operation(tensor) in _ACTIVATIONS


def _in_place(values: Values, activation: Callable[[Values], Values]) -> Values:
    """Apply `activation` block by block: what it needs besides is much more than the values themselves."""
    flat = values.reshape(-1)
    for start in range(0, len(flat), _BLOCK):
        flat[start : start + _BLOCK] = activation(flat[start : start + _BLOCK])
    return values


def _operation(tensor: TensorStruct) -> str:
    described: bytes = function("ggml_op_desc")(ctypes.pointer(tensor))
    return described.decode()


def gelu(x: Values) -> Values:
    """The product of x and the normal distribution's cumulative probability at x."""
    wide = x.astype(np.float64)
    return (0.5 * wide * (1 + erf(wide / np.sqrt(2)))).astype(np.float32)


def quick_gelu(x: Values) -> Values:
    """CLIP's: x times the logistic function of 1.702 x."""
    wide = x.astype(np.float64)
    with np.errstate(over="ignore"):
        exact: Values = (wide / (1 + np.exp(-1.702 * wide))).astype(np.float32)
    return exact


def erf(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The error function to 1.5e-7: formula 7.1.26 of Abramowitz and Stegun."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - series * np.exp(-x * x))


_ACTIVATIONS: dict[str, Callable[[Values], Values]] = {"GELU": gelu, "GELU_QUICK": quick_gelu}

"""Gates back from the form in which Ollama stores them: it applies tanh when it converts, our engine when it runs.

Checkpoints are published in 16 bits, so their gates are among few numbers. Where tanh of such numbers gives every gate
of a file, these are the checkpoint's own, bit for bit; else they are atanh of what is stored, exact but for last bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rounding = Callable[[NDArray[np.floating]], Floats]

_MOST = 1.0 - 1e-7
_ULPS = 3.0
"""Go's tanh and NumPy's may differ by so many last bits."""


def _to_f16(values: NDArray[np.floating]) -> Floats:
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)


def _to_bf16(values: NDArray[np.floating]) -> Floats:
    bits = values.astype(np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return rounded.astype(np.uint32).view(np.float32)


_ROUNDINGS: tuple[Rounding, ...] = (_to_bf16, _to_f16)
"""Meta publishes in BF16."""


@dataclass(frozen=True)
class Gates:
    """What the gates of a file have in common.

    Attributes:
        rounding: to the numbers that all of them are tanh of; None where there are none.
    """

    rounding: Rounding | None = None

    def from_tanh(self, stored: Floats) -> Floats:
        """`g` from tanh(g), float32 of any shape."""
        return self._inverse(stored.astype(np.float64), _ULPS * np.spacing(np.abs(stored)))

    def from_one_minus_tanh(self, stored: Floats) -> Floats:
        """`g` from 1 - tanh(g), in which a small one has lost its last bits."""
        return self._inverse(1.0 - stored.astype(np.float64), np.full(stored.shape, _ULPS * np.spacing(np.float32(1))))

    def _inverse(self, tanh: NDArray[np.float64], tolerance: NDArray[np.floating]) -> Floats:
        exact = np.arctanh(np.clip(tanh, -_MOST, _MOST))
        if self.rounding is None:
            return exact.astype(np.float32)
        rounded = self.rounding(exact)
        return np.where(_is_tanh_of(rounded, tanh, tolerance), rounded, exact.astype(np.float32))


def _is_tanh_of(gates: Floats, tanh: NDArray[np.float64], tolerance: NDArray[np.floating]) -> NDArray[np.bool]:
    return np.abs(np.tanh(gates.astype(np.float64)) - tanh) <= tolerance


def study(stored: Sequence[Floats]) -> Gates:
    """What gates that are stored as tanh have in common."""
    values = np.concatenate([one.reshape(-1) for one in stored]) if stored else np.zeros(0, np.float32)
    exact = np.arctanh(np.clip(values.astype(np.float64), -_MOST, _MOST))
    tolerance = _ULPS * np.spacing(np.abs(values))
    for rounding in _ROUNDINGS:
        if _is_tanh_of(rounding(exact), values.astype(np.float64), tolerance).all():
            return Gates(rounding)
    return Gates()


def are_raw(stored: Sequence[tuple[Type, Floats]]) -> bool | None:
    """Whether gates are stored as in the checkpoint rather than as their tanh; None where nothing tells.

    tanh is never above 1, and tanh of a number of 16 bits is practically never a number of 16 bits itself.
    """
    values = np.concatenate([one.reshape(-1) for _, one in stored]) if stored else np.zeros(0, np.float32)
    if (np.abs(values) > 1).any():
        return True
    values = values[values != 0]
    if not values.size or any(kind is not Type.F32 for kind, _ in stored):
        return None
    if any(np.array_equal(rounding(values), values) for rounding in _ROUNDINGS):
        return True
    return False if study([values]).rounding else None

"""Gates from their tanh: the checkpoint's own where that is possible, and raw ones recognised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from desktop_vlm.families.mllama.ollama.gates import Gates, are_raw, study

Floats = NDArray[np.float32]


def bf16(values: NDArray[np.floating]) -> Floats:
    """Cut, not rounded: any numbers of BF16 will do."""
    return (values.astype(np.float32).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def gates(size: float = 1.0, count: int = 500) -> Floats:
    return (size * np.random.RandomState(4).standard_normal(count)).astype(np.float32)


@pytest.mark.parametrize("size", [1e-4, 0.02, 1.0, 2.0])
@pytest.mark.parametrize("rounding", [bf16, lambda values: values.astype(np.float16).astype(np.float32)])
def test_gates_of_sixteen_bits_come_back_bit_for_bit(size: float, rounding: Callable[[Floats], Floats]) -> None:
    original = rounding(np.clip(gates(size), -3, 3))
    stored = np.tanh(original)
    assert np.array_equal(study([stored]).from_tanh(stored), original)
    one_bit_off = np.nextafter(stored, np.float32(0), dtype=np.float32)  # another library's tanh
    assert np.array_equal(study([one_bit_off]).from_tanh(one_bit_off), original)


def test_other_gates_come_back_but_for_their_last_bits() -> None:
    original = np.clip(gates(), -2, 2)
    stored = np.tanh(original)
    restored = study([stored]).from_tanh(stored)
    assert study([stored]) == Gates()
    assert np.abs(restored / original - 1).max() < 2e-6  # tanh itself has lost that much of the larger ones
    assert np.abs(restored / original - 1)[np.abs(original) < 0.5].max() < 2e-7


def test_one_minus_tanh_has_lost_more() -> None:
    original = bf16(np.clip(gates(0.3), -2, 2))
    stored = np.float32(1) - np.tanh(original)
    known = study([np.tanh(original)])
    assert np.array_equal(known.from_one_minus_tanh(stored)[np.abs(original) > 1e-3], original[np.abs(original) > 1e-3])
    assert np.abs(Gates().from_one_minus_tanh(stored) - original).max() < 3e-6


def test_the_ends_are_finite() -> None:
    ends = np.array([1, -1, 0], np.float32)
    assert np.isfinite(Gates().from_tanh(ends)).all()
    assert np.isfinite(Gates().from_one_minus_tanh(ends)).all()
    assert Gates().from_tanh(ends)[2] == 0


@pytest.mark.parametrize(
    ("stored", "raw"),
    [
        (gates(1.0, 40), True),  # some are above 1
        (bf16(gates(0.1, 40)), True),  # of 16 bits, as tanh is not
        (np.tanh(bf16(gates(0.1, 40))), False),
        (np.tanh(bf16(gates(1.0, 40))), False),
        (gates(0.1, 40), None),
        (np.tanh(gates(1.0, 40)), None),
        (np.zeros(40, np.float32), None),
    ],
)
def test_raw_gates_are_not_taken_for_their_tanh(stored: Floats, raw: bool | None) -> None:
    assert are_raw([(Type.F32, one) for one in np.split(stored, 40)]) is raw


def test_gates_stored_in_sixteen_bits_tell_only_by_their_size() -> None:
    assert are_raw([(Type.BF16, bf16(gates(0.1, 8)))]) is None
    assert are_raw([(Type.BF16, np.array([0.5, -1.5], np.float32))]) is True
    assert are_raw([]) is None

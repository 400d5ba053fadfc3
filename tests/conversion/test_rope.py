"""The llama3 frequency factors against values of the published 11B model and of the definition."""

from __future__ import annotations

import math

import numpy as np
import pytest

from desktop_vlm.conversion.rope import Llama3Scaling, frequency_factors, interleaved_order


def test_interleaved_order_pairs_the_first_half_of_a_head_with_the_second() -> None:
    assert interleaved_order(8).tolist() == [0, 4, 1, 5, 2, 6, 3, 7]


@pytest.mark.parametrize(
    ("theta", "head_dim", "scaling"),
    [
        (500_000.0, 128, Llama3Scaling(8.0, 1.0, 4.0, 8192)),
        (10_000.0, 32, Llama3Scaling(8.0, 1.0, 4.0, 64)),
        (50_000.0, 128, Llama3Scaling(4.0, 1.0, 2.0, 48)),
    ],
)
def test_factors_follow_the_definition(theta: float, head_dim: int, scaling: Llama3Scaling) -> None:
    expected = []
    for i in range(0, head_dim, 2):
        wavelength = 2 * math.pi * theta ** (i / head_dim)
        if wavelength < scaling.original_context / scaling.high_freq_factor:
            expected.append(1.0)
        elif wavelength > scaling.original_context / scaling.low_freq_factor:
            expected.append(scaling.factor)
        else:
            span = scaling.high_freq_factor - scaling.low_freq_factor
            smooth = (scaling.original_context / wavelength - scaling.low_freq_factor) / span
            expected.append(1 / ((1 - smooth) / scaling.factor + smooth))
    found = frequency_factors(theta, head_dim, scaling)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-5)
    assert found[0] == 1.0
    assert found[-1] == scaling.factor
    assert 1.0 < sorted(set(found.tolist()))[1] < scaling.factor


def test_factors_without_a_middle_range() -> None:
    found = frequency_factors(10_000.0, 32, Llama3Scaling(8.0, 2.0, 2.0, 64))
    assert set(found.tolist()) == {1.0, 8.0}

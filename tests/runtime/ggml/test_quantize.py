"""Native quantisation."""

from __future__ import annotations

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from gguf.quants import dequantize

from desktop_vlm.runtime.ggml.quantize import block_size, quantize_rows, row_bytes

ROWS = np.random.RandomState(0).standard_normal((4, 512)).astype(np.float32)


@pytest.mark.parametrize(
    ("kind", "bits", "worst"),
    [
        (GgmlType.F32, 32, 0.0),
        (GgmlType.F16, 16, 5e-4),
        (GgmlType.BF16, 16, 4e-3),
        (GgmlType.Q8_0, 8.5, 6e-3),
        (GgmlType.Q6_K, 6.5625, 0.03),
        (GgmlType.Q5_K, 5.5, 0.06),
        (GgmlType.Q4_K, 4.5, 0.12),
        (GgmlType.Q4_0, 4.5, 0.2),
        (GgmlType.IQ4_XS, 4.25, 0.13),
    ],
)
def test_error_and_size(kind: GgmlType, bits: float, worst: float) -> None:
    packed = quantize_rows(kind, ROWS)
    assert packed.nbytes * 8 / ROWS.size == bits
    assert packed.shape == (4, row_bytes(kind, 512))
    error = np.sqrt(np.mean((dequantize(packed, kind) - ROWS) ** 2) / np.mean(ROWS**2))
    assert error <= worst


def test_rows_must_fill_blocks() -> None:
    assert block_size(GgmlType.Q4_K) == 256
    with pytest.raises(ValueError, match="do not fill whole blocks of Q4_K"):
        quantize_rows(GgmlType.Q4_K, ROWS[:, :100])

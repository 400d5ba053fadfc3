"""Random weights for a GGUF of any layout, quickly and in little memory.

Each tensor repeats a few hundred packed rows: what is computed takes as long as with real weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.conversion.gguf_file import FileLayout, PlacedTensor, padded
from desktop_vlm.runtime.ggml.quantize import quantize_rows

_ROWS = 256
_NORM = re.compile(r"(norm|\.ln1|\.ln2|_ln)\.weight$")


def write_random(path: Path, layout: FileLayout) -> None:
    """Write a GGUF of this layout with random weights, unless `path` is there already."""
    if path.exists():
        return
    unfinished = path.with_suffix(".partial")
    rows = _RandomRows()
    with unfinished.open("wb") as file:
        file.write(layout.header)
        for placed in layout.tensors:
            left = placed.n_bytes
            for packed in rows.of(placed):
                file.write(packed[:left])
                left -= min(len(packed), left)
            file.write(b"\0" * (padded(placed.n_bytes) - placed.n_bytes))
    unfinished.rename(path)


class _RandomRows:
    """Packed random rows; those of one type and length are made once, and every tensor starts at another one."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)
        self._made: dict[tuple[GgmlType, int], memoryview] = {}
        self._n_tensors = 0

    def of(self, placed: PlacedTensor) -> Iterator[memoryview]:
        """At least the bytes of one tensor, in pieces."""
        tensor = placed.tensor
        if tensor.values is not None:
            yield _packed(placed.type, tensor.values.reshape(tensor.n_rows, -1))
            return
        if _NORM.search(tensor.name):
            yield _packed(placed.type, np.ones((tensor.n_rows, tensor.n_per_row), dtype=np.float32))
            return
        key = (placed.type, tensor.n_per_row)
        if key not in self._made:
            count = max(1, min(_ROWS, (1 << 22) // tensor.n_per_row))
            values = (self._random.standard_normal((count, tensor.n_per_row)) * 0.02).astype(np.float32)
            self._made[key] = _packed(placed.type, values)
        packed = self._made[key]
        self._n_tensors += 1
        start = self._n_tensors * placed.row_bytes % len(packed)
        yield packed[start:]
        for _ in range(placed.n_bytes // len(packed) + 1):
            yield packed


def _packed(kind: GgmlType, values: NDArray[np.float32]) -> memoryview:
    return memoryview(quantize_rows(kind, values).tobytes())

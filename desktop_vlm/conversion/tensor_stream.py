"""The packed bytes of a tensor, a few rows at a time, made on all cores and handed over in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import numpy as np
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.gguf_file import PlacedTensor
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.rope import interleaved_order
from desktop_vlm.conversion.stored_tensor import SourceTensor
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from desktop_vlm.system.cores import usable_cores

CHUNK_BYTES = 8 << 20
"""Float32 bytes of the rows that one thread packs at a time; one row, or one head's rows, may be more."""

IN_FLIGHT_BYTES = 128 << 20
"""Float32 bytes of all rows that are being packed or wait to be written."""

_F16_MAX = 65504.0
_BF16_MAX = 3.38e38


class TensorPacker:
    """Packs tensors of one checkpoint; use it as a context manager, leaving it ends its threads.

    NumPy, the file reads and ggml all run without Python's lock, so threads are enough.
    """

    def __init__(self, checkpoint: Checkpoint, n_threads: int | None = None) -> None:
        self._checkpoint = checkpoint
        self._n_threads = n_threads or usable_cores()
        self._pool = ThreadPoolExecutor(self._n_threads, thread_name_prefix="pack")

    def __enter__(self) -> TensorPacker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def chunks(
        self, placed: PlacedTensor, first_row: int = 0, before: Callable[[int, int], None] | None = None
    ) -> Iterator[NDArray[np.uint8]]:
        """The tensor's packed rows in order from `first_row` on, uint8 (rows, bytes per row) each.

        `first_row` is where an earlier chunk ended. `before` is called with the first row and the count of rows that
        are about to be read; it may wait for them.

        Raises:
            UserError: the checkpoint cannot be read, or holds values that are no finite numbers.
        """
        step = rows_per_chunk(placed)
        chunk_bytes = step * placed.tensor.n_per_row * 4
        n_ahead = max(1, min(self._n_threads + 1, IN_FLIGHT_BYTES // chunk_bytes))
        waiting: deque[Future[NDArray[np.uint8]]] = deque()
        for first in range(first_row, placed.tensor.n_rows, step):
            if len(waiting) == n_ahead:
                yield waiting.popleft().result()
            count = min(step, placed.tensor.n_rows - first)
            if before is not None:
                before(first, count)
            waiting.append(self._pool.submit(self._pack, placed, first, count))
        while waiting:
            yield waiting.popleft().result()

    def _pack(self, placed: PlacedTensor, first: int, count: int) -> NDArray[np.uint8]:
        tensor = placed.tensor
        if tensor.values is not None:
            return quantize_rows(placed.type, tensor.values.reshape(tensor.n_rows, -1)[first : first + count])
        stored = self._checkpoint.tensors[tensor.source]
        rows = _read(stored, tensor, first, count)
        _check_values(rows, placed.type, stored)
        return quantize_rows(placed.type, rows)


def _read(stored: SourceTensor, tensor: GgufTensor, first: int, count: int) -> NDArray[np.float32]:
    """`count` rows of the GGUF's tensor from the `first` on, in its own order: float32 (count, n_per_row)."""
    n, dim = tensor.n_per_row, tensor.rotary_head_dim
    if (slices := tensor.slices) is not None:
        turn = slices.n_rows * slices.n  # rows of the source in which every tensor takes its turn once
        turns = count // slices.n_rows
        rows = stored.read(first // slices.n_rows * turn * n, turns * turn * n)
        return rows.reshape(turns, slices.n, slices.n_rows * n)[:, slices.which].reshape(count, n)
    rows = stored.read((tensor.first_row + first) * n, count * n)
    if not dim:
        return rows.reshape(count, n)
    n_values = n if len(tensor.shape) > 1 else 1  # in a vector, single values are reordered
    return rows.reshape(-1, dim, n_values)[:, interleaved_order(dim)].reshape(count, n)


def rows_per_chunk(placed: PlacedTensor) -> int:
    """How many rows to pack at a time; whole heads where rows are reordered within them, whole turns of slices."""
    tensor = placed.tensor
    unit = tensor.slices.n_rows if tensor.slices else tensor.rotary_head_dim or 1
    return max(unit, CHUNK_BYTES // (4 * tensor.n_per_row) // unit * unit)


def _check_values(rows: NDArray[np.float32], chosen: Type, stored: SourceTensor) -> None:
    least, most = float(rows.min()), float(rows.max())
    what = f"{stored.path}: `{shown(stored.name)}`"
    if not (np.isfinite(least) and np.isfinite(most)):
        raise UserError(f"{what} holds values that are no finite numbers: {get_again(stored.path)}.")
    most = max(-least, most)
    if most > _BF16_MAX:
        raise UserError(f"{what} holds values too large for any type ({most:.2g}): {get_again(stored.path)}.")
    if chosen not in (Type.F32, Type.BF16) and most > _F16_MAX:  # quantised types have scales of F16
        raise UserError(f"{what} holds values too large for {chosen.name}: choose BF16 or another type.")

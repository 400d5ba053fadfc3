"""What is to be done, in the order in which the bytes come: one task for every tensor of the result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.file_access import FileAccess
from desktop_vlm.conversion.gguf_file import FileLayout, PlacedTensor
from desktop_vlm.conversion.stored_tensor import StoredTensor

_SLACK_BYTES = 4096
"""How much further than its share a row may reach, where rows do not end at bytes or blocks."""

_SMALL_BYTES = 2048


@dataclass(frozen=True, order=True)
class Span:
    """Bytes of a file of the repository, `end` not among them."""

    file: str
    start: int
    end: int

    @property
    def n_bytes(self) -> int:
        """How many."""
        return self.end - self.start


@dataclass(frozen=True)
class Task:
    """A tensor of the result and the bytes that it is made from.

    Attributes:
        output: which file of the result it is in.
        placed: the tensor, with its place there.
        rows: the bytes that its rows are made from, in the rows' order; `None` for a tensor that needs none.
        parts: bytes that are needed whole, for every row.
    """

    output: int
    placed: PlacedTensor
    rows: Span | None = None
    parts: tuple[Span, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows that are made one by one."""
        return self.placed.tensor.n_rows

    def spans(self, first: int, count: int) -> list[Span]:
        """The bytes that are needed to make `count` rows from the `first` on."""
        if self.rows is None or not count:
            return []
        start = self.rows.start + self.rows.n_bytes * first // self.n_rows - _SLACK_BYTES
        end = self.rows.start - (-self.rows.n_bytes * (first + count) // self.n_rows) + _SLACK_BYTES
        return [Span(self.rows.file, max(self.rows.start, start), min(self.rows.end, end)), *self.parts]

    def bytes_of_rows(self, count: int) -> int:
        """About how many bytes `count` rows are made from."""
        return self.rows.n_bytes * count // self.n_rows if self.rows else 0

    @property
    def all_spans(self) -> list[Span]:
        """The bytes that are needed for all rows."""
        return self.spans(0, self.n_rows)


def tasks_of(layouts: Sequence[FileLayout], checkpoint: Checkpoint, remote: FileAccess) -> list[Task]:
    """The tasks in the order of their bytes in the files that `remote` reads; those that need none come first."""
    tasks = [
        _task(output, placed, checkpoint, remote) for output, layout in enumerate(layouts) for placed in layout.tensors
    ]
    return sorted(tasks, key=lambda task: (task.rows is not None, task.rows or Span("", 0, 0)))


def small_parts(checkpoint: Checkpoint) -> list[Span]:
    """What has to be read of tensors with several parts before it is known what they are."""
    several = (tensor.parts for tensor in checkpoint.tensors.values() if len(tensor.parts) > 1)
    return [_span(part) for parts in several for part in parts if part.n_bytes <= _SMALL_BYTES]


def _task(output: int, placed: PlacedTensor, checkpoint: Checkpoint, remote: FileAccess) -> Task:
    if not placed.tensor.source:
        return Task(output, placed)
    stored = [part for part in checkpoint.tensors[placed.tensor.source].parts if part.access is remote]
    if not stored:
        return Task(output, placed)
    main = max(stored, key=lambda part: part.n_bytes)
    parts = tuple(_span(part) for part in stored if part is not main)
    return Task(output, placed, _rows(placed, _span(main)), parts)


def _span(stored: StoredTensor) -> Span:
    return Span(stored.path.name, stored.offset, stored.offset + stored.n_bytes)


def _rows(placed: PlacedTensor, whole: Span) -> Span:
    """Of a stored tensor, the bytes of the rows that belong to this one."""
    tensor = placed.tensor
    n_values = math.prod(tensor.source_shape)
    if tensor.slices is not None or not n_values:
        return whole
    first = tensor.first_row * tensor.n_per_row
    start = whole.n_bytes * first // n_values - _SLACK_BYTES
    end = -(-whole.n_bytes * (first + math.prod(tensor.shape)) // n_values) + _SLACK_BYTES
    return Span(whole.file, max(whole.start, whole.start + start), min(whole.end, whole.start + end))


def files_of(tasks: Iterable[Task]) -> list[str]:
    """The files that are needed, in the order in which they are read."""
    return sorted({span.file for task in tasks for span in task.all_spans})

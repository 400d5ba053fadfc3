"""How files are cut into the pieces that are fetched, kept for a while, and dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_vlm.conversion.streaming.tasks import Span, Task

NEAR_BYTES = 128 << 20
"""A part that ends no further behind the start of its tensor's rows is waited for when its turn comes."""

_GAP_BYTES = 64 << 10  # parts that lie so near each other are fetched together


@dataclass(frozen=True)
class Piece:
    """A piece of a file.

    Attributes:
        span: its bytes.
        number: its place among all pieces, in the order in which they are used.
        is_part: it holds small tensors that others need elsewhere: fetched before everything else, and kept until the
            last of those is done.
    """

    span: Span
    number: int
    is_part: bool = False

    @property
    def n_bytes(self) -> int:
        """How many bytes it has."""
        return self.span.n_bytes


class Pieces:
    """All pieces of the files that tasks need, each file whole, in the order in which they are used."""

    def __init__(self, sizes: Mapping[str, int], tasks: Sequence[Task], piece_bytes: int) -> None:
        """`sizes`: of the files."""
        apart = _parts_apart(tasks)
        self.of_file: dict[str, list[Piece]] = {}
        self.all: list[Piece] = []
        for file in sorted(sizes):
            self.of_file[file] = [
                Piece(span, len(self.all) + i, is_part)
                for i, (span, is_part) in enumerate(_cut(file, sizes[file], apart[file], piece_bytes))
            ]
            self.all += self.of_file[file]
        self._starts = {file: [piece.span.start for piece in pieces] for file, pieces in self.of_file.items()}
        self._users: dict[int, list[int]] = defaultdict(list)
        for index, task in enumerate(tasks):
            for number in {piece.number for piece in self.under(task.all_spans)}:
                self._users[number].append(index)

    def under(self, spans: Iterable[Span]) -> list[Piece]:
        """The pieces that hold bytes of `spans`."""
        found = []
        for span in spans:
            first = bisect_right(self._starts[span.file], span.start) - 1
            for piece in self.of_file[span.file][first:]:
                if piece.span.start >= span.end:
                    break
                found.append(piece)
        return found

    def users(self, piece: Piece) -> list[int]:
        """The numbers of the tasks that need bytes of `piece`, in order."""
        return self._users[piece.number]

    @property
    def part_bytes(self) -> int:
        """Bytes of all pieces that are kept long."""
        return sum(piece.n_bytes for piece in self.all if piece.is_part)


def held_bytes(tasks: Sequence[Task]) -> int:
    """The most bytes of plain pieces that one task keeps from being dropped, so that there must be room for them."""
    most = 0
    for task, following in zip(tasks, [*tasks[1:], None], strict=True):
        if task.rows is None:
            continue
        start, ends = task.rows.start, [part.end for part in task.parts if is_near(part, task.rows)]
        most = max(most, max(ends, default=start) - start)  # nothing can be done before they are there
        if following and following.rows and following.rows.file == task.rows.file:
            most = max(most, max(task.rows.end, *ends, 0) - following.rows.start)  # it needs the same bytes again
    return most


def is_near(part: Span, rows: Span) -> bool:
    """Whether `part` comes soon enough behind the beginning of `rows` to be waited for."""
    return part.file == rows.file and rows.start <= part.start and part.end - rows.start <= NEAR_BYTES


def _parts_apart(tasks: Iterable[Task]) -> dict[str, list[Span]]:
    """By file, what has to be fetched before its turn: merged, in order."""
    spans = {part for task in tasks if task.rows for part in task.parts if not is_near(part, task.rows)}
    by_file: dict[str, list[Span]] = defaultdict(list)
    for span in merge(spans, _GAP_BYTES):
        by_file[span.file].append(span)
    return by_file


def merge(spans: Iterable[Span], gap_bytes: int) -> list[Span]:
    """The spans in order, those that are no further than `gap_bytes` from each other as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        last = merged[-1] if merged else None
        if last and last.file == span.file and span.start <= last.end + gap_bytes:
            merged[-1] = Span(span.file, last.start, max(span.end, last.end))
        else:
            merged.append(span)
    return merged


def _cut(file: str, size: int, apart: Iterable[Span], piece_bytes: int) -> list[tuple[Span, bool]]:
    """The whole file in order: what is apart, and between that pieces of at most `piece_bytes`."""
    found: list[tuple[Span, bool]] = []
    at = 0
    for part in [*apart, Span(file, size, size)]:
        for start, end, is_part in ((at, part.start, False), (part.start, part.end, True)):
            found += [
                (Span(file, first, min(end, first + piece_bytes)), is_part) for first in range(start, end, piece_bytes)
            ]
        at = part.end
    return found

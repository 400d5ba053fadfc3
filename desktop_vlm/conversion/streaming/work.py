"""What is to be done to convert a checkpoint while it is downloaded, and how much room it takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.gguf_file import FileLayout
from desktop_vlm.conversion.streaming.hashing import FileHash
from desktop_vlm.conversion.streaming.ledger import Ledger
from desktop_vlm.conversion.streaming.limits import Limits
from desktop_vlm.conversion.streaming.pieces import Piece, Pieces, held_bytes
from desktop_vlm.conversion.streaming.remote_weights import RemoteWeights
from desktop_vlm.conversion.streaming.tasks import Span, Task, files_of, tasks_of


class Work:
    """The tensors of a result, the bytes that they are made from, and what the ledger says of both.

    Attributes:
        tasks: one for each tensor, in the order in which they are done.
        pieces: of the repository's files.
        files: the repository's files that are needed.
        window_bytes: how much of plain pieces may lie on the disk.
        limits: how much may be on its way.
        ledger: what is done.
    """

    def __init__(
        self,
        layouts: Sequence[FileLayout],
        finished: Sequence[bool],
        checkpoint: Checkpoint,
        remote: RemoteWeights,
        limits: Limits,
    ) -> None:
        """`finished`: which files of the result are there already."""
        self.tasks: list[Task] = tasks_of(layouts, checkpoint, remote)
        self._remote = remote
        self._finished = finished
        self.limits = limits
        sizes = {name: remote.file(name).size for name in files_of(self.tasks)}
        self.pieces = Pieces(sizes, self.tasks, limits.piece_bytes)
        self.files = files_of(task for task in self.tasks if not finished[task.output])
        in_use = held_bytes(self.tasks) + limits.save_bytes + (limits.connections + 1) * limits.piece_bytes
        self.window_bytes = max(limits.window_bytes, in_use)
        parts = [limits.piece_bytes, *(hashlib.sha256(layout.header).hexdigest() for layout in layouts)]
        parts += [remote.listing.stamp(name) for name in sizes]
        self.identity = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        self.ledger = Ledger(self.identity)

    @property
    def spool_bytes(self) -> int:
        """The most that pieces take on the disk."""
        return min(self.window_bytes + self.pieces.part_bytes, self.download_bytes)

    @property
    def download_bytes(self) -> int:
        """Bytes of all files that are needed."""
        return sum(self._remote.file(name).size for name in self.files)

    def is_done(self, index: int) -> bool:
        """Whether nothing is left to do for a task."""
        return index in self.ledger.done or self._finished[self.tasks[index].output]

    def left(self) -> list[int]:
        """The tasks to do, one that was begun first: what its first rows were made from may be gone."""
        begun = self.ledger.current
        return sorted((i for i in range(len(self.tasks)) if not self.is_done(i)), key=lambda i: (i != begun, i))

    def is_used_up(self, piece: Piece) -> bool:
        """Whether all that was to be done with a piece is on the disk, by the ledger."""
        if piece.span.end > self._hashed(piece.span.file):
            return False
        return not any(self._needs(index, piece) for index in self.pieces.users(piece))

    def needed_pieces(self) -> list[Piece]:
        """The pieces that have to be there, or to come."""
        return [piece for file in self.files for piece in self.pieces.of_file[file] if not self.is_used_up(piece)]

    def hashes(self) -> dict[str, FileHash]:
        """Of the files that are not hashed to their ends, the hashes as far as they are."""
        return {
            file: FileHash(self._remote.file(file), *self.ledger.hashed.get(file, (0, b"")))
            for file in self.files
            if self._hashed(file) < self._remote.file(file).size
        }

    def settle(self, have: Mapping[int, int]) -> bool:
        """Begin files again that cannot be continued with the pieces there are: `have` bytes of each, by number.

        Otherwise a tensor might be made of bytes that are never hashed. Returns whether there were such files.
        """
        n_broken = 0
        while broken := next((file for file in self.files if self._cannot_go_on(file, have)), None):
            self.begin_again(broken)
            n_broken += 1
        return n_broken > 0

    def begin_again(self, file: str) -> None:
        """Everything made from `file` has to be made again, from new bytes."""
        self.ledger.hashed.pop(file, None)
        self.ledger.forget_tasks(
            index for index, task in enumerate(self.tasks) if any(span.file == file for span in task.all_spans)
        )

    def _cannot_go_on(self, file: str, have: Mapping[int, int]) -> bool:
        n_bytes, state = self.ledger.hashed.get(file, (0, b""))
        if 0 < n_bytes < self._remote.file(file).size:
            try:
                FileHash(self._remote.file(file), n_bytes, state)
            except ValueError:
                return True
        for piece in self.pieces.of_file[file]:
            if have.get(piece.number, 0) == piece.n_bytes:
                continue
            users = self.pieces.users(piece)
            if piece.span.end <= n_bytes and any(self._needs(index, piece) for index in users):
                return True  # it is hashed and gone, but still needed
            if piece.span.end > n_bytes and any(self._was_used(index, piece) for index in users):
                return True  # it was used and is gone, but not hashed
        return False

    def _needs(self, index: int, piece: Piece) -> bool:
        """Whether rows that are not done are made from bytes of the piece."""
        task, first = self.tasks[index], self.ledger.rows_done(index)
        return not self.is_done(index) and any(_overlap(span, piece) for span in task.spans(first, task.n_rows - first))

    def _was_used(self, index: int, piece: Piece) -> bool:
        """Whether rows that are done, in a file that is not finished, are made from bytes of the piece."""
        if self._finished[self.tasks[index].output]:
            return False
        n_rows = self.tasks[index].n_rows if index in self.ledger.done else self.ledger.rows_done(index)
        return any(_overlap(span, piece) for span in self.tasks[index].spans(0, n_rows))

    def _hashed(self, file: str) -> int:
        return self.ledger.hashed.get(file, (0, b""))[0]


def _overlap(span: Span, piece: Piece) -> bool:
    return span.file == piece.span.file and span.start < piece.span.end and piece.span.start < span.end

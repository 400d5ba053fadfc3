"""One round through all tensors that are left: wait for their bytes, write them, note it, drop the bytes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.streaming.fetcher import DamagedError, Fetcher
from desktop_vlm.conversion.streaming.output import PartialFile
from desktop_vlm.conversion.streaming.status import Status
from desktop_vlm.conversion.streaming.tasks import Span
from desktop_vlm.conversion.streaming.work import Work
from desktop_vlm.conversion.streaming.work_folder import WorkFolder
from desktop_vlm.conversion.tensor_stream import TensorPacker
from desktop_vlm.system import steps

SAVE_S = 10.0
"""What was made is flushed and noted at least so often."""


class Round:
    """Brings together the bytes that arrive and the tensors that are made from them."""

    def __init__(
        self,
        work: Work,
        outputs: Mapping[int, PartialFile],
        packer: TensorPacker,
        fetcher: Fetcher,
        folder: WorkFolder,
        status: Status,
    ) -> None:
        self._work = work
        self._outputs = outputs
        self._packer = packer
        self._fetcher = fetcher
        self._folder = folder
        self._status = status
        self._noted: dict[str, tuple[int, bytes]] = {}
        self._unsaved_bytes = 0
        self._saved_s = time.monotonic()

    def run(self) -> None:
        """Do everything that is left; whatever ends it, what was done is noted.

        Raises:
            DamagedError: a file is not what the hub lists.
        """
        try:
            for index in self._work.left():
                self._make(index)
            self._status.task = -1
            while not self._fetcher.is_finished:
                self._wait()
        except DamagedError:
            self._save()
            raise
        except BaseException:
            with suppress(UserError):
                self._save()
            raise
        self._save()

    def _make(self, index: int) -> None:
        task, ledger = self._work.tasks[index], self._work.ledger
        first = ledger.rows_done(index)
        self._status.task = index

        def wait_for_rows(row: int, count: int) -> None:
            self._wait_for(task.spans(row, count))

        for rows in self._packer.chunks(task.placed, first, wait_for_rows):
            self._outputs[task.output].write(task.placed, first, rows)
            first += len(rows)
            steps.count()
            ledger.note(index, first, is_done=first == task.n_rows)
            self._unsaved_bytes += task.bytes_of_rows(len(rows))
            self._status.tell()
            if self._unsaved_bytes >= self._work.limits.save_bytes or time.monotonic() - self._saved_s >= SAVE_S:
                self._save()

    def _wait_for(self, spans: Sequence[Span]) -> None:
        while not self._fetcher.are_there(spans):
            self._wait()

    def _wait(self) -> None:
        self._status.tell()
        if self._fetcher.is_held_up and (self._unsaved_bytes or self._fetcher.hash_points() != self._noted):
            self._save()
        self._fetcher.wait()

    def _save(self) -> None:
        """Flush what was made, note it, and only then drop the bytes that it was made from.

        Raises:
            UserError: the disk is full, or cannot be written.
        """
        hashed = self._fetcher.hash_points()  # first: what is made from now on is not flushed
        for output in self._outputs.values():
            output.flush()
        self._noted = hashed
        self._work.ledger.hashed |= hashed
        self._folder.save_ledger(self._work.ledger)
        self._fetcher.drop(piece for piece in self._fetcher.held() if self._work.is_used_up(piece))
        self._unsaved_bytes, self._saved_s = 0, time.monotonic()

"""A file that is not whole yet, and the record beside it of what is there.

The record is a line of JSON that says which file it is, followed by one number of eight bytes for each part: how many
of its bytes have been written. A number is written right after the bytes that it counts, so that a process may be
killed anywhere and loses the last piece at most. Should the power fail the record may be ahead of the content; the
digest of the whole file tells.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_vlm.api.errors import UserError
from desktop_vlm.hub import refusals
from desktop_vlm.system.bounded.files import read_bytes
from desktop_vlm.system.bounded.json_text import parse_json

_COUNT_BYTES = 8
_FORMAT = 1
_MOST_STATE_BYTES = 16 << 20
_LEAST_PART_BYTES = 1 << 10
"""Smaller parts than this never were; by the byte, a record of 20 GB would not fit into memory."""


@dataclass(frozen=True)
class Part:
    """A part of a file: the bytes from `first` to `end`."""

    index: int
    first: int
    end: int


class Partial:
    """The content of a file so far. Its methods may be called from several threads.

    Attributes:
        size: of the whole file.
        identity: tells this version of the file from others: its digest.
        etag: as the hub called the version that the content is of; "" before anything came.
        part_bytes: how large its parts are.
        generation: raised whenever all content is dropped; who fetches for an older one has to stop.
    """

    def __init__(self, data: Path, size: int, identity: str, part_bytes: int) -> None:
        self.size = size
        self.identity = identity
        self.etag = ""
        self.part_bytes = part_bytes
        self.generation = 0
        self._data_path = data
        self._state_path = data.with_name(f"{data.name}.state")
        self._counts: list[int] = []
        self._counts_at = 0
        self._files: tuple[BinaryIO, BinaryIO] | None = None
        self._is_closed = False
        self._lock = threading.RLock()
        if not self._load():
            self._counts = [0] * self._n_parts()

    @property
    def path(self) -> Path:
        """Where the content is."""
        return self._data_path

    @property
    def done_bytes(self) -> int:
        return sum(self._counts)

    @property
    def allocated_bytes(self) -> int:
        """What it takes on the disk already."""
        try:
            found = self._data_path.stat()
        except OSError:
            return 0
        blocks = getattr(found, "st_blocks", None)
        return min(self.size, found.st_size if blocks is None else blocks * 512)

    def missing(self) -> list[Part]:
        """The parts that are not whole, from where they are to be continued."""
        return [
            Part(index, index * self.part_bytes + count, self._end(index))
            for index, count in enumerate(self._counts)
            if index * self.part_bytes + count < self._end(index)
        ]

    def position(self, generation: int, part: Part) -> int:
        """Where `part` is to be continued; its end where it is whole, or nobody wants it any more."""
        with self._lock:
            if generation != self.generation:
                return part.end
            return part.index * self.part_bytes + self._counts[part.index]

    def open(self) -> None:
        """Make the files ready to be written, unless they are or were closed; what is there stays.

        Raises:
            Refusal: they cannot be written.
        """
        with self._lock:
            if self._files is not None or self._is_closed:
                return
            try:
                self._data_path.parent.mkdir(parents=True, exist_ok=True)
                if not self._load():
                    self._start()
                self._files = self._data_path.open("r+b", buffering=0), self._state_path.open("r+b", buffering=0)
            except OSError as error:
                raise refusals.of_disk(error, self._data_path) from None

    def restart(self, *, part_bytes: int | None = None) -> int:
        """Drop all content, and take parts of another size where one is given; the new generation."""
        with self._lock:
            if not self._is_closed:
                self._close()
                self.generation += 1
                self.part_bytes = part_bytes or self.part_bytes
                self.etag = ""
                self._remove()
                self.open()
            return self.generation

    def name_version(self, generation: int, etag: str) -> bool:
        """Whether the content so far is of the version `etag`, which is noted if it is the first one seen."""
        with self._lock:
            if not etag or self.etag == etag or generation != self.generation or self._files is None:
                return True
            if self.etag:
                return False
            self.etag = etag
            try:
                self._write_state()
            except OSError as error:
                raise refusals.of_disk(error, self._state_path) from None
            return True

    def write(self, generation: int, index: int, chunk: bytes) -> bool:
        """Add `chunk` to a part; `False` where nobody wants it any more (the content was dropped, or it is closed).

        Raises:
            Refusal: the disk is full, or cannot be written.
        """
        with self._lock:
            if generation != self.generation or self._files is None:
                return False
            data, state = self._files
            try:
                data.seek(index * self.part_bytes + self._counts[index])
                left = memoryview(chunk)
                while left:
                    written = data.write(left) or 0
                    left = left[written:]
                    self._counts[index] += written
                state.seek(self._counts_at + index * _COUNT_BYTES)
                state.write(self._counts[index].to_bytes(_COUNT_BYTES, "little"))
            except OSError as error:
                raise refusals.of_disk(error, self._data_path) from None
            return True

    def keep(self, target: Path) -> bool:
        """The content, which is whole, becomes the file `target`; `False` where nobody wants it any more.

        Raises:
            Refusal: the disk does not take it.
        """
        with self._lock:
            if self._files is None:
                return False
            try:
                self._is_closed = True
                self._close()
                target.parent.mkdir(parents=True, exist_ok=True)
                self._data_path.replace(target)
                self._state_path.unlink(missing_ok=True)
            except OSError as error:
                raise refusals.of_disk(error, target) from None
            return True

    def close(self) -> None:
        """Nothing is written any more; what is there is kept for the next time."""
        with self._lock:
            self._is_closed = True
            self._close()

    def remove(self) -> None:
        """Remove what is there."""
        with self._lock:
            if not self._is_closed:
                self._close()
                self._remove()

    def _close(self) -> None:
        files, self._files = self._files, None
        for file in files or ():
            file.close()

    def _remove(self) -> None:
        for path in (self._state_path, self._data_path):
            with suppress(OSError):
                path.unlink()

    def _n_parts(self) -> int:
        return max(1, -(-self.size // self.part_bytes))

    def _end(self, index: int) -> int:
        return min(self.size, (index + 1) * self.part_bytes)

    def _start(self) -> None:
        """Empty content of the right size, and its record. Holes take no room, but the file has its length."""
        self._state_path.unlink(missing_ok=True)
        with self._data_path.open("wb") as data:
            data.truncate(self.size)
        self._counts = [0] * self._n_parts()
        self._write_state()

    def _write_state(self) -> None:
        """The whole record again, so that it is never half there."""
        head = {
            "format": _FORMAT,
            "size": self.size,
            "identity": self.identity,
            "etag": self.etag,
            "part_bytes": self.part_bytes,
        }
        line = json.dumps(head).encode() + b"\n"
        fresh = self._state_path.with_name(f"{self._state_path.name}.new")
        fresh.write_bytes(line + b"".join(count.to_bytes(_COUNT_BYTES, "little") for count in self._counts))
        if self._files is None:
            fresh.replace(self._state_path)
        else:
            data, old = self._files
            old.close()  # Windows replaces no open file
            fresh.replace(self._state_path)
            self._files = data, self._state_path.open("r+b", buffering=0)
        self._counts_at = len(line)

    def _load(self) -> bool:
        """Take up what an earlier run left; whether that is of this very file."""
        try:
            line, _, counts = read_bytes(self._state_path, _MOST_STATE_BYTES).partition(b"\n")
            head = parse_json(line, file_names=True)
            is_same = (head["format"], head["size"], head["identity"]) == (_FORMAT, self.size, self.identity)
            part_bytes, etag = int(head["part_bytes"]), str(head["etag"])
            length = self._data_path.stat().st_size
        except (OSError, UserError, ValueError, KeyError, TypeError, OverflowError):
            return False
        if not is_same or part_bytes < min(_LEAST_PART_BYTES, self.part_bytes) or length != self.size:
            return False
        if len(counts) != _COUNT_BYTES * max(1, -(-self.size // part_bytes)):
            return False
        self.part_bytes, before = part_bytes, self.part_bytes
        found = [int.from_bytes(counts[at : at + _COUNT_BYTES], "little") for at in range(0, len(counts), _COUNT_BYTES)]
        room = [self._end(index) - index * part_bytes for index in range(self._n_parts())]
        if len(found) != len(room) or any(count > most for count, most in zip(found, room, strict=True)):
            self.part_bytes = before
            return False
        self._counts, self.etag, self._counts_at = found, etag, len(line) + 1
        return True

"""The folder in which files lie until they are whole; one process at a time writes there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop_vlm.hub import refusals
from desktop_vlm.hub.listing import HubFile
from desktop_vlm.hub.partial import Partial

_BLOCK_BYTES = 4096  # in which disks give room


class WorkFolder:
    """A folder for files that are not whole.

    Attributes:
        path: of the folder; it need not be there yet.
        verified: the record of files that were compared with the hub's digest.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.verified = path / "verified.json"
        self._parts = path / "parts"

    def partial(self, file: HubFile, identity: str, part_bytes: int) -> Partial:
        """What is there of `file`, in the version `identity`."""
        return Partial(self._parts / f"{file.path}.partial", file.size, identity, part_bytes)

    @contextmanager
    def one_writer(self) -> Iterator[None]:
        """While this process alone writes here; the system ends the claim of a process that ends.

        Raises:
            Refusal: another one writes, or the folder cannot be written.
        """
        import filelock  # brings asyncio along, which files that are there do not need

        self._make()
        lock = filelock.FileLock(self.path / "lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise refusals.taken(self.path.parent) from None
        except NotImplementedError:  # some network file systems have no locks
            yield
            return
        except OSError as error:
            raise refusals.of_disk(error, self.path / "lock") from None
        try:
            yield
        finally:
            lock.release()

    def check_room(self, partials: Sequence[Partial]) -> None:
        """Refuse before the first byte what would not fit.

        Raises:
            Refusal: it would not.
        """
        needed = sum(-(-one.size // _BLOCK_BYTES) * _BLOCK_BYTES - one.allocated_bytes for one in partials)
        try:
            free = shutil.disk_usage(self.path).free
        except OSError as error:
            raise refusals.of_disk(error, self.path) from None
        if needed > free:
            raise refusals.no_room(self.path.parent, needed, free)

    def remove_partials(self) -> None:
        """Remove what is not whole.

        Raises:
            Refusal: a download is running.
        """
        if self.path.is_dir():
            with self.one_writer():
                shutil.rmtree(self._parts, ignore_errors=True)

    def remove_empty(self) -> None:
        """Remove folders that nothing is in any more."""
        for path in (*sorted(self._parts.rglob("*"), reverse=True), self._parts):
            with suppress(OSError):  # something is in it
                path.rmdir()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not os.access(self.path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise refusals.of_disk(error, self.path.parent) from None

"""The folder in which an unfinished result lies: files with holes, pieces of the repository, the ledger, a lock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from desktop_vlm.conversion.streaming.ledger import Ledger
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.conversion.streaming.work import Work
from desktop_vlm.hub import refusals


class WorkFolder:
    """A folder beside the result, on the same file system.

    Attributes:
        path: where it is; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_path = path / "lock"
        self._ledger_path = path / "ledger.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Have the folder, for this run alone; the lock ends with the process that holds it.

        Raises:
            UserError: another run is at work, or the folder cannot be used.
        """
        lock = filelock.FileLock(self._lock_path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise refusals.taken(self.path.parent) from None
        except NotImplementedError:  # some network file systems have no locks
            pass
        except OSError as error:
            raise refusals.of_disk(error, self.path) from None
        try:
            yield
        finally:
            lock.release()

    def discard(self) -> None:
        """Remove it with what is in it; another folder of its name is left alone.

        Raises:
            UserError: a run is at work there.
        """
        if self._lock_path.is_file():
            with self.locked():
                self._ledger_path.unlink(missing_ok=True)
            shutil.rmtree(self.path, ignore_errors=True)

    def load_ledger(self, work: Work) -> Ledger | None:
        """What an earlier run noted of this very work, if one did."""
        return Ledger.load(self._ledger_path, work.identity)

    def save_ledger(self, ledger: Ledger) -> None:
        """Note what is on the disk.

        Raises:
            UserError: the disk is full, or cannot be written.
        """
        try:
            ledger.save(self._ledger_path)
        except OSError as error:
            raise refusals.of_disk(error, self._ledger_path) from None

    def spool(self, work: Work) -> Spool:
        """The pieces of this very work: another version of a file has pieces of the same names."""
        return Spool(self._pieces_path(work), work.pieces)

    def drop_other_pieces(self, work: Work) -> None:
        """Remove pieces of other work."""
        for path in self.path.glob("pieces-*"):
            if path != self._pieces_path(work):
                shutil.rmtree(path, ignore_errors=True)

    def _pieces_path(self, work: Work) -> Path:
        return self.path / f"pieces-{work.identity[:16]}"

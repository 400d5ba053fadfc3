"""Large files written at the disk's own pace, with their checksum."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

from desktop_vlm.system import steps

_SYNC_BYTES = 16 << 20


class SteadyOutput:
    """A file that waits for the disk every so many bytes, and then leaves the system's cache.

    Else gigabytes would wait in memory for the end, when nobody can stop the work any more; they would push out what
    other programs use, and take seconds to be given up.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._since_sync = 0

    @property
    def sha256(self) -> str:
        """Of all that was written."""
        return self._digest.hexdigest()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Write all of it, and return how many bytes that were.

        Raises:
            OSError: the disk does not take it.
        """
        n_bytes = self._file.write(data)
        steps.count()
        self._digest.update(data)
        self._since_sync += n_bytes
        if self._since_sync >= _SYNC_BYTES:
            self._since_sync = 0
            self._reach_disk()
        return n_bytes

    def _reach_disk(self) -> None:
        self._file.flush()
        getattr(os, "fdatasync", os.fsync)(self._file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

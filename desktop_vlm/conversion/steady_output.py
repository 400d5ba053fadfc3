"""Large files written at the disk's own pace, with their checksum."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

_SYNC_BYTES = 64 << 20


class SteadyOutput:
    """A file that waits for the disk every so many bytes.

    Without that, gigabytes would wait in memory for the end, when nobody can stop the work any more.
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
        self._digest.update(data)
        self._since_sync += n_bytes
        if self._since_sync >= _SYNC_BYTES:
            self._since_sync = 0
            self._file.flush()
            getattr(os, "fdatasync", os.fsync)(self._file.fileno())
        return n_bytes

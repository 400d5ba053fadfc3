"""Which files were compared with the hub's digest already: hashing 21 GB takes half a minute."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop_vlm.hub import refusals
from desktop_vlm.hub.listing import HubFile
from desktop_vlm.hub.waiting import Check, never
from desktop_vlm.system.bounded.json_text import optional_object

_PIECE_BYTES = 4 * 2**20
_MOST_BYTES = 64 << 20


class Verified:
    """A record of files by name, size and time of change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Any] = {}
        self._entries.update(optional_object(path, _MOST_BYTES))

    def knows(self, target: Path, file: HubFile) -> bool:
        """Whether the file was verified, and has not changed since."""
        return self._entries.get(file.path) == self._entry(target, file)

    def note(self, target: Path, file: HubFile) -> None:
        """The file has been verified. Should that not be kept, it is read again the next time."""
        with suppress(OSError):
            self._entries[file.path] = self._entry(target, file)
            fresh = self._path.with_name(f"{self._path.name}.new")
            fresh.write_text(json.dumps(self._entries), encoding="utf-8")
            fresh.replace(self._path)

    @staticmethod
    def _entry(target: Path, file: HubFile) -> list[Any]:
        found = target.stat()
        return [found.st_size, found.st_mtime_ns, file.digest]


def digest_matches(path: Path, file: HubFile, check: Check = never) -> bool:
    """Whether the content of `path` is that of `file`; `check` is called often and may raise.

    Raises:
        Refusal: it cannot be read.
    """
    hasher = file.hasher()
    piece = bytearray(_PIECE_BYTES)
    view = memoryview(piece)
    try:
        with path.open("rb", buffering=0) as content:
            while n_bytes := content.readinto(piece):
                hasher.update(view[:n_bytes])
                check()
    except OSError as error:
        raise refusals.of_disk(error, path) from None
    return hasher.matches


def flush(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk, where the system knows how."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

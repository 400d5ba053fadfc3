"""SHA-256 of files that were made, so that they can be compared later."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.models.record import FileRecord
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import open_regular

CHUNK_BYTES = 4 << 20


def sha256_of(path: Path, tell: Callable[[int], None]) -> str:
    """The digest of a file; `tell` is called with the bytes of each piece, and may raise to stop.

    Raises:
        UserError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while data := file.read(CHUNK_BYTES):
                digest.update(data)
                tell(len(data))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check the disk and its permissions.") from None
    return digest.hexdigest()


def file_record(path: Path, sha256: str, tell: Callable[[int], None], *, is_reference: bool = False) -> FileRecord:
    """A file as it is now, with its digest, which is computed where it is not known.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return FileRecord.of(path, is_reference=is_reference, sha256=sha256 or sha256_of(path, tell))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check the disk and its permissions.") from None

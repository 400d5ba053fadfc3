"""Ordinary files up to a size: pipes, devices, sockets and folders are refused, and what grows is not followed."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import BinaryIO

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason

MAX_TEXT_BYTES = 64 * 2**20
"""Of a file with text; the largest tokenizer.json is a third of it."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def check_ordinary(path: Path) -> os.stat_result:
    """Refuse what could wait forever when it is opened (pipes, devices), and folders.

    Raises:
        UserError: it is missing, no ordinary file, or cannot be looked at.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise UserError(f"There is no file {path}; check the path.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise UserError(f"{_shown(path)} cannot be read ({reason(error)}); check the path.") from None
    if stat.S_ISDIR(found.st_mode):
        raise UserError(f"{path} is a folder; name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise not_ordinary(path)
    return found


def not_ordinary(path: Path) -> UserError:
    """The error for a pipe, a socket or a device."""
    return UserError(f"{path} is not an ordinary file; save it on disk and name that file.")


def open_regular(path: Path, most_bytes: int | None = None, *, buffering: int = -1) -> BinaryIO:
    """Open an ordinary file for reading, without ever waiting for it.

    What has its name may be replaced by a pipe at any time, so the opened file is looked at once more.

    Args:
        path: the file.
        most_bytes: refuse a larger one; None for files of any size, of which only parts are read.
        buffering: as `open` has it.

    Raises:
        UserError: it is missing, no ordinary file, too large, or cannot be opened.
    """
    check_ordinary(path)
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.EWOULDBLOCK):  # a socket or a pipe took its place
            raise not_ordinary(path) from None
        raise unreadable(path, error) from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise not_ordinary(path)
        if most_bytes is not None and found.st_size > most_bytes:
            raise _too_large(path, most_bytes)
        return os.fdopen(handle, "rb", buffering)
    except BaseException:
        os.close(handle)
        raise


def read_bytes(path: Path, most_bytes: int = MAX_TEXT_BYTES) -> bytes:
    """All of an ordinary file, or a refusal where that is more than `most_bytes`, also where it grows meanwhile.

    Raises:
        UserError: as for `open_regular`, or it cannot be read.
    """
    try:
        with open_regular(path, most_bytes) as file:
            pieces, left = [], most_bytes + 1
            while left > 0 and (piece := file.read(min(left, 1 << 20))):
                pieces.append(piece)
                left -= len(piece)
    except OSError as error:
        raise unreadable(path, error) from None
    if left <= 0:
        raise _too_large(path, most_bytes)
    return b"".join(pieces)


def read_text(path: Path, *, most_bytes: int = MAX_TEXT_BYTES) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Raises:
        UserError: it is missing, no ordinary file, too large, unreadable, or not such text.
    """
    try:
        return decode_text(read_bytes(path, most_bytes))
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 or UTF-16 text; save it as UTF-8.") from None


def decode_text(raw: bytes) -> str:
    """Text without its byte order mark.

    Raises:
        UnicodeDecodeError: it is in none of the encodings.
    """
    encoding = json.detect_encoding(raw)  # by byte order marks, and by where zeros are among the first bytes
    return raw.decode(encoding).removeprefix("\ufeff")


def unreadable(path: Path, error: OSError) -> UserError:
    """The error for a file that the system does not let anybody read."""
    return UserError(f"{path} cannot be read ({reason(error)}); check its permissions.")


def _too_large(path: Path, most_bytes: int) -> UserError:
    limit = f"{most_bytes >> 20} MiB" if most_bytes >= 1 << 20 else f"{most_bytes >> 10} KiB"
    return UserError(f"{path} is larger than {limit}, which no such file is; check which file it is.")


def _shown(path: Path) -> str:
    return str(path).replace("\0", "\\0")

"""The bytes of an image that nobody vouches for: a file, pasted bytes, a stream. Never more than `MAX_FILE_BYTES`."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import open_regular

MAX_FILE_BYTES = 256 * 2**20


def printable(name: str) -> str:
    """A name that cannot break a sentence."""
    return "".join(char if char.isprintable() else "?" for char in name)


def read_image_bytes(source: Path | bytes | BinaryIO, name: str) -> bytes:
    """The whole content.

    Raises:
        UserError: missing, unreadable, not an ordinary file, empty or too large; `name` stands in the sentence.
    """
    if isinstance(source, Path):
        data = _read_file(source, name)
    elif isinstance(source, bytes):
        data = source
    else:
        try:
            data = source.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise _unreadable(name, error) from error
    if not data:
        raise UserError(f"{name} is empty (0 bytes); save or copy the image again.")
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MiB; save a smaller copy and use that.")
    return data


def _read_file(path: Path, name: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UserError(f"{name} is a folder; choose an image inside it.")
        if not stat.S_ISREG(mode):  # opening a pipe or a device could wait forever
            raise UserError(f"{name} is not an ordinary file; choose an image saved on disk.")
        with open_regular(path) as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise UserError(f"{name} does not exist; check the name or choose the image again.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError | ValueError) -> UserError:
    return UserError(f"{name} cannot be read ({reason(error)}); check its permissions or copy it elsewhere.")

"""Files that people name: only ordinary ones are opened, and text is read in the encodings that it comes in."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from desktop_vlm.api.errors import UserError

MAX_TEXT_BYTES = 64 * 2**20
"""Of a file with text; the largest tokenizer.json is a third of it."""


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
        raise UserError(f"{path} is not an ordinary file; save it on disk and name that file.")
    return found


def read_text(path: Path, *, most_bytes: int = MAX_TEXT_BYTES) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Raises:
        UserError: it is missing, no ordinary file, too large, unreadable, or not such text.
    """
    if check_ordinary(path).st_size > most_bytes:
        raise UserError(f"{path} is larger than {most_bytes // 2**20} MiB, which is not a file of text.")
    try:
        with path.open("rb") as file:
            return decode_text(file.read(most_bytes))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check its permissions.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 or UTF-16 text; save it as UTF-8.") from None


def decode_text(raw: bytes) -> str:
    """Text without its byte order mark.

    Raises:
        UnicodeDecodeError: it is in none of the encodings.
    """
    encoding = json.detect_encoding(raw)  # by byte order marks, and by where zeros are among the first bytes
    return raw.decode(encoding).removeprefix("\ufeff")


def c_path(path: Path | str) -> bytes:
    """A path as functions of C take it: the file system's own bytes, UTF-8 on Windows.

    Raises:
        UserError: there is a NUL in it, where C would end it.
    """
    raw = os.fsencode(path)
    if b"\0" in raw:
        raise UserError(f"{_shown(path)} is not a path; check its name.")
    return raw


def utf8_or_refuse(text: str, sentence: str) -> bytes:
    """Text with names in it as UTF-8.

    Raises:
        UserError: `sentence`; a name is no text.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UserError(sentence) from None


def reason(error: Exception) -> str:
    """Why a file could not be used, to stand in brackets."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "its name holds a NUL" if isinstance(error, ValueError) and "null" in str(error) else str(error)


def _shown(path: Path | str) -> str:
    return str(path).replace("\0", "\\0")

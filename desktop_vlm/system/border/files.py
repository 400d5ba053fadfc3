"""Names of files as C and JSON take them, and why a file could not be used; `system.bounded` reads what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from desktop_vlm.api.errors import UserError


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

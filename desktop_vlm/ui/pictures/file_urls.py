"""Addresses of files (RFC 8089) as desktops write them into drops: to paths of this computer."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QByteArray, QUrl


class ElsewhereError(ValueError):
    """The file is on another computer; the text is its name."""


def path_of(url: str) -> Path | None:
    """The path that a file: address names; None for another address.

    Percent-encoded bytes stay the bytes that they are, since names of files need not be UTF-8. Where there is no such
    file and the bytes are Latin-1, the same name in UTF-8 is meant if that is there.

    Raises:
        ElsewhereError: it is on another computer.
    """
    if url[:5].lower() != "file:":
        return None
    if sys.platform == "win32":
        return Path(QUrl.fromEncoded(QByteArray(url.encode(errors="replace"))).toLocalFile())
    rest = url[5:]
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        if host.lower() not in {"", "localhost", "127.0.0.1", socket.gethostname().lower()}:
            raise ElsewhereError(host)
        rest = slash + path
    raw = unquote_to_bytes(rest.encode("utf-8", "surrogateescape"))
    if not raw or b"\0" in raw:
        return None
    found = Path(os.fsdecode(raw))
    return found if found.exists() else _in_utf8(raw, found)


def _in_utf8(raw: bytes, found: Path) -> Path:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        other = Path(raw.decode("latin-1"))
        return other if other.exists() else found
    return found

"""Captures that are kept for a time: a folder of image files with an index; what leaves it is deleted at once.

Only the user can read it. What cannot be read is deleted: nothing here is worth keeping longer than was asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import read_bytes
from desktop_vlm.system.bounded.json_text import read_json

_MOST_BYTES, _MOST_INDEX_BYTES = 256 << 20, 1 << 20
_INDEX = "captures.json"


@dataclass(frozen=True)
class KeptCapture:
    """A capture as it is kept.

    Attributes:
        sha256: of its file.
        name: as a person would call it.
        width, height: px.
        taken_at: seconds since 1970.
        screen: name of the screen that it is of; "" where that is not known.
        region: left, top, width and height on that screen, px; empty where that is not known.
    """

    sha256: str
    name: str
    width: int
    height: int
    taken_at: float
    screen: str = ""
    region: tuple[int, ...] = ()


class CaptureFolder:
    """The folder; nothing is there before the first capture is kept. Every method may raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> list[tuple[KeptCapture, bytes]]:
        """What is kept, with its bytes, in the order in which it was written."""
        if not self.path.is_dir():
            return []
        found = []
        for entry in self._entries():
            with contextlib.suppress(UserError):
                data = read_bytes(self._file(entry.sha256), _MOST_BYTES)
                if hashlib.sha256(data).hexdigest() == entry.sha256:
                    found.append((entry, data))
        known = {entry.sha256 for entry, _ in found}
        for file in self.path.iterdir():
            if file.name != _INDEX and file.stem not in known:
                file.unlink(missing_ok=True)
        return found

    def write(self, entries: Sequence[KeptCapture], new: Sequence[tuple[str, bytes]] = ()) -> None:
        """Keep these and nothing else; `new` are the files, by SHA-256, that are not there yet."""
        if not entries:
            self.clear()
            return
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        for sha256, data in new:
            _write(self._file(sha256), data)
        _write(self.path / _INDEX, json.dumps([asdict(entry) for entry in entries]).encode())
        stays = {self._file(entry.sha256).name for entry in entries} | {_INDEX}
        for file in self.path.iterdir():
            if file.name not in stays:
                file.unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete all of it."""
        if self.path.is_dir():
            for file in self.path.iterdir():
                file.unlink(missing_ok=True)
            self.path.rmdir()

    def _file(self, sha256: str) -> Path:
        return self.path / f"{sha256}.png"

    def _entries(self) -> list[KeptCapture]:
        try:
            rows = read_json(self.path / _INDEX, "", most_bytes=_MOST_INDEX_BYTES)
            return [_entry(row) for row in rows]
        except (UserError, ValueError, TypeError, KeyError, AttributeError):
            return []


def _entry(row: dict[str, object]) -> KeptCapture:
    """What a row of the index says.

    Raises:
        ValueError: it is not what this program wrote.
    """
    entry = KeptCapture(**{**row, "region": tuple(row["region"])})  # type: ignore[arg-type]
    is_name = len(entry.sha256) == 64 and set(entry.sha256) <= set("0123456789abcdef")
    numbers = (entry.width, entry.height, *entry.region)
    are_whole = all(isinstance(one, int) and 0 <= one < 2**31 for one in numbers)
    if not (is_name and are_whole and len(entry.region) in {0, 4} and isinstance(entry.taken_at, (int, float))):
        raise ValueError("not an index of captures")
    return entry


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, and for nobody else to read."""
    partial = file.with_suffix(".partial")
    with open(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:  # noqa: PTH123 - its mode
        out.write(data)
    partial.replace(file)

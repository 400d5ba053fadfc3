"""What is written down of a model beside its files: `model.json`. The files may change or go; so may the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import Origin
from desktop_vlm.system.bounded.json_text import read_json_object

RECORD = "model.json"
_VERSION = 1
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class FileRecord:
    """A file as it was when it was recorded.

    Attributes:
        path: a name in the record's folder, or an absolute path for a model that lies elsewhere.
        n_bytes, modified_ns: its size and time then.
        sha256: of its content; empty where it was not computed.
    """

    path: str
    n_bytes: int
    modified_ns: int = 0
    sha256: str = ""

    @classmethod
    def of(cls, path: Path, *, is_reference: bool = False, sha256: str = "") -> FileRecord:
        """A file as it is now.

        Raises:
            OSError: it cannot be looked at.
        """
        found = path.stat()
        return cls(str(path) if is_reference else path.name, found.st_size, found.st_mtime_ns, sha256)

    def is_unchanged(self, folder: Path) -> bool:
        """Whether the file seems to be the one that was recorded."""
        with suppress(OSError, ValueError):
            found = (folder / self.path).stat()
            return (found.st_size, found.st_mtime_ns) == (self.n_bytes, self.modified_ns)
        return False


@dataclass(frozen=True)
class Record:
    """A model as it was recorded.

    Attributes:
        name: what a person calls it.
        family: of `families/`.
        text, mmproj: its files; no mmproj for one that only chats.
        text_type, vision_type: of most weights.
        origin: where it came from.
        is_reference: whether the files lie elsewhere and are not ours.
        added: UTC.
        licence, licence_url: where they are known.
    """

    name: str
    family: str
    text: FileRecord
    mmproj: FileRecord | None
    text_type: str
    vision_type: str
    origin: Origin
    is_reference: bool
    added: str
    licence: str = ""
    licence_url: str = ""

    @property
    def files(self) -> list[FileRecord]:
        """Both, or one."""
        return [self.text, self.mmproj] if self.mmproj else [self.text]

    def to_json(self) -> str:
        """The content of the record's file; bytes of names that are no text are escaped."""
        return json.dumps({"version": _VERSION, **asdict(self)}, indent=1)


def read_record(path: Path) -> Record:
    """Read a record, which anybody may have written.

    Raises:
        UserError: it cannot be read or is none.
    """
    try:
        return _record(read_json_object(path, "", most_bytes=_MOST_BYTES, file_names=True))
    except (UserError, ValueError, KeyError, TypeError):
        raise UserError(f"{path} is damaged; its files are looked at instead.") from None


def _record(table: Mapping[str, Any]) -> Record:
    is_reference = _typed(table, "is_reference", bool)
    origin = table["origin"]
    mmproj = table["mmproj"]
    texts = ("name", "family", "text_type", "vision_type", "added", "licence", "licence_url")
    return Record(
        text=_file(table["text"], is_reference=is_reference),
        mmproj=None if mmproj is None else _file(mmproj, is_reference=is_reference),
        origin=Origin(*(_typed(origin, key, str) for key in ("kind", "source", "commit"))),
        is_reference=is_reference,
        **{key: _typed(table, key, str) for key in texts},
    )


def _file(table: Mapping[str, Any], *, is_reference: bool) -> FileRecord:
    """A record names files in its own folder only, or absolute paths of a reference: what is removed goes by it."""
    path = _typed(table, "path", str)
    is_name = path == Path(path).name and path not in {"", ".", ".."}
    if "\0" in path or not (Path(path).is_absolute() if is_reference else is_name):
        raise ValueError(path)
    n_bytes, modified_ns = (_typed(table, key, int) for key in ("n_bytes", "modified_ns"))
    if not 0 <= n_bytes < 1 << 60 or abs(modified_ns) >= 1 << 63:
        raise ValueError(path)
    return FileRecord(path, n_bytes, modified_ns, _typed(table, "sha256", str))


def _typed(table: Mapping[str, Any], key: str, kind: type) -> Any:
    value = table[key]
    if type(value) is not kind:
        raise TypeError(key)
    return value

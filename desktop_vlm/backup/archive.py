"""The file of a backup: a ZIP archive, nothing in it compressed, with a list of what it holds and its checksums.

    manifest.json          format, version, program, time, number of conversations; of each entry: bytes, SHA-256
    history.db             a whole copy of the database
    settings.toml, quick-actions.toml    as they are; missing where there is no such file

Nobody vouches for a file that is to be restored. Its directory is bounded before it is read, only entries of these
names are looked at, none is larger than the archive itself, nothing is written but into a folder of our own, and
nothing is used whose checksum is another.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import open_regular
from desktop_vlm.system.bounded.json_text import parse_json
from desktop_vlm.system.complete_file import complete_file

FORMAT = "desktop-vlm backup"
VERSION = 1
"""Raised when an earlier program would misunderstand the file."""

SUFFIX = ".zip"
HISTORY, SETTINGS, ACTIONS = "history.db", "settings.toml", "quick-actions.toml"
MANIFEST = "manifest.json"

_NAMES = (HISTORY, SETTINGS, ACTIONS)
_MOST_MANIFEST_BYTES = 64 * 1024
_MOST_TOML_BYTES = 4 * 2**20
_MOST_DIRECTORY_BYTES = 64 * 1024
_MOST_NUMBER = 1e11
_AT_ONCE = 4 * 2**20
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\5\6"
_END_OF_LARGE = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20

Progress = Callable[[float], None]
"""Gets how far it is, 0 to 1; may raise to stop."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds.

    Attributes:
        created_at: seconds since the epoch.
        program: the version that wrote it.
        conversations: how many.
        n_bytes: of the history.
        names: of its entries.
    """

    created_at: float
    program: str
    conversations: int
    n_bytes: int
    names: tuple[str, ...]


# Writing


def write_archive(
    target: Path,
    files: Mapping[str, Path],
    *,
    conversations: int,
    created_at: float,
    progress: Progress = lambda _part: None,
) -> None:
    """Write a backup, which replaces a file there once it is complete and on the disk.

    Args:
        target: the file.
        files: name of an entry -> the file that it is; those that are not there are left out.
        conversations: how many the history holds.
        created_at: seconds since the epoch.
        progress: see there.

    Raises:
        UserError: something cannot be read or written; nothing is left.
    """
    try:
        with (
            complete_file(target, is_private=True) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as made,
        ):
            there = {name: path for name, path in files.items() if path.is_file()}
            total = sum(path.stat().st_size for path in there.values()) or 1
            entries, done = {}, 0
            for name, path in there.items():
                entries[name] = _add(made, name, path, _shifted(progress, done, total))
                done += entries[name]["bytes"]
            head = {"format": FORMAT, "version": VERSION, "program": __version__}
            manifest = {**head, "created_at": created_at, "conversations": conversations, "entries": entries}
            made.writestr(MANIFEST, json.dumps(manifest, indent=1))
    except OSError as error:
        raise UserError(
            f"{target} cannot be written ({reason(error)}); choose another folder or free some space."
        ) from error


def _shifted(progress: Progress, done: int, total: int) -> Callable[[int], None]:
    """Of one entry, after so many bytes of others."""
    return lambda n_bytes: progress((done + n_bytes) / total)


def _add(made: zipfile.ZipFile, name: str, path: Path, progress: Callable[[int], None]) -> dict[str, Any]:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as source, made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
        while some := source.read(_AT_ONCE):
            entry.write(some)
            digest.update(some)
            done += len(some)
            progress(done)
    return {"bytes": done, "sha256": digest.hexdigest()}


# Reading


def read_manifest(path: Path) -> Contents:
    """What a backup says that it holds.

    Raises:
        UserError: it is no backup, damaged, or of a later version.
    """
    with _opened(path) as (_archive, contents, _entries):
        return contents


def unpack(path: Path, folder: Path, progress: Progress = lambda _part: None) -> Contents:
    """Write the entries of a backup, under their names, into an empty folder of our own.

    Raises:
        UserError: it is no backup, damaged, of a later version, or there is no room.
    """
    with _opened(path) as (archive, contents, entries):
        total, done = sum(entry["bytes"] for entry in entries.values()) or 1, 0
        for name, entry in entries.items():
            _extract(archive, name, entry, folder, _shifted(progress, done, total))
            done += entry["bytes"]
        return contents


def _extract(
    archive: zipfile.ZipFile, name: str, entry: Mapping[str, Any], folder: Path, progress: Callable[[int], None]
) -> None:
    digest, done, n_bytes = hashlib.sha256(), 0, entry["bytes"]
    target = folder / name
    try:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file, archive.open(name) as source:
            while some := source.read(min(_AT_ONCE, n_bytes - done + 1)):
                done += len(some)
                if done > n_bytes:
                    raise _damaged(name)
                file.write(some)
                digest.update(some)
                progress(done)
    except OSError as error:
        raise UserError(f"The backup cannot be unpacked ({reason(error)}); free some space and try again.") from error
    if (done, digest.hexdigest()) != (n_bytes, entry["sha256"]):
        raise _damaged(name)


def _damaged(name: str) -> UserError:
    return UserError(f"The backup is damaged ({name} is not what was written); use another copy of it.")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Contents, dict[str, Any]]]:
    """The archive, what it says, and its entries as the list in it has them."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            _check_directory(file, size)
            with zipfile.ZipFile(file) as archive:
                contents, entries = _manifest(archive, size)
                yield archive, contents, entries
    except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, ValueError, EOFError, NotImplementedError) as error:
        raise UserError(f"{path} is no backup of Desktop VLM, or damaged; choose another file.") from error
    except RuntimeError as error:  # an entry is encrypted
        raise UserError(f"{path} is no backup of Desktop VLM; choose another file.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check the disk and its permissions.") from error


def _check_directory(file: IO[bytes], size: int) -> None:
    """Refuse a directory that would take much memory; ours ends the file, without a comment.

    Raises:
        ValueError: it is not as we write it.
    """
    file.seek(max(0, size - _END.size))
    mark, _, _, _, n_entries, n_bytes, _, n_comment = _END.unpack(file.read(_END.size))
    if mark != _END_MARK or n_comment:
        raise ValueError("no end of an archive")
    file.seek(max(0, size - _END.size - _LOCATOR_BYTES - _END_OF_LARGE.size))
    large = file.read(_END_OF_LARGE.size)
    if file.read(4) == b"PK\6\7":  # what says where the end of a large archive is: ours is before it
        mark, *_, n_entries, n_bytes, _ = _END_OF_LARGE.unpack(large)
        if mark != b"PK\6\6":
            raise ValueError("no end of a large archive")
    if n_bytes > _MOST_DIRECTORY_BYTES or n_entries > len(_NAMES) + 1:
        raise ValueError("too many entries")
    file.seek(0)


def _manifest(archive: zipfile.ZipFile, size: int) -> tuple[Contents, dict[str, Any]]:
    """Raises ValueError: something in it is not as we write it; UserError: it is of a later version."""
    found = {info.filename: info for info in archive.infolist()}
    if set(found) - {*_NAMES, MANIFEST} or MANIFEST not in found or len(found) != len(archive.infolist()):
        raise ValueError("other entries than ours")
    if any(info.compress_type != zipfile.ZIP_STORED or info.file_size > size for info in found.values()):
        raise ValueError("a compressed entry")
    if found[MANIFEST].file_size > _MOST_MANIFEST_BYTES:
        raise ValueError("a manifest that is too long")
    values = _as_object(parse_json(archive.read(MANIFEST)))
    if values.get("format") != FORMAT or not isinstance(values.get("version"), int):
        raise ValueError("another format")
    if values["version"] > VERSION:
        raise UserError(
            f"This backup was written by a newer version of this app (format {values['version']}, this one reads up to "
            f"{VERSION}); update the app."
        )
    entries = {name: _as_object(entry) for name, entry in _as_object(values["entries"]).items()}
    if set(entries) != set(found) - {MANIFEST} or HISTORY not in entries:
        raise ValueError("entries that are missing")
    for name, entry in entries.items():
        most = size if name == HISTORY else _MOST_TOML_BYTES
        if not (isinstance(entry.get("bytes"), int) and 0 <= entry["bytes"] == found[name].file_size <= most):
            raise ValueError("an entry of another size")
    created_at, conversations = _as_number(values.get("created_at")), _as_number(values.get("conversations"))
    program = str(values.get("program", ""))[:40]
    return Contents(created_at, program, int(conversations), entries[HISTORY]["bytes"], tuple(entries)), entries


def _as_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < _MOST_NUMBER:
        raise ValueError("no number")
    return float(value)


def _as_object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value

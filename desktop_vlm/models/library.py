"""The models folder: a folder for each model, with its files and a record, and what is on its way in `.partial`.

A model appears in one step, by the renaming of its whole folder. What a person put here is listed too (by
`acquire/scan`, which reads headers), but only files that a record names are ever removed. No header is read here, so
that the window's process may look.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import filelock

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel, Speed
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models import catalogue
from desktop_vlm.models.record import RECORD, FileRecord, Record, read_record
from desktop_vlm.models.usage import Usage, note_usage, read_usage
from desktop_vlm.system.border.files import reason

PARTIAL = ".partial"
_MOST_FOLDERS = 2000
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Entry:
    """A model's folder with a record in it.

    Attributes:
        id: of the model.
        folder: absolute.
        record: None where it cannot be read, and `problem` says why.
    """

    id: str
    folder: Path
    record: Record | None
    problem: str = ""

    @property
    def files(self) -> ModelRef | None:
        """The model's files by its record."""
        if self.record is None:
            return None
        mmproj = self.folder / self.record.mmproj.path if self.record.mmproj else None
        return ModelRef(self.folder / self.record.text.path, mmproj)

    @property
    def is_owned(self) -> bool:
        """Whether the files are the program's own."""
        return self.record is not None and not self.record.is_reference and not self.folder.is_symlink()

    @property
    def missing(self) -> str:
        """What of it is gone, as a sentence; empty where all is there."""
        gone = [] if self.record is None else [one.path for one in self.record.files if not self._has(one)]
        return f"{gone[0]} is gone: get the model again, or remove it from the list." if gone else ""

    def _has(self, file: FileRecord) -> bool:
        with suppress(OSError):
            return (self.folder / file.path).is_file()
        return False


class ModelsFolder:
    """The models that are kept in one folder.

    Attributes:
        path: absolute; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()

    def entries(self) -> list[Entry]:
        """All folders with a record, in the order of their names.

        Raises:
            UserError: the models folder cannot be read.
        """
        return [self._entry(folder) for folder in self.subfolders() if _exists(folder / RECORD)]

    def subfolders(self) -> list[Path]:
        """All folders but those for the program's own purposes.

        Raises:
            UserError: the models folder cannot be read.
        """
        try:
            found = sorted(one for one in self.path.iterdir() if not one.name.startswith(".") and one.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UserError(f"{self.path} cannot be read ({reason(error)}); choose another models folder.") from None
        return found[:_MOST_FOLDERS]

    def _entry(self, folder: Path) -> Entry:
        try:
            return Entry(id_of(folder.name), folder, read_record(folder / RECORD))
        except UserError as error:
            return Entry(id_of(folder.name), folder, None, str(error))

    def entry(self, model_id: str) -> Entry:
        """The model of this id.

        Raises:
            UserError: there is none with a record.
        """
        for entry in self.entries():
            if entry.id == model_id:
                return entry
        raise UserError(f"There is no model {model_id} in {self.path}; `desktop-vlm models` lists them.")

    # Coming

    def work_folder(self, key: str) -> Path:
        """Where a model is made before it appears."""
        return self.path / PARTIAL / key

    @contextmanager
    def working(self, key: str) -> Iterator[Path]:
        """The folder of a model that is being made, for one process at a time; what is in it stays for a next try.

        Raises:
            UserError: another process makes it, or the folder cannot be written.
        """
        folder = self.work_folder(key)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(folder.with_name(f"{key}.lock"))
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise UserError("Another process is getting this very model: wait for it to end, or stop it.") from None
        except NotImplementedError:  # some network file systems have no locks
            yield folder
            return
        except OSError as error:
            raise self._not_writable(error) from None
        try:
            yield folder
        finally:
            lock.release()

    def install(self, work: Path, model_id: str, record: Record) -> Entry:
        """Let a model appear whose files are in `work`; they are named by the record.

        Raises:
            UserError: the folder cannot be written.
        """
        try:
            _write_record(work, record)
            for number in range(1, 1000):
                target = self.path / (model_id if number == 1 else f"{model_id}-{number}")
                if not os.path.lexists(target) and _renamed(work, target):
                    return Entry(id_of(target.name), target, record)
        except OSError as error:
            raise self._not_writable(error) from None
        raise UserError(f"{self.path} holds too many folders that begin with {model_id}; remove some.")

    def add_reference(self, ref: ModelRef, record: Record) -> Entry:
        """List a model that lies elsewhere; where it is listed already, that is it.

        Raises:
            UserError: the folder cannot be written.
        """
        for entry in self.entries():
            if entry.record and entry.record.is_reference and entry.files == ref:
                return entry
        with self.working(f"reference-{_hash(str(ref.text))}") as work:
            return self.install(work, slug(record.name), record)

    # Changing

    def rename(self, model_id: str, name: str) -> Entry:
        """Give a model another name.

        Raises:
            UserError: it is no name, another model has it, or the folder cannot be written.
        """
        entry, name = self.entry(model_id), name.strip()
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise UserError(f"A model's name has 1 to {_LONGEST_NAME} characters in one line; choose another.")
        others = [one.record.name.casefold() for one in self.entries() if one.record and one.id != model_id]
        if name.casefold() in others:
            raise UserError(f"Another model is named {name}; choose another name.")
        if entry.record is None:
            raise UserError(entry.problem)
        record = replace(entry.record, name=name)
        try:
            _write_record(entry.folder, record)
        except OSError as error:
            raise self._not_writable(error) from None
        return replace(entry, record=record)

    def remove(self, model_id: str) -> None:
        """Delete a model's files, or only its record where the files are not ours. Anything else in its folder stays.

        Raises:
            UserError: there is no such model, or something cannot be deleted.
        """
        entry = self.entry(model_id)
        owned = [one.path for one in entry.record.files] if entry.record and entry.is_owned else []
        try:
            if entry.folder.is_symlink():
                entry.folder.unlink()
                return
            for name in [*owned, RECORD]:  # the record last: what is left of a model is still known as its
                (entry.folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # something else is in it
                entry.folder.rmdir()
        except OSError as error:
            raise UserError(f"{entry.folder} cannot be removed ({reason(error)}); check its permissions.") from None

    def discard(self, key: str) -> None:
        """Delete what a stopped download left.

        Raises:
            UserError: there is none, it is running, or it cannot be deleted.
        """
        folder = self.work_folder(key)
        if key != Path(key).name or not folder.is_dir():
            raise UserError("There is no stopped download of this model any more.")
        with self.working(key):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise UserError(f"{folder} cannot be removed ({reason(error)}); check its permissions.") from None

    def _not_writable(self, error: OSError) -> UserError:
        return UserError(f"{self.path} cannot be written ({reason(error)}); choose another models folder.")


def installed(entry: Entry, usage: dict[str, Usage], problem: str = "") -> InstalledModel:
    """A recorded model as the rest of the program knows it; only for entries whose record could be read."""
    record, files = entry.record, entry.files
    assert record is not None
    assert files is not None
    used = usage.get(str(files.text), Usage())
    return InstalledModel(
        id=entry.id,
        name=record.name,
        family=record.family,
        files=files,
        text_type=record.text_type,
        vision_type=record.vision_type,
        text_bytes=record.text.n_bytes,
        mmproj_bytes=record.mmproj.n_bytes if record.mmproj else 0,
        origin=record.origin,
        is_owned=entry.is_owned,
        problem=problem or entry.missing,
        added=record.added,
        last_used=used.last_used,
        speed=used.speed,
        licence=record.licence,
        licence_url=record.licence_url,
    )


def find_installed(folder: ModelsFolder, text: str) -> InstalledModel | None:
    """The recorded model that `text` names, by its id, its name or the catalogue's; None where there is none.

    Raises:
        UserError: several have this name.
    """
    usage = read_usage(folder.path)
    models = [installed(one, usage) for one in folder.entries() if one.record]
    given = text.strip().casefold()
    for model in models:
        if model.id.casefold() == given:
            return model
    named = [model for model in models if model.name.casefold() == given]
    if not named and (known := catalogue.find(given)):
        named = [model for model in models if model.origin.source == known.repo]
    if len(named) > 1:
        ids = ", ".join(model.id for model in named)
        raise UserError(f"Several models are named {text}; say which you mean: {ids}.")
    return named[0] if named else None


def note_use(folder: ModelsFolder, text: Path, speed: Speed) -> None:
    """Note that a model was used just now, and how fast it was, if it is one of the folder's; worth no error."""
    with suppress(UserError):
        is_listed = folder.path in text.parents
        if is_listed or any(entry.files and entry.files.text == text for entry in folder.entries()):
            note_usage(folder.path, text, now(), speed)


def free_bytes(folder: Path) -> int:
    """Free on the disk that a folder is on, or would be; 0 where nobody can tell."""
    for one in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(one).free
    return 0


def slug(name: str) -> str:
    """A name as a folder's name and an id: small letters, digits, dots and dashes."""
    return re.sub(r"[^a-z0-9._]+", "-", name.casefold())[:80].strip("-._") or "model"


def id_of(folder_name: str) -> str:
    """The id of the model in a folder of this name, which may be any bytes."""
    plain = slug(folder_name)
    return folder_name if folder_name == plain else f"{plain}-{_hash(folder_name)}"


def now() -> str:
    """The time as records hold it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _renamed(folder: Path, target: Path) -> bool:
    """Whether a folder got this name; False where another process or thread was faster.

    Raises:
        OSError: the folder cannot be renamed.
    """
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno in {errno.EEXIST, errno.ENOTEMPTY}:
            return False
        raise
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:8]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _write_record(folder: Path, record: Record) -> None:
    partial = folder / f".{RECORD}.{os.getpid()}"
    try:
        with partial.open("w", encoding="ascii") as file:
            file.write(record.to_json())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / RECORD)
    finally:
        partial.unlink(missing_ok=True)

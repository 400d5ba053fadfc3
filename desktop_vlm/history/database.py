"""Opening the file, and every way in which that can go wrong.

The file is opened for this process alone (the app has one instance): a second one is refused at once, and no shared
memory file is needed, so any file system will do. What is checked when it is opened:

- every table but the bytes and texts of pictures, always (these have hashes that are checked when they are read);
- everything, when the last end was not clean or something was found damaged while running.

A damaged file is renamed and a new one begun. A file that is newer than this app, or another program's, stays as it is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.migrations import MIGRATIONS, Migration, make, migrate, version_of
from desktop_vlm.history.schema import Schema, expected_schema, is_as_made, mend, wrong_table
from desktop_vlm.history.values import mend_values

APPLICATION_ID = int.from_bytes(b"DVLM", "big")

BUSY_TIMEOUT_S = 1.0
"""A process that was just killed lets go of the file within milliseconds."""

TEXT_INDEXES = ("messages_fts", "conversations_fts")
PICTURE_INDEXES = ("pictures_fts",)
INDEXES = (*TEXT_INDEXES, *PICTURE_INDEXES)
"""Of all text that can be searched for: what is written, and what was read in pictures."""

_UNCHECKED = ("picture_bytes", "picture_layers")
"""Large, and each row with a hash or checksum that is looked at when it is read."""

_LONGEST_REASON = 200
"""Characters of what SQLite says that a notice repeats."""

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, and must move with it."""

# SQLite's primary result codes. The module names them from Python 3.11 on; before, only the text tells.
_CONSTRAINT = 19
_OF_AN_INDEX = "constraint failed"
"""What SQLite says where the inner tables of an index of words contradict each other; of others it says which."""
_ERROR, _PERM, _BUSY, _LOCKED, _READONLY = 1, 3, 5, 6, 8
_IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 10, 11, 13, 14, 26
_TEXTS = {
    "database is locked": _BUSY,
    "attempt to write a readonly database": _READONLY,
    "disk I/O error": _IOERR,
    "malformed": _CORRUPT,
    "fts5: corrupt": _CORRUPT,
    "database or disk is full": _FULL,
    "unable to open database file": _CANTOPEN,
    "file is not a database": _NOTADB,
}


class DamagedError(UserError):
    """The file holds something that SQLite cannot have written."""


def open_database(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> tuple[sqlite3.Connection, str]:
    """A connection to the newest schema, for this thread and this process alone, and what a person should know.

    Raises:
        UserError: the file cannot be opened or written, is in use, newer than this app, or another program's.
    """
    notice = ""
    with plain_errors(path):
        _prepare_folder(path)
        if _lost_its_beginning(path):
            notice = set_aside(path, "its main file is empty")
    try:
        return _open(path, migrations), notice
    except DamagedError as error:
        reason = " ".join(str(error.__cause__ or error).split())[:_LONGEST_REASON]
    with plain_errors(path):
        notice = set_aside(path, reason)
    return _open(path, migrations), notice


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite or the system raises into a `UserError` that names the file and the way out.

    Damage leaves a mark beside the file, so that all of it is checked when it is opened next.
    """
    try:
        yield
    except sqlite3.Error as error:
        plain = _plain(error, path)
        if isinstance(plain, DamagedError):
            with contextlib.suppress(OSError):
                _mark(path).touch(0o600)
        if plain is None:
            raise
        raise plain from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"The history {path} cannot be saved ({reason}); check the disk and the permissions of file and folder."
        ) from error


@contextlib.contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All or nothing; on the disk when it returns.

    Raises:
        UserError: see `plain_errors`; nothing has changed.
    """
    with plain_errors(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # a full disk ends some transactions by itself
                db.execute("ROLLBACK")
            raise


def must_change(cursor: sqlite3.Cursor, what: str) -> None:
    """Raises LookupError: a statement about one row found none."""
    if cursor.rowcount == 0:
        raise LookupError(f"no {what}")


def set_aside(path: Path, reason: str) -> str:
    """Renames the damaged file and what belongs to it; the sentence to tell.

    Raises:
        OSError: it cannot be renamed, and is where it was.
    """
    now = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    aside, count = path.with_name(f"{path.stem}-damaged-{now}{path.suffix}"), 1
    while any(aside.with_name(aside.name + end).exists() for end in ("", *_BESIDE)):
        count += 1
        aside = path.with_name(f"{path.stem}-damaged-{now}-{count}{path.suffix}")
    # The main file last: as long as it is there, a next start finds it damaged and comes back here.
    for end in (*_BESIDE, ""):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    _mark(path).unlink(missing_ok=True)
    return (
        f"The history was damaged ({reason}) and could not be opened; "
        f"it was kept as {aside.name} in {aside.parent}, and a new one has begun."
    )


def kept_aside(path: Path) -> list[Path]:
    """Every damaged file that was set aside, with what belongs to it."""
    start = f"{path.stem}-damaged-"
    return sorted(one for one in path.parent.iterdir() if one.name.startswith(start))


def remove_database(path: Path) -> None:
    """Deletes the closed file and what belongs to it; the main file last, since a log without it looks like damage."""
    for end in (*_BESIDE, ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _prepare_folder(path: Path) -> None:
    """Only the owner may look; folders that were there before are left as they are."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # SQLite gives its other files this mode
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        with contextlib.suppress(PermissionError):  # another's file: opening it says the rest
            path.chmod(mode & 0o700)
    # SQLite would open it for reading and then fail to lock it, with a message about the disk.
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _lost_its_beginning(path: Path) -> bool:
    """SQLite would delete the log of an empty file, and with it all that is not yet in the main file."""
    return path.stat().st_size == 0 and _ended_uncleanly(path)


def _ended_uncleanly(path: Path) -> bool:
    """A clean end folds the log into the main file and removes it."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _mark(path: Path) -> Path:
    return path.with_name(path.name + "-check")


def _open(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    with plain_errors(path):
        was_damaged = _mark(path).exists()
        check_all = _ended_uncleanly(path) or was_damaged
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            with _misread_is_damage():
                is_new = _is_new(db, path, len(migrations))
            if is_new:
                make(db, APPLICATION_ID, migrations)
            with _misread_is_damage():
                _set_up(db)
                _check(db, everything=check_all)
                was_mended = _mend_schema(db, migrations)
            migrate(db, path, migrations)
            was_mended |= mend_values(db, _tables(migrations), lambda: _check(db, everything=True))
            if was_damaged or was_mended:
                _rebuild_indices(db)
                _mark(path).unlink(missing_ok=True)
        except BaseException:
            db.close()
            raise
    return db


@contextlib.contextmanager
def _misread_is_damage() -> Iterator[None]:
    """While only fixed statements run: where one of these makes no sense to SQLite, the file is what is wrong."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if _code(error) == _ERROR:
            raise DamagedError(str(error)) from error
        raise
    except UnicodeDecodeError as error:  # the module reads names and messages as UTF-8, and damaged ones are not
        raise DamagedError("its names are unreadable") from error


def _mend_schema(db: sqlite3.Connection, migrations: Sequence[Migration]) -> bool:
    """Make indexes and triggers what they must be; whether they were not.

    Raises:
        DamagedError: a table is not what it must be.
    """
    found, expected = Schema.of(db), expected_schema(migrations, version_of(db))
    if wrong := wrong_table(found, expected):
        raise DamagedError(f"its table {wrong} is not as it was made")
    if is_as_made(found, expected):
        return False
    _check(db, everything=True)  # a file that cannot be mended is kept as it is
    try:
        mend(db, found, expected)
    except sqlite3.OperationalError as error:
        raise DamagedError(str(error)) from error
    return True


def _tables(migrations: Sequence[Migration]) -> list[str]:
    """Those whose values are looked at: not the index's own, nor those with a checksum."""
    return sorted(expected_schema(migrations, len(migrations)).tables.difference(_UNCHECKED))


def _rebuild_indices(db: sqlite3.Connection) -> None:
    """From the texts, which the check found sound: nothing but search was lost."""
    for index in INDEXES:
        db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    db.execute(  # these enter it when they end
        "INSERT INTO messages_fts(messages_fts, rowid, text)"
        " SELECT 'delete', id, text FROM messages WHERE state = 'streaming'"
    )


def _is_new(db: sqlite3.Connection, path: Path, newest: int) -> bool:
    """Whether nothing is in the file; it is not written to, for it may not be ours, or not of our time."""
    db.text_factory = lambda data: data.decode("utf-8", "replace")  # a flipped bit must not hide a conversation
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA temp_store = MEMORY")  # nothing of a conversation in the system's temporary folder
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA fullfsync = ON")  # macOS: a plain fsync there stops at the disk's cache
    db.execute("PRAGMA checkpoint_fullfsync = ON")
    version = version_of(db)
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    is_new = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0 and version == 0
    if not is_new and owner != APPLICATION_ID:
        raise UserError(f"{path} is a database of another program; move it elsewhere and start again.")
    if version < 0 or (version == 0 and not is_new):
        raise DamagedError("its version is missing")
    if version > newest:
        raise UserError(
            f"The history {path} was written by a newer version of this app (format {version}, this one reads up to "
            f"{newest}); update the app, or move the file elsewhere to begin a new history."
        )
    return is_new


def _set_up(db: sqlite3.Connection) -> None:
    """How our file is written."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(f"PRAGMA journal_size_limit = {4 * 2**20}")
    db.execute("BEGIN IMMEDIATE")  # takes the lock for good, and fails here if the file cannot be written
    db.execute("ROLLBACK")


def _check(db: sqlite3.Connection, *, everything: bool) -> None:
    """Raises DamagedError at the first thing that is wrong."""
    if everything:
        pragmas = ["PRAGMA integrity_check(1)"]
    else:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
        pragmas = [f'PRAGMA quick_check("{name}")' for (name,) in tables.fetchall() if name not in _UNCHECKED]
    for pragma in pragmas:
        found = db.execute(pragma).fetchone()[0]
        if found != "ok":
            raise DamagedError(" ".join(found.split()))
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall():
        db.execute(f'SELECT 1 FROM "{name}" LIMIT 1')  # its declaration is only read when it is used


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    code: int | None = getattr(error, "sqlite_errorcode", None)  # from Python 3.11 on
    if code is None:
        code = next((known for text, known in _TEXTS.items() if text in str(error)), _ERROR)
    return code & 0xFF  # the rest says where


def _plain(error: sqlite3.Error, path: Path) -> UserError | None:
    """None: a bug in Desktop VLM."""
    code = _code(error)
    if code == _FULL:
        return UserError(f"The disk is full, so nothing more can be saved in {path}; free some space and try again.")
    if code in (_BUSY, _LOCKED):
        return UserError(f"The history {path} is in use by another program; close the other window of this app first.")
    if code in (_READONLY, _CANTOPEN, _PERM):
        return UserError(
            f"The history {path} cannot be written ({error}); check the permissions of the file and its folder."
        )
    if code == _IOERR:
        return UserError(
            f"The disk failed while {path} was read or written ({error}); check the disk and its free space."
        )
    if code in (_CORRUPT, _NOTADB) or (code == _CONSTRAINT and str(error) == _OF_AN_INDEX):
        return DamagedError(
            f"The history {path} is damaged ({error}); "
            "start the app again, and it will be checked and, if it cannot be mended, kept under another name."
        )
    return None

"""A whole history out of the database and back into it: copied, or merged into what is there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.database import open_database, plain_errors, transaction
from desktop_vlm.history.folding import folded
from desktop_vlm.history.migrations import back_up, replaced_path

_NUMBERED = ("conversations", "messages", "drafts", "picture_texts")
"""Tables with numbers of their own, which are others in the database that they come into."""

_RENUMBERED: dict[str, dict[str, str]] = {
    "folders": {},
    "pictures": {},
    "picture_bytes": {},
    "picture_edits": {},
    "picture_texts": {"id": "picture_texts"},
    "picture_words": {"id": "picture_texts"},
    "picture_layers": {"id": "picture_texts"},
    "conversations": {"id": "conversations", "head_id": "messages", "folder_id": "folders"},
    "messages": {"id": "messages", "conversation_id": "conversations", "parent_id": "messages"},
    "message_pictures": {"message_id": "messages"},
    "drafts": {"id": "drafts", "conversation_id": "conversations"},
    "draft_pictures": {"draft_id": "drafts"},
}
"""Every table -> its columns that hold numbers, and of which table these are."""

TABLES = tuple(_RENUMBERED)


class Transfer:
    """Of one history; every method may raise UserError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], path: Path) -> None:
        self._db = db
        self._path = path

    def copy_to(self, target: Path, progress: Callable[[float], object] | None = None) -> None:
        """A whole copy as a database of its own, which replaces a file there once it is complete.

        `progress` is given the part that is copied, 0 to 1; what it raises ends the copy, and nothing of it stays.
        """
        with plain_errors(self._path):
            back_up(self._db(), target, progress)

    def merge(self, other: Path) -> int:
        """Add the conversations of a closed database that are not here; how many these are.

        One is here if it began at the same moment and holds all messages of the other; where it holds fewer, the other
        is added beside it. Nothing that is here changes. Folders of the same name are one.

        Raises:
            UserError: the other is damaged, another program's, or newer than this app.
        """
        check_history(other)
        db = self._db()
        with plain_errors(self._path):
            db.execute("ATTACH DATABASE ? AS other", (str(other),))
        try:
            with transaction(db, self._path):
                chosen = _missing(db)
                if chosen:
                    _number(db, chosen)
                    for table, columns in _RENUMBERED.items():
                        _copy(db, table, columns)
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise UserError(f"The history in the backup contradicts itself ({error}); use another backup.") from error
        finally:
            for table in ("taken_pictures", "new_folders", *(f"new_{one}" for one in _NUMBERED)):
                db.execute(f"DROP TABLE IF EXISTS temp.{table}")
            db.execute("DETACH DATABASE other")
        return len(chosen)


def check_history(path: Path) -> None:
    """Bring a closed database to the newest form, in place.

    Raises:
        UserError: it is damaged, another program's, or newer than this app.
    """
    db, notice = open_database(path)
    db.close()
    if notice:
        raise UserError("The history in the backup is damaged and cannot be restored; use another backup.")


def _missing(db: sqlite3.Connection) -> list[int]:
    """Conversations of the other database that are not here."""
    here: dict[float, list[set[tuple[float, str]]]] = {}
    for began, messages in _conversations(db, "main").values():
        here.setdefault(began, []).append(messages)
    return [
        number
        for number, (began, messages) in _conversations(db, "other").items()
        if not any(messages <= kept for kept in here.get(began, ()))
    ]


def _conversations(db: sqlite3.Connection, name: str) -> dict[int, tuple[float, set[tuple[float, str]]]]:
    """Number -> when it began, and when its messages were written, by whom; not those that are deleted."""
    rows = db.execute(f"SELECT id, created_at FROM {name}.conversations WHERE deleted_at IS NULL ORDER BY id")
    found: dict[int, tuple[float, set[tuple[float, str]]]] = {number: (began, set()) for number, began in rows}
    for number, written, role in db.execute(f"SELECT conversation_id, created_at, role FROM {name}.messages"):
        if number in found:
            found[number][1].add((written, role))
    return found


def _number(db: sqlite3.Connection, chosen: Sequence[int]) -> None:
    """Temporary tables from numbers of the other database to those here, for all that is taken along."""
    db.execute("CREATE TEMP TABLE new_conversations (old INTEGER PRIMARY KEY, new INTEGER)")
    first = _next(db, "conversations")
    db.executemany("INSERT INTO new_conversations VALUES (?, ?)", [(old, first + n) for n, old in enumerate(chosen)])
    in_chosen = "conversation_id IN (SELECT old FROM new_conversations)"
    _number_rows(db, "messages", in_chosen)
    has_new_draft = "EXISTS (SELECT 1 FROM main.drafts WHERE conversation_id IS NULL)"
    _number_rows(db, "drafts", f"{in_chosen} OR (conversation_id IS NULL AND NOT {has_new_draft})")
    db.execute(
        "CREATE TEMP TABLE taken_pictures AS"
        " WITH RECURSIVE used(sha256) AS ("
        " SELECT sha256 FROM other.message_pictures WHERE message_id IN (SELECT old FROM new_messages)"
        " UNION SELECT sha256 FROM other.draft_pictures WHERE draft_id IN (SELECT old FROM new_drafts)"
        " UNION SELECT thumbnail_sha256 FROM other.conversations WHERE id IN (SELECT old FROM new_conversations)"
        " UNION SELECT original FROM used JOIN other.picture_edits USING (sha256))"
        " SELECT sha256 FROM used WHERE sha256 IS NOT NULL"
    )
    is_new = "sha256 NOT IN (SELECT sha256 FROM main.picture_texts)"
    _number_rows(db, "picture_texts", f"sha256 IN (SELECT sha256 FROM taken_pictures) AND {is_new}")
    _number_folders(db)


def _number_rows(db: sqlite3.Connection, table: str, condition: str) -> None:
    db.execute(f"CREATE TEMP TABLE new_{table} (old INTEGER PRIMARY KEY, new INTEGER)")
    db.execute(
        f"INSERT INTO new_{table} SELECT id, ? + row_number() OVER (ORDER BY id) - 1"
        f" FROM other.{table} WHERE {condition}",
        (_next(db, table),),
    )


def _number_folders(db: sqlite3.Connection) -> None:
    """Those that conversations come from; of the same name as one here, they are that one."""
    db.execute("CREATE TEMP TABLE new_folders (old INTEGER PRIMARY KEY, new INTEGER)")
    here = {folded(name): number for number, name in db.execute("SELECT id, name FROM main.folders").fetchall()}
    used = db.execute(
        "SELECT id, name FROM other.folders WHERE id IN"
        " (SELECT folder_id FROM other.conversations WHERE id IN (SELECT old FROM new_conversations))"
    ).fetchall()
    for old, name in used:
        if folded(name) not in here:
            here[folded(name)] = int(db.execute("INSERT INTO main.folders (name) VALUES (?)", (name,)).lastrowid or 0)
        db.execute("INSERT INTO new_folders VALUES (?, ?)", (old, here[folded(name)]))


def _next(db: sqlite3.Connection, table: str) -> int:
    """A number from which on none was ever used."""
    (most,) = db.execute(f"SELECT coalesce(max(id), 0) FROM main.{table}").fetchone()
    row = db.execute("SELECT seq FROM main.sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return max(int(most), int(row[0]) if row else 0) + 1


def _copy(db: sqlite3.Connection, table: str, renumbered: dict[str, str]) -> None:
    """The rows of a table that belong to what is taken along, with their new numbers."""
    if table == "folders":  # they are there already
        return
    columns = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
    values = [
        f"(SELECT new FROM new_{renumbered[column]} WHERE old = {column})" if column in renumbered else column
        for column in columns
    ]
    own = next(iter(renumbered), "")
    of_pictures = "sha256 IN (SELECT sha256 FROM taken_pictures)"
    taken = f"{own} IN (SELECT old FROM new_{renumbered[own]})" if own else of_pictures
    db.execute(
        f"INSERT OR {'ABORT' if own else 'IGNORE'} INTO main.{table} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM other.{table} WHERE {taken}"
    )


def swap(path: Path, file: Path, now: float) -> Path:
    """Another closed database takes the name of one, which gets another; that is returned.

    Raises:
        OSError: a file cannot be renamed; both are as they were.
    """
    aside = replaced_path(path, datetime.fromtimestamp(now).strftime("%Y-%m-%d-%H%M%S"))
    path.rename(aside)
    try:
        file.rename(path)
    except BaseException:
        aside.rename(path)
        raise
    path.chmod(0o600)
    os.utime(aside, (now, now))  # it is kept for some time from now on
    return aside

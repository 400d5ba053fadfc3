"""Pictures that were made of others: which, and how, so that it can be changed later or taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_vlm.history import text_layers
from desktop_vlm.history.database import plain_errors, transaction
from desktop_vlm.history.records import PictureEdit

TABLE = "picture_edits"


class Edits:
    """How pictures of a history were made; every method may raise UserError."""

    def __init__(self, db: Callable[[], sqlite3.Connection], path: Path) -> None:
        self._db = db
        self._path = path

    def keep(self, sha256: str, edit: PictureEdit) -> None:
        """How a kept picture was made of another kept one, which stays as long as this one is kept."""
        with transaction(self._db(), self._path):
            self._db().execute(
                f"INSERT OR REPLACE INTO {TABLE} (sha256, original, document) VALUES (?, ?, ?)",
                (sha256, edit.original, edit.document),
            )

    def of(self, sha256: str) -> PictureEdit | None:
        """How a picture was made of another; None where it was not."""
        with plain_errors(self._path):
            return load(self._db(), sha256)


def load(db: sqlite3.Connection, sha256: str) -> PictureEdit | None:
    """How a picture was made; None where it is an original."""
    row = db.execute(
        f"SELECT original, document, width, height FROM {TABLE} JOIN pictures ON pictures.sha256 = original"
        f" WHERE {TABLE}.sha256 = ?",
        (sha256,),
    ).fetchone()
    return PictureEdit(*row) if row else None


def originals_of(db: sqlite3.Connection, sha256s: Sequence[str]) -> set[str]:
    """What some pictures were made from."""
    return {edit.original for sha256 in sha256s if (edit := load(db, sha256))}


def replaced(db: sqlite3.Connection, old: str, new: str) -> None:
    """Another picture is in the place of one: of what that was made from nothing stays that nobody uses."""
    if not _is_there(db, TABLE):
        return
    edit = load(db, old)
    db.execute(f"DELETE FROM {TABLE} WHERE sha256 = ?", (old,))
    db.execute(f"UPDATE {TABLE} SET original = ? WHERE original = ?", (new, old))
    if edit is not None and edit.original != new and not _is_used(db, edit.original):
        text_layers.forget(db, edit.original)
        for table in ("picture_bytes", "pictures"):
            db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (edit.original,))


def _is_used(db: sqlite3.Connection, sha256: str) -> bool:
    tables = [name for name in ("message_pictures", "draft_pictures") if _is_there(db, name)]
    used = [f"EXISTS (SELECT 1 FROM {name} WHERE sha256 = ?)" for name in tables]
    found = db.execute(
        f"SELECT {' OR '.join(used)} OR EXISTS (SELECT 1 FROM {TABLE} WHERE original = ? OR sha256 = ?)",
        (*[sha256] * len(used), sha256, sha256),
    ).fetchone()
    return bool(found[0])


def _is_there(db: sqlite3.Connection, table: str) -> bool:
    """A backup may be older."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None

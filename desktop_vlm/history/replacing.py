"""Another picture in the place of one, which is gone afterwards: from the database, and from what is kept beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.history import drafts, edits, text_layers
from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF, POINTERS, READ_IMAGES
from desktop_vlm.history.queries import read_details


@dataclass(frozen=True)
class NewFile:
    """What comes instead: an image's file, and its size, px."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


BLOTTED = "\u2588" * 12
"""What an answer becomes that was the text of a picture which is gone."""


def replace(db: sqlite3.Connection, old: str, new: NewFile) -> None:
    """Inside a transaction, with foreign keys off: every reference names the new picture; of the old one nothing stays.

    Raises:
        LookupError: there is no such picture.
    """
    sha256 = new.sha256
    known = db.execute("SELECT name FROM pictures WHERE sha256 = ?", (old,)).fetchone()
    if known is None:
        raise LookupError(f"no picture {old}")
    if sha256 == old:
        return
    db.execute(
        "INSERT OR IGNORE INTO pictures (sha256, name, width, height, size_bytes) VALUES (?, ?, ?, ?, ?)",
        (sha256, known[0], new.width, new.height, len(new.data)),
    )
    db.execute("INSERT OR IGNORE INTO picture_bytes (sha256, data) VALUES (?, ?)", (sha256, new.data))
    db.execute("UPDATE message_pictures SET sha256 = ? WHERE sha256 = ?", (sha256, old))
    db.execute("UPDATE conversations SET thumbnail_sha256 = ? WHERE thumbnail_sha256 = ?", (sha256, old))
    drafts.replace_picture(db, old, sha256)
    _forget_excerpts(db, old, sha256)
    edits.replaced(db, old, sha256)
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'picture_texts'").fetchone():  # a backup may be older
        text_layers.forget(db, old)
    for table in ("picture_bytes", "pictures"):
        db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (old,))


def _forget_excerpts(db: sqlite3.Connection, old: str, new: str) -> None:
    """What of its text went along with questions, and answers that are nothing but its text."""
    rows = db.execute("SELECT id, details FROM messages WHERE details LIKE ?", (f"%{old}%",)).fetchall()
    for message_id, text in rows:
        details = read_details(text)
        if isinstance(excerpts := details.get(IMAGE_TEXT), dict):
            excerpts.pop(old, None)
        if isinstance(kept_back := details.get(IMAGE_TEXT_OFF), list):
            details[IMAGE_TEXT_OFF] = [new if one == old else one for one in kept_back]
        if isinstance(pointers := details.get(POINTERS), dict) and old in pointers:
            pointers[new] = pointers.pop(old)
        if isinstance(read := details.get(READ_IMAGES), list) and old in read:
            details[READ_IMAGES] = [new if one == old else one for one in read]
            db.execute("UPDATE messages SET text = ? WHERE id = ?", (BLOTTED, message_id))
        db.execute("UPDATE messages SET details = ? WHERE id = ?", (json.dumps(details), message_id))


def replace_in_backup(path: Path, old: str, new: NewFile) -> None:
    """The same in a closed backup; one in which that fails is removed, since it would keep what is to be gone."""
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("BEGIN IMMEDIATE")
            with contextlib.suppress(LookupError):
                replace(db, old, new)
            db.execute("COMMIT")
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
                db.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # an index keeps words until it is merged
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, OSError):
        path.unlink(missing_ok=True)


def may_hold(path: Path, sha256: str) -> bool:
    """Whether a damaged database may hold a picture; it is not changed, since somebody may want to save more of it."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as db:
            return db.execute("SELECT 1 FROM picture_bytes WHERE sha256 = ?", (sha256,)).fetchone() is not None
    except sqlite3.Error:
        return True

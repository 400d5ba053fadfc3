"""Deleting so that nothing stays: in tables with damaged references, in the indexes, in the free pages of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop_vlm.history.database import INDEXES, plain_errors, transaction
from desktop_vlm.history.text_layers import TABLES as TABLES_OF_TEXTS

_ALL_TABLES = ("draft_pictures", "drafts", "conversations", "folders", *TABLES_OF_TEXTS, "picture_edits", "pictures")
"""What others belong to goes with these."""


def deleted_conversations(db: sqlite3.Connection, path: Path) -> list[int]:
    """Those that are hidden, and may be erased."""
    with plain_errors(path):
        rows = db.execute("SELECT id FROM conversations WHERE deleted_at IS NOT NULL").fetchall()
    return [conversation_id for (conversation_id,) in rows]


def unused_pictures(db: sqlite3.Connection, path: Path) -> list[str]:
    """SHA-256 of the pictures that no message and no draft holds, nor one that was made of them."""
    with plain_errors(path):
        rows = db.execute(
            "SELECT sha256 FROM pictures"
            " WHERE NOT EXISTS (SELECT 1 FROM message_pictures AS used WHERE used.sha256 = pictures.sha256)"
            " AND NOT EXISTS (SELECT 1 FROM draft_pictures AS used WHERE used.sha256 = pictures.sha256)"
            " AND NOT EXISTS (SELECT 1 FROM picture_edits AS edited WHERE edited.original = pictures.sha256"
            " AND (EXISTS (SELECT 1 FROM message_pictures AS used WHERE used.sha256 = edited.sha256)"
            " OR EXISTS (SELECT 1 FROM draft_pictures AS used WHERE used.sha256 = edited.sha256)))"
        ).fetchall()
    return [sha256 for (sha256,) in rows]


def erase_conversation(db: sqlite3.Connection, path: Path, conversation_id: int) -> None:
    """With its messages and its draft; pictures stay."""
    messages = "(SELECT id FROM messages WHERE conversation_id = ?)"
    drafts = "(SELECT id FROM drafts WHERE conversation_id = ?)"
    rows = (f"message_pictures WHERE message_id IN {messages}", "messages WHERE conversation_id = ?")
    draft = (f"draft_pictures WHERE draft_id IN {drafts}", "drafts WHERE conversation_id = ?")
    _erase(db, path, conversation_id, *rows, *draft, "conversations WHERE id = ?")


def erase_picture(db: sqlite3.Connection, path: Path, sha256: str) -> None:
    """With what was read in it, and how it was made of another or another of it."""
    edits = ("picture_edits WHERE sha256 = ?", "picture_edits WHERE original = ?")
    texts = (f"{table} WHERE id IN (SELECT id FROM picture_texts WHERE sha256 = ?)" for table in TABLES_OF_TEXTS)
    _erase(db, path, sha256, *texts, *edits, "picture_bytes WHERE sha256 = ?", "pictures WHERE sha256 = ?")


def forget_for_good(db: sqlite3.Connection, path: Path, indexes: Sequence[str] = INDEXES) -> None:
    """Deleted words leave the indexes that held them, deleted pages the log and the file."""
    with plain_errors(path):
        for index in indexes:  # a second for the words of 10,000 pictures
            db.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
        db.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page of it
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _erase(db: sqlite3.Connection, path: Path, key: int | str, *rows: str) -> None:
    """Table by table, without checks: a reference that is damaged must not keep what a person wants gone."""
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(db, path):
            for where in rows:
                db.execute(f"DELETE FROM {where}", (key,))
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def erase_all(db: sqlite3.Connection, path: Path) -> None:
    """Every row of every table but those of the schema, and what the file still holds of them."""
    with transaction(db, path):
        for table in _ALL_TABLES:
            db.execute(f"DELETE FROM {table}")
    forget_for_good(db, path)
    with plain_errors(path):
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

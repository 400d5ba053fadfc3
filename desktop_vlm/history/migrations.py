"""The schema, as the steps that made it.

A step is a function decorated with `@migration`; its place in the list is the version that it leads to, kept in
`PRAGMA user_version`. Steps that have been released are never edited: a change is a new step at the end.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

Migration: TypeAlias = "Callable[[sqlite3.Connection], None]"

MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Appends `step` to the schema. It runs inside a transaction and with foreign keys off, checked afterwards."""
    MIGRATIONS.append(step)
    return step


def version_of(db: sqlite3.Connection) -> int:
    """How many steps the database has taken; 0 for a new one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def make(db: sqlite3.Connection, application_id: int, migrations: Sequence[Migration]) -> None:
    """Makes a new database of the newest version, whole or not at all.

    In one transaction, and before there is a log: each step by itself would wait several times for the disk.

    Raises:
        sqlite3.Error: a step failed; the database is as empty as before.
    """
    with _all_or_nothing(db, "BEGIN"):  # nothing is written yet, or it would be too late for the first setting
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute(f"PRAGMA application_id = {application_id}")
        for version in range(len(migrations)):
            _step(db, version, migrations)


def migrate(db: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Takes the database to the newest version, each step whole or not at all, after a backup beside the file.

    Only the newest backup is kept.

    Raises:
        sqlite3.Error: a step failed; the database is as the step before it left it.
    """
    first = version_of(db)
    if first == len(migrations):
        return
    db.execute("PRAGMA foreign_keys = OFF")  # so that a step may rebuild a table; no effect inside a transaction
    for version in range(first, len(migrations)):
        back_up(db, backup_path(path, version + 1))
        with _all_or_nothing(db):
            _step(db, version, migrations)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the log of many steps takes no more room than the file
    db.execute("PRAGMA foreign_keys = ON")
    for old in backups(path):
        if old != backup_path(path, len(migrations)) and old.name.startswith(f"{path.stem}{_BEFORE_VERSION}"):
            old.unlink(missing_ok=True)


@contextlib.contextmanager
def _all_or_nothing(db: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _step(db: sqlite3.Connection, version: int, migrations: Sequence[Migration]) -> None:
    """Takes the step from a version to the next."""
    migrations[version](db)
    broken = db.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise sqlite3.IntegrityError(f"Migration {version + 1} left a broken reference: {tuple(broken)}")
    db.execute(f"PRAGMA user_version = {version + 1}")


_BEFORE_VERSION, _BEFORE_RESTORE = "-before-version-", "-before-restore-"


def backup_path(path: Path, version: int) -> Path:
    """Where the copy goes that is made before the step to `version`."""
    return path.with_name(f"{path.stem}{_BEFORE_VERSION}{version}{path.suffix}")


def replaced_path(path: Path, moment: str) -> Path:
    """Where a database goes in the place of which another is restored."""
    free, count = path.with_name(f"{path.stem}{_BEFORE_RESTORE}{moment}{path.suffix}"), 1
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem}{_BEFORE_RESTORE}{moment}-{count}{path.suffix}")
    return free


def backups(path: Path) -> list[Path]:
    """Every backup of this database, and what an interrupted backup left."""
    starts = tuple(f"{path.stem}{kind}" for kind in (_BEFORE_VERSION, _BEFORE_RESTORE))
    return sorted(one for one in path.parent.iterdir() if one.name.startswith(starts))


_PAGES_AT_ONCE = 1024
"""Of the copy of a database, 4 MiB: so often it is asked whether it shall go on."""


def back_up(db: sqlite3.Connection, target: Path, progress: Callable[[float], object] | None = None) -> None:
    """A whole copy at `target`, which replaces an earlier one only once it is complete and on the disk.

    `progress` is given the part that is copied, 0 to 1; what it raises ends the copy, and nothing of it stays.
    """

    def report(_status: int, left: int, total: int) -> None:
        if progress is not None:
            progress(1 - left / total if total else 1.0)

    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            db.backup(copy, pages=_PAGES_AT_ONCE, progress=report)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@migration
def conversations_messages_pictures(db: sqlite3.Connection) -> None:
    """A tree of messages for each conversation, pictures by their hash, and an index of all text.

    - `messages.parent_id` does not cascade: a chain of 2,000 messages is deeper than SQLite lets actions nest. What
      goes is always a whole conversation, and its references are checked when the transaction ends.
    - The bytes of pictures have a table of their own, so that nothing else is read past them.
    - A message enters the index when it is no longer streaming, so that a batch of tokens costs one small write.
    """
    statements = (
        """CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            pinned INTEGER NOT NULL DEFAULT 0,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            deleted_at REAL,
            head_id INTEGER REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            thumbnail_sha256 TEXT REFERENCES pictures(sha256)
        )""",
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            parent_id INTEGER REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
            state TEXT NOT NULL CHECK (state IN ('complete', 'streaming', 'stopped', 'cut', 'failed')),
            created_at REAL NOT NULL,
            model TEXT NOT NULL,
            action TEXT NOT NULL,
            error TEXT NOT NULL,
            details TEXT NOT NULL,
            text TEXT NOT NULL
        )""",
        "CREATE INDEX messages_by_conversation ON messages(conversation_id, parent_id)",
        "CREATE INDEX messages_by_parent ON messages(parent_id)",
        "CREATE INDEX messages_streaming ON messages(id) WHERE state = 'streaming'",
        """CREATE TABLE pictures (
            sha256 TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            size_bytes INTEGER NOT NULL
        )""",
        """CREATE TABLE picture_bytes (
            sha256 TEXT PRIMARY KEY REFERENCES pictures(sha256) ON DELETE CASCADE,
            data BLOB NOT NULL
        )""",
        """CREATE TABLE message_pictures (
            message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            sha256 TEXT NOT NULL REFERENCES pictures(sha256),
            name TEXT NOT NULL,
            included INTEGER NOT NULL DEFAULT 1,
            PRIMARY KEY (message_id, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX message_pictures_by_picture ON message_pictures(sha256)",
        "CREATE INDEX conversations_by_thumbnail ON conversations(thumbnail_sha256)",
        """CREATE VIRTUAL TABLE messages_fts USING fts5(
            text, content='messages', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
        )""",
        """CREATE VIRTUAL TABLE conversations_fts USING fts5(
            title, content='conversations', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
        )""",
        """CREATE TRIGGER messages_inserted AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
            INSERT INTO messages_fts(rowid, text) VALUES (new.id, new.text);
        END""",
        """CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.state <> 'streaming' BEGIN
            INSERT INTO messages_fts(messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
        END""",
        """CREATE TRIGGER messages_updated AFTER UPDATE OF text, state ON messages BEGIN
            INSERT INTO messages_fts(messages_fts, rowid, text)
                SELECT 'delete', old.id, old.text WHERE old.state <> 'streaming';
            INSERT INTO messages_fts(rowid, text) SELECT new.id, new.text WHERE new.state <> 'streaming';
        END""",
        """CREATE TRIGGER conversations_inserted AFTER INSERT ON conversations BEGIN
            INSERT INTO conversations_fts(rowid, title) VALUES (new.id, new.title);
        END""",
        """CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
            INSERT INTO conversations_fts(conversations_fts, rowid, title) VALUES ('delete', old.id, old.title);
        END""",
        """CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations BEGIN
            INSERT INTO conversations_fts(conversations_fts, rowid, title) VALUES ('delete', old.id, old.title);
            INSERT INTO conversations_fts(rowid, title) VALUES (new.id, new.title);
        END""",
    )
    for statement in statements:  # not executescript, which commits
        db.execute(statement)


@migration
def texts_of_pictures(db: sqlite3.Connection) -> None:
    """What was read in pictures: each layer as it is, and its words for searching.

    - Short rows apart from long ones: a hit of the index leads to the first table alone, a search for parts of words
      goes through all of the second, and the third is only read for pictures that somebody looks at. It is not checked
      when the file is opened; a layer has a checksum.
    - `picture_words.words` is already folded and parted, see `history.folding`.
    """
    statements = (
        """CREATE TABLE picture_texts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sha256 TEXT NOT NULL UNIQUE REFERENCES pictures(sha256) ON DELETE CASCADE,
            reader INTEGER NOT NULL
        )""",
        """CREATE TABLE picture_words (
            id INTEGER PRIMARY KEY REFERENCES picture_texts(id) ON DELETE CASCADE,
            words TEXT NOT NULL
        )""",
        """CREATE TABLE picture_layers (
            id INTEGER PRIMARY KEY REFERENCES picture_texts(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            layer BLOB NOT NULL
        )""",
        """CREATE VIRTUAL TABLE pictures_fts USING fts5(
            words, content='picture_words', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
        )""",
        """CREATE TRIGGER picture_words_inserted AFTER INSERT ON picture_words BEGIN
            INSERT INTO pictures_fts(rowid, words) VALUES (new.id, new.words);
        END""",
        """CREATE TRIGGER picture_words_deleted AFTER DELETE ON picture_words BEGIN
            INSERT INTO pictures_fts(pictures_fts, rowid, words) VALUES ('delete', old.id, old.words);
        END""",
    )
    for statement in statements:
        db.execute(statement)


@migration
def folders_archive_own_settings(db: sqlite3.Connection) -> None:
    """Where a conversation is kept (`history.folders`), and what it is asked with (`history.own_settings`)."""
    statements = (
        "CREATE TABLE folders (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)",
        "ALTER TABLE conversations ADD COLUMN folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL",
        "ALTER TABLE conversations ADD COLUMN archived_at REAL",
        "ALTER TABLE conversations ADD COLUMN own_settings TEXT NOT NULL DEFAULT '{}'",
        "CREATE INDEX conversations_by_folder ON conversations(folder_id)",
    )
    for statement in statements:
        db.execute(statement)


@migration
def drafts_and_unread(db: sqlite3.Connection) -> None:
    """What is being written, for each conversation (NULL: for a new one), and whether an answer was not seen yet."""
    statements = (
        """CREATE TABLE drafts (
            id INTEGER PRIMARY KEY,
            conversation_id INTEGER UNIQUE REFERENCES conversations(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            details TEXT NOT NULL DEFAULT '{}'
        )""",
        """CREATE TABLE draft_pictures (
            draft_id INTEGER NOT NULL REFERENCES drafts(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            sha256 TEXT NOT NULL REFERENCES pictures(sha256),
            name TEXT NOT NULL,
            included INTEGER NOT NULL DEFAULT 1,
            details TEXT NOT NULL DEFAULT '{}',
            PRIMARY KEY (draft_id, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX draft_pictures_by_picture ON draft_pictures(sha256)",
        "ALTER TABLE conversations ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
    )
    for statement in statements:
        db.execute(statement)


@migration
def originals_of_pictures(db: sqlite3.Connection) -> None:
    """Pictures that were made of others, with tools: the original of each, and what was done to it."""
    db.execute(
        """CREATE TABLE picture_edits (
            sha256 TEXT PRIMARY KEY REFERENCES pictures(sha256) ON DELETE CASCADE,
            original TEXT NOT NULL REFERENCES pictures(sha256),
            document TEXT NOT NULL
        )"""
    )

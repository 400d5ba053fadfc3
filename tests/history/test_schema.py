"""A file whose tables, indexes, triggers or values are not what they were made as: mended, or kept aside."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History
from tests.fuzz.history.subject import N_CONVERSATIONS, fill
from tests.fuzz.history.trial import attempt


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "history.db"
    fill(path)
    return path.read_bytes()


@pytest.fixture
def filled(path: Path, whole: bytes) -> Path:
    path.parent.mkdir()
    path.write_bytes(whole)
    return path


@contextlib.contextmanager
def changed(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        yield db


def schema(path: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER messages_updated",
        "DROP INDEX messages_by_parent",
        "DROP TABLE messages_fts",
        "CREATE TRIGGER evil AFTER INSERT ON messages BEGIN DELETE FROM conversations; END",
        "CREATE TRIGGER evil AFTER UPDATE ON conversations BEGIN UPDATE messages SET text = 'x'; END",
        "CREATE UNIQUE INDEX evil ON pictures(name, width, height, sha256)",
        "CREATE VIEW evil AS SELECT * FROM messages",
    ],
)
def test_what_holds_nothing_is_made_again(filled: Path, statement: str) -> None:
    before = schema(filled)
    with changed(filled) as db:
        db.execute(statement)
    with History(filled) as history:
        assert history.notice == ""
        assert len(history.conversations()) == N_CONVERSATIONS - 1  # one is deleted
        assert [one.title for one in history.conversations("some text 5")] == ["number 5"]
    assert schema(filled) == before
    assert attempt(filled).kind == "works"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DROP TABLE picture_bytes", "picture_bytes"),
        ("ALTER TABLE messages RENAME COLUMN details TO evil", "messages"),
        ("ALTER TABLE pictures ADD COLUMN evil", "pictures"),
        ("PRAGMA user_version = 1", "conversations"),
    ],
)
def test_with_another_table_the_file_is_kept_aside(filled: Path, statement: str, table: str) -> None:
    with changed(filled) as db:
        db.execute(statement)
    content = filled.read_bytes()
    with History(filled) as history:
        assert history.notice.startswith(f"The history was damaged (its table {table} is not as it was made) and")
    (aside,) = [one for one in filled.parent.iterdir() if "-damaged-" in one.name]
    assert aside.read_bytes() == content


def test_a_table_that_nobody_knows_does_no_harm(filled: Path) -> None:
    with changed(filled) as db:
        db.execute("CREATE TABLE strange (a, b)")
        db.execute("CREATE VIRTUAL TABLE strange_words USING fts5(a)")
        db.execute("ANALYZE")
    before = schema(filled)
    with History(filled) as history:
        assert (history.notice, len(history.conversations())) == ("", N_CONVERSATIONS - 1)
    assert schema(filled) == before


@pytest.mark.parametrize(
    ("column", "wrong", "right"),
    [
        ("messages.text", b"caf\xc3\xa9", "café"),
        ("messages.text", b"\xff!", "\ufffd!"),
        ("messages.created_at", b"1234.5", 1234.5),
        ("messages.created_at", 1e300, 0.0),
        ("messages.created_at", -1.0, 0.0),
        ("conversations.title", b"12", "12"),
        ("conversations.pinned", "yes", 0),
        ("conversations.updated_at", float("inf"), 0.0),
        ("pictures.width", -5, 0),
        ("pictures.height", 1 << 40, (1 << 31) - 1),
        ("message_pictures.included", b"1", 1),
        ("drafts.text", b"7", "7"),
    ],
)
def test_a_value_of_another_type_is_put_right(filled: Path, column: str, wrong: object, right: object) -> None:
    table, name = column.split(".")
    with changed(filled) as db:
        db.execute(f"UPDATE {table} SET {name} = ?", (wrong,))
    with History(filled) as history:
        assert history.notice == ""
        found = history._db.execute(f"SELECT DISTINCT {name}, typeof({name}) FROM {table}").fetchall()
        assert found == [(right, {str: "text", int: "integer", float: "real"}[type(right)])]
    assert attempt(filled).kind == "works"


def test_details_that_are_nested_too_deep_are_none(filled: Path) -> None:
    with changed(filled) as db:
        db.execute("UPDATE messages SET details = ?", ("[" * 100_000,))
    with History(filled) as history:
        assert {str(one.details) for one in history.all_messages(1)} == {"{}"}


def test_a_notice_is_one_line_however_long_the_reason(filled: Path) -> None:
    with changed(filled) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'messages'", ("CREATE TABLE \n(" + "x " * 999,))
    with History(filled) as history:
        assert history.notice.startswith("The history was damaged (malformed database schema (messages)")
        assert "\n" not in history.notice
        assert len(history.notice) < 500


def test_a_file_of_a_newer_version_is_refused_before_its_schema_is_looked_at(filled: Path) -> None:
    with changed(filled) as db:
        db.execute("DROP TABLE picture_bytes")
        db.execute("PRAGMA user_version = 999")
    before = filled.read_bytes()
    with pytest.raises(UserError, match=r"written by a newer version of this app \(format 999, this one reads up to"):
        History(filled)
    assert filled.read_bytes() == before

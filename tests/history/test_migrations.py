"""Old databases become new ones, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History
from desktop_vlm.history.migrations import MIGRATIONS, Migration, backup_path


def add_rating(db: sqlite3.Connection) -> None:
    """A column with a default."""
    db.execute("ALTER TABLE messages ADD COLUMN rating INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE messages SET rating = length(text)")


def rebuild_pictures(db: sqlite3.Connection) -> None:
    """A table that others refer to, made again with a constraint: the hard kind of change."""
    db.execute(
        "CREATE TABLE new_pictures (sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL,"
        " width INTEGER NOT NULL, height INTEGER NOT NULL, size_bytes INTEGER NOT NULL)"
    )
    db.execute("INSERT INTO new_pictures SELECT * FROM pictures")
    db.execute("DROP TABLE pictures")
    db.execute("ALTER TABLE new_pictures RENAME TO pictures")


def fail_late(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM messages")
    raise RuntimeError("a bug in a migration")


def break_references(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM conversations")


N = len(MIGRATIONS)
ONE, TWO, THREE = [*MIGRATIONS], [*MIGRATIONS, add_rating], [*MIGRATIONS, add_rating, rebuild_pictures]


@pytest.fixture
def filled(path: Path) -> Path:
    """A history of the newest version that there is, with one question about one picture."""
    with History(path, migrations=ONE) as history:
        conversation = history.create_conversation("old")
        sha256 = history.add_picture(b"picture", name="p.png", width=2, height=1)
        history.add_message(conversation, None, "user", "four", pictures=[sha256])
    return path


def value(path: Path, query: str) -> object:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchone()[0]


def test_two_steps_at_once_keep_everything(filled: Path) -> None:
    # WHEN an app that knows two more steps opens it
    with History(filled, migrations=THREE) as history:
        # THEN both were taken, and what was there is there
        (conversation,) = history.conversations()
        (message,) = history.thread(conversation.id)
        assert (message.text, message.pictures[0].name) == ("four", "p.png")
        assert history.picture(message.pictures[0].sha256) == b"picture"
        assert [one.snippet for one in history.conversations("four")] == ["\x02four\x03"]
        with pytest.raises(sqlite3.IntegrityError):  # the references are enforced again
            history._db.execute("INSERT INTO picture_bytes VALUES ('00', x'00')")
    assert value(filled, "PRAGMA user_version") == N + 2
    assert value(filled, "SELECT rating FROM messages") == 4
    assert value(filled, "PRAGMA integrity_check") == "ok"
    # AND the backup before the last step is a whole database of the version before, for the owner only
    backup = backup_path(filled, N + 2)
    assert sorted(file.name for file in filled.parent.iterdir()) == [backup.name, filled.name]
    assert value(backup, "PRAGMA user_version") == N + 1
    assert value(backup, "SELECT text FROM messages") == "four"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_steps_taken_one_release_at_a_time_lead_to_the_same_schema(filled: Path, tmp_path: Path) -> None:
    History(filled, migrations=TWO).close()
    assert backup_path(filled, N + 1).exists()
    History(filled, migrations=THREE).close()
    assert not backup_path(filled, N + 1).exists()
    fresh = tmp_path / "fresh.db"
    History(fresh, migrations=THREE).close()
    schema = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)"
    assert value(filled, schema) == value(fresh, schema)


def test_released_steps_are_never_edited(tmp_path: Path) -> None:
    """Whoever changes one needs a new step: files that took the old one do not take it again."""
    hashes = []
    for version in range(1, N + 1):
        path = tmp_path / f"{version}.db"
        History(path, migrations=MIGRATIONS[:version]).close()
        schema = str(
            value(
                path,
                "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql NOT NULL"
                " AND name NOT GLOB '*_fts_*' ORDER BY name)",
            )
        )
        hashes.append(hashlib.sha256(re.sub(r"\s+", " ", schema).encode()).hexdigest()[:12])
    assert hashes == ["c92c11ac9a94", "95f35e4a604e", "082844dcd9c7", "0fe9ca01ba19", "52261d8c9adc"]


def test_a_new_history_needs_no_backup(path: Path) -> None:
    History(path, migrations=ONE).close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_new_history_is_made_whole_or_not_at_all(path: Path) -> None:
    with pytest.raises(RuntimeError):
        History(path, migrations=[*ONE, fail_late])
    assert value(path, "SELECT count(*) FROM sqlite_master") == 0
    assert [value(path, f"PRAGMA {name}") for name in ("user_version", "application_id")] == [0, 0]
    with History(path, migrations=ONE) as history:
        assert history.notice == ""
        history.create_conversation("new")
    assert [value(path, f"PRAGMA {name}") for name in ("user_version", "auto_vacuum", "journal_mode")] == [N, 2, "wal"]


@pytest.mark.parametrize(("step", "error"), [(fail_late, RuntimeError), (break_references, sqlite3.IntegrityError)])
def test_a_step_that_fails_leaves_the_step_before(filled: Path, step: Migration, error: type[Exception]) -> None:
    with pytest.raises(error):
        History(filled, migrations=[*TWO, step])
    assert value(filled, "PRAGMA user_version") == N + 1
    assert value(filled, "SELECT rating FROM messages") == 4
    with History(filled, migrations=TWO) as history:
        (conversation,) = history.conversations()
        assert [message.text for message in history.thread(conversation.id)] == ["four"]


def test_no_room_for_the_backup_means_no_migration(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match=r"history\.db cannot be saved \(No space left on device\); check the disk"):
        History(filled, migrations=TWO)
    assert [file.name for file in filled.parent.iterdir()] == [filled.name]
    assert value(filled, "PRAGMA user_version") == N


def test_a_newer_database_is_refused_and_stays_as_it_is(filled: Path) -> None:
    History(filled, migrations=THREE).close()
    backup_path(filled, N + 2).unlink()
    before = filled.read_bytes()
    with pytest.raises(UserError) as refused:
        History(filled, migrations=TWO)
    assert str(refused.value) == (
        f"The history {filled} was written by a newer version of this app (format {N + 2}, this one reads "
        f"up to {N + 1}); update the app, or move the file elsewhere to begin a new history."
    )
    assert filled.read_bytes() == before
    assert [file.name for file in filled.parent.iterdir()] == [filled.name]


def test_another_programs_database_is_refused_and_stays_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(UserError, match="is a database of another program; move it elsewhere"):
        History(path)
    assert path.read_bytes() == before


def test_old_backups_go_with_the_next_purge(filled: Path) -> None:
    with History(filled, migrations=TWO) as history:
        history.purge_deleted()
        assert backup_path(filled, N + 1).exists()
    made = backup_path(filled, N + 1).stat().st_mtime
    with History(filled, migrations=TWO, clock=lambda: made + 31 * 86400) as history:
        history.purge_deleted()
    assert not backup_path(filled, N + 1).exists()

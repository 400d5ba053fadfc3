"""Folders, the archive, and what a conversation has of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History, OwnSettings, Scope
from desktop_vlm.history.migrations import MIGRATIONS
from desktop_vlm.history.own_settings import NOTHING_OWN, read


def titles(history: History, scope: Scope | int, search: str = "") -> list[str]:
    return [one.title for one in history.conversations(search, scope=scope)]


@pytest.fixture
def three(history: History) -> tuple[int, int, int]:
    """Conversations a, b and c."""
    ids = [history.create_conversation(name) for name in "abc"]
    for one in ids:
        history.add_message(one, None, "user", "an apple")
    return ids[0], ids[1], ids[2]


def test_a_conversation_is_in_one_place(history: History, three: tuple[int, int, int]) -> None:
    a, b, _c = three
    work, home = history.folders.create("Work"), history.folders.create("home")
    assert history.folders.move([a, b], work) == {None: [a, b]}
    assert titles(history, work) == ["b", "a"]
    assert titles(history, Scope.TOP) == ["c"]
    assert titles(history, Scope.LISTED) == ["c", "b", "a"]
    assert history.folders.move([b], home) == {work: [b]}
    history.set_archived(True, a)
    assert [(one.name, one.count) for one in history.folders.all()] == [("home", 1), ("Work", 0)]
    assert titles(history, work) == []
    assert titles(history, Scope.ARCHIVE) == ["a"]
    assert history.folders.count_archived() == 1
    assert titles(history, Scope.LISTED) == ["c", "b"]
    assert titles(history, Scope.EVERYWHERE) == ["c", "b", "a"]
    # WHEN it comes back THEN it is where it was
    history.set_archived(False, a)
    assert titles(history, work) == ["a"]
    assert history.conversation(a).folder_id == work


def test_a_search_stays_in_its_place(history: History, three: tuple[int, int, int]) -> None:
    a, b, _c = three
    work = history.folders.create("Work")
    history.folders.move([a], work)
    history.set_archived(True, b)
    assert titles(history, work, "apple") == ["a"]
    assert titles(history, Scope.ARCHIVE, "apple") == ["b"]
    assert titles(history, Scope.EVERYWHERE, "apple") == ["c", "b", "a"]


def test_several_are_deleted_and_come_back(history: History, three: tuple[int, int, int]) -> None:
    a, b, c = three
    history.delete(a, c)
    assert titles(history, Scope.EVERYWHERE) == ["b"]
    history.restore(a, c)
    assert titles(history, Scope.EVERYWHERE) == ["c", "b", "a"]
    with pytest.raises(LookupError):
        history.delete(b, 99)
    assert titles(history, Scope.EVERYWHERE) == ["c", "b", "a"]  # all or nothing


def test_a_folder_that_is_deleted_leaves_its_conversations(history: History, three: tuple[int, int, int]) -> None:
    a, b, _c = three
    work = history.folders.create("Work")
    history.folders.move([a, b], work)
    history.set_archived(True, b)
    assert history.folders.delete(work) == [a, b]
    assert titles(history, Scope.TOP) == ["c", "a"]
    assert titles(history, Scope.ARCHIVE) == ["b"]
    with pytest.raises(LookupError):
        history.folders.move([a], work)
    assert history.create_conversation("new", folder_id=work) > 0  # it went while somebody wrote
    assert titles(history, Scope.TOP)[0] == "new"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a name"),
        (" \n ", "needs a name"),
        ("x" * 61, "at most 60"),
        ("WÖRK", "already"),
        ("work ", "already"),
    ],
)
def test_names_of_folders(history: History, name: str, words: str) -> None:
    work = history.folders.create("  Work\n")
    other = history.folders.create("Other")
    with pytest.raises(UserError, match=words):
        history.folders.create(name)
    with pytest.raises(UserError, match=words):
        history.folders.rename(other, name)
    history.folders.rename(work, "WORK")  # its own name in other letters
    assert [one.name for one in history.folders.all()] == ["Other", "WORK"]


def test_own_settings_are_kept(path: Path, history: History) -> None:
    own = OwnSettings("Answer in Welsh \ud83c\udf89.", {"temperature": 0.2, "top_k": 5}, ("describe", "own"))
    one = history.create_conversation("one", own=own)
    two = history.create_conversation("two")
    assert history.conversation(two).own.is_default
    history.set_own(two, OwnSettings(instructions=""))
    history.close()
    with History(path) as again:
        kept = again.conversation(one).own
        assert (kept.instructions, dict(kept.sampling), kept.actions) == (
            "Answer in Welsh \U0001f389.",
            {"temperature": 0.2, "top_k": 5},
            ("describe", "own"),
        )
        assert again.conversation(two).own == OwnSettings(instructions="")
        assert not again.conversation(two).own.is_default
        again.set_own(two, NOTHING_OWN)
        assert again.conversation(two).own.is_default


@pytest.mark.parametrize(
    ("stored", "own"),
    [
        ("", NOTHING_OWN),
        ("[]", NOTHING_OWN),
        ("{", NOTHING_OWN),
        ("[" * 100_000, NOTHING_OWN),
        (
            '{"instructions": 5, "sampling": {"top_k": "x", "min_p": 0.5, "a": NaN, "b": true}, "actions": [1, "x"]}',
            OwnSettings(None, {"min_p": 0.5}, ("x",)),
        ),
        ('{"sampling": [], "actions": {}}', NOTHING_OWN),
    ],
)
def test_damaged_settings_hide_no_conversation(history: History, stored: str, own: OwnSettings) -> None:
    one = history.create_conversation("one")
    history._db.execute("UPDATE conversations SET own_settings = ?", (stored,))
    assert history.conversation(one).own == own
    assert read(stored) == own


def test_an_older_history_has_it_all_at_its_default(path: Path) -> None:
    number = next(n for n, step in enumerate(MIGRATIONS) if step.__name__ == "folders_archive_own_settings")
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        for step in MIGRATIONS[:number]:
            step(db)
        db.execute("INSERT INTO conversations (title, created_at, updated_at) VALUES ('old', 1, 2)")
        db.execute(f"PRAGMA application_id = {int.from_bytes(b'DVLM', 'big')}")
        db.execute(f"PRAGMA user_version = {number}")
    db.close()
    with History(path) as history:
        (old,) = history.conversations(scope=Scope.TOP)
        assert (old.title, old.folder_id, old.archived, old.own) == ("old", None, False, NOTHING_OWN)


def test_nothing_of_it_stays_when_everything_is_deleted(path: Path, history: History) -> None:
    folder = history.folders.create("Zanzibar")
    history.create_conversation("x", folder_id=folder, own=OwnSettings(instructions="Quetzalcoatl"))
    history.delete_everything()
    assert history.folders.all() == []
    history.close()
    assert not any(word in path.read_bytes() for word in (b"Zanzibar", b"Quetzalcoatl"))

"""Histories as a whole: copied, merged, put in the place of another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.history import History, MessageState, NewFile, OwnSettings, Scope
from desktop_vlm.history.migrations import MIGRATIONS, backups
from desktop_vlm.history.records import DraftPicture, KeptDraft, PictureEdit
from desktop_vlm.history.schema import expected_schema
from desktop_vlm.history.transfer import TABLES


def fill(history: History) -> dict[str, int]:
    """Everything that a history can hold."""
    shot = history.add_picture(b"shot", name="shot.png", width=4, height=3)
    original = history.add_picture(b"original", name="o.png", width=8, height=6)
    history.edits.keep(shot, PictureEdit(original, "{}", 8, 6))
    folder = history.folders.create("Work")
    a = history.create_conversation("A", folder_id=folder, own=OwnSettings("Be brief."))
    asked = history.add_message(a, None, "user", "zebra?", pictures=[shot])
    first = history.add_message(a, asked.id, "assistant", "one", details={"usage": {"x": 1}})
    history.add_message(a, asked.id, "assistant", "two")
    history.switch_to(first.id)
    b = history.create_conversation("B")
    history.add_message(b, None, "user", "giraffe")
    history.set_archived(True, b)
    history.drafts.keep(a, KeptDraft("half a", (DraftPicture(shot, "shot.png", 4, 3, True),)))
    history.drafts.keep(None, KeptDraft("a new one"))
    gone = history.create_conversation("deleted")
    history.delete(gone)
    return {"A": a, "B": b, "folder": folder}


@pytest.fixture
def other(tmp_path: Path, clock: Callable[[], float]) -> Path:
    """A closed history with everything in it."""
    path = tmp_path / "other.db"
    with History(path, clock=lambda: clock() + 5000) as history:
        fill(history)
    return path


def tree(history: History, title: str) -> tuple[object, ...]:
    """What there is of a conversation, without the numbers of its messages."""
    (found,) = [one for one in history.conversations() if one.title == title]
    messages = history.all_messages(found.id)
    order = {message.id: at for at, message in enumerate(messages)}
    folders = {folder.id: folder.name for folder in history.folders.all()}
    return (
        [(order.get(m.parent_id or 0), m.role, m.text, m.details, [p.sha256 for p in m.pictures]) for m in messages],
        [order[m.id] for m in history.thread(found.id)],
        (folders.get(found.folder_id or 0), found.archived, found.own),
        history.drafts.load(found.id).text,
    )


def test_everything_is_known_to_a_merge() -> None:
    """A table that is added must say how it is taken along."""
    made = expected_schema(MIGRATIONS, len(MIGRATIONS)).tables
    words = {name for name in made if "_fts" in name or name.startswith("sqlite_")}
    assert set(made) - words == set(TABLES)


def test_a_merge_adds_what_is_not_here(history: History, other: Path) -> None:
    mine = history.create_conversation("Mine")
    history.add_message(mine, None, "user", "lion")
    work = history.folders.create("work")
    with History(other) as source:
        expected = {title: tree(source, title) for title in "AB"}
    assert history.transfer.merge(other) == 2
    assert [one.title for one in history.conversations()] == ["B", "A", "Mine"]
    for title in "AB":
        got, source_tree = tree(history, title), expected[title]
        assert got[0:2] == source_tree[0:2]
        assert got[3] == source_tree[3]
    assert [(one.name, one.count) for one in history.folders.all()] == [("work", 1)]  # of the same name, it is that one
    (a,) = history.conversations(scope=work)
    assert a.own.instructions == "Be brief."
    shot = history.thread(a.id)[0].pictures[0].sha256
    assert history.picture(shot) == b"shot"
    edit = history.edits.of(shot)
    assert edit is not None
    assert history.picture(edit.original) == b"original"
    assert [one.title for one in history.conversations("zebra")] == ["A"]
    assert history.drafts.load(None).text == "a new one"
    assert history._db.execute("PRAGMA foreign_key_check").fetchall() == []
    # WHEN the same is merged again THEN nothing changes
    before = list(history._db.iterdump())
    assert history.transfer.merge(other) == 0
    assert list(history._db.iterdump()) == before
    history.purge_deleted()
    assert history.picture(edit.original) == b"original"


def test_a_longer_form_of_a_conversation_is_added_beside_it(history: History, tmp_path: Path) -> None:
    fill(history)
    copy = tmp_path / "copy.db"
    history.transfer.copy_to(copy)
    with History(copy, clock=lambda: 9e6) as longer:
        (a,) = [one for one in longer.conversations() if one.title == "A"]
        longer.add_message(a.id, longer.head(a.id), "user", "and then?")
    assert history.transfer.merge(copy) == 1
    assert sorted(one.message_count for one in history.conversations() if one.title == "A") == [3, 4]


def test_a_redacted_conversation_is_not_brought_back_beside_itself(history: History, tmp_path: Path) -> None:
    fill(history)
    copy = tmp_path / "copy.db"
    history.transfer.copy_to(copy)
    shot = history.thread(1)[0].pictures[0].sha256
    history.replace_picture(shot, NewFile(b"covered", 4, 3))
    assert history.transfer.merge(copy) == 0
    assert history.all_messages(1)[0].pictures[0].sha256 != shot


def test_an_answer_that_was_being_written_is_a_stopped_one(history: History, tmp_path: Path) -> None:
    one = history.create_conversation("S")
    asked = history.add_message(one, None, "user", "?")
    answer = history.add_message(one, asked.id, "assistant", "", state=MessageState.STREAMING)
    history.append_text(answer.id, "half")
    copy = tmp_path / "copy.db"
    history.transfer.copy_to(copy)
    with History(tmp_path / "mine.db") as mine:
        assert mine.transfer.merge(copy) == 1
        texts = [(message.text, message.state) for message in mine.thread(1)]
    assert texts[1][0] == "half"


def test_another_takes_the_place_and_what_was_there_is_kept(history: History, path: Path, other: Path) -> None:
    mine = history.create_conversation("Mine")
    history.add_message(mine, None, "user", "lion", pictures=[history.add_picture(b"lion", name="", width=1, height=1)])
    aside = history.adopt(other)
    assert [one.title for one in history.conversations()] == ["B", "A"]
    assert not other.exists()
    assert backups(path) == [aside]
    assert aside.name.startswith("history-before-restore-")
    with sqlite3.connect(aside) as db:
        assert db.execute("SELECT title FROM conversations").fetchall() == [("Mine",)]
    db.close()
    # WHEN everything is deleted THEN that, too
    history.delete_everything()
    assert backups(path) == []


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\xff" * 4000, b"nonsense" * 900])
def test_what_is_no_history_changes_nothing(history: History, path: Path, tmp_path: Path, content: bytes) -> None:
    history.create_conversation("Mine")
    other = tmp_path / "broken" / "other.db"
    other.parent.mkdir()
    other.write_bytes(content)
    if content:
        with pytest.raises(UserError, match="use another backup"):
            history.transfer.merge(other)
        other.write_bytes(content)
        with pytest.raises(UserError, match="use another backup"):
            history.adopt(other)
    else:
        assert history.transfer.merge(other) == 0  # a new one, with nothing in it
    assert [one.title for one in history.conversations(scope=Scope.TOP)] == ["Mine"]
    assert backups(path) == []


def test_numbers_at_their_end_are_refused_in_a_sentence(history: History, other: Path) -> None:
    history.create_conversation("Mine")
    history._db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'conversations'", (2**63 - 2,))
    with pytest.raises(UserError, match="contradicts itself"):
        history.transfer.merge(other)
    assert [one.title for one in history.conversations()] == ["Mine"]


def test_a_copy_that_is_stopped_ends_between_two_pieces_and_leaves_nothing(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_vlm.history.migrations._PAGES_AT_ONCE", 4)
    parts: list[float] = []

    def stop(part: float) -> None:
        parts.append(part)
        if len(parts) == 3:
            raise Cancelled

    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    with History(other) as history:
        with pytest.raises(Cancelled):
            history.transfer.copy_to(copy, stop)
        assert list(copy.parent.iterdir()) == []
        assert parts == sorted(parts)
        assert 0 < parts[0] < parts[2] < 1
        # AND the next one is whole
        history.transfer.copy_to(copy, parts.append)
        assert parts[-1] == 1
    with History(copy) as copied, History(other) as history:
        assert [tree(copied, title) for title in "AB"] == [tree(history, title) for title in "AB"]

"""A damaged file is renamed, never deleted, and the app goes on."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.history import History, MessageState

SOME_TEXT = TextLayer(9, 9, (TextLine("a zebra", Box(0, 0, 9, 9), (Word("zebra", Box(2, 0, 9, 9)),), 1.0),), (0,))


@pytest.fixture
def filled(path: Path) -> Path:
    with History(path) as history:
        for number in range(40):
            conversation = history.create_conversation(f"number {number}")
            history.add_message(conversation, None, "user", f"some text {number} " * 40)
    return path


def not_a_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, this is plain text.\n" * 300)


def a_few_bytes(path: Path) -> None:
    path.write_bytes(b"SQLite")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeros_at_the_end(path: Path) -> None:
    """What a power cut leaves on some file systems."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))


def pages_swapped(path: Path) -> None:
    content = path.read_bytes()
    pages = [content[at : at + 4096] for at in range(0, len(content), 4096)]
    pages[2:] = pages[:1:-1]
    path.write_bytes(b"".join(pages))


def root_page(path: Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0])


def messages_scribbled_over(path: Path) -> None:
    at = (root_page(path, "messages") - 1) * 4096
    content = path.read_bytes()
    path.write_bytes(content[:at] + b"\xa5" * 4096 + content[at + 4096 :])


def a_state_that_does_not_exist(path: Path) -> None:
    """Well-formed pages that break a rule of the schema."""
    content = path.read_bytes()
    at = content.index(b"usercomplete")
    path.write_bytes(content[:at] + b"usercompl\xc3te" + content[at + 12 :])


def version_lost(path: Path) -> None:
    """Tables, but the header says that there is nothing yet."""
    content = path.read_bytes()
    path.write_bytes(content[:60] + bytes(4) + content[64:])


def only_the_log_left(path: Path) -> None:
    """SQLite alone would delete this log without a word."""
    path.with_name(path.name + "-wal").write_bytes(path.read_bytes())
    path.write_bytes(b"")


DAMAGES = (
    *(not_a_database, a_few_bytes, cut_in_half, zeros_at_the_end, pages_swapped, messages_scribbled_over),
    *(a_state_that_does_not_exist, version_lost, only_the_log_left),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_kept_under_another_name(filled: Path, damage: Callable[[Path], None]) -> None:
    damage(filled)
    before = {file.name.removeprefix("history.db"): file.read_bytes() for file in filled.parent.iterdir()}

    with History(filled) as history:
        assert history.conversations() == []
        conversation = history.create_conversation("life goes on")
        notice = history.notice

    found = re.fullmatch(
        r"The history was damaged \((.+)\) and could not be opened; it was kept as "
        r"(history-damaged-\d{4}-\d\d-\d\d-\d{6}\.db) in (.+), and a new one has begun\.",
        notice,
        re.DOTALL,
    )
    assert found, notice
    assert "\n" not in notice
    aside = Path(found[3]) / found[2]
    kept = {file.name.removeprefix(aside.name): file.read_bytes() for file in filled.parent.glob(aside.name + "*")}
    assert kept == before
    with History(filled) as history:
        assert history.notice == ""
        assert [one.id for one in history.conversations()] == [conversation]


def test_two_damages_in_a_second_keep_two_files(filled: Path) -> None:
    for _ in range(2):
        not_a_database(filled)
        History(filled).close()
    kept = [file.name for file in filled.parent.iterdir() if "damaged" in file.name]
    assert len(kept) == 2


def test_damage_met_while_running_is_reported_and_found_at_the_next_start(filled: Path) -> None:
    # GIVEN a history whose pages of pictures, which are not read at a clean start, are damaged
    with History(filled) as history:
        for number in range(60):
            history.add_picture(bytes([number]) * 3000, name="", width=1, height=1)
        message = history.add_message(
            1, None, "user", "", pictures=[history.add_picture(b"x", name="", width=1, height=1)]
        )
    at = (root_page(filled, "picture_bytes") - 1) * 4096
    content = filled.read_bytes()
    filled.write_bytes(content[:at] + b"\xa5" * 4096 + content[at + 4096 :])
    # WHEN one of them is needed
    with History(filled) as history:
        assert history.notice == ""
        assert history.thread(1)[-1] == message
        with pytest.raises(UserError, match=r"is damaged \(.+\); start the app again, and it will be checked"):
            history.picture(message.pictures[0].sha256)
    # THEN all of it is checked at the next start
    with History(filled) as history:
        assert "could not be opened; it was kept as history-damaged-" in history.notice
    assert not filled.with_name("history.db-check").exists()


def test_a_damaged_index_is_rebuilt_and_nothing_is_set_aside(filled: Path) -> None:
    with History(filled) as history:
        streaming = history.add_message(1, None, "assistant", "half an answer", state=MessageState.STREAMING)
        history._db.execute("UPDATE messages_fts_data SET block = x'a5a5a5a5' WHERE id > 10")
        with pytest.raises(UserError, match=r"is damaged \(.+\); start the app again, and it will be checked"):
            history.conversations("text")
    with History(filled) as history:
        assert (history.notice, len(history.conversations())) == ("", 40)
        assert [one.title for one in history.conversations("number 17")] == ["number 17"]
        assert len(history.conversations("text", limit=50)) == 40
        assert [one.id for one in history.interrupted()] == [streaming.id]
        assert [one.id for one in history.conversations("answer")] == [1]
        history._db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)")


def test_a_damaged_index_of_pictures_is_rebuilt_too(filled: Path) -> None:
    with History(filled) as history:
        sha256 = history.add_picture(b"x", name="", width=1, height=1)
        history.add_message(1, None, "user", "", pictures=[sha256])
        history.keep_text_layer(sha256, SOME_TEXT)
        history._db.execute("UPDATE pictures_fts_data SET block = x'a5a5a5a5' WHERE id > 10")
        with pytest.raises(UserError, match=r"is damaged \(.+\); start the app again, and it will be checked"):
            history.conversations("zebra")
    with History(filled) as history:
        assert (history.notice, len(history.conversations())) == ("", 40)
        assert [one.hit_picture for one in history.conversations("zebra")] == [sha256]
        assert history.text_layers([sha256]) == {sha256: SOME_TEXT}
        history._db.execute("INSERT INTO pictures_fts(pictures_fts, rank) VALUES ('integrity-check', 1)")


def test_a_broken_reference_hides_nothing_that_can_be_reached(filled: Path) -> None:
    with History(filled) as history:
        first = history.add_message(1, None, "user", "first")
        second = history.add_message(1, first.id, "user", "second")
        third = history.add_message(1, second.id, "user", "third")
        history._db.execute("PRAGMA foreign_keys = OFF")
        for wrong in (999, third.id, second.id):  # missing, a circle, itself
            history._db.execute("UPDATE messages SET parent_id = ? WHERE id = ?", (wrong, second.id))
            assert [message.text for message in history.thread(1)] == ["second", "third"]
            assert [message.text for message in history.switch_to(third.id)] == ["second", "third"]
        history.delete(1)
        history.purge_deleted()
        assert history.conversations("third") == []
        assert len(history.conversations()) == 39


def test_a_mark_on_a_sound_file_costs_nothing(filled: Path) -> None:
    filled.with_name("history.db-check").touch()
    with History(filled) as history:
        assert (history.notice, len(history.conversations())) == ("", 40)
    assert not filled.with_name("history.db-check").exists()


def test_flipped_letters_hide_nothing(filled: Path) -> None:
    """Bytes that are no UTF-8 any more: no structure is broken, so the rest must stay readable."""
    content = filled.read_bytes()
    at = content.index(b"some text 7 some")
    filled.write_bytes(content[:at] + b"s\xff" + content[at + 2 :])
    with History(filled) as history:
        assert history.notice == ""
        assert len(history.conversations()) == 40
        (message,) = history.thread(8)
        assert message.text.startswith("s\ufffdme text 7 some")


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UserError, match=r"history\.db cannot be written"):
        History(path)
    assert path.is_dir()


def test_a_copy_taken_while_running_opens(filled: Path, tmp_path: Path) -> None:
    """As a backup program or a crash would leave it: the file and its log."""
    copies = tmp_path / "copies"
    copies.mkdir()
    with History(filled) as history:
        history.create_conversation("only in the log")
        for file in filled.parent.iterdir():
            shutil.copy(file, copies)
    with History(copies / "history.db") as copy:
        assert copy.notice == ""
        assert copy.conversations()[0].title == "only in the log"


@pytest.mark.parametrize("head", [999, 2, None])
def test_an_end_that_is_missing_or_anothers_hides_nothing(filled: Path, head: int | None) -> None:
    with History(filled) as history:
        first = history.add_message(1, 1, "assistant", "first")
        history._db.execute("PRAGMA foreign_keys = OFF")
        history._db.execute("UPDATE conversations SET head_id = ? WHERE id = 1", (head,))
        shown = [message.text for message in history.thread(1)]
        assert shown == ([] if head is None else [history.message(1).text, "first"])
        again = history.add_message(1, history.head(1), "user", "goes on")
        assert again.parent_id == (None if head is None else first.id)

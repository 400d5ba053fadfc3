"""Another picture in the place of one: nothing of the old one is in any byte of the history's files."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.history import History, NewFile
from desktop_vlm.history.database import set_aside
from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF, READ_BY, READ_IMAGES
from desktop_vlm.history.layer_form import encode
from desktop_vlm.history.migrations import MIGRATIONS, back_up, backup_path
from tests.history.test_stored_pictures import noise, stored, traces

OLD, OTHER = noise(1), noise(2, 9_000)
NEW = NewFile(noise(3), 30, 20)
SECRET = "Zanzibar4711"


def layer(text: str) -> TextLayer:
    box = Box(0, 0, 100, 20)
    return TextLayer(100, 20, (TextLine(text, box, (Word(text, box),), 1.0),), (0,))


def filled(history: History) -> tuple[int, str, str]:
    """A conversation in which a picture is in two messages, another in one, and the text of both; ids of them."""
    conversation = history.create_conversation("About a picture")
    old = history.add_picture(OLD, name="bill.png", width=30, height=20)
    other = history.add_picture(OTHER, name="other.png", width=3, height=2)
    excerpts = {IMAGE_TEXT: {old: {"lines": [SECRET]}, other: {"lines": ["Harmless"]}}, IMAGE_TEXT_OFF: [old]}
    first = history.add_message(conversation, None, "user", "What?", pictures=[old, other], details=excerpts)
    history.add_message(conversation, first.id, "user", "And?", pictures=[old])
    history.keep_text_layer(old, layer(SECRET))
    history.keep_text_layer(other, layer("Harmless"))
    return conversation, old, other


def test_every_message_holds_the_new_picture(history: History) -> None:
    conversation, old, other = filled(history)
    assert history.users_of_picture(old) == (2, 1)
    assert history.replace_picture(old, NEW) == []
    held = [[(one.sha256, one.name, one.width) for one in m.pictures] for m in history.thread(conversation)]
    assert held == [[(NEW.sha256, "bill.png", 30), (other, "other.png", 3)], [(NEW.sha256, "bill.png", 30)]]
    assert history.conversation(conversation).thumbnail_sha256 == NEW.sha256
    assert history.picture(NEW.sha256) == NEW.data
    assert history.users_of_picture(old) == (0, 0)
    assert stored(history) == 2
    with pytest.raises(LookupError):
        history.picture(old)


def test_its_text_is_gone_and_not_found_any_more(history: History) -> None:
    conversation, old, other = filled(history)
    assert len(history.conversations(SECRET)) == 1
    history.replace_picture(old, NEW)
    assert history.conversations(SECRET) == []
    assert len(history.conversations("Harmless")) == 1
    assert set(history.text_layers([old, NEW.sha256, other])) == {other}
    details = history.thread(conversation)[0].details
    assert details == {IMAGE_TEXT: {other: {"lines": ["Harmless"]}}, IMAGE_TEXT_OFF: [NEW.sha256]}


def test_an_answer_that_is_its_text_is_blotted(history: History) -> None:
    conversation, old, other = filled(history)
    last = history.thread(conversation)[-1].id
    own, others = {READ_BY: "ocr", READ_IMAGES: [old]}, {READ_BY: "ocr", READ_IMAGES: [other]}
    read = history.add_message(conversation, last, "assistant", f"Bill of {SECRET}", details=own)
    history.add_message(conversation, read.id, "assistant", "Harmless", details=others)
    assert len(history.conversations(f"Bill of {SECRET}")) == 1
    history.replace_picture(old, NEW)
    *_, first, second = history.thread(conversation)
    assert (first.text, first.details[READ_IMAGES]) == ("\u2588" * 12, [NEW.sha256])
    assert (second.text, second.details) == ("Harmless", others)
    assert history.conversations("Bill") == []


def test_no_byte_of_it_is_left_in_any_file(history: History, path: Path) -> None:
    _, old, _ = filled(history)
    assert traces(path.parent, OLD) != []
    assert any(encode(layer(SECRET)) in file.read_bytes() for file in path.parent.iterdir())
    history.replace_picture(old, NEW)
    for _ in range(2):
        assert traces(path.parent, OLD) == []
        for file in path.parent.iterdir():
            content = file.read_bytes()
            assert SECRET.lower().encode() not in content.lower()
            assert old.encode() not in content
            assert encode(layer(SECRET)) not in content
        history.close()
    assert traces(path.parent, NEW.data) == [path.name]


def test_a_backup_is_changed_too(history: History, path: Path) -> None:
    _, old, other = filled(history)
    backup = backup_path(path, len(MIGRATIONS))
    back_up(history._db, backup)
    assert traces(path.parent, OLD) != []
    history.replace_picture(old, NEW)
    assert traces(path.parent, OLD) == []
    assert SECRET.lower().encode() not in backup.read_bytes().lower()
    with contextlib.closing(sqlite3.connect(backup)) as db:
        assert {row[0] for row in db.execute("SELECT sha256 FROM picture_bytes")} == {NEW.sha256, other}


def test_a_backup_from_before_there_were_texts(path: Path, clock: Callable[[], float]) -> None:
    with History(path, clock=clock, migrations=MIGRATIONS[:1]) as early:
        early._drafts.clear()
        old = early.add_picture(OLD, name="bill.png", width=30, height=20)
    with History(path, clock=clock, migrations=MIGRATIONS[:2]) as history:
        assert backup_path(path, 2).exists()
        history.replace_picture(old, NEW)
        assert traces(path.parent, OLD) == []
    with contextlib.closing(sqlite3.connect(backup_path(path, 2))) as db:
        assert db.execute("SELECT sha256 FROM picture_bytes").fetchall() == [(NEW.sha256,)]


def test_a_backup_that_cannot_be_changed_is_removed(history: History, path: Path) -> None:
    _, old, _ = filled(history)
    backup = backup_path(path, len(MIGRATIONS))
    backup.write_bytes(b"damaged" + OLD)
    history.replace_picture(old, NEW)
    assert not backup.exists()


def test_files_that_were_set_aside_are_named(path: Path, clock: Callable[[], float]) -> None:
    with History(path, clock=clock) as history:
        _, old, _ = filled(history)
    set_aside(path, "a test")
    with History(path, clock=clock) as history:
        history.add_picture(OLD, name="bill.png", width=30, height=20)
        (aside,) = history.replace_picture(old, NEW)
        assert aside.name.startswith("history-damaged-")
        unknown = history.add_picture(noise(9), name="new.png", width=1, height=1)
        assert history.replace_picture(unknown, NewFile(noise(10), 1, 1)) == []


def test_a_draft_stays_one(history: History) -> None:
    old = history.add_picture(OLD, name="bill.png", width=30, height=20)
    history.replace_picture(old, NEW)
    history.purge_deleted()
    assert history.picture(NEW.sha256) == NEW.data


def test_a_picture_that_is_not_there(history: History) -> None:
    with pytest.raises(LookupError):
        history.replace_picture("0" * 64, NEW)
    assert NEW.sha256 == hashlib.sha256(NEW.data).hexdigest()

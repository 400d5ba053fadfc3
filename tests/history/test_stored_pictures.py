"""Pictures: once, whole, and really gone when they are deleted."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History


def noise(seed: int, size: int = 50_000) -> bytes:
    return random.Random(seed).randbytes(size)


def stored(history: History) -> int:
    return int(history._db.execute("SELECT count(*) FROM picture_bytes").fetchone()[0])


def traces(folder: Path, *hidden: bytes) -> list[str]:
    """Files that hold any run of 64 bytes, taken every 997 bytes, of what should be gone."""
    pieces = [data[at : at + 64] for data in hidden for at in range(0, len(data) - 64, 997)]
    files = [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]
    return [name for name, content in files if any(piece in content for piece in pieces)]


def test_a_picture_is_stored_once(history: History) -> None:
    data = noise(1)
    first = history.add_picture(data, name="one.png", width=30, height=20)
    second = history.add_picture(data, name="two.png", width=30, height=20)
    assert first == second == hashlib.sha256(data).hexdigest()
    assert stored(history) == 1
    assert history.picture(first) == data


def test_each_message_keeps_the_name_that_it_was_given(history: History) -> None:
    conversation = history.create_conversation()
    sha256 = history.add_picture(b"same", name="one.png", width=1, height=1)
    one = history.add_message(conversation, None, "user", "", pictures=[sha256])
    history.add_picture(b"same", name="two.png", width=1, height=1)
    two = history.add_message(conversation, one.id, "user", "", pictures=[sha256])
    assert [message.pictures[0].name for message in history.thread(conversation)] == ["one.png", "two.png"]
    assert [message.pictures[0].name for message in (one, two)] == ["one.png", "two.png"]


def test_the_order_of_pictures_and_the_first_as_thumbnail(history: History) -> None:
    conversation = history.create_conversation()
    assert history.conversation(conversation).thumbnail_sha256 is None
    shas = [history.add_picture(bytes([n]), name=f"{n}", width=n, height=1) for n in (3, 1, 2)]
    first = history.add_message(conversation, None, "user", "", pictures=shas)
    history.add_message(conversation, first.id, "user", "", pictures=shas[::-1])
    assert [picture.name for picture in first.pictures] == ["3", "1", "2"]
    assert history.conversation(conversation).thumbnail_sha256 == shas[0]


def test_a_picture_is_left_out_of_one_message_only(history: History, path: Path) -> None:
    conversation = history.create_conversation()
    sha256 = history.add_picture(b"p", name="p", width=1, height=1)
    one = history.add_message(conversation, None, "user", "", pictures=[sha256])
    two = history.add_message(conversation, one.id, "user", "", pictures=[sha256])
    history.set_included(one.id, sha256, False)
    assert [message.pictures[0].included for message in history.thread(conversation)] == [False, True]
    history.set_included(two.id, sha256, False)
    history.set_included(one.id, sha256, True)
    history.close()
    with History(path) as again:
        assert [message.pictures[0].included for message in again.thread(conversation)] == [True, False]


def test_purging_removes_the_pictures_that_nothing_uses(history: History, path: Path) -> None:
    # GIVEN a picture in two conversations, one in a deleted one only, and one for a message still being written
    shared, lonely, draft = noise(1), noise(2), noise(3)
    here, gone = history.create_conversation(), history.create_conversation()
    sha_shared = history.add_picture(shared, name="shared", width=1, height=1)
    sha_lonely = history.add_picture(lonely, name="lonely", width=1, height=1)
    history.add_message(here, None, "user", "", pictures=[sha_shared])
    history.add_message(gone, None, "user", "Geheimwort", pictures=[sha_shared, sha_lonely])
    sha_draft = history.add_picture(draft, name="draft", width=1, height=1)
    # WHEN the conversation is deleted and purged
    history.delete(gone)
    history.purge_deleted()
    # THEN only what nothing needs is gone, and gone from the files, while they are open and after
    assert [history.picture(sha_shared), history.picture(sha_draft)] == [shared, draft]
    with pytest.raises(LookupError):
        history.picture(sha_lonely)
    assert traces(path.parent, lonely) == []
    assert not any(word in path.read_bytes().lower() for word in (b"geheimwort",))
    history.close()
    assert traces(path.parent, lonely) == []
    with History(path) as again:  # the message was never sent
        again.purge_deleted()
        assert stored(again) == 1
    assert traces(path.parent, draft) == []
    assert traces(path.parent, shared) == ["history.db"]


def test_purging_gives_the_room_back(history: History, path: Path) -> None:
    history._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    empty_bytes = path.stat().st_size
    conversation = history.create_conversation()
    sha256s = [history.add_picture(noise(n), name="", width=1, height=1) for n in range(20)]
    history.add_message(conversation, None, "user", "", pictures=sha256s)
    history._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size > 1_000_000
    history.delete(conversation)
    history.purge_deleted()
    assert path.stat().st_size < empty_bytes + 10_000


def test_delete_everything_leaves_no_bytes_in_any_file(history: History, path: Path) -> None:
    # GIVEN pictures and words in the file, in its log, in a backup and in a damaged file set aside
    pictures = [noise(n) for n in range(5)]
    conversation = history.create_conversation("Geheimtitel")
    for data in pictures:
        sha256 = history.add_picture(data, name="Geheimname.png", width=1, height=1)
        history.add_message(conversation, None, "user", "Geheimwort", pictures=[sha256])
    for name in ("history-before-version-2.db", "history-damaged-2026-01-01-000000.db"):
        (path.parent / name).write_bytes(pictures[0])
    assert traces(path.parent, *pictures) != []
    # WHEN everything is deleted
    history.delete_everything()
    # THEN it is in no file, and the history goes on
    files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert sorted(files) == ["history.db", "history.db-wal"]
    assert traces(path.parent, *pictures) == []
    assert not any(b"geheim" in content.lower() for content in files.values())
    assert history.conversations() == []
    assert (stored(history), history.interrupted()) == (0, [])
    again = history.create_conversation("again")
    assert history.conversation(again).title == "again"


def test_damaged_bytes_are_noticed_and_cost_nothing_else(history: History, path: Path) -> None:
    conversation = history.create_conversation()
    data = noise(7)
    sha256 = history.add_picture(data, name="chart.png", width=1, height=1)
    message = history.add_message(conversation, None, "user", "kept", pictures=[sha256])
    history.close()
    content = path.read_bytes()
    at = content.index(data[2000:2064])
    path.write_bytes(content[:at] + os.urandom(64) + content[at + 64 :])
    with History(path) as again:
        with pytest.raises(UserError, match=r"^The picture chart\.png is damaged on the disk; add it again"):
            again.picture(sha256)
        assert again.notice == ""
        assert again.thread(conversation) == [message]

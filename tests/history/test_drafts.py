"""Questions that are being written are kept, and their pictures are used pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.history import History, MessageState, NewFile
from desktop_vlm.history.migrations import MIGRATIONS, backups
from desktop_vlm.history.records import DraftPicture, KeptDraft


def add(history: History, data: bytes) -> str:
    return history.add_picture(data, name="p.png", width=4, height=3)


def held(sha256: str, *, included: bool = True) -> DraftPicture:
    return DraftPicture(sha256, "mine.png", 4, 3, included, {"marks": [[1, 2]]})


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_each_conversation_has_its_own_and_a_new_one_too(history: History, path: Path) -> None:
    one, two = history.create_conversation("1"), history.create_conversation("2")
    first, second = add(history, b"first"), add(history, b"second")
    written = KeptDraft("What\nis it?", (held(second), held(first, included=False)), {"asked": {"action": "Receipt"}})
    history.drafts.keep(one, written)
    history.drafts.keep(None, KeptDraft("new"))
    history.close()

    with History(path) as again:
        assert again.drafts.load(one) == written  # in their order
        assert again.drafts.load(two) == KeptDraft()
        assert again.drafts.load(None) == KeptDraft("new")
        again.drafts.keep(None, KeptDraft("newer"))
        again.drafts.keep(one, KeptDraft(" \n"))
        assert (again.drafts.load(None).text, again.drafts.load(one)) == ("newer", KeptDraft())


def test_a_draft_keeps_its_pictures_and_they_leave_with_it(history: History, path: Path) -> None:
    conversation = history.create_conversation()
    drafted, shared, used = add(history, b"drafted"), add(history, b"shared"), add(history, b"used")
    history.drafts.keep(conversation, KeptDraft("", (held(drafted), held(shared), held(used))))
    history.drafts.keep(None, KeptDraft("", (held(shared),)))
    history.add_message(conversation, None, "user", "", pictures=[used])
    history.close()

    with History(path) as again:
        again.purge_deleted()
        assert [again.picture(sha256) for sha256 in (drafted, shared, used)] == [b"drafted", b"shared", b"used"]
        again.drafts.keep(conversation, KeptDraft("text"))
        with pytest.raises(LookupError):
            again.picture(drafted)
        assert [again.picture(sha256) for sha256 in (shared, used)] == [b"shared", b"used"]
        assert (again.drafts.has_picture(shared), again.drafts.has_picture(used)) == (True, False)
    assert b"drafted" not in bytes_of(path)


def test_a_draft_goes_with_its_conversation(history: History, path: Path) -> None:
    conversation = history.create_conversation()
    history.drafts.keep(conversation, KeptDraft("a secret", (held(add(history, b"drafted")),)))
    history.delete(conversation)
    assert history.drafts.load(conversation).text == "a secret"  # until it is purged, it can be restored
    history.close()

    with History(path) as again:
        again.purge_deleted()
        assert again.drafts.load(conversation) == KeptDraft()
    assert b"secret" not in bytes_of(path)
    assert b"drafted" not in bytes_of(path)


def test_delete_everything_takes_drafts_along(history: History, path: Path) -> None:
    for conversation in (history.create_conversation(), None):
        history.drafts.keep(conversation, KeptDraft("a secret", (held(add(history, b"drafted")),)))
    history.delete_everything()
    assert history.drafts.load(None) == KeptDraft()
    assert b"secret" not in bytes_of(path)
    assert b"drafted" not in bytes_of(path)


def test_a_picture_is_replaced_in_drafts_and_backups(path: Path) -> None:
    with History(path, migrations=MIGRATIONS) as history:
        old = add(history, b"private")
        history.drafts.keep(None, KeptDraft("", (held(old),)))
    with History(path, migrations=[*MIGRATIONS, lambda _db: None]) as history:
        assert backups(path)
        new = NewFile(b"covered", 4, 3)
        history.replace_picture(old, new)
        assert history.drafts.load(None).pictures == (held(new.sha256),)
        assert history.picture(new.sha256) == b"covered"
    assert b"private" not in bytes_of(path)


def test_a_picture_that_is_not_kept_is_refused(history: History) -> None:
    history.drafts.keep(None, KeptDraft("before"))
    with pytest.raises(LookupError):
        history.drafts.keep(None, KeptDraft("after", (held("0" * 64),)))
    assert history.drafts.load(None) == KeptDraft("before")


def test_rows_say_what_was_not_seen_and_what_failed(history: History) -> None:
    one, two = history.create_conversation(), history.create_conversation()
    history.set_unread(one, True)
    history.add_message(two, None, "assistant", "", state=MessageState.FAILED)
    rows = {row.id: (row.is_unread, row.has_failed) for row in history.conversations()}
    assert rows == {one: (True, False), two: (False, True)}
    history.set_unread(one, False)
    assert not history.conversation(one).is_unread

"""Conversations and messages: what is written is what is read, also after closing."""

from __future__ import annotations

import math
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.history import ConversationSummary, History, Message, MessageState
from tests.quickest import quickest_s


def titles(history: History) -> list[str]:
    return [one.title for one in history.conversations()]


def test_a_new_history_is_empty_and_private(path: Path) -> None:
    with History(path) as history:
        assert history.conversations() == []
        assert history.notice == ""
        assert history.interrupted() == []
        history.create_conversation("something, so that there is a log")
        files = sorted(path.parent.iterdir())
        assert [file.name for file in files] == ["history.db", "history.db-wal"]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["history.db"]


def test_a_file_that_others_could_read_becomes_private(path: Path) -> None:
    History(path).close()
    path.chmod(0o644)
    History(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    History(tmp_path / "history.db").close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_the_settings_that_the_promises_rest_on(history: History) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "locking_mode", "temp_store")
    values = [history._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 2, 1, 1, "exclusive", 2]


def test_a_message_comes_back_with_everything_it_was_given(
    history: History, path: Path, clock: Callable[[], float]
) -> None:
    conversation = history.create_conversation("Receipt")  # at 1000
    picture = history.add_picture(b"png bytes", name="shop.png", width=640, height=480)
    details = {"options": {"temperature": 1.5}, "layout": [[0, 0, 560, 560]], "schema": None}
    question = history.add_message(  # at 1001
        *(conversation, None, "user", "What is the total?\r\n\ttabs, 日本語, 🎉, \x00 and \x02"),
        pictures=[picture],
        action="Table or receipt to JSON",
        details=details,
    )
    answer = history.add_message(  # at 1002
        conversation, question.id, "assistant", "12.50", model="Llama 3.2 11B Q4_K_M"
    )
    assert (question.created_at, answer.created_at) == (1001.0, 1002.0)
    assert question.text == "What is the total?\r\n\ttabs, 日本語, 🎉, \x00 and \x02"
    assert (question.action, question.details, question.parent_id) == ("Table or receipt to JSON", details, None)
    assert [vars(one) for one in question.pictures] == [
        {
            "sha256": picture,
            "name": "shop.png",
            "width": 640,
            "height": 480,
            "size_bytes": 9,
            "included": True,
            "edited": False,
        }
    ]
    assert answer == Message(
        id=answer.id,
        conversation_id=conversation,
        parent_id=question.id,
        role="assistant",
        text="12.50",
        pictures=(),
        state=MessageState.COMPLETE,
        error="",
        created_at=1002.0,
        model="Llama 3.2 11B Q4_K_M",
        action="",
        details={},
        siblings=(answer.id,),
    )
    history.close()
    with History(path, clock=clock) as again:
        assert again.thread(conversation) == [question, answer]
        assert again.conversation(conversation) == ConversationSummary(
            conversation, "Receipt", False, 1000.0, 1002.0, "12.50", picture, 2
        )


def test_an_answer_grows_and_ends(history: History) -> None:
    conversation = history.create_conversation()
    question = history.add_message(conversation, None, "user", "Hi")
    answer = history.add_message(
        conversation, question.id, "assistant", "", state=MessageState.STREAMING, details={"options": {"top_k": 1}}
    )
    history.append_text(answer.id, "Hel")
    history.append_text(answer.id, "lo \x00 ")
    history.append_text(answer.id, "🎉")
    assert history.thread(conversation)[1].text == "Hello \x00 🎉"
    assert history.thread(conversation)[1].state is MessageState.STREAMING

    done = history.finish_message(answer.id, MessageState.CUT, details={"usage": {"tokens": 3}})

    assert (done.text, done.state, done.error) == ("Hello \x00 🎉", MessageState.CUT, "")
    assert done.details == {"options": {"top_k": 1}, "usage": {"tokens": 3}}
    assert history.thread(conversation) == [question, done]
    with pytest.raises(LookupError, match=f"no streaming message {answer.id}"):
        history.append_text(answer.id, "too late")
    failed = history.finish_message(answer.id, MessageState.FAILED, error="The engine stopped.", text="Hello")
    assert (failed.text, failed.state, failed.error) == ("Hello", MessageState.FAILED, "The engine stopped.")


def test_numbers_that_json_lacks_do_not_lose_an_answer(history: History) -> None:
    conversation = history.create_conversation()
    message = history.add_message(conversation, None, "user", "", details={"speed": math.inf, "list": [math.nan, 1.5]})
    assert message.details == {"speed": None, "list": [None, 1.5]}


def test_half_characters_are_joined_or_replaced(history: History) -> None:
    conversation = history.create_conversation("\ud83d")
    message = history.add_message(conversation, None, "user", "pair \ud83c\udf89, half \ud83c.")
    assert message.text == "pair 🎉, half \ufffd."
    assert history.conversation(conversation).title == "\ufffd"


def test_the_list_shows_pinned_ones_first_and_then_the_latest(history: History) -> None:
    old, middle, new = (history.create_conversation(name) for name in ("old", "middle", "new"))
    assert titles(history) == ["new", "middle", "old"]
    history.set_pinned(old, True)
    assert titles(history) == ["old", "new", "middle"]
    history.add_message(middle, None, "user", "first\n\n  line\tand more")
    assert titles(history) == ["old", "middle", "new"]
    assert [one.snippet for one in history.conversations()] == ["", "first line and more", ""]
    history.set_pinned(old, False)
    history.rename(new, "renamed")
    assert titles(history) == ["middle", "renamed", "old"]
    assert [one.id for one in history.conversations(limit=2)] == [middle, new]


def test_an_answer_that_has_not_begun_shows_its_question_in_the_list(history: History) -> None:
    conversation = history.create_conversation()
    question = history.add_message(conversation, None, "user", "What is this?")
    history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
    assert history.conversation(conversation).snippet == "What is this?"
    assert history.conversation(conversation).message_count == 2


def test_what_is_deleted_is_hidden_until_it_is_restored(history: History) -> None:
    kept, gone = history.create_conversation("kept"), history.create_conversation("gone")
    message = history.add_message(gone, None, "user", "secret words")

    history.delete(gone)
    assert titles(history) == ["kept"]
    assert history.conversations("secret") == []
    assert history.conversation(gone).title == "gone"

    history.restore(gone)
    assert titles(history) == ["gone", "kept"]
    assert history.thread(gone) == [message]
    assert [one.id for one in history.conversations("secret")] == [gone]

    history.delete(gone)
    history.purge_deleted()
    assert titles(history) == ["kept"]
    with pytest.raises(LookupError):
        history.restore(gone)
    with pytest.raises(LookupError):
        history.thread(gone)
    assert history.create_conversation("next") > gone > kept


def test_ids_that_do_not_exist_are_refused_and_change_nothing(history: History) -> None:
    here, there = history.create_conversation("here"), history.create_conversation("there")
    message = history.add_message(here, None, "user", "Hi")
    for call in (
        lambda: history.thread(99),
        lambda: history.conversation(99),
        lambda: history.rename(99, "x"),
        lambda: history.message(99),
        lambda: history.switch_to(99),
        lambda: history.picture("00"),
        lambda: history.finish_message(99, MessageState.COMPLETE),
        lambda: history.add_message(99, None, "user", "x"),
        lambda: history.add_message(here, 99, "user", "x"),
        lambda: history.add_message(there, message.id, "user", "x"),
        lambda: history.add_message(here, message.id, "user", "x", pictures=["00"]),
        lambda: history.set_included(message.id, "00", False),
    ):
        with pytest.raises(LookupError):
            call()
    assert history.all_messages(here) == [message]
    assert history.all_messages(there) == []


def test_answers_that_the_end_of_the_app_cut_off_are_stopped_and_reported(path: Path) -> None:
    with History(path) as history:
        conversation = history.create_conversation()
        question = history.add_message(conversation, None, "user", "Hi")
        answer = history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
        history.append_text(answer.id, "Half an ans")
    with History(path) as history:
        (found,) = history.interrupted()
        assert (found.id, found.text, found.state) == (answer.id, "Half an ans", MessageState.STOPPED)
        assert history.thread(conversation) == [question, found]
        assert [one.id for one in history.conversations("half")] == [conversation]
    with History(path) as history:
        assert history.interrupted() == []


def test_deleting_a_conversation_longer_than_sqlite_nests_actions(history: History) -> None:
    conversation = history.create_conversation()
    parent = None
    history._db.execute("BEGIN")
    history._db.execute("PRAGMA defer_foreign_keys = ON")
    for number in range(1, 1501):
        history._db.execute(
            "INSERT INTO messages VALUES (?, ?, ?, 'user', 'complete', 0.0, '', '', '', '{}', 'word')",
            (number, conversation, parent),
        )
        parent = number
    history._db.execute("UPDATE conversations SET head_id = 1500")
    history._db.execute("COMMIT")
    assert len(history.thread(conversation)) == 1500
    history.delete(conversation)
    history.purge_deleted()
    assert history._db.execute("SELECT count(*) FROM messages").fetchone() == (0,)
    assert history._db.execute("SELECT count(*) FROM messages_fts('word')").fetchone() == (0,)


def test_long_conversations_open_and_many_are_listed_at_once(history: History) -> None:
    """The targets are 100 ms and 50 ms; the bound here leaves room for a busy machine."""
    long = history.create_conversation("long")
    sha256s = [history.add_picture(f"picture {n}".encode(), name=f"{n}.png", width=9, height=9) for n in range(300)]
    history._db.execute("BEGIN")
    for number in range(1, 2001):
        history._db.execute(
            "INSERT INTO messages VALUES (?, ?, ?, 'user', 'complete', 0.0, '', '', '', '{\"tokens\": 12}', ?)",
            (number, long, number - 1 or None, "some words of an answer " * 20),
        )
        if number <= 300:
            history._db.execute(
                "INSERT INTO message_pictures VALUES (?, 0, ?, 'name', 1)", (number, sha256s[number - 1])
            )
    history._db.execute("UPDATE conversations SET head_id = 2000")
    for number in range(999):
        history._db.execute(
            "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, 0, 0)", (str(number),)
        )
    history._db.execute("COMMIT")

    messages, listed = history.thread(long), history.conversations(limit=1000)
    assert (len(messages), sum(len(one.pictures) for one in messages), len(listed)) == (2000, 300, 1000)
    assert quickest_s(lambda: history.thread(long), 0.4) < 0.4
    assert quickest_s(lambda: history.conversations(limit=1000), 0.2) < 0.2


def test_another_thread_may_not_use_the_connection(history: History) -> None:
    found: list[BaseException] = []

    def use() -> None:
        try:
            history.conversations()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is examined below
            found.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert "thread" in str(found[0])

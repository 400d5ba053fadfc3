"""Questions that wait for their turn, and those that are taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.history import History, Message, MessageState


def ask(history: History, conversation: int, after: int | None, text: str, *pictures: str) -> tuple[Message, Message]:
    """A question that waits, and its answer."""
    question = history.add_message(conversation, after, "user", text, pictures=pictures, details={"options": {"a": 1}})
    return question, history.add_message(conversation, question.id, "assistant", "", state=MessageState.QUEUED)


def texts(history: History, conversation: int) -> list[str]:
    return [message.text for message in history.thread(conversation) if message.role == "user"]


def test_a_queued_answer_begins_once_and_then_streams(history: History) -> None:
    conversation = history.create_conversation()
    _, answer = ask(history, conversation, None, "one")
    assert history.message(answer.id).state is MessageState.QUEUED

    thread = history.waiting.begin(answer.id)

    assert [(one.text, one.state) for one in thread] == [("one", MessageState.COMPLETE), ("", MessageState.STREAMING)]
    with pytest.raises(LookupError):
        history.waiting.begin(answer.id)
    history.append_text(answer.id, "1")
    assert history.finish_message(answer.id, MessageState.COMPLETE).text == "1"


def test_it_is_queued_after_the_program_ended_and_only_then_asked(history: History, path: Path) -> None:
    conversation = history.create_conversation()
    _, streaming = ask(history, conversation, None, "one")
    history.waiting.begin(streaming.id)
    _, queued = ask(history, conversation, streaming.id, "two")
    history.close()

    with History(path) as again:
        assert [one.id for one in again.interrupted()] == [streaming.id]
        assert again.message(queued.id).state is MessageState.QUEUED
        assert [one.id for one in again.waiting.begin(queued.id)][-1] == queued.id


def test_the_branch_of_an_answer_is_not_the_active_one(history: History) -> None:
    conversation = history.create_conversation()
    _, first = ask(history, conversation, None, "one")
    ask(history, conversation, None, "another version")
    assert [one.text for one in history.waiting.begin(first.id)] == ["one", ""]
    assert texts(history, conversation) == ["another version"]


def test_what_follows_a_question_that_is_taken_back_follows_what_was_before(history: History) -> None:
    conversation = history.create_conversation()
    sha256 = history.add_picture(b"p", name="p.png", width=1, height=1)
    _, first = ask(history, conversation, None, "one", sha256)
    _, second = ask(history, conversation, first.id, "two")
    _, third = ask(history, conversation, second.id, "three")

    gone = history.waiting.withdraw(second.id)
    assert gone.question is not None
    assert (gone.question.text, gone.instead, gone.is_empty) == ("two", None, False)
    assert texts(history, conversation) == ["one", "three"]
    assert history.waiting.withdraw(third.id).question is not None
    assert texts(history, conversation) == ["one"]
    assert history.conversation(conversation).thumbnail_sha256 == sha256

    assert history.waiting.withdraw(first.id).is_empty
    assert history.thread(conversation) == []
    assert history.head(conversation) is None
    assert history.conversation(conversation).thumbnail_sha256 is None
    with pytest.raises(LookupError):
        history.waiting.withdraw(first.id)


def test_a_version_that_is_taken_back_shows_the_other_one(history: History) -> None:
    conversation = history.create_conversation()
    question, answer = ask(history, conversation, None, "one")
    history.waiting.begin(answer.id)
    history.finish_message(answer.id, MessageState.COMPLETE, text="1")
    _, edited = ask(history, conversation, None, "won")

    gone = history.waiting.withdraw(edited.id)

    assert gone.question is not None
    assert (gone.question.text, gone.instead) == ("won", question.id)
    assert [one.text for one in history.thread(conversation)] == ["one", "1"]


def test_a_second_answer_that_is_taken_back_leaves_the_question(history: History) -> None:
    conversation = history.create_conversation()
    question, answer = ask(history, conversation, None, "one")
    history.waiting.begin(answer.id)
    history.finish_message(answer.id, MessageState.COMPLETE, text="1")
    again = history.add_message(conversation, question.id, "assistant", "", state=MessageState.QUEUED)
    _, later = ask(history, conversation, again.id, "two")

    gone = history.waiting.withdraw(again.id)

    assert (gone.question, gone.instead, gone.is_empty) == (None, None, False)
    assert [one.text for one in history.thread(conversation)] == ["one", "1", "two", ""]
    assert history.message(later.id).state is MessageState.QUEUED


def test_a_question_that_was_not_asked_is_changed_without_a_version(history: History) -> None:
    conversation = history.create_conversation()
    question, answer = ask(history, conversation, None, "one")
    history.waiting.change(answer.id, "won", {"options": {"a": 2}})
    changed = history.message(question.id)
    assert (changed.text, changed.details, changed.siblings) == ("won", {"options": {"a": 2}}, (question.id,))
    history.waiting.begin(answer.id)
    with pytest.raises(LookupError):
        history.waiting.change(answer.id, "too late", {})


@pytest.mark.parametrize("what", ["begin", "withdraw"])
def test_what_does_not_wait_is_refused(history: History, what: str) -> None:
    conversation = history.create_conversation()
    question = history.add_message(conversation, None, "user", "one")
    answer = history.add_message(conversation, question.id, "assistant", "1")
    for message in (question.id, answer.id, 99):
        with pytest.raises(LookupError):
            getattr(history.waiting, what)(message)
    assert [one.text for one in history.thread(conversation)] == ["one", "1"]

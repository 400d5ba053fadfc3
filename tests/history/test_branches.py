"""Versions of messages: everything stays reachable."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_vlm.history import History, Message, MessageState


def texts(thread: list[Message]) -> list[str]:
    return [message.text for message in thread]


def test_editing_in_the_middle_keeps_what_followed(history: History) -> None:
    # GIVEN two questions with their answers
    conversation = history.create_conversation()
    q1 = history.add_message(conversation, None, "user", "q1")
    a1 = history.add_message(conversation, q1.id, "assistant", "a1")
    q2 = history.add_message(conversation, a1.id, "user", "q2")
    a2 = history.add_message(conversation, q2.id, "assistant", "a2")
    # WHEN the second question is asked in other words
    q2b = history.add_message(conversation, a1.id, "user", "q2b")
    a2b = history.add_message(conversation, q2b.id, "assistant", "a2b")
    # THEN the new branch is shown, and arrows lead back and forth
    assert texts(history.thread(conversation)) == ["q1", "a1", "q2b", "a2b"]
    assert history.thread(conversation)[2].siblings == (q2.id, q2b.id)
    assert texts(history.switch_to(q2.id)) == ["q1", "a1", "q2", "a2"]
    assert texts(history.thread(conversation)) == ["q1", "a1", "q2", "a2"]
    assert history.head(conversation) == a2.id
    assert texts(history.switch_to(q2b.id)) == ["q1", "a1", "q2b", "a2b"]
    assert history.head(conversation) == a2b.id
    assert history.conversation(conversation).message_count == 6


def test_regenerating_adds_a_version_beside_the_old_answer(history: History) -> None:
    conversation = history.create_conversation()
    question = history.add_message(conversation, None, "user", "q")
    answers = [history.add_message(conversation, question.id, "assistant", text) for text in ("one", "two", "three")]
    ids = tuple(answer.id for answer in answers)
    for answer in answers:
        thread = history.switch_to(answer.id)
        assert texts(thread) == ["q", answer.text]
        assert thread[1].siblings == ids
        assert thread[0].siblings == (question.id,)


def test_the_first_message_has_versions_too(history: History) -> None:
    conversation, other = history.create_conversation(), history.create_conversation()
    first = history.add_message(conversation, None, "user", "first")
    history.add_message(conversation, first.id, "assistant", "answer")
    history.add_message(other, None, "user", "elsewhere")
    second = history.add_message(conversation, None, "user", "second")
    assert second.siblings == (first.id, second.id)
    assert texts(history.thread(conversation)) == ["second"]
    assert texts(history.switch_to(first.id)) == ["first", "answer"]


def test_switching_goes_down_to_the_newest_message_below(history: History) -> None:
    conversation = history.create_conversation()
    q1 = history.add_message(conversation, None, "user", "q1")
    a1 = history.add_message(conversation, q1.id, "assistant", "a1")
    q2 = history.add_message(conversation, a1.id, "user", "q2")
    other = history.add_message(conversation, q1.id, "assistant", "a1 again")
    history.add_message(conversation, q2.id, "assistant", "a2")
    history.add_message(conversation, other.id, "user", "q3")
    history.add_message(conversation, a1.id, "user", "q2 again")
    assert texts(history.switch_to(a1.id)) == ["q1", "a1", "q2 again"]
    assert texts(history.switch_to(q2.id)) == ["q1", "a1", "q2", "a2"]
    assert texts(history.switch_to(other.id)) == ["q1", "a1 again", "q3"]
    assert texts(history.switch_to(q1.id)) == ["q1", "a1", "q2 again"]


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "add", "switch", "append", "finish"]), st.integers(0, 99), st.text()),
    max_size=25,
)


class Model:
    """The same rules in memory: id -> (parent, text, streaming?)."""

    def __init__(self) -> None:
        self.messages: dict[int, tuple[int | None, str, bool]] = {}
        self.head: int | None = None

    def path(self) -> list[int]:
        path: list[int] = []
        at = self.head
        while at is not None:
            path.insert(0, at)
            at = self.messages[at][0]
        return path

    def below(self, message: int) -> set[int]:
        return {message}.union(*(self.below(one) for one, (parent, _, _) in self.messages.items() if parent == message))

    def versions(self, message: int) -> tuple[int, ...]:
        return tuple(one for one, values in self.messages.items() if values[0] == self.messages[message][0])


def storable(text: str) -> str:
    """What stays of a text: all but the halves of surrogate pairs."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OPERATIONS)
def test_any_sequence_of_changes_reads_as_it_was_made(operations: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        model = Model()
        with History(path) as history:
            conversation = history.create_conversation()
            for kind, number, text in operations:
                apply(history, model, conversation, (kind, number, text))
            before = history.all_messages(conversation)
            assert_equal(history, model, conversation)
        with History(path) as history:  # nothing of it was only in memory
            assert texts(history.all_messages(conversation)) == texts(before)
            assert [one.id for one in history.thread(conversation)] == model.path()


def apply(history: History, model: Model, conversation: int, operation: tuple[str, int, str]) -> None:
    kind, number, text = operation
    ids: list[Any] = list(model.messages)
    if kind == "add" or not ids:
        parent = [None, *ids][number % (len(ids) + 1)]
        streaming = number % 2 == 0
        state = MessageState.STREAMING if streaming else MessageState.COMPLETE
        made = history.add_message(conversation, parent, "user", text, state=state)
        model.messages[made.id] = (parent, storable(text), streaming)
        model.head = made.id
        return
    chosen = ids[number % len(ids)]
    parent, old, streaming = model.messages[chosen]
    if kind == "switch":
        history.switch_to(chosen)
        model.head = max(model.below(chosen))
    elif kind == "append" and streaming:
        history.append_text(chosen, text)
        model.messages[chosen] = (parent, old + storable(text), True)
    elif kind == "finish":
        history.finish_message(chosen, MessageState.STOPPED)
        model.messages[chosen] = (parent, old, False)


def assert_equal(history: History, model: Model, conversation: int) -> None:
    assert history.head(conversation) == model.head
    assert [one.id for one in history.thread(conversation)] == model.path()
    found = history.all_messages(conversation)
    assert {one.id: (one.parent_id, one.text, one.state is MessageState.STREAMING) for one in found} == model.messages
    assert {one.id: one.siblings for one in found} == {one: model.versions(one) for one in model.messages}
    history._db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 0)")

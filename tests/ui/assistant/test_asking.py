"""Questions that are asked while another is answered, with a real history and a fake engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.history.details import IMAGE_TEXT_OFF
from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.drafts import DraftState
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.pictures.intake import NewPicture
from tests.ui.conftest import Parts

MakePicture = Callable[..., NewPicture]
QUEUED, STREAMING, COMPLETE, FAILED = (
    MessageState.QUEUED,
    MessageState.STREAMING,
    MessageState.COMPLETE,
    MessageState.FAILED,
)


def send(qtbot: QtBot, parts: Parts, text: str, *pictures: NewPicture, **more: object) -> Message:
    """Ask, and wait until it is kept; the empty answer."""
    with qtbot.waitSignal(parts.assistant.asked) as asked:
        assert parts.assistant.send(text, pictures, **more)  # type: ignore[arg-type]
    assert asked.args is not None
    answer: Message = asked.args[1]
    return answer


def asked(parts: Parts) -> list[str]:
    """What the engine was asked last, each time."""
    return [request.messages[-1].text for request in parts.engine.asked]


def end(qtbot: QtBot, parts: Parts, text: str = "") -> None:
    """End the answer that is being made; the next one has begun when this returns, if there is one."""
    count = len(parts.engine.asked) + len(parts.assistant.queue.waiting[:1])
    if text:
        parts.engine.say(text)
    parts.engine.end()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == count)


def state(parts: Parts, answer: Message) -> tuple[str, MessageState]:
    found = parts.history.fetch(lambda history: history.message(answer.id))
    return found.text, found.state


def test_questions_wait_in_their_order_and_begin_by_themselves(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    qtbot.waitUntil(lambda: asked(parts) == ["one"])
    second, third = send(qtbot, parts, "two"), send(qtbot, parts, "three")
    assert [parts.assistant.queue.position(one.id) for one in (first, second, third)] == [None, 1, 2]
    assert [one.state for one in parts.assistant.messages[1::2]] == [STREAMING, QUEUED, QUEUED]

    end(qtbot, parts, "1")
    assert asked(parts) == ["one", "two"]
    assert parts.engine.asked[1].messages[1].text == "1"  # it goes on from the answer before
    assert parts.assistant.busy
    end(qtbot, parts, "2")
    end(qtbot, parts, "3")

    assert [state(parts, one) for one in (first, second, third)] == [("1", COMPLETE), ("2", COMPLETE), ("3", COMPLETE)]
    assert [one.text for one in parts.assistant.messages] == ["one", "1", "two", "2", "three", "3"]
    assert not parts.assistant.busy


def test_questions_that_are_asked_in_one_go_stay_in_one_conversation(qtbot: QtBot, parts: Parts) -> None:
    """The second is sent before the first is kept, and so before there is a conversation."""
    assert parts.assistant.send("one", [])
    assert parts.assistant.send("two", [])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 4)
    assert [one.text for one in parts.assistant.messages] == ["one", "", "two", ""]
    end(qtbot, parts)
    assert asked(parts) == ["one", "two"]


def test_a_question_of_another_conversation_waits_and_shows_nothing_here(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    send(qtbot, parts, "one")
    here = parts.assistant.conversation_id
    elsewhere = ConversationRef(is_begun=True)
    answer = send(qtbot, parts, "two", picture(), ref=elsewhere)
    assert parts.assistant.conversation_id == here
    assert [one.text for one in parts.assistant.messages] == ["one", ""]

    end(qtbot, parts)

    assert elsewhere.id == answer.conversation_id != here
    assert list(parts.engine.asked[1].images.values()) == [picture().data]
    assert not parts.assistant.is_answering_here
    assert not parts.assistant.stop_shown()
    assert parts.engine.stops == 0


def test_a_question_of_another_conversation_is_asked_as_that_one_says(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    """The demo takes the likeliest words where pictures are switched on, and none are in the open conversation."""
    parts.settings.update("answers", system_prompt="Be brief.")
    elsewhere = ConversationRef(is_begun=True)
    shot = picture()
    first = send(qtbot, parts, "one", shot, ref=elsewhere)
    send(qtbot, parts, "two", ref=elsewhere)
    qtbot.waitUntil(lambda: asked(parts) == ["one"])
    end(qtbot, parts, "1")
    end(qtbot, parts, "2")
    temperatures = [request.sampling["temperature"] for request in parts.engine.asked]
    assert temperatures == [0.0, 0.0]
    assert parts.engine.asked[-1].messages[0].text == "Be brief."

    # WHEN its picture is left out, and it has instructions and sampling of its own
    own, there = OwnSettings("Answer in Welsh.", {"top_p": 0.5}), first.conversation_id
    parts.history.call(lambda history: history.set_included(first.parent_id or 0, shot.sha256, False))
    parts.history.call(lambda history: history.set_own(there, own))
    send(qtbot, parts, "three", ref=elsewhere)
    qtbot.waitUntil(lambda: asked(parts) == ["one", "two", "three"])

    last = parts.engine.asked[-1]
    assert (last.sampling["temperature"], last.sampling["top_p"]) == (0.6, 0.5)
    assert last.messages[0].text == "Answer in Welsh."
    kept = parts.history.fetch(lambda history: history.thread(there))[-2].details["options"]
    assert (kept["system_prompt"], kept["sampling"]) == ("Answer in Welsh.", last.sampling)
    assert parts.assistant.own == NOTHING_OWN


def test_stop_ends_one_answer_and_the_next_begins(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    send(qtbot, parts, "two")
    parts.assistant.stop()
    parts.engine.end("cancelled", None)
    qtbot.waitUntil(lambda: asked(parts) == ["one", "two"])
    assert state(parts, first)[1] is MessageState.STOPPED


def test_stop_reaches_a_question_that_is_just_about_to_begin(qtbot: QtBot, parts: Parts) -> None:
    send(qtbot, parts, "one")
    second = send(qtbot, parts, "two")
    parts.engine.end()
    assert parts.assistant.queue.current is not None
    assert len(parts.engine.asked) == 1
    parts.assistant.stop()
    qtbot.waitUntil(lambda: parts.engine.stops == 1 or not parts.assistant.busy)
    if parts.assistant.busy:
        parts.engine.end("cancelled", None)
    assert state(parts, second)[1] is MessageState.STOPPED


def test_a_crash_costs_one_answer_and_the_queue_goes_on(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    second, third = send(qtbot, parts, "two"), send(qtbot, parts, "three")
    parts.engine.source = None
    parts.engine.crash()
    qtbot.waitUntil(lambda: parts.engine.restarts == 1)
    assert state(parts, first)[1] is FAILED
    parts.engine.finish_load()
    qtbot.waitUntil(lambda: asked(parts) == ["one", "two"])
    end(qtbot, parts, "2")
    end(qtbot, parts, "3")
    assert [state(parts, one) for one in (second, third)] == [("2", COMPLETE), ("3", COMPLETE)]


def test_without_a_model_what_waits_is_held_until_there_is_one(qtbot: QtBot, parts: Parts) -> None:
    send(qtbot, parts, "one")
    second = send(qtbot, parts, "two")
    third = send(qtbot, parts, "three")
    parts.engine.crash()
    qtbot.waitUntil(lambda: parts.engine.restarts == 1)
    parts.engine.fail_load("The file is damaged.")
    qtbot.waitUntil(lambda: parts.assistant.queue.is_held)
    assert state(parts, second)[1] is FAILED
    assert state(parts, third)[1] is QUEUED
    assert not parts.assistant.busy

    parts.engine.set_state(EngineState.LOADING)
    parts.engine.finish_load()
    qtbot.waitUntil(lambda: asked(parts) == ["one", "three"])


def test_a_question_is_taken_back_into_the_draft_of_its_conversation(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    red, green = picture("#ff0000"), picture("#00ff00")
    send(qtbot, parts, "one")
    conversation = parts.assistant.conversation_id
    assert conversation is not None
    parts.assistant.set_new_pictures([red, green])
    parts.assistant.include(green.sha256, False)
    action = QuickAction("receipt", name="Receipt", prompt="Read it.", json_schema='{"type": "object"}')
    answer = send(qtbot, parts, "Read it.", red, green, action=action)
    assert parts.assistant.drafts.state.is_empty
    parts.assistant.drafts.change(text="more")
    parts.assistant.new_conversation()

    with qtbot.waitSignal(parts.assistant.conversations_changed):
        parts.assistant.withdraw(answer.id)
    assert parts.assistant.drafts.state.is_empty  # what is open is another one
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(conversation)

    draft = parts.assistant.drafts.state
    assert draft.text == "Read it.\n\nmore"
    assert [one.sha256 for one in draft.pictures] == [red.sha256, green.sha256]
    assert draft.excluded == {green.sha256}
    assert [one.included for one in parts.assistant.pictures.view.pictures] == [True, False]
    assert [one.text for one in parts.assistant.messages] == ["one", ""]
    end(qtbot, parts)
    assert asked(parts) == ["one"]


def test_a_quick_action_that_comes_back_is_asked_with_what_it_was(qtbot: QtBot, parts: Parts) -> None:
    send(qtbot, parts, "one")
    action = QuickAction("receipt", name="Receipt", prompt="Read it.", json_schema='{"type": "object"}')
    answer = send(qtbot, parts, "Read it.", action=action)
    with qtbot.waitSignal(parts.assistant.drafts.shown):
        parts.assistant.withdraw(answer.id)
    assert parts.assistant.drafts.state.asked is not None
    assert parts.assistant.drafts.state.asked.action == "Receipt"

    again = send(qtbot, parts, "Read it.")
    end(qtbot, parts)
    assert parts.engine.asked[1].json_schema == '{"type": "object"}'
    question = parts.history.fetch(lambda history: history.waiting.thread_to(again.id))[-2]
    assert question.action == "Receipt"


def test_only_what_waits_is_taken_back(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    parts.assistant.withdraw(first.id)
    end(qtbot, parts, "1")
    assert [one.text for one in parts.assistant.messages] == ["one", "1"]


def test_a_question_that_waits_is_changed_in_its_place(qtbot: QtBot, parts: Parts) -> None:
    send(qtbot, parts, "one")
    second = send(qtbot, parts, "two")
    third = send(qtbot, parts, "three")
    assert second.parent_id is not None
    assert parts.assistant.waits(second.parent_id)
    parts.assistant.edit(second.parent_id, "zwei")
    assert [one.text for one in parts.assistant.messages[::2]] == ["one", "zwei", "three"]
    assert parts.assistant.queue.position(third.id) == 2

    end(qtbot, parts)

    assert asked(parts) == ["one", "zwei"]
    question = parts.history.fetch(lambda history: history.message(second.parent_id or 0))
    assert question.siblings == (question.id,)
    assert not parts.assistant.waits(question.id)


def test_a_changed_question_that_is_taken_back_is_being_changed_again(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    end(qtbot, parts, "1")
    send(qtbot, parts, "two")
    assert first.parent_id is not None
    parts.assistant.edit(first.parent_id, "won")
    qtbot.waitUntil(lambda: parts.assistant.messages[-1].state is QUEUED)
    assert [one.text for one in parts.assistant.messages] == ["won", ""]

    with qtbot.waitSignal(parts.assistant.version_withdrawn) as signal:
        parts.assistant.withdraw(parts.assistant.messages[-1].id)

    assert signal.args == [first.parent_id, "won"]
    assert [one.text for one in parts.assistant.messages] == ["one", "1", "two", ""]
    assert parts.assistant.drafts.state.is_empty


def test_answering_again_waits_and_can_be_taken_back(qtbot: QtBot, parts: Parts) -> None:
    first = send(qtbot, parts, "one")
    end(qtbot, parts, "1")
    parts.assistant.new_conversation()
    send(qtbot, parts, "other")
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(first.conversation_id)
    with qtbot.waitSignal(parts.assistant.asked):
        parts.assistant.regenerate(first.id)
    again = parts.assistant.messages[-1]
    assert (again.state, len(again.siblings)) == (QUEUED, 2)

    with qtbot.waitSignal(parts.assistant.thread_changed):
        parts.assistant.withdraw(again.id)
    assert [one.text for one in parts.assistant.messages] == ["one", "1"]
    assert parts.assistant.drafts.state.is_empty


def test_what_waited_when_the_program_ended_is_asked_when_somebody_wants_it(
    qtbot: QtBot, make_parts: Callable[..., Parts]
) -> None:
    before = make_parts()
    send(qtbot, before, "one")
    second = send(qtbot, before, "two")
    before.assistant.close()
    before.engine.end("cancelled", None)
    qtbot.wait(10)
    assert len(before.engine.asked) == 1  # the end begins nothing
    before.history.close()

    parts = make_parts()
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(second.conversation_id)
    assert parts.assistant.messages[-1].state is QUEUED
    assert parts.engine.asked == []
    parts.assistant.ask_waiting(second.id)
    qtbot.waitUntil(lambda: asked(parts) == ["two"])
    end(qtbot, parts, "2")
    assert state(parts, second) == ("2", COMPLETE)


def test_deleting_a_conversation_takes_its_questions_out(qtbot: QtBot, parts: Parts) -> None:
    send(qtbot, parts, "one")
    other = ConversationRef(is_begun=True)
    answer = send(qtbot, parts, "two", ref=other)
    parts.assistant.delete(answer.conversation_id)
    end(qtbot, parts)
    assert asked(parts) == ["one"]
    assert parts.engine.stops == 0


def test_an_answer_that_nobody_looks_at_is_unread_until_its_conversation_is_opened(qtbot: QtBot, parts: Parts) -> None:
    def unread() -> list[str]:
        return parts.history.fetch(lambda history: [one.title for one in history.conversations() if one.is_unread])

    first = send(qtbot, parts, "one")
    end(qtbot, parts, "1")
    assert unread() == []
    send(qtbot, parts, "again")
    parts.assistant.new_conversation()
    end(qtbot, parts, "2")
    assert unread() == ["one"]
    with qtbot.waitSignal(parts.assistant.conversations_changed):
        parts.assistant.open(first.conversation_id)
    assert unread() == []


def test_a_question_that_cannot_be_kept_comes_back(qtbot: QtBot, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise RuntimeError

    parts.history.fetch(lambda history: monkeypatch.setattr(history, "create_conversation", refuse))
    back: list[str] = []
    ref = parts.assistant.drafts.ref
    parts.assistant.send("one", [], failed=lambda: parts.assistant.drafts.give_back(ref, DraftState("one")))
    parts.assistant.drafts.shown.connect(lambda draft: back.append(draft.text))
    qtbot.waitUntil(lambda: back == ["one"])
    assert not parts.assistant.busy


def test_text_that_was_kept_back_stays_back_while_another_conversation_is_open(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    send(qtbot, parts, "one")
    parts.assistant.set_new_pictures([picture()])
    parts.assistant.texts.keep_back(picture().sha256, True)
    second = send(qtbot, parts, "two", picture())
    parts.assistant.new_conversation()
    assert parts.assistant.texts.quoted.kept_back == set()
    end(qtbot, parts)
    question = parts.history.fetch(lambda history: history.waiting.thread_to(second.id))[-2]
    assert question.details[IMAGE_TEXT_OFF] == [picture().sha256]

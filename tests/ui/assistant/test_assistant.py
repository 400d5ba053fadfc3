"""From question to kept answer, with a real history and a fake engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.assistant.cut_json import can_close, is_closed
from desktop_vlm.ui.engine.protocol import ChatRequest
from desktop_vlm.ui.pictures.composer import compose_for_model
from desktop_vlm.ui.pictures.intake import NewPicture
from tests.ui.conftest import Parts

MakePicture = Callable[..., NewPicture]
CANVAS = (280, 4)
"""Of `COMPOSING`: side and number of its tiles."""


def ask(qtbot: QtBot, parts: Parts, text: str, *pictures: NewPicture, action: QuickAction | None = None) -> None:
    """Ask and wait until the engine was asked."""
    asked = len(parts.engine.asked)
    parts.assistant.set_new_pictures(pictures)
    assert parts.assistant.send(text, pictures, action)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1)


def answer(qtbot: QtBot, parts: Parts, text: str) -> None:
    parts.engine.say(text)
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()


def kept(parts: Parts) -> list[Message]:
    """The thread as it is on disk."""
    conversation_id = parts.assistant.conversation_id
    assert conversation_id is not None
    return parts.history.fetch(lambda history: history.thread(conversation_id))


def images_of(request: ChatRequest) -> list[list[bytes]]:
    """The files that stand with each message."""
    return [[request.images[image] for image in message.images] for message in request.messages]


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def test_a_question_is_kept_before_the_engine_hears_of_it(qtbot: QtBot, parts: Parts) -> None:
    seen: list[list[str]] = []
    original = parts.engine.ask

    def ask_engine(request: ChatRequest) -> int:
        seen.append(texts(kept(parts)))
        return original(request)

    parts.engine.ask = ask_engine  # type: ignore[method-assign]

    ask(qtbot, parts, "What is it?")

    assert seen == [["What is it?", ""]]


def test_an_answer_streams_is_kept_and_ends(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "What is it?")
    parts.engine.say("A wind")
    parts.engine.say("ow.")
    assert parts.assistant.messages[-1].text == "A window."
    assert parts.assistant.busy
    qtbot.waitUntil(lambda: kept(parts)[-1].text == "A window.")  # while it still streams

    parts.engine.end(dropped=2)

    assert not parts.assistant.busy
    last = kept(parts)[-1]
    assert (last.text, last.state, last.model) == ("A window.", MessageState.COMPLETE, "Fake")
    assert last.details["usage"]["encode_s"] == 1.5
    assert last.details["dropped_messages"] == 2
    assert last.details["n_ctx"] == 4096


def test_pictures_of_the_whole_conversation_reach_the_model_as_one(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    ask(qtbot, parts, "one", picture("#ff0000"))
    answer(qtbot, parts, "red")
    ask(qtbot, parts, "two", picture("#00ff00"))
    answer(qtbot, parts, "green")
    ask(qtbot, parts, "three")

    first, second, third = parts.engine.asked
    assert images_of(first) == [[picture("#ff0000").data]]  # one picture goes as it is
    assert second.messages[0] == ChatMessage.of("user", "one")
    assert [len(images) for images in images_of(second)] == [0, 0, 1]
    assert third.messages[2] == second.messages[2]  # the same composite at the same place: nothing new to encode
    assert third.images == second.images
    assert kept(parts)[3].details["composite"]["pictures"] == 2


def test_switching_a_picture_off_changes_what_is_sent(qtbot: QtBot, parts: Parts, picture: MakePicture) -> None:
    red, green = picture("#ff0000"), picture("#00ff00")
    ask(qtbot, parts, "both", red, green)
    answer(qtbot, parts, "yes")

    sha256 = parts.assistant.messages[0].pictures[0].sha256
    parts.assistant.include(sha256, False)
    ask(qtbot, parts, "and now?")

    assert images_of(parts.engine.asked[-1])[0] == [green.data]
    assert [held.included for held in kept(parts)[0].pictures] == [False, True]


def test_a_picture_can_be_switched_off_while_the_question_is_written(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    red, green = picture("#ff0000"), picture("#00ff00")
    parts.assistant.set_new_pictures([red, green])
    parts.assistant.include(parts.assistant.pictures.view.pictures[1].sha256, False)
    assert parts.assistant.send("which?", [red, green])
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert images_of(parts.engine.asked[0]) == [[red.data]]
    assert [held.included for held in kept(parts)[0].pictures] == [True, False]


def test_numbers_stay_when_a_picture_is_left_out(qtbot: QtBot, parts: Parts, picture: MakePicture) -> None:
    three = [picture(color) for color in ("#ff0000", "#00ff00", "#0000ff")]
    ask(qtbot, parts, "Compare them", *three)
    answer(qtbot, parts, "a")
    parts.assistant.include(three[1].sha256, False)
    view = parts.assistant.pictures.view
    assert [(one.number, one.included) for one in view.pictures] == [(1, True), (2, False), (3, True)]
    ask(qtbot, parts, "And now?")
    (sent,) = parts.engine.asked[1].images.values()
    expected = compose_for_model([three[0].data, three[2].data], *CANVAS, [1, 3])
    assert sent == expected.data
    assert sent != compose_for_model([three[0].data, three[2].data], *CANVAS).data
    assert [parts.assistant.pictures.badge(one.sha256) for one in three] == ["1", "2", "3"]
    answer(qtbot, parts, "b")
    parts.assistant.set_new_pictures([picture("#aaaaaa")])
    assert parts.assistant.pictures.badge(picture("#aaaaaa").sha256) == "4"


def test_earlier_pictures_give_way_when_text_would_get_too_small(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    ask(qtbot, parts, "one", picture("#ff0000", (560, 560)))
    answer(qtbot, parts, "red")

    with qtbot.waitSignal(parts.assistant.noticed) as noticed:
        parts.assistant.set_new_pictures([picture("#00ff00", (560, 560))])

    assert noticed.args is not None
    assert "left out" in noticed.args[0]
    assert [seen.included for seen in parts.assistant.pictures.view.pictures] == [False, True]


def test_answering_again_keeps_the_old_answer_as_a_version(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "What is it?")
    answer(qtbot, parts, "first")
    first = parts.assistant.messages[-1]

    parts.assistant.regenerate(first.id)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    answer(qtbot, parts, "second")

    last = parts.assistant.messages[-1]
    assert (last.text, len(last.siblings)) == ("second", 2)
    assert parts.engine.asked[1].messages == [ChatMessage.of("user", "What is it?")]
    with qtbot.waitSignal(parts.assistant.thread_changed):
        parts.assistant.switch_to(first.id)
    assert parts.assistant.messages[-1].text == "first"


def test_an_edited_question_branches_with_its_pictures(qtbot: QtBot, parts: Parts, picture: MakePicture) -> None:
    ask(qtbot, parts, "What is it?", picture())
    answer(qtbot, parts, "first")
    question = parts.assistant.messages[0]

    parts.assistant.edit(question.id, "What colour?")
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    answer(qtbot, parts, "blue")

    assert texts(kept(parts)) == ["What colour?", "blue"]
    assert [held.sha256 for held in kept(parts)[0].pictures] == [question.pictures[0].sha256]
    with qtbot.waitSignal(parts.assistant.thread_changed):
        parts.assistant.switch_to(question.id)
    assert texts(parts.assistant.messages) == ["What is it?", "first"]


def test_stop_keeps_what_was_said(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "Count")
    parts.engine.say("one two")

    parts.assistant.stop()
    assert parts.engine.stops == 1
    parts.engine.end("cancelled", None)

    assert (kept(parts)[-1].text, kept(parts)[-1].state) == ("one two", MessageState.STOPPED)


def test_stop_before_the_model_is_there_asks_nothing(qtbot: QtBot, make_parts: Callable[..., Parts]) -> None:
    parts = make_parts(is_loaded=False)
    parts.assistant.send("Hello", [])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)

    parts.assistant.stop()
    parts.engine.finish_load()

    assert parts.engine.asked == []
    assert kept(parts)[-1].state is MessageState.STOPPED


def test_a_question_waits_for_the_model(qtbot: QtBot, make_parts: Callable[..., Parts], picture: MakePicture) -> None:
    parts = make_parts(is_loaded=False)
    parts.assistant.set_new_pictures([picture()])
    parts.assistant.send("Hello", [picture()])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)
    assert parts.engine.asked == []

    parts.engine.finish_load()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert images_of(parts.engine.asked[0]) == [[picture().data]]


def test_a_failing_engine_costs_the_rest_of_one_answer(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "Hello")
    parts.engine.say("Half of an ans")
    parts.engine.fail("The engine stopped: it was killed.")

    last = kept(parts)[-1]
    assert (last.text, last.state, last.error) == (
        "Half of an ans",
        MessageState.FAILED,
        "The engine stopped: it was killed.",
    )
    parts.assistant.regenerate(last.id)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    answer(qtbot, parts, "Whole.")
    assert texts(kept(parts)) == ["Hello", "Whole."]


def test_the_demo_reads_pictures_by_the_likeliest_words(qtbot: QtBot, parts: Parts, picture: MakePicture) -> None:
    temperatures = []
    for text, pictures in (("Hello", ()), ("What is this?", (picture(),)), ("And the title?", ())):
        ask(qtbot, parts, text, *pictures)
        temperatures.append(parts.engine.asked[-1].sampling["temperature"])
        answer(qtbot, parts, "Yes")
    assert temperatures == [0.6, 0.0, 0.0]


def test_a_quick_action_brings_its_schema_and_sampling_also_when_answered_again(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    action = QuickAction(
        "receipt", name="Receipt", prompt="Read it.", sampling={"temperature": 0.0}, json_schema='{"type": "object"}'
    )
    ask(qtbot, parts, "Read it.", picture(), action=action)
    answer(qtbot, parts, "{}")
    parts.assistant.regenerate(parts.assistant.messages[-1].id)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)

    for request in parts.engine.asked:
        assert request.json_schema == '{"type": "object"}'
        assert request.sampling["temperature"] == 0.0
    assert kept(parts)[0].action == "Receipt"


TO_JSON = QuickAction("json", name="JSON", prompt="As JSON.", json_schema='{"type": "object"}')


@pytest.mark.parametrize("reason", ["length", "cancelled"])
def test_json_that_was_cut_off_is_closed_and_is_as_it_was_again(qtbot: QtBot, parts: Parts, reason: str) -> None:
    ask(qtbot, parts, "As JSON.", action=TO_JSON)
    parts.engine.say('{"shop": "A", "items": [{"name": "B')
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end(reason)
    state = parts.assistant.messages[-1].state
    assert can_close(parts.assistant.messages[-1])

    with qtbot.waitSignal(parts.assistant.message_changed):
        parts.assistant.close_json(parts.assistant.messages[-1].id)
    found = kept(parts)[-1]
    assert (found.text, found.state) == ('{"shop": "A", "items": [{}]}', state)
    assert is_closed(found)
    assert not can_close(found)
    assert found.details["usage"]["generated_tokens"] == 20

    parts.assistant.close_json(found.id)
    found = kept(parts)[-1]
    assert found.text == '{"shop": "A", "items": [{"name": "B'
    assert can_close(found)
    assert not is_closed(found)


@pytest.mark.parametrize(
    ("text", "reason", "action"),
    [
        ("{}", "length", TO_JSON),  # complete all the same
        ('{"a": 1', "stop", TO_JSON),
        ('{"a": 1', "length", None),
        ("Here is", "length", TO_JSON),  # of a model that did not keep to it
        ("", "length", TO_JSON),
    ],
)
def test_what_was_not_cut_off_is_not_closed(
    qtbot: QtBot, parts: Parts, text: str, reason: str, action: QuickAction | None
) -> None:
    ask(qtbot, parts, "Go.", action=action)
    parts.engine.say(text)
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end(reason)
    parts.assistant.close_json(parts.assistant.messages[-1].id)
    assert kept(parts)[-1].text == text


def test_an_answer_goes_on_while_another_conversation_is_open(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "one")
    first = parts.assistant.conversation_id
    assert first is not None
    parts.assistant.new_conversation()
    assert parts.assistant.messages == []

    parts.engine.say("late")
    parts.engine.end()

    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(first)
    assert texts(parts.assistant.messages) == ["one", "late"]


def test_deleting_can_be_undone_and_everything_can_go(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "one")
    answer(qtbot, parts, "first")
    conversation_id = parts.assistant.conversation_id
    assert conversation_id is not None

    def titles() -> list[str]:
        return parts.history.fetch(lambda history: [c.title for c in history.conversations()])

    parts.assistant.delete(conversation_id)
    assert titles() == []
    assert parts.assistant.conversation_id is None
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.restore(conversation_id)
    assert titles() == ["one"]
    parts.assistant.rename(conversation_id, "Other")
    parts.assistant.set_pinned(conversation_id, True)
    assert titles() == ["Other"]

    parts.assistant.delete_everything()
    assert titles() == []


def test_a_history_that_fails_says_so_and_nothing_is_asked(qtbot: QtBot, parts: Parts) -> None:
    def broken(*_: object, **__: object) -> Message:
        raise OSError("disk")

    parts.history.fetch(lambda history: setattr(history, "add_message", broken))
    with qtbot.waitSignal(parts.history.failed) as failed:
        parts.assistant.send("one", [])

    assert failed.args == ["The history failed unexpectedly; the log says where."]
    assert not parts.assistant.busy
    assert parts.engine.asked == []

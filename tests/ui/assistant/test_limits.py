"""What a model cannot do is said at once, and every question comes to an end whatever the model does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.history.records import MessageState
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.assistant.sight import blind_sentence, text_alone_sentence
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.pictures import composer
from tests.ui.assistant.test_assistant import MakePicture, answer, ask, images_of, kept
from tests.ui.conftest import Parts
from tests.ui.fake_engine import COMPOSING, MANY, TEXT_ONLY

MakeParts = Callable[..., Parts]


def notices(assistant: Assistant) -> list[str]:
    heard: list[str] = []
    assistant.noticed.connect(heard.append)
    return heard


@pytest.fixture
def composing_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Composites are made only once this is set."""
    go_on = Event()
    made = composer.compose_for_model

    def wait(*arguments: Any) -> composer.Composition:
        assert go_on.wait(20)
        return made(*arguments)

    monkeypatch.setattr(composer, "compose_for_model", wait)
    yield go_on
    go_on.set()


def switch_model(parts: Parts, capabilities: object) -> None:
    """Load another model, as the window hears of it."""
    parts.engine.model = None
    parts.engine.set_state(EngineState.LOADING)
    parts.engine.will_load = parts.engine.will_load.__class__(
        **{**vars(parts.engine.will_load), "capabilities": capabilities}
    )
    parts.engine.finish_load()


# A model that sees nothing


def test_a_picture_for_a_text_only_model_is_refused_and_nothing_is_lost(
    qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(capabilities=TEXT_ONLY)
    heard = notices(parts.assistant)
    parts.assistant.set_new_pictures([picture()])
    assert heard == [blind_sentence()]  # when the picture comes, long before anything is sent

    assert not parts.assistant.send("What is it?", [picture()])

    assert heard == [blind_sentence()] * 2
    assert not parts.assistant.busy
    assert [seen.name for seen in parts.assistant.pictures.view.pictures] == ["#336699.png"]
    parts.assistant.include(picture().sha256, False)  # the way out: without it
    assert parts.assistant.send("What is it?", [picture()])
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert parts.engine.asked[0].messages == [ChatMessage.of("user", "What is it?")]


def test_it_is_known_from_the_files_while_the_model_still_loads(make_parts: MakeParts, picture: MakePicture) -> None:
    parts = make_parts(is_loaded=False)
    parts.engine.load(ModelRef(Path("chat.gguf")), LoadOptions())
    heard = notices(parts.assistant)
    assert not parts.assistant.send("What is it?", [picture()])
    assert heard == [blind_sentence()]


def test_a_model_that_turns_out_to_see_nothing_fails_the_question_with_the_way_out(
    qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(is_loaded=False, capabilities=TEXT_ONLY)
    assert parts.assistant.send("What is it?", [picture()])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)

    parts.engine.finish_load()

    question, failed = kept(parts)
    assert (failed.state, failed.error) == (MessageState.FAILED, blind_sentence())
    assert (question.text, [held.sha256 for held in question.pictures]) == ("What is it?", [picture().sha256])
    assert parts.engine.asked == []
    switch_model(parts, COMPOSING)
    parts.assistant.regenerate(failed.id)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert images_of(parts.engine.asked[0]) == [[picture().data]]


def test_text_goes_on_about_earlier_pictures_and_says_that_they_are_not_seen(
    qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    ask(qtbot, parts, "What is it?", picture())
    answer(qtbot, parts, "A window.")
    heard = notices(parts.assistant)
    switch_model(parts, TEXT_ONLY)

    ask(qtbot, parts, "And in French?")

    assert heard == [text_alone_sentence()]
    assert parts.engine.asked[-1].images == {}
    assert [message.text for message in parts.engine.asked[-1].messages] == [
        "What is it?",
        "A window.",
        "And in French?",
    ]
    answer(qtbot, parts, "Une fen\u00eatre.")
    parts.assistant.regenerate(parts.assistant.messages[1].id)  # that question brought the picture
    assert heard[-1] == blind_sentence()
    assert not parts.assistant.busy


# Every question ends


@pytest.mark.parametrize("state", [EngineState.STOPPED, EngineState.FAILED])
def test_a_load_that_ends_without_a_model_ends_the_question(
    state: EngineState, qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(is_loaded=False)
    assert parts.assistant.send("What is it?", [picture()])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)
    assert parts.assistant.busy
    if state is EngineState.FAILED:
        parts.engine.fail_load("There is no such file.")
    else:
        parts.engine.set_state(EngineState.STOPPED)  # the person stopped the load
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    last = kept(parts)[-1]
    expected = (MessageState.FAILED, "There is no such file.") if state is EngineState.FAILED else ("", "")
    assert (last.state, last.error) == (expected if expected[0] else (MessageState.STOPPED, ""))


def test_a_crash_while_pictures_are_prepared_loads_the_model_again(
    composing_waits: Event, qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    assert parts.assistant.send("What is it?", [picture()])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)
    parts.engine.crash()
    composing_waits.set()
    qtbot.waitUntil(lambda: parts.engine.restarts == 1)
    assert parts.assistant.busy
    parts.engine.finish_load()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert images_of(parts.engine.asked[0]) == [[picture().data]]


@pytest.mark.parametrize("capabilities", [MANY, COMPOSING, TEXT_ONLY])
def test_a_model_that_changes_while_pictures_are_prepared(
    capabilities: object, composing_waits: Event, qtbot: QtBot, parts: Parts, picture: MakePicture
) -> None:
    red, green = picture("#ff0000"), picture("#00ff00")
    assert parts.assistant.send("What is it?", [red, green])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)
    assert parts.engine.asked == []
    switch_model(parts, capabilities)
    composing_waits.set()
    if capabilities is TEXT_ONLY:
        qtbot.waitUntil(lambda: not parts.assistant.busy)
        assert kept(parts)[-1].error == blind_sentence()
        return
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    sent = images_of(parts.engine.asked[0])
    assert [len(images) for images in sent] == [2 if capabilities is MANY else 1]
    if capabilities is MANY:
        assert sent == [[red.data, green.data]]


def test_a_conversation_opened_meanwhile_does_not_lend_its_pictures(
    qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(is_loaded=False)
    parts.assistant.set_new_pictures([picture("#ff0000")])
    assert parts.assistant.send("What is it?", [picture("#ff0000")])
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 2)
    parts.assistant.new_conversation()
    parts.assistant.set_new_pictures([picture("#00ff00")])

    parts.engine.finish_load()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert images_of(parts.engine.asked[0]) == [[picture("#ff0000").data]]


def test_no_model_at_all_is_said(qtbot: QtBot, parts: Parts, picture: MakePicture) -> None:
    ends: list[str] = []
    ask(qtbot, parts, "What is it?", picture())
    answer(qtbot, parts, "A window.")
    parts.assistant.pictures.set_model(None)
    parts.assistant.pictures.prepare(parts.assistant.messages, lambda _, problem: ends.append(problem))
    assert ends == ["No model is loaded; choose one first."]


# A model that takes many images


def test_pictures_stand_in_their_own_turns(qtbot: QtBot, make_parts: MakeParts, picture: MakePicture) -> None:
    parts = make_parts(capabilities=MANY)
    red, green = picture("#ff0000", (400, 300)), picture("#00ff00", (300, 100))
    ask(qtbot, parts, "one", red)
    answer(qtbot, parts, "Red.")
    ask(qtbot, parts, "two", green)

    request = parts.engine.asked[-1]
    assert request.messages == [
        ChatMessage.of("user", "one", red.sha256),
        ChatMessage.of("assistant", "Red."),
        ChatMessage.of("user", "two", green.sha256),
    ]
    assert request.images == {red.sha256: red.data, green.sha256: green.data}
    assert request.messages[:2] == [*parts.engine.asked[0].messages, ChatMessage.of("assistant", "Red.")]
    assert parts.engine.model is not None
    sizing = parts.engine.model.capabilities.sizing
    assert sizing is not None
    measured = [sizing.measure(*size) for size in ((400, 300), (300, 100))]
    answer(qtbot, parts, "Green.")
    assert kept(parts)[-1].details["images"] == [
        {"size": [one.width, one.height], "tokens": one.n_tokens} for one in measured
    ]


def test_what_is_switched_off_is_left_out_of_its_turn(
    qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(capabilities=MANY)
    red, green = picture("#ff0000"), picture("#00ff00")
    ask(qtbot, parts, "one", red, green)
    answer(qtbot, parts, "Two.")
    parts.assistant.include(red.sha256, False)
    ask(qtbot, parts, "and now?")
    assert images_of(parts.engine.asked[-1]) == [[green.data], [], []]


def test_the_oldest_give_way_to_more_than_the_model_takes(
    qtbot: QtBot, make_parts: MakeParts, picture: MakePicture
) -> None:
    parts = make_parts(capabilities=MANY)
    colors = ("#ff0000", "#00ff00", "#0000ff", "#ffff00")
    red, green, blue, yellow = (picture(color) for color in colors)
    heard = notices(parts.assistant)
    ask(qtbot, parts, "one", red, green)
    answer(qtbot, parts, "Two.")
    assert heard == []
    ask(qtbot, parts, "two", blue, yellow)
    assert heard == ["The model takes at most 3 pictures, so the oldest is left out."]
    assert images_of(parts.engine.asked[-1]) == [[green.data], [], [blue.data, yellow.data]]
    answer(qtbot, parts, "Four.")
    parts.assistant.include(red.sha256, True)  # more than the model takes
    ask(qtbot, parts, "three")
    assert images_of(parts.engine.asked[-1]) == [[green.data], [], [blue.data, yellow.data], [], []]
    assert heard[1:] == ["The model takes at most 3 pictures, so the oldest is left out."]

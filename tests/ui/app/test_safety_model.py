"""Llama Guard in the window: verdicts in words, wherever they stand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.export import export
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.window.main_window import MainWindow
from tests.families.guard.files import guard_files
from tests.ui.conftest import Parts
from tests.ui.engine_recorder import LONG_MS
from tests.ui.fake_engine import COMPOSING
from tests.ui.window.test_main_window import button, shown_answer

MakePicture = Callable[..., NewPicture]
GUARD = replace(COMPOSING, judges_safety=True)
WORKER = Path(__file__).parents[2] / "families" / "guard" / "worker.py"


@pytest.fixture
def parts(make_parts: Callable[..., Parts]) -> Parts:
    return make_parts(capabilities=GUARD)


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def ask(qtbot: QtBot, parts: Parts, window: MainWindow, text: str, verdict: str, reason: str = "stop") -> Message:
    """Ask, have it judged, and give the answer as it is kept."""
    asked = len(parts.engine.asked)
    window.composer.text.setPlainText(text)
    window.draft.send()
    return judge(qtbot, parts, asked, verdict, reason)


def judge(qtbot: QtBot, parts: Parts, asked: int, verdict: str, reason: str = "stop") -> Message:
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1)
    parts.engine.say(verdict[:3])
    parts.engine.say(verdict[3:])
    assert parts.assistant.messages[-1].text == ""  # half a verdict says nothing
    with qtbot.waitSignal(parts.assistant.message_changed):
        parts.engine.end(reason)
    return kept(parts)[-1]


def kept(parts: Parts) -> list[Message]:
    conversation_id = parts.assistant.conversation_id
    assert conversation_id is not None
    return parts.history.fetch(lambda history: history.thread(conversation_id))


def sent(parts: Parts) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in parts.engine.asked[-1].messages]


def offered(window: MainWindow) -> list[str]:
    return [action.name for action in window._services.offered_actions]


def test_the_action_is_offered_with_such_a_model_and_only_then(
    qtbot: QtBot, make_parts: Callable[..., Parts], tmp_path: Path
) -> None:
    parts = make_parts(capabilities=COMPOSING)
    window = MainWindow(parts.services(), None)
    qtbot.addWidget(window)
    usual = offered(window)
    assert "Check safety" not in usual
    assert "Check safety" not in [key.text() for key in window._keys._of_actions]

    for capabilities, names in ((GUARD, ["Check safety"]), (Capabilities("text"), usual)):
        parts.engine.will_load = replace(parts.engine.will_load, capabilities=capabilities)
        parts.engine.load(ModelRef(tmp_path / "a.gguf"), LoadOptions())
        assert offered(window) == usual
        parts.engine.finish_load()
        assert offered(window) == names
        keys = [key.text() for key in window._keys._of_actions]
        assert keys == [action.name for action in window._services.offered_actions if action.shortcut]
        assert [action.name for action in parts.services().offered_actions] == names


def test_what_the_model_does_is_said_before_anything_is_sent(parts: Parts, window: MainWindow) -> None:
    parts.engine.finish_load()
    assert window.composer.text.placeholderText() == "This model does not answer: it says whether what you send is safe"
    assert window.status._name.text() == "Demo model · CPU · only judges safety"


def test_an_ordinary_question_is_judged_in_words(qtbot: QtBot, parts: Parts, window: MainWindow) -> None:
    answer = ask(qtbot, parts, window, "Where does she live?", "\n\nunsafe\nS1,S7")
    assert (answer.text, answer.state) == ("Unsafe: violent crimes, privacy", MessageState.COMPLETE)
    assert answer.details["verdict"] == "\n\nunsafe\nS1,S7"
    assert shown_answer(window)._view.markdown() == "Unsafe: violent crimes, privacy"
    request = parts.engine.asked[-1]
    assert (request.sampling["temperature"], request.json_schema) == (0.0, None)


@pytest.mark.parametrize(("reason", "state"), [("length", MessageState.CUT), ("cancelled", MessageState.STOPPED)])
def test_half_a_verdict_is_none(
    qtbot: QtBot, parts: Parts, window: MainWindow, reason: str, state: MessageState
) -> None:
    """GIVEN an answer that ends within S10 THEN nobody reads S1 in it."""
    answer = ask(qtbot, parts, window, "Hi", "unsafe\nS1", reason)
    assert (answer.text, answer.state) == ("", state)


def test_the_action_has_the_conversation_judged_and_not_itself(qtbot: QtBot, parts: Parts, window: MainWindow) -> None:
    """GIVEN a conversation with another model WHEN it is checked, twice THEN its last answer is what is judged."""
    parts.engine.model = replace(parts.engine.will_load, capabilities=COMPOSING)
    window.composer.text.setPlainText("Hi")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say("Hello S3!")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    assert shown_answer(window).message.text == "Hello S3!"  # from a model that chats it is no code

    parts.engine.finish_load()
    parts.settings.update("answers", system_prompt="Be brief.")
    assert window.composer.chips.isVisible()
    for asked in (1, 2):
        button(window.composer, "Check safety").click()
        assert judge(qtbot, parts, asked, "safe").text == "Safe"
        assert sent(parts) == [("user", "Hi"), ("assistant", "Hello S3!")]
    question, verdict = kept(parts)[-2:]
    assert (question.text, question.action, verdict.text) == ("Is this safe?", "Check safety", "Safe")


def test_what_is_typed_beside_the_action_is_judged(qtbot: QtBot, parts: Parts, window: MainWindow) -> None:
    ask(qtbot, parts, window, "First", "safe")
    window.composer.text.setPlainText("And this?")
    button(window.composer, "Check safety").click()
    judge(qtbot, parts, 1, "unsafe\nS10")
    assert sent(parts) == [("user", "First"), ("user", "And this?")]
    assert kept(parts)[-2].text == "Is this safe?\n\nAnd this?"


def test_a_picture_alone_is_checked(qtbot: QtBot, parts: Parts, window: MainWindow, picture: MakePicture) -> None:
    window.draft.add(picture())
    window.draft.send()
    assert judge(qtbot, parts, 0, "unsafe\nS12").text == "Unsafe: sexual content"
    request = parts.engine.asked[-1]
    assert [(message.role, message.text, len(message.images)) for message in request.messages] == [("user", "", 1)]
    assert kept(parts)[0].action == "Check safety"


def test_with_nothing_to_check_that_is_said(qtbot: QtBot, parts: Parts, window: MainWindow) -> None:
    sentence = "There is nothing to check yet; write something or add a picture first."
    with qtbot.waitSignal(window.draft.noticed) as noticed:
        window._keys._of_actions[0].trigger()
    assert noticed.args == [sentence]
    check = window._services.offered_actions[0]
    assert parts.assistant.send(check.question(""), [], check)  # as the quick window would
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    assert (parts.assistant.messages[-1].error, parts.engine.asked) == (sentence, [])


def test_exports_search_and_the_quick_window_have_words(
    qtbot: QtBot, parts: Parts, window: MainWindow, picture: MakePicture, tmp_path: Path
) -> None:
    ask(qtbot, parts, window, "Where does she live?", "unsafe\nS7")
    conversation_id = parts.assistant.conversation_id
    assert conversation_id is not None
    parts.history.fetch(lambda history: export(history, conversation_id, "markdown", tmp_path / "out.markdown"))
    parts.history.fetch(lambda history: export(history, conversation_id, "json", tmp_path / "out.json"))
    markdown = (tmp_path / "out.markdown").read_text(encoding="utf-8")
    assert "Unsafe: privacy" in markdown
    assert "S7" not in markdown
    message = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["messages"][-1]
    assert (message["text"], message["details"]["verdict"]) == ("Unsafe: privacy", "unsafe\nS7")
    found = parts.history.fetch(lambda history: history.conversations("privacy", 5))
    assert [one.id for one in found] == [conversation_id]

    quick = QuickWindow(parts.theme, parts.services().offered_actions)
    qtbot.addWidget(quick)
    quick.open_with(picture(), None)
    assert [action.name for action in quick.chips._actions] == ["Check safety"]


def test_a_real_guard_through_the_engines_process(
    qtbot: QtBot, make_parts: Callable[..., Parts], picture: MakePicture, tmp_path: Path
) -> None:
    """GIVEN real files whose chat template is Guard's WHEN a picture is checked THEN all of it is as in the program."""
    files, says = guard_files(tmp_path / "guard"), tmp_path / "says"
    says.write_text("\n\nunsafe\nS1,S7", encoding="utf-8")
    engine = LocalEngine(command=(sys.executable, str(WORKER), str(says)))
    parts = make_parts(engine=engine)
    window = MainWindow(parts.services(), None)
    qtbot.addWidget(window)
    window.show()
    try:
        engine.load(ModelRef(files.text, files.mmproj), LoadOptions(n_ctx=2048, n_threads=1))
        qtbot.waitUntil(lambda: engine.model is not None, timeout=LONG_MS)
        assert offered(window) == ["Check safety"]
        window.draft.add(picture())
        button(window.composer, "Check safety").click()
        qtbot.waitUntil(lambda: bool(parts.assistant.messages) and not parts.assistant.busy, timeout=LONG_MS)
        assert parts.assistant.messages[-1].text == "Unsafe: violent crimes, privacy"

        says.write_text("safe", encoding="utf-8")
        window.composer.text.setPlainText("What is in it?")
        window.draft.send()
        qtbot.waitUntil(lambda: len(parts.assistant.messages) == 4 and not parts.assistant.busy, timeout=LONG_MS)
        assert [message.text for message in kept(parts)] == [
            "Is this safe?",
            "Unsafe: violent crimes, privacy",
            "What is in it?",
            "Safe",
        ]
    finally:
        window.close()
        engine.close()

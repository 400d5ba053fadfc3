"""A GPU that is lost twice, in the window: what a person sees of it, and goes on with.

On Vulkan as part of `make test-vulkan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.service.child import DEVICE_LOST
from desktop_vlm.ui.app.model_status import ModelKind, ModelStatus
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.engine.crashes import Crashes
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.engine_recorder import Source
from tests.ui.faulty_gpu import LAVAPIPE_MS, TwiceLost

SENTENCE = Crashes(3, 60.0).count(DEVICE_LOST)


class Seen:
    """A window, and what is in it.

    Attributes:
        status: what it says of the model.
    """

    def __init__(self, lost: TwiceLost, parts: Parts, window: MainWindow, qtbot: QtBot) -> None:
        self._parts, self._window = parts, window
        self._wait = partial(qtbot.waitUntil, timeout=LAVAPIPE_MS)
        self.status = ModelStatus(lost.client, parts.settings, parts.models)

    def ask(self, text: str) -> Message:
        """Send a question; the answer, once it has ended."""
        self._window.composer.text.setPlainText(text)
        self._window.draft.send()
        return self._ended(0)

    def try_again(self) -> Message:
        """Press the button beside what is said; the answer, once it has ended."""
        before = self._parts.assistant.messages[-1].id
        self._answer()._failed.button.click()
        return self._ended(before)

    @property
    def said(self) -> str:
        """What stands beside that button, under the answer."""
        failed = self._answer()._failed
        assert failed.isVisible()
        assert failed.button.isEnabled()
        return failed._text.text()

    def _ended(self, before: int) -> Message:
        assistant = self._parts.assistant
        self._wait(lambda: bool(assistant.messages) and assistant.messages[-1].id > before and not assistant.busy)
        return assistant.messages[-1]

    def _answer(self) -> AnswerWidget:
        widgets = [self._window.pane.widget(key) for key in self._window.pane.item_keys()]
        return [widget for widget in widgets if isinstance(widget, AnswerWidget)][-1]


@pytest.fixture
def seen(
    lost: TwiceLost, qtbot: QtBot, make_parts: Callable[..., Parts], picture: Callable[..., NewPicture]
) -> Iterator[Seen]:
    """With a picture that is to be asked about."""
    parts = make_parts(engine=lost.client)
    parts.settings.update("sampling", preset="precise")
    parts.settings.update("answers", max_tokens=300)
    window = MainWindow(parts.services(), None)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.draft.add(picture())
    yield Seen(lost, parts, window, qtbot)
    window.close()


def test_lost_twice_before_an_answer_is_a_sentence_and_a_way_on(
    seen: Seen, lost: TwiceLost, tiny_model: Source
) -> None:
    lost.lose_before_each_answer()
    lost.client.load(*tiny_model)
    lost.heard.wait_for("loaded")
    answer = seen.ask("What is this?")
    assert [answer.state, answer.text, answer.error] == [MessageState.FAILED, "", SENTENCE]
    assert [seen.said, seen.status.sentence] == [SENTENCE, "No model is loaded."]
    again = seen.try_again()
    assert again.state in (MessageState.COMPLETE, MessageState.CUT)
    assert again.text
    assert [seen.status.kind, len(lost.heard.of("crashed"))] == [ModelKind.LOADED, 2]


def test_lost_in_mid_answer_and_while_it_is_loaded_again_is_the_same(
    seen: Seen, lost: TwiceLost, tiny_model: Source
) -> None:
    """GIVEN text, which stays."""
    lost.client.load(*tiny_model)
    lost.heard.wait_for("loaded")
    lost.lose_in_mid_answer()
    answer = seen.ask("Go on.")
    assert [answer.state, answer.error] == [MessageState.FAILED, SENTENCE]
    assert answer.text
    lost.heard.wait_for("failed", 0)
    assert [seen.said, seen.status.problem] == [SENTENCE, SENTENCE]
    again = seen.try_again()
    assert again.state in (MessageState.COMPLETE, MessageState.CUT)
    assert again.text
    assert [seen.status.kind, len(lost.heard.of("crashed"))] == [ModelKind.LOADED, 2]

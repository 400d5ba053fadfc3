"""A family that only a test knows, through the engine's process and the window."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.history.records import MessageState
from desktop_vlm.models.demo import demo_model
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import ChatRequest
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.models.protocol import Survey
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.text_layer.no_reader import NoReader
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.main_window import MainWindow
from tests.families.toy.palette import MAX_IMAGES, write_palette
from tests.ui.engine_recorder import LONG_MS, ClientRecorder
from tests.ui.models.fake_models import FakeModels
from tests.ui.window.test_main_window import MakePicture

TOY_WORKER = Path(__file__).parents[2] / "families" / "toy" / "worker.py"
OPTIONS = LoadOptions(n_ctx=1024, n_threads=1)
QUESTION = "What colour is the image?"


def language_model() -> Path | None:
    try:
        return demo_model()[0]
    except UserError:
        return None


pytestmark = pytest.mark.skipif(language_model() is None, reason="the demo's language model is not installed")


@pytest.fixture
def model(tmp_path: Path) -> ModelRef:
    """The demo's language model with a palette as its vision projector."""
    text = language_model()
    assert text is not None
    return ModelRef(text, write_palette(tmp_path / "toy-mmproj.gguf"))


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    """A client of a process that knows the family."""
    made = LocalEngine(command=(sys.executable, str(TOY_WORKER)))
    yield made
    made.close()


def test_the_engines_process_chats_with_it(
    engine: LocalEngine, model: ModelRef, qtbot: QtBot, picture: MakePicture
) -> None:
    recorder = ClientRecorder(engine, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    engine.load(model, OPTIONS)
    recorder.wait_for("loaded")
    assert engine.model is not None
    assert (engine.model.capabilities.family, engine.model.capabilities.max_images) == ("toy", MAX_IMAGES)

    images = {colour: picture(colour).data for colour in ("#f02020", "#1010ff")}
    for asked, word in (("#f02020", "red"), ("#1010ff", "blue")):
        messages = [ChatMessage.of("user", QUESTION, asked)]
        text, answer = recorder.answer(ChatRequest(messages, images, 24, sampling={"temperature": 0}))
        assert word in text
        assert answer.finish_reason in ("stop", "length")


@pytest.fixture
def window(engine: LocalEngine, theme: Theme, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    """The main window, with an engine that knows the family."""
    paths = Paths.under(tmp_path / "home")
    settings = SettingsStore(paths.settings_file)
    settings.update("sampling", preset="precise")
    history = HistoryThread(paths.history_file)
    library = PictureLibrary(history)
    assistant = Assistant(history, library, engine, settings, TextLayers(NoReader()))
    history.open()
    actions = QuickActionStore(paths.actions_file)
    hotkeys, models = HotkeyService({}, assistant), FakeModels(Survey())
    layers = TextLayers(NoReader())
    private = PrivateTexts(layers, settings)
    services = Services(
        *(paths, theme, settings, actions, history, library, engine, assistant, hotkeys, models, layers), private
    )
    made = MainWindow(services, None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    history.close()


def test_the_window_chats_with_it(
    window: MainWindow, engine: LocalEngine, model: ModelRef, qtbot: QtBot, tmp_path: Path, picture: MakePicture
) -> None:
    engine.load(model, OPTIONS)
    qtbot.waitUntil(lambda: engine.model is not None, timeout=LONG_MS)
    for number, (colour, word) in enumerate((("#f02020", "red"), ("#1010ff", "blue")), 1):
        file = tmp_path / f"{number}.png"
        file.write_bytes(picture(colour).data)
        window.draft.take_files([file])
        qtbot.waitUntil(lambda: len(window.composer.pictures) == 1, timeout=LONG_MS)
        qtbot.keyClicks(window.composer.text, QUESTION)
        qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
        answer = answered(window, number, qtbot)
        assert word in answer.message.text
    answers = [shown.message.text for shown in shown_answers(window)]
    assert "red" in answers[0]  # each image stays with its question
    assert "blue" in answers[1]


def shown_answers(window: MainWindow) -> list[AnswerWidget]:
    widgets = [window.pane.widget(key) for key in window.pane.item_keys()]
    return [widget for widget in widgets if isinstance(widget, AnswerWidget)]


def answered(window: MainWindow, number: int, qtbot: QtBot) -> AnswerWidget:
    """The answer to the question with that number, once it is complete."""

    def is_complete() -> bool:
        answers = shown_answers(window)
        return len(answers) == number and answers[-1].message.state is MessageState.COMPLETE

    qtbot.waitUntil(is_complete, timeout=LONG_MS)
    return shown_answers(window)[-1]

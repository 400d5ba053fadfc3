"""The model page within the main window: the ways to it, the first model, and what is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.models.first_model_card import FirstModelCard
from desktop_vlm.ui.models.page import ModelsPage
from desktop_vlm.ui.models.protocol import JobState, Remedy
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window import model_actions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.models.fake_models import DEMO_MODEL, GIB, LLAMA, QWEN, SURVEY, FakeModels, installed
from tests.ui.window.test_main_window import answer, button, drop, type_and_send
from tools.event_loop import spin_until

MINE = installed("mine", "My model", "LLaVA")


@pytest.fixture
def models(parts: Parts) -> FakeModels:
    parts.models.show(**{name: getattr(SURVEY, name) for name in ("found", "available", "machine", "free_bytes")})
    parts.models.show(installed=(DEMO_MODEL, MINE), has_ollama=True)
    return parts.models


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, models: FakeModels) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    models.changed.emit(models.survey)
    yield made
    made.close()


def page(window: MainWindow) -> ModelsPage:
    """The page that is seen, once it has looked for the models that there are to get."""
    (found,) = [one for one in window.findChildren(ModelsPage) if one.isVisible()]
    spin_until(lambda: bool(found.available.rows))
    return found


def toast(window: MainWindow) -> str:
    """What the notice says."""
    assert window.toast.isVisible()
    (label,) = window.toast.findChildren(QLabel)
    return label.text()


def card_of(window: MainWindow) -> FirstModelCard:
    """The card of the welcome screen."""
    found = window.welcome.findChild(FirstModelCard)
    assert isinstance(found, FirstModelCard)
    return found


def has_loaded(parts: Parts, window: MainWindow) -> None:
    """The engine has loaded what was last asked for."""
    engine = parts.engine
    engine.model = engine.will_load
    engine.state = EngineState.READY
    engine.state_changed.emit(engine.state)
    engine.loaded.emit(engine.will_load)
    assert window.isVisible()


@pytest.mark.parametrize(
    "way",
    [
        lambda window: button(window.top_bar, "Models").click(),
        lambda window: button(window.status, "Model").click(),
        lambda window: button(window.welcome, "Get Qwen2.5-VL 3B").click(),
        lambda window: button(window.welcome, "Import from Ollama").click(),
    ],
)
def test_the_ways_to_the_page(window: MainWindow, qtbot: QtBot, way: Callable[[MainWindow], object]) -> None:
    way(window)
    found = page(window)
    assert not window.composer.isVisible()
    button(found, "Back to the conversation (Esc)").click()
    assert window.composer.text.hasFocus()
    qtbot.waitUntil(lambda: window.findChildren(ModelsPage) == [])


def test_the_keys_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_M, keys)
    assert page(window).hasFocus()
    qtbot.keyClick(page(window), Qt.Key.Key_Escape)
    assert window.composer.isVisible()
    assert window.composer.text.hasFocus()


def test_a_conversation_that_is_opened_is_seen(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    type_and_send(qtbot, window, parts, "One")
    answer(qtbot, parts, "1")
    window._model_actions.open_page()
    assert not window.pane.isVisible()
    window.sidebar.chosen.emit(parts.assistant.conversation_id)
    qtbot.waitUntil(window.pane.isVisible)
    window._model_actions.open_page()
    window.new_conversation()
    assert window.welcome.isVisible()


def test_the_first_model_is_offered_beside_the_demo_only(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    assert card_of(window).isVisible()
    parts.settings.update("model", text="/mine.gguf")
    models.changed.emit(models.survey)
    assert not card_of(window).isVisible()


def test_the_card_leads_to_the_model_that_it_names(window: MainWindow) -> None:
    button(window.welcome, "Get Qwen2.5-VL 3B").click()
    details = page(window).available.rows[QWEN.id].details
    assert details is not None
    assert details.isVisible()


def test_work_is_seen_from_everywhere(window: MainWindow, models: FakeModels) -> None:
    job = models.get(QWEN.id, "Q4_K_M")
    models.update(job, stage="download", done_bytes=2 * GIB, total_bytes=8 * GIB)
    card = card_of(window)
    assert card.heading.text() == "Getting Qwen2.5-VL 3B"
    assert card.bar.value() == 250
    chip = window.top_bar._models
    assert chip.text().strip() == "Qwen2.5-VL 3B · 25\u00a0%"
    assert chip.accessibleName().startswith("Getting Qwen2.5-VL 3B, Downloading")
    models.cancel(job)
    assert chip.text().strip() == "Models"
    assert not card.bar.isVisible()


def test_what_was_got_is_loaded_by_itself_where_there_is_only_the_demo(
    window: MainWindow, parts: Parts, models: FakeModels
) -> None:
    made = models.finish(models.get(QWEN.id, "Q4_K_M"))
    assert toast(window).startswith("There is no model /models/")  # for it is a fake
    assert parts.settings.current.model.text == str(made.files.text)
    assert parts.settings.current.model.mmproj == str(made.files.mmproj)


def test_what_was_got_waits_where_another_model_is_loaded(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    parts.settings.update("model", text="/other.gguf", n_ctx=8192)
    made = models.finish(models.get(QWEN.id, "Q4_K_M"))
    assert toast(window) == "Qwen2.5-VL 3B is ready."
    assert parts.settings.current.model.text == "/other.gguf"
    button(window.toast, "Load").click()
    assert parts.settings.current.model.text == str(made.files.text)
    assert parts.settings.current.model.n_ctx == 8192


def test_loading_and_loaded(window: MainWindow, parts: Parts, models: FakeModels, tmp_path: Path) -> None:
    files = ModelRef(tmp_path / "text.gguf", tmp_path / "mmproj.gguf")
    for file in (files.text, files.mmproj):
        assert file is not None
        file.touch()
    models.show(installed=(DEMO_MODEL, replace(MINE, files=files)))
    window._model_actions.open_page()
    button(page(window), "Load My model").click()
    assert parts.engine.loads == [(files, LoadOptions())]
    parts.engine.state_changed.emit(parts.engine.state)
    row = page(window).installed.rows["mine"]
    assert row.badge.text() == "Loading…"
    has_loaded(parts, window)
    assert row.badge.text() == "Loaded"
    assert models.calls[-1] == ("note_use", files.text, None)
    window._model_actions.close_page()
    assert "My model" in window.status._name.text()


def test_what_is_loaded_is_marked_when_the_list_comes_after_the_page(
    window: MainWindow, parts: Parts, models: FakeModels, qtbot: QtBot
) -> None:
    parts.engine.source = MINE.files, LoadOptions()
    models.show(installed=())
    window._model_actions.open_page()
    models.show(installed=(DEMO_MODEL, MINE))
    qtbot.waitUntil(lambda: "mine" in page(window).installed.rows)
    assert page(window).installed.rows["mine"].badge.text() == "Loaded"


def test_a_finished_answer_measures_the_model(
    window: MainWindow, parts: Parts, models: FakeModels, qtbot: QtBot
) -> None:
    parts.engine.source = MINE.files, LoadOptions()
    type_and_send(qtbot, window, parts, "One")
    answer(qtbot, parts, "1")
    assert models.calls[-1] == ("note_use", MINE.files.text, 10.0)  # 20 tokens in 2 seconds


def test_a_failure_behind_the_page_is_said(window: MainWindow, models: FakeModels, qtbot: QtBot) -> None:
    job = models.get(LLAMA.id, "Q4_K_M")
    models.update(job, state=JobState.FAILED, problem="The hub wants a token.", remedy=Remedy.TOKEN)
    assert toast(window) == "Getting Llama 3.2 Vision 11B: The hub wants a token."
    button(window.toast, "Show").click()
    qtbot.waitUntil(lambda: LLAMA.id in page(window).available.rows)
    assert page(window).available.rows[LLAMA.id].strip is not None


def test_checked_files_are_said_to_be_whole(window: MainWindow, models: FakeModels) -> None:
    models.finish(models.verify("mine"))
    assert toast(window) == "The files of My model are whole."


def test_a_dropped_model_is_looked_into(window: MainWindow, models: FakeModels, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "my-model.gguf"
    file.touch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    window._drop.offer(mime)
    assert window._drop.sentence == "Drop the model here"
    drop(window, mime)
    assert models.calls[-1] == ("look_in", file)
    found = page(window).found
    qtbot.waitUntil(lambda: "my-model.gguf" in [row.title.text() for row in found.rows.values()])
    assert window.composer.pictures == []


def test_a_model_that_the_program_is_started_with_is_looked_into(
    window: MainWindow, models: FakeModels, tmp_path: Path
) -> None:
    file = tmp_path / "my-model.gguf"
    file.touch()
    window.take_files([file])
    assert models.calls[-1] == ("look_in", file)
    assert window.composer.pictures == []


def test_a_picture_that_is_dropped_on_the_page_is_asked_about(
    window: MainWindow, picture: Callable[..., NewPicture], tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(picture().data)
    window._model_actions.open_page()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    drop(window, mime)
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)
    assert window.composer.isVisible()


def test_where_new_models_are_kept(
    window: MainWindow, parts: Parts, models: FakeModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_actions, "ask_folder", lambda *_: Path("/large/disk"))
    models.show(free_bytes=GIB)
    window._model_actions.open_page(QWEN.id)
    details = page(window).available.rows[QWEN.id].details
    assert details is not None
    spin_until(details.isVisible)  # in a turn of its own
    button(details, "Choose another folder").click()
    assert parts.settings.current.downloads.folder == "/large/disk"
    assert models.calls[-1] == ("refresh",)


def test_what_was_stopped_last_time_is_offered_once(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    job = models.get(QWEN.id, "Q4_K_M")
    models.update(job, done_bytes=2 * GIB, total_bytes=8 * GIB, state=JobState.PAUSED)
    window.close()
    again = MainWindow(parts.services(), None)
    again.show()
    models.changed.emit(models.survey)
    assert toast(again) == "Getting Qwen2.5-VL 3B: Paused at 2.0 of 8.0 GB"
    button(again.toast, "Resume").click()
    assert models.jobs[0].state is JobState.RUNNING
    models.pause(job)
    models.changed.emit(models.survey)
    assert not again.toast.isVisible()
    again.close()
    again.deleteLater()


def test_a_model_in_use_makes_room_for_the_demo_before_it_is_removed(
    window: MainWindow, parts: Parts, models: FakeModels
) -> None:
    parts.settings.update("model", text=str(MINE.files.text), n_ctx=8192)
    window._model_actions.open_page()
    page(window).installed.rows["mine"].ask_before_removing(True)
    button(page(window), "Remove My model").click()
    assert parts.engine.model is None
    assert (parts.settings.current.model.text, parts.settings.current.model.n_ctx) == ("", 8192)
    assert models.calls[-1] == ("remove", "mine")


def looked_for(models: FakeModels) -> list[object]:
    """What was looked for, each time."""
    return [name for name, *_ in models.calls if str(name).startswith("refresh")]


def test_a_start_looks_for_no_more_than_is_shown(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    parts.settings.update("model", text=str(MINE.files.text))
    assert looked_for(models) == []  # the model is loaded first
    has_loaded(parts, window)
    assert looked_for(models) == ["refresh_installed"]  # for its name, and what was not finished
    has_loaded(parts, window)
    assert looked_for(models) == ["refresh_installed"]
    window._model_actions.open_page()
    assert looked_for(models) == ["refresh_installed", "refresh"]


def test_the_demo_comes_with_advice_which_model_to_get(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    has_loaded(parts, window)
    assert looked_for(models) == ["refresh_installed", "refresh_advice"]
    has_loaded(parts, window)
    assert looked_for(models) == ["refresh_installed", "refresh_advice"]


def test_advice_comes_when_the_demo_takes_a_models_place(window: MainWindow, parts: Parts, models: FakeModels) -> None:
    parts.settings.update("model", text=str(MINE.files.text))
    has_loaded(parts, window)
    window._model_actions.load(DEMO_MODEL)
    has_loaded(parts, window)
    assert looked_for(models) == ["refresh_installed", "refresh_advice"]

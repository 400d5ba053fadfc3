"""One answer to what is loaded, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.settings import ModelSettings
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.engine.protocol import EngineState, Progress
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.model_choices import choice_of
from desktop_vlm.ui.settings.page_model import ModelPage
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

BAD = "broken.gguf is damaged; get it again."


def shown(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def kind(services: Services) -> ModelKind:
    return services.model_status.kind


def test_a_failed_load_says_the_same_everywhere(qtbot: QtBot, make_parts: Callable[..., Parts], tmp_path: Path) -> None:
    parts = make_parts(is_loaded=False)
    services = parts.services()
    window = MainWindow(services, None)
    qtbot.addWidget(window)
    window.show()
    status = services.model_status
    parts.settings.update("model", text=str(tmp_path / "broken.gguf"))
    context = SettingsContext(services.paths, services.actions, model_status=status)
    page = ModelPage(services.theme, context)
    qtbot.addWidget(page)
    page.show_settings(parts.settings.current)

    parts.engine.load(ModelRef(tmp_path / "broken.gguf"), LoadOptions())
    parts.engine.progressed.emit(Progress("load", 0.25, None))
    assert status.kind is ModelKind.LOADING
    assert status.sentence == "broken.gguf is being loaded, 25\u00a0%."
    assert page._state.text() == status.sentence

    parts.engine.state = EngineState.FAILED
    parts.engine.state_changed.emit(EngineState.FAILED)
    parts.engine.failed.emit(0, "user", BAD)
    sentence = f"broken.gguf could not be loaded. {BAD}"
    assert (status.kind, status.sentence) == (ModelKind.FAILED, sentence)
    assert page._state.text() == sentence
    assert sentence in shown(window.welcome)
    assert not window.toast.isVisible()  # which would say it once more
    assert window.status._name.text() == "broken.gguf could not be loaded: press to choose another"
    assert window.status._name.toolTip() == BAD

    parts.engine.load(ModelRef(tmp_path / "good.gguf"), LoadOptions())
    parts.engine.finish_load()
    assert (status.kind, status.problem) == (ModelKind.LOADED, "")
    assert not window.welcome._problem.isVisible()
    window.close()


def test_files_that_are_gone_are_a_failed_load_too(
    qtbot: QtBot, make_parts: Callable[..., Parts], tmp_path: Path
) -> None:
    parts = make_parts(is_loaded=False)
    services = parts.services()
    parts.engine.state = EngineState.STOPPED
    window = MainWindow(services, None)
    qtbot.addWidget(window)
    parts.settings.update("model", text=str(tmp_path / "gone.gguf"))
    window.load_model(ModelSettings(text=str(tmp_path / "gone.gguf")))
    assert kind(services) is ModelKind.FAILED
    assert f"There is no model {tmp_path / 'gone.gguf'}" in services.model_status.sentence
    assert window.status._name.text() == "gone.gguf could not be loaded: press to choose another"
    # A model that runs meanwhile is not gone by that.
    parts.engine.finish_load()
    services.model_status.refuse("Another one is gone.")
    assert kind(services) is ModelKind.LOADED


@pytest.mark.parametrize("content", [b"", b"GGU", b"PK\3\4 something else", b"gguf"])
def test_a_junk_file_is_never_listed_as_able_to_chat(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "junk.gguf"
    file.write_bytes(content)
    assert choice_of(str(file)).problem == "junk.gguf is no GGUF file, or damaged; choose another."
    file.write_bytes(b"GGUF and then nonsense")
    assert choice_of(str(file)).problem == ""
    assert choice_of(str(file), problems={str(file): "Its header is damaged."}).problem == "Its header is damaged."

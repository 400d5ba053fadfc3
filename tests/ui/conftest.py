"""What every test of the window starts with: a screen that nobody sees, and the theme."""

from __future__ import annotations

import gc
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import desktop_vlm
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.history import History
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.process import Limits
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.models.protocol import Survey
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.text_layer.kept_layers import HistoryLayers
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX
from tests.ui.engine_recorder import LONG_MS, ClientRecorder, MakeClient, Source
from tests.ui.fake_engine import COMPOSING, FakeEngine
from tests.ui.faulty_gpu import LostByVulkan, LostByWorker, TwiceLost
from tests.ui.models.fake_models import FakeModels
from tests.ui.text_layer.fake_reader import FakeReader
from tests.vulkan.driver import why_missing

PACKAGE = str(Path(desktop_vlm.__file__).parent)

for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    if defaults := _wait.__kwdefaults__:
        defaults["timeout"] = 20_000  # 5 s are not enough for processes to start where several tests run


@pytest.fixture(scope="module", autouse=True)
def _earlier_modules_left_no_garbage() -> None:
    """What is alive now belongs to the session: the collections of this module's tests need not walk through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _garbage_on_this_thread(_earlier_modules_left_no_garbage: None) -> Iterator[None]:
    """As in the program (see `ui.garbage`): cycles are collected on the window's thread only.

    What a test has closed is deleted now, after it got what other threads still had for it: without an event loop it
    would stay, and take part in what follows. So is what it left open: every later change of the theme would style a
    thousand widgets more.
    """
    gc.disable()
    before = QApplication.topLevelWidgets()
    yield
    QCoreApplication.processEvents()
    for widget in QApplication.topLevelWidgets():
        if widget.parent() is None and widget not in before:
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture(scope="session", autouse=True)
def _clipboard_is_empty_at_the_end(qapp: QApplication) -> Iterator[None]:
    """What a test copied is Python's; Qt's invisible screen would delete it after Python has ended, and crash."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def _painting_is_clean(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Paint code never raises, and a missing icon is only logged: here both fail the test in which they happen.

    Tests that want them are marked `painting_fails`.
    """
    yield
    if request.node.get_closest_marker("painting_fails"):
        return
    of_painting = {"desktop_vlm.ui.theme.safe_paint", "desktop_vlm.ui.theme.icons"}
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert [record.getMessage() for record in records if record.name in of_painting] == []


@pytest.fixture(scope="session")
def _shown_alone() -> Iterator[list[str]]:
    """What the program shows before it is in anything, by class: a window of its own for a moment."""
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("setVisible", "show"):
            patch.setattr(QWidget, name, _noting_what_is_alone(getattr(QWidget, name), found))
        yield found


def _noting_what_is_alone(shows: Callable[..., None], found: list[str]) -> Callable[..., None]:
    def show(widget: QWidget, *visible: bool) -> None:
        is_plain = widget.windowType() == Qt.WindowType.Window and not widget.windowTitle()  # which every real one has
        if is_plain and visible != (False,) and sys._getframe(1).f_code.co_filename.startswith(PACKAGE):
            found.append(type(widget).__name__)
        shows(widget, *visible)

    return show


@pytest.fixture(autouse=True)
def _no_part_is_a_window(_shown_alone: list[str]) -> Iterator[None]:
    """A part of a window that is shown before it is in one is made a window of the desktop, which takes milliseconds
    and may be seen.
    """
    _shown_alone.clear()
    yield
    assert _shown_alone == []


@pytest.fixture(scope="session")
def _session_theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def theme(_session_theme: Theme) -> Theme:
    """The light theme at the usual size, whatever an earlier test did."""
    if (_session_theme.choice, _session_theme.text_px) != (ThemeChoice.LIGHT, DEFAULT_TEXT_PX):
        _session_theme.apply_now(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    return _session_theme


@dataclass
class Parts:
    """What a window is made of, with a real history and a fake engine."""

    history: HistoryThread
    library: PictureLibrary
    engine: FakeEngine
    settings: SettingsStore
    assistant: Assistant
    paths: Paths
    theme: Theme
    models: FakeModels
    reader: FakeReader
    text_layers: TextLayers

    def services(self) -> Services:
        return Services(
            self.paths,
            self.theme,
            self.settings,
            QuickActionStore(self.paths.actions_file),
            self.history,
            self.library,
            self.engine,
            self.assistant,
            HotkeyService({}, self.assistant),
            self.models,
            self.text_layers,
            PrivateTexts(self.text_layers, self.settings),
        )


@pytest.fixture(scope="session")
def empty_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a history in which nothing is: to make one waits for the disk."""
    file = tmp_path_factory.mktemp("history") / "history.db"
    History(file).close()
    return file


def wait_for_no_disk(history: History) -> None:
    """Files are written as ever, and may be lost with the power."""
    history._db.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def make_parts(tmp_path: Path, theme: Theme, empty_history: Path) -> Iterator[Callable[..., Parts]]:
    """Makes the parts of a window; `is_loaded` says whether the engine has its model already."""
    made: list[Parts] = []

    def make(*, is_loaded: bool = True, capabilities: Capabilities = COMPOSING, engine: Any = None) -> Parts:
        paths = Paths.under(tmp_path)
        settings = SettingsStore(paths.settings_file)
        if not paths.history_file.exists():
            paths.history_file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(empty_history, paths.history_file)
        history = HistoryThread(paths.history_file)
        library = PictureLibrary(history)
        engine = engine or FakeEngine(is_loaded=is_loaded, capabilities=capabilities)
        reader = FakeReader()
        models, layers = FakeModels(Survey()), TextLayers(reader, kept=HistoryLayers(history))
        assistant = Assistant(history, library, engine, settings, layers)
        assistant.pictures.set_model(engine.model)
        history.open()
        history.call(wait_for_no_disk)
        made.append(Parts(history, library, engine, settings, assistant, paths, theme, models, reader, layers))
        return made[-1]

    yield make
    for parts in made:
        parts.history.close()


@pytest.fixture
def parts(make_parts: Callable[..., Parts]) -> Parts:
    """The parts of a window whose model is loaded."""
    return make_parts()


@pytest.fixture
def picture() -> Callable[..., NewPicture]:
    """Makes a picture of one colour."""

    def make(color: str = "#336699", size: tuple[int, int] = (120, 80), name: str = "") -> NewPicture:
        buffer = io.BytesIO()
        Image.new("RGB", size, color).save(buffer, "PNG")
        return NewPicture(buffer.getvalue(), name or f"{color}.png", *size)

    return make


@pytest.fixture(scope="session")
def tiny_model(model_files: Callable[..., ModelFiles]) -> Source:
    """A tiny checkpoint's files, as the engine is asked to load them."""
    files = model_files("alpha")
    return ModelRef(files.text, files.mmproj), LoadOptions(n_ctx=512, n_threads=1)


@pytest.fixture
def make_client(qtbot: QtBot) -> Iterator[MakeClient]:
    """Makes engine clients that end with the test; the default command starts a real engine."""
    clients: list[LocalEngine] = []

    def made(*command: str, **limits: Any) -> ClientRecorder:
        client = LocalEngine(command=command or None, limits=Limits(**limits))
        clients.append(client)
        return ClientRecorder(client, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))

    yield made
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def fault_order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file from which `faulty_worker.py` reads how it shall fail."""
    return tmp_path_factory.mktemp("faults") / "order"


@pytest.fixture(
    params=[
        LostByWorker,
        pytest.param(LostByVulkan, marks=pytest.mark.skipif(bool(why_missing()), reason=why_missing())),
    ]
)
def lost(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[TwiceLost]:
    """An engine whose GPU is lost twice."""
    made: TwiceLost = request.param(tmp_path, qtbot)
    yield made
    made.client.close()

"""The window's process, from start to end.

1. Qt starts; settings and quick actions are read (milliseconds), the theme is applied.
2. The history opens in its own thread; what is asked of it meanwhile waits.
3. The window is shown.
4. Only then the engine's process starts and loads the model, so that nobody waits for it to see the window, and
   hotkeys, tray icon and the other ways into the program are opened.
5. At the end the engine's process is closed first, then the history, so that the last words are kept.

This process never imports llama_cpp: ggml ends its process when it fails, and that must not be the window's.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImageReader
from PySide6.QtWidgets import QApplication

from desktop_vlm import __version__
from desktop_vlm.models.demo import demo_screenshot
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.crash_notes import CrashNotes
from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.paths import Paths
from desktop_vlm.system.sandbox import end_children_with_this_process, forbid_core_files
from desktop_vlm.ui.app import whole_frames
from desktop_vlm.ui.app.crash_reports import CrashReports
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.desktop.hotkey import SETTINGS, HotkeyService
from desktop_vlm.ui.desktop.instance import Command, SingleInstance, hand_over
from desktop_vlm.ui.desktop.tray import program_icon
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.markdown import preload
from desktop_vlm.ui.models.local import LocalModels
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.text_layer.kept_layers import HistoryLayers
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.text_layer.local import LocalReader
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.settings_actions import versions

if TYPE_CHECKING:
    from desktop_vlm.ui.app.desktop_integration import DesktopIntegration

_MOST_PICTURE_MIB = 512

SWITCH_S = 0.0005
"""How long a thread that computes in Python keeps the others waiting: the window's needs a dozen turns for an image
that it shows, and would wait 5 ms for each."""

_IDLE_MS = 400
"""Pictures that came are read once nothing more came for this long."""


class App:
    """The program: what its parts share, the window, and the ways to it.

    Attributes:
        services: what the parts share.
        window: the main window.
    """

    def __init__(self, qt: QApplication, paths: Paths) -> None:
        sys.setswitchinterval(SWITCH_S)
        settings = SettingsStore(paths.settings_file)
        actions = QuickActionStore(paths.actions_file)
        theme = Theme(qt)
        appearance = settings.current.appearance
        theme.apply_now(ThemeChoice(appearance.theme), appearance.text_px)
        history = HistoryThread(paths.history_file)
        library = PictureLibrary(history)
        engine = LocalEngine()
        layers = TextLayers(LocalReader(), kept=HistoryLayers(history), idle_ms=_IDLE_MS)
        assistant = Assistant(history, library, engine, settings, layers)
        desktop = settings.current.desktop
        hotkeys = HotkeyService({action: getattr(desktop, name) for action, name in SETTINGS.items()}, assistant)
        models = LocalModels(paths, settings)
        self.services = Services(
            *(paths, theme, settings, actions, history, library, engine, assistant, hotkeys, models, layers),
            PrivateTexts(layers, settings),
        )
        self.window = MainWindow(self.services, demo_screenshot())
        self.window.closed.connect(end)
        history.open()
        for problem in (*settings.problems, *actions.problems):
            self.window.toast.say(problem)
        self.integration: DesktopIntegration | None = None
        self.reports: CrashReports | None = None

    def start(self) -> None:
        """Show the window; the model is loaded behind it."""
        self.window.show()
        self.start_hidden()

    def start_hidden(self) -> None:
        """Load the model; a window comes when somebody asks for it."""
        QTimer.singleShot(0, self._after_showing)

    def open_desktop_integration(self, end: Callable[[], None]) -> DesktopIntegration:
        """Take hotkeys and show the tray icon; `end` ends the program."""
        from desktop_vlm.ui.app.desktop_integration import DesktopIntegration, DesktopParts
        from desktop_vlm.ui.desktop.capture import CaptureService  # all of this can wait until the window is there
        from desktop_vlm.ui.desktop.tray import Tray
        from desktop_vlm.ui.quick_window import QuickWindow
        from desktop_vlm.ui.quick_window.text_notice import platform_notice

        services = self.services
        parts = DesktopParts(
            services.hotkeys,
            CaptureService(services.theme, self.window),
            Tray(services.theme, self.window),
            QuickWindow(services.theme, services.offered_actions),
            platform_notice(services.theme),
        )
        self.integration = DesktopIntegration(services, self.window, parts, end)
        self.integration.start()
        return self.integration

    def close(self) -> None:
        """End what runs beside the window."""
        if self.window.isVisible():
            self.window.keep_place()
        if self.integration:
            self.integration.stop()
        _hide_windows()
        self.services.models.close()
        self.services.assistant.close()
        self.services.engine.close()
        self.services.text_layers.close()
        self.services.captures.close()
        self.services.history.close()

    def _after_showing(self) -> None:
        self.window.load_model(self.services.settings.current.model)
        threading.Thread(target=preload, name="preload", daemon=True).start()
        for milliseconds, prepare in ((1500, _import_settings), (2000, versions)):
            QTimer.singleShot(milliseconds, self.window, prepare)


def _import_settings() -> None:
    """Before somebody opens them: 17 ms. In this thread; what defines Qt's classes is not imported in two at once."""
    import desktop_vlm.ui.settings.dialog
    import desktop_vlm.ui.settings.page_desktop  # noqa: F401


def run(name: str, command: Command, *, hidden: bool = False) -> int:
    """Run the window until it is closed; returns the exit code.

    Args:
        name: where other starts of the program reach this one; see `instance`.
        command: what this start was asked for.
        hidden: no window at first, only the tray icon.
    """
    forbid_core_files()
    end_children_with_this_process()
    paths = Paths.of_user()
    _log_to(paths.log_folder)
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("desktop-vlm")
    qt.setApplicationDisplayName("Desktop VLM")
    qt.setApplicationVersion(__version__)
    qt.setQuitOnLastWindowClosed(False)  # the window says when its end is the program's, see `MainWindow.closed`
    QGuiApplication.setDesktopFileName(APPLICATION_ID)
    qt.setWindowIcon(program_icon())
    QImageReader.setAllocationLimit(_MOST_PICTURE_MIB)
    instance = SingleInstance(name)
    if not instance.claim():  # another start was quicker by a moment
        return 0 if hand_over(name, command, is_running=True) else 1
    notes = CrashNotes(paths.state / "crashes")
    notes.watch()
    app = App(qt, paths)
    app.reports = CrashReports(app.window, app.window.toast, notes)
    heartbeat = _let_signals_end(qt)
    GarbageCollector(qt)
    if whole_frames.are_needed():
        whole_frames.WholeFrames(qt)
    if hidden or command.kind in {"capture", "capture-again", "copy-text"}:
        app.start_hidden()
    else:
        app.start()
    QTimer.singleShot(0, lambda: _open_to_others(app, instance, command, hidden=hidden))
    code = qt.exec()
    heartbeat.stop()
    instance.close()
    app.close()
    notes.end()
    return code


def end() -> None:
    """End the program, whatever its windows think: `QApplication.quit` asks them first, and they only hide."""
    QApplication.exit(0)


def _hide_windows() -> None:
    """Take all windows off the screen while they are whole.

    A visible one is closed when Qt destroys it, after the last line of Python, and asks its event filters about that.
    """
    for window in QApplication.topLevelWidgets():
        window.hide()


def _open_to_others(app: App, instance: SingleInstance, command: Command, *, hidden: bool) -> None:
    """Once the window is there: the other ways in, and what this start was asked for."""
    integration = app.open_desktop_integration(end)
    instance.received.connect(integration.handle)
    if hidden and not integration.keeps_running():
        app.window.show()  # without a tray nobody would find the program again
    if command.kind not in {"show", "toggle"}:
        integration.handle(command)


def _let_signals_end(qt: QApplication) -> QTimer:
    """Ctrl+C and a polite kill close the window; Python runs handlers only when it gets a turn now and then."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end())
    timer = QTimer(qt, interval=300)
    timer.timeout.connect(lambda: None)
    timer.start()
    return timer


def _log_to(folder: Path) -> None:
    """Errors go to a file, too: nobody sees the terminal of a window. No prompt or picture is ever logged."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "desktop-vlm.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)

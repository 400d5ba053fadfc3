"""The program with fakes of all that is outside of it: keys, captures, the tray."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.app.desktop_integration import DesktopIntegration, DesktopParts
from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.quick_window.text_notice import TextNotice
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts


class FakeHotkeys(QObject):
    pressed = Signal(str, str)
    state_changed = Signal()
    states: dict[str, object] = {}  # noqa: RUF012
    started = 0

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        self.started -= 1


class FakeCapture(QObject):
    captured = Signal(object)
    taken = Signal(object, Purpose)
    cancelled = Signal()
    failed = Signal(str)
    question_due = Signal()
    question_over = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self.asked = self.went_on = 0
        self.requested: list[tuple[CaptureMode, float]] = []
        self.grabbed: list[Region] = []
        self.last_region: Region | None = None

        self.tools: list[tuple[bool, bool]] = []

    def grab(self, region: Region) -> None:
        self.grabbed.append(region)

    def ask(self) -> None:
        self.asked += 1

    def go_on(self) -> None:
        self.went_on += 1

    def capture(self, mode: CaptureMode, delay_s: float, *, has_tools: bool = False, shows_tools: bool = False) -> None:
        self.requested.append((mode, delay_s))
        self.tools.append((has_tools, shows_tools))


class FakeTray(QObject):
    show_requested = Signal()
    capture_requested = Signal()
    capture_again_requested = Signal()
    stop_watching_requested = Signal()
    copy_text_requested = Signal()
    settings_requested = Signal()
    quit_requested = Signal()
    conversation_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.available = True
        self.keys: dict[str, str] = {}
        self.hotkeys: list[str] = []
        self.watched = 0
        self.state = ("", "")
        self.conversations: list[tuple[int, str]] = []
        self.notices: list[tuple[str, str]] = []

    def show(self) -> None:
        pass

    def set_state(self, sentence: str, tone: str) -> None:
        self.state = (sentence, tone)

    def set_hotkeys(self, sentences: list[str]) -> None:
        self.hotkeys = sentences

    def set_keys(self, **keys: str) -> None:
        self.keys = keys

    def set_watched(self, count: int) -> None:
        self.watched = count

    def set_conversations(self, conversations: list[tuple[int, str]]) -> None:
        self.conversations = conversations

    def notify(self, title: str, text: str) -> None:
        self.notices.append((title, text))


class Outside:
    """The program with fakes of all that is outside of it."""

    def __init__(self, qtbot: QtBot, parts: Parts, notice: TextNotice | None = None) -> None:
        services = parts.services()
        self.parts = parts
        self.window = MainWindow(services, None)
        qtbot.addWidget(self.window)
        self.hotkeys, self.capture, self.tray = FakeHotkeys(), FakeCapture(), FakeTray()
        self.quick = QuickWindow(parts.theme, services.actions.actions)
        qtbot.addWidget(self.quick)
        self.ended = 0
        desktop = DesktopParts(
            cast("HotkeyService", self.hotkeys),
            cast("CaptureService", self.capture),
            cast("Tray", self.tray),
            self.quick,
            notice,
        )
        self.integration = DesktopIntegration(services, self.window, desktop, self.end)
        self.integration.start()

    def end(self) -> None:
        self.ended += 1

    def say(self, qtbot: QtBot, text: str) -> None:
        self.parts.engine.say(text)
        with qtbot.waitSignal(self.parts.assistant.answered):
            self.parts.engine.end()

    def asked(self, qtbot: QtBot, count: int = 1) -> None:
        qtbot.waitUntil(lambda: len(self.parts.engine.asked) == count)

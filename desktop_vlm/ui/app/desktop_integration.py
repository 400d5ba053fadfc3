"""What connects the program with the desktop: keys, captures, the tray, and starts of the program while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from desktop_vlm.ui.app.capture_exports import CaptureExports
from desktop_vlm.ui.app.capture_flow import CaptureFlow
from desktop_vlm.ui.app.never_invisible import NeverInvisible
from desktop_vlm.ui.app.quick_questions import QuickQuestions
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.text_captures import TextCaptures
from desktop_vlm.ui.app.tray_presenter import TrayPresenter
from desktop_vlm.ui.app.window_access import WindowAccess, use_activation_token
from desktop_vlm.ui.desktop.capture import CaptureService
from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyService
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.quick_window.text_notice import TextNotice
from desktop_vlm.ui.window.main_window import MainWindow


@dataclass(frozen=True)
class DesktopParts:
    """What the desktop reaches the program by; without `notice`, what was copied is announced by the tray."""

    hotkeys: HotkeyService
    capture: CaptureService
    tray: Tray
    quick: QuickWindow
    notice: TextNotice | None = None


class DesktopIntegration(QObject):
    """Brings every request from outside to the part that answers it."""

    def __init__(self, services: Services, window: MainWindow, parts: DesktopParts, end: Callable[[], None]) -> None:
        """`end` ends the program."""
        super().__init__(window)
        self._services = services
        self._window = window
        self._hotkeys = parts.hotkeys
        self._end = end
        self._access = WindowAccess(window)
        self._questions = QuickQuestions(services, self._access, parts.quick, self)
        texts = TextCaptures(services, self._access, parts.tray, parts.notice, self)
        exports = CaptureExports(services, self._access, parts.tray, parts.notice, self)
        self._captures = CaptureFlow(
            services, self._access, parts.capture, parts.quick, self._questions, texts, exports, self
        )
        self._tray = TrayPresenter(services, window, parts.tray, parts.hotkeys, parts.quick)
        self._visible: NeverInvisible | None = None
        window.keeps_running = self._tray.window_closes
        parts.hotkeys.pressed.connect(self._key_pressed)
        window.watch_actions.region_requested.connect(lambda: self._captures.start(into="watch"))
        window.watch_actions.watches.is_capturing = lambda: self._captures.is_busy
        parts.capture.captured.connect(lambda _picture: window.capture_actions.end_introduction())
        window.capture_actions.capture_requested.connect(lambda: self._captures.start(into="question"))
        window.capture_actions.trial_requested.connect(self._captures.start)
        window.capture_actions.again_requested.connect(
            lambda region: self._captures.again(region=region, into="question")
        )
        self._connect_tray(parts.tray)

    def _connect_tray(self, tray: Tray) -> None:
        tray.show_requested.connect(self._access.show)
        tray.capture_requested.connect(self._captures.start)
        tray.capture_again_requested.connect(self._captures.again)
        tray.stop_watching_requested.connect(self._window.watch_actions.watches.stop_all)
        tray.copy_text_requested.connect(self._captures.copy_text)
        tray.settings_requested.connect(self._open_settings)
        tray.quit_requested.connect(self._end)
        tray.conversation_requested.connect(self._open_conversation)

    def start(self) -> None:
        """Take the keys and show the tray icon."""
        self._hotkeys.start()
        self._tray.start()
        self._visible = NeverInvisible(
            self._access, has_icon=self._tray.has_icon, is_busy=lambda: self._captures.is_busy, end=self._end
        )

    def stop(self) -> None:
        """Give the keys back."""
        self._hotkeys.stop()
        if self._visible is not None:
            self._visible.stop()

    def keeps_running(self) -> bool:
        """Whether the program goes on without its window."""
        return self._tray.keeps_running()

    def handle(self, command: Command) -> None:
        """Do what another start of the program, or this one's own command line, asks for."""
        use_activation_token(command.activation_token)
        files = [Path(file) for file in command.files]
        if command.kind == "quit":
            self._end()
        elif command.kind == "capture":
            self._captures.start(delay_s=command.delay_s)
        elif command.kind == "capture-again":
            self._captures.again(delay_s=command.delay_s)
        elif command.kind == "copy-text":
            self._captures.copy_text(delay_s=command.delay_s)
        elif command.kind == "toggle":
            self._access.toggle()
        else:
            self._access.show()
            if command.kind == "ask":
                self._services.assistant.new_conversation(is_fresh=True)
                self._window.draft.ask_about(command.text, files)
            elif files:
                self._window.take_files(files)

    def _open_settings(self) -> None:
        self._access.show()
        self._window.open_settings("desktop")

    def _open_conversation(self, conversation_id: int) -> None:
        self._access.show()
        self._services.assistant.open(conversation_id)

    def _key_pressed(self, action: str, token: str) -> None:
        use_activation_token(token)
        if action == HotkeyAction.CAPTURE:
            self._captures.start()
        elif action == HotkeyAction.COPY_TEXT:
            self._captures.copy_text()
        else:
            self._access.toggle()

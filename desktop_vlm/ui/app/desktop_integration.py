"""The ways into the program from other windows: keys, captures, the tray, and starts of the program while it runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QImage

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.conversation.captions import progress_caption, seconds_taken
from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService
from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyService
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.engine.types import EngineState, Progress
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.window.main_window import MainWindow

_HIDDEN_AFTER_MS = 180
"""Until the window manager has taken our own window off the screen."""
_LONG_ANSWER_S = 5.0
"""Answers that took longer are worth a notification."""
_TRAY_CONVERSATIONS = 5


@dataclass(frozen=True)
class Entries:
    """What the program can be reached by."""

    hotkeys: HotkeyService
    capture: CaptureService
    tray: Tray
    quick: QuickWindow


class DesktopIntegration(QObject):
    """Brings every request from outside to the window."""

    def __init__(self, services: Services, window: MainWindow, entries: Entries, end: Callable[[], None]) -> None:
        """`end` ends the program."""
        super().__init__(window)
        self._services = services
        self._window = window
        self._entries = entries
        self._end = end
        self._shown_before_capture = False
        self._tray_was_announced = False
        self._quick_picture: NewPicture | None = None
        self._quick_conversation: int | None = None
        self._quick_waits = False
        self._connect()

    def _connect(self) -> None:
        entries, assistant, engine = self._entries, self._services.assistant, self._services.engine
        entries.hotkeys.pressed.connect(self._key_pressed)
        entries.hotkeys.state_changed.connect(self._show_hotkeys)
        entries.capture.captured.connect(self._captured)
        entries.capture.cancelled.connect(self._capture_ended)
        entries.capture.failed.connect(self._capture_failed)
        entries.tray.show_requested.connect(self.show_window)
        entries.tray.capture_requested.connect(self.capture)
        entries.tray.settings_requested.connect(self._open_settings)
        entries.tray.quit_requested.connect(self._end)
        entries.tray.conversation_requested.connect(self._open_conversation)
        entries.quick.asked.connect(self._quick_asked)
        entries.quick.stop_requested.connect(assistant.stop)
        entries.quick.expand_requested.connect(self._expand)
        assistant.opened.connect(self._opened)
        assistant.conversations_changed.connect(self._list_conversations)
        assistant.text_grew.connect(self._text_grew)
        assistant.progressed.connect(self._progressed)
        assistant.message_changed.connect(self._message_changed)
        assistant.answered.connect(self._answered)
        engine.state_changed.connect(self._show_state)
        self._window.keeps_running = self._window_closes

    def start(self) -> None:
        """Take the keys and show the tray icon."""
        self._entries.hotkeys.start()
        self._entries.tray.show()
        self._show_hotkeys()
        self._show_state()
        self._list_conversations()

    def stop(self) -> None:
        """Give the keys back."""
        self._entries.hotkeys.stop()

    def keeps_running(self) -> bool:
        """Whether the program goes on without its window."""
        return self._entries.tray.available and self._services.settings.current.desktop.keep_running

    def _window_closes(self) -> bool:
        """Say once, to those who wonder, that the program goes on."""
        if self.keeps_running() and not self._tray_was_announced:
            self._tray_was_announced = True
            self._entries.tray.notify(self.tr("Desktop VLM keeps running"), self.tr("Quit it from here."))
        return self.keeps_running()

    def handle(self, command: Command) -> None:
        """Do what another start of the program, or this one's own command line, asks for."""
        _take_token(command.activation_token)
        files = [Path(file) for file in command.files]
        if command.kind == "quit":
            self._end()
        elif command.kind == "capture":
            self.capture(delay_s=command.delay_s)
        elif command.kind == "toggle":
            self.toggle_window()
        else:
            self.show_window()
            if command.kind == "ask":
                self._services.assistant.new_conversation()
                self._window.draft.ask_about(command.text, files)
            elif files:
                self._window.draft.take_files(files)

    # The window

    def show_window(self) -> None:
        """Bring the window to the front, with the cursor in its question."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        window.composer.text.setFocus()

    def toggle_window(self) -> None:
        """Show the window, or hide it when it is in front."""
        if self._window.isVisible() and self._window.isActiveWindow():
            self._window.hide()
        else:
            self.show_window()

    def _open_settings(self) -> None:
        self.show_window()
        self._window.open_settings("desktop")

    def _open_conversation(self, conversation_id: int) -> None:
        self.show_window()
        self._services.assistant.open(conversation_id)

    def _key_pressed(self, action: str, token: str) -> None:
        _take_token(token)
        if action == HotkeyAction.CAPTURE:
            self.capture()
        else:
            self.toggle_window()

    # Captures

    def capture(self, *, delay_s: float = 0.0) -> None:
        """Have a part of the screen selected; our own windows leave it first."""
        service = self._entries.capture
        if service.busy:
            return
        self._shown_before_capture = self._window.isVisible() and not self._window.isMinimized()
        ours = self._shown_before_capture or self._entries.quick.isVisible()
        self._entries.quick.hide()
        self._window.hide()
        if ours:
            QTimer.singleShot(_HIDDEN_AFTER_MS, lambda: service.capture(CaptureMode.REGION, delay_s))
        else:
            service.capture(CaptureMode.REGION, delay_s)

    def _captured(self, picture: NewPicture) -> None:
        desktop = self._services.settings.current.desktop
        action = next((one for one in self._services.actions.actions if one.id == desktop.capture_action), None)
        if desktop.capture_into == "quick":
            self._show_behind()
            self._quick_picture, self._quick_conversation = picture, None
            self._entries.quick.set_actions(self._services.actions.actions)
            self._entries.quick.open_with(picture, QImage.fromData(picture.data))
            if action:
                self._quick_asked("", action)
            return
        self.show_window()
        if desktop.capture_into == "new":
            self._services.assistant.new_conversation()
        self._window.draft.add(picture)
        if action:
            self._window.draft.run_action(action)

    def _show_behind(self) -> None:
        """Put the window back where it was before the capture, without the keyboard's focus."""
        if self._shown_before_capture:
            self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
            self._window.show()
            self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)

    def _capture_ended(self) -> None:
        if self._shown_before_capture:
            self.show_window()

    def _capture_failed(self, sentence: str) -> None:
        self.show_window()
        self._window.toast.say(sentence)

    # The quick window

    def _quick_asked(self, text: str, action: QuickAction | None) -> None:
        assistant = self._services.assistant
        if assistant.busy:
            self._entries.quick.show_error(self.tr("The model is still answering another question."))
            return
        question = action.question(text) if action else text.strip()
        if self._quick_conversation is None:
            assistant.new_conversation()
        elif assistant.conversation_id != self._quick_conversation:
            self._entries.quick.show_error(self.tr("Another conversation is open now; go on in the window."))
            return
        pictures = [self._quick_picture] if self._quick_picture else []
        assistant.set_new_pictures(pictures)
        self._quick_waits = assistant.send(question, pictures, action)
        self._quick_picture = None

    def _opened(self, conversation_id: int | None) -> None:
        if self._quick_waits and conversation_id is not None:
            self._quick_conversation = conversation_id

    def _expand(self) -> None:
        picture, self._quick_picture = self._quick_picture, None
        text = self._entries.quick.text
        self.show_window()
        if picture is not None:
            self._services.assistant.new_conversation()
            self._window.draft.add(picture)
        if text:
            self._window.composer.text.setPlainText(text)

    def _is_quick(self, message: Message) -> bool:
        return self._quick_waits and message.conversation_id == self._quick_conversation

    def _text_grew(self, message: Message) -> None:
        if self._is_quick(message):
            self._entries.quick.show_answer(message.text, True)

    def _progressed(self, _message_id: int, progress: Progress) -> None:
        if self._quick_waits:
            self._entries.quick.show_progress(progress_caption(progress))

    def _message_changed(self, message: Message) -> None:
        if not self._is_quick(message) or message.state is MessageState.STREAMING:
            return
        self._quick_waits = False
        if message.text:
            self._entries.quick.show_answer(message.text, False)
        if message.error:
            self._entries.quick.show_error(message.error)

    # The tray

    def _answered(self, message: Message) -> None:
        hidden = not (self._window.isVisible() or self._entries.quick.isVisible())
        if hidden and seconds_taken(message) >= _LONG_ANSWER_S and self._services.settings.current.desktop.notify:
            self._services.history.call(
                lambda history: history.conversation(message.conversation_id).title,
                lambda title: self._entries.tray.notify(self.tr("The answer is ready"), title),
            )

    def _show_hotkeys(self) -> None:
        self._entries.tray.set_hotkeys([state.sentence for state in self._entries.hotkeys.states.values()])

    def _show_state(self, _state: object = None) -> None:
        engine = self._services.engine
        name = engine.model.name if engine.model else self.tr("No model")
        words = {
            EngineState.STARTING: (self.tr("loading"), "warning"),
            EngineState.LOADING: (self.tr("loading"), "warning"),
            EngineState.READY: (self.tr("ready"), "success"),
            EngineState.ANSWERING: (self.tr("answering"), "accent"),
            EngineState.STOPPING: (self.tr("stopping"), "warning"),
            EngineState.FAILED: (self.tr("could not be loaded"), "danger"),
            EngineState.STOPPED: (self.tr("not running"), "faint"),
        }
        text, tone = words[engine.state]
        self._entries.tray.set_state(f"{name}: {text}", tone)

    def _list_conversations(self) -> None:
        self._services.assistant.list_conversations(
            "",
            lambda found: self._entries.tray.set_conversations(
                [(one.id, one.title or self.tr("New conversation")) for one in found]
            ),
            limit=_TRAY_CONVERSATIONS,
        )


def _take_token(token: str) -> None:
    """Let a window come to the front on Wayland: Qt takes the token from here when it is to activate one."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token

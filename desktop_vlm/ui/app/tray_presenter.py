"""What the tray icon shows and announces."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop_vlm.history.records import ConversationSummary, Message
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.captures.watch import Watch
from desktop_vlm.ui.conversation.captions import seconds_taken
from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyService
from desktop_vlm.ui.desktop.hotkey.keys import shown
from desktop_vlm.ui.desktop.hotkey.state import HotkeyState, HotkeyStatus
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.row_state import Work

_LONG_ANSWER_S = 5.0
"""Answers that took longer are worth a notification."""
_TRAY_CONVERSATIONS = 5


class TrayPresenter(QObject):
    """Keeps the tray's menu up to date, and notifies of what happens while no window is visible."""

    def __init__(
        self, services: Services, window: MainWindow, tray: Tray, hotkeys: HotkeyService, quick: QuickWindow
    ) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._tray = tray
        self._hotkeys = hotkeys
        self._quick = quick
        self._was_announced = False
        self._conversations: list[ConversationSummary] = []
        self._entries: list[tuple[int, str]] = []
        hotkeys.state_changed.connect(self._show_hotkeys)
        services.assistant.conversations_changed.connect(self._list_conversations)
        services.assistant.answered.connect(self._answered)
        services.assistant.answering_changed.connect(self._work_changed)
        services.model_status.changed.connect(self._show_state)
        window.watch_actions.count_changed.connect(tray.set_watched)
        window.watch_actions.reported.connect(self._watch_met)

    def start(self) -> None:
        """Show the icon."""
        self._tray.show()
        self._show_hotkeys()
        self._show_state()
        self._list_conversations()

    def has_icon(self) -> bool:
        """Whether there is a panel that shows the icon now."""
        return self._tray.available

    def keeps_running(self) -> bool:
        """Whether the program goes on without its window."""
        return self._tray.available and self._services.settings.current.desktop.keep_running

    def window_closes(self) -> bool:
        """Whether the program goes on; says so once, to those who wonder."""
        if self.keeps_running() and not self._was_announced:
            self._was_announced = True
            self._tray.notify(self.tr("Desktop VLM keeps running"), self.tr("Quit it from here."))
        return self.keeps_running()

    def _answered(self, message: Message) -> None:
        hidden = not (self._window.isVisible() or self._quick.isVisible())
        if hidden and seconds_taken(message) >= _LONG_ANSWER_S and self._services.settings.current.desktop.notify:
            self._services.history.call(
                lambda history: history.conversation(message.conversation_id).title,
                lambda title: self._tray.notify(self.tr("The answer is ready"), title),
            )

    def _watch_met(self, watch: Watch) -> None:
        """Says which watch it is, and not what was answered: everybody who looks at the screen reads it."""
        if not self._window.isActiveWindow():
            self._tray.notify(self.tr("What you watch has changed"), watch.plan.title)

    def _show_hotkeys(self) -> None:
        keys = {action: shown(state.active_keys) for action, state in self._hotkeys.states.items()}
        self._tray.set_keys(
            capture=keys.get(HotkeyAction.CAPTURE, ""),
            copy_text=keys.get(HotkeyAction.COPY_TEXT, ""),
            toggle=keys.get(HotkeyAction.TOGGLE, ""),
        )
        problems = [self._problem_of(state) for state in self._hotkeys.states.values()]
        self._tray.set_hotkeys([one for one in dict.fromkeys(problems) if one])

    def _problem_of(self, state: HotkeyState) -> str:
        """Why the keys do nothing, where somebody wants them to. A command is too long for a menu."""
        if state.active_keys or state.is_starting or state.status is HotkeyStatus.UNSET:
            return ""
        return self.tr("Your desktop sets the keys: see Settings") if state.command else state.sentence

    def _show_state(self, _state: object = None) -> None:
        engine = self._services.engine
        status = self._services.model_status
        name = self.tr("No model") if status.kind is ModelKind.NONE else status.name
        words = {
            EngineState.STARTING: (self.tr("loading"), "warning"),
            EngineState.LOADING: (self.tr("loading"), "warning"),
            EngineState.READY: (self.tr("ready"), "success"),
            EngineState.ANSWERING: (self.tr("answering"), "accent"),
            EngineState.STOPPING: (self.tr("stopping"), "warning"),
            EngineState.FAILED: (self.tr("could not be loaded"), "danger"),
            EngineState.STOPPED: (self.tr("not running"), "faint"),
        }
        state = EngineState.FAILED if status.kind is ModelKind.FAILED else engine.state
        text, tone = words[state]
        n_waiting = len(self._services.assistant.queue.waiting)
        waiting = self.tr(", {0} in the queue").format(n_waiting) if n_waiting else ""
        self._tray.set_state(f"{name}: {text}{waiting}", tone)

    def _work_changed(self, _is_busy: bool) -> None:
        self._show_state()
        self._show_conversations()

    def _list_conversations(self) -> None:
        self._services.assistant.list_conversations("", self._listed, limit=_TRAY_CONVERSATIONS)

    def _listed(self, found: list[ConversationSummary]) -> None:
        self._conversations = found
        self._show_conversations()

    def _show_conversations(self) -> None:
        work = Work.of(self._services.assistant.queue)
        entries = []
        for one in self._conversations:
            state, title = work.state_of(one), one.title or self.tr("New conversation")
            entries.append((one.id, f"{title} ({state.words})" if state else title))
        if entries != self._entries:
            self._entries = entries
            self._tray.set_conversations(entries)

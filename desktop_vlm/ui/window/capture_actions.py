"""Capturing from the window: its buttons, the key beside them, and the introduction of that key."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.desktop.hotkey import HotkeyAction
from desktop_vlm.ui.desktop.hotkey.keys import shown
from desktop_vlm.ui.window.composer import Composer
from desktop_vlm.ui.window.welcome import Welcome


class CaptureActions(QObject):
    """Passes on what the person wants to have captured, and shows the key that is really bound.

    Signals:
        capture_requested: a part of the screen, for the question that is being written.
        trial_requested: the same as the key does, to see what that is.
        settings_requested: the page on which the key is chosen.
    """

    capture_requested = Signal()
    trial_requested = Signal()
    settings_requested = Signal(str)

    def __init__(self, window: QWidget, services: Services, welcome: Welcome, composer: Composer) -> None:
        super().__init__(window)
        self._services = services
        self._welcome = welcome
        self._composer = composer
        composer.capture_requested.connect(self.capture_requested)
        welcome.capture_requested.connect(self.capture_requested)
        introduction = welcome.introduction
        introduction.tried.connect(self.trial_requested)
        introduction.change_requested.connect(lambda: self.settings_requested.emit("desktop"))
        introduction.dismissed.connect(self.end_introduction)
        services.hotkeys.state_changed.connect(self._show_key)
        welcome.set_introducing(not services.settings.current.recent.knows_capture_key)
        self._show_key()

    def end_introduction(self) -> None:
        """The person knows the key now: it is never introduced again."""
        self._welcome.set_introducing(False)
        if not self._services.settings.current.recent.knows_capture_key:
            try:
                self._services.settings.update("recent", knows_capture_key=True)
            except UserError:
                return  # the file cannot be written, which other settings will say

    def _show_key(self) -> None:
        state = self._services.hotkeys.states.get(HotkeyAction.CAPTURE)
        self._welcome.show_key(state)
        self._composer.show_capture_key(shown(state.active_keys) if state else "")

"""The settings of one conversation: shown quietly where there are any, and changed."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.settings import SAMPLING_PRESETS
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.widgets.control import shown
from desktop_vlm.ui.window.own_settings_dialog import OwnSettingsDialog
from desktop_vlm.ui.window.top_bar import TopBar


class OwnSettingsActions(QObject):
    """Of the open conversation, or of another one, which is opened first."""

    def __init__(self, window: QWidget, services: Services, top_bar: TopBar) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._assistant = services.assistant
        self._top_bar = top_bar
        self._asked_for: int | None = None  # as soon as it is open
        self.dialog: OwnSettingsDialog | None = None
        top_bar.own_requested.connect(self.edit)
        self._assistant.own_changed.connect(self._show)
        self._assistant.opened.connect(self._opened)

    def edit(self) -> None:
        """Change those of the open conversation."""
        services = self._services
        self.dialog = OwnSettingsDialog(
            services.theme,
            self._assistant.own,
            services.offered_actions,
            services.settings.current.system_prompt,
            self._window,
        )
        self.dialog.chosen.connect(self._assistant.set_own)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def edit_of(self, conversation_id: int) -> None:
        """Open a conversation, and change its settings."""
        if conversation_id == self._assistant.conversation_id:
            self.edit()
        else:
            self._asked_for = conversation_id
            self._assistant.open(conversation_id)

    def _opened(self, conversation_id: int | None) -> None:
        asked_for, self._asked_for = self._asked_for, None
        if asked_for is not None and asked_for == conversation_id:
            self.edit()

    def _show(self) -> None:
        self._top_bar.show_own(self._words(self._assistant.own))

    def _words(self, own: OwnSettings) -> str:
        """What of it is its own, in a few words; "" for nothing."""
        parts = [self.tr("Own instructions")] if own.instructions is not None else []
        if own.sampling:
            presets = (one.label for one in SAMPLING_PRESETS.values() if one.values == dict(own.sampling))
            parts.append(shown(next(presets, self.tr("Own sampling"))))
        if own.actions is not None:
            parts.append(self.tr("Own actions"))
        return " · ".join(parts)

"""Which quick actions are offered in the main window: those of the model that fit what is in the conversation."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.placeholders import Placeholder
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.quick_actions.sentences import fitting
from desktop_vlm.ui.window.composer import Composer
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.keys import WindowKeys
from desktop_vlm.ui.window.settings_actions import SettingsActions


class ActionOffer(QObject):
    """Keeps chips and keys true to the store, the model and the conversation."""

    def __init__(
        self, composer: Composer, draft: Draft, keys: WindowKeys, services: Services, settings: SettingsActions
    ) -> None:
        super().__init__(composer)
        self._composer = composer
        self._draft = draft
        self._keys = keys
        self._services = services
        self._settings = settings
        self._offered: list[QuickAction] | None = None
        assistant = services.assistant
        for signal in (assistant.pictures.changed, assistant.thread_changed, assistant.own_changed):
            signal.connect(self._show_fitting)
        services.engine.state_changed.connect(self.refresh)
        services.engine.loaded.connect(self.refresh)
        settings.actions_changed.connect(self.refresh)
        settings.settings_changed.connect(self.refresh)
        composer.chips.edit_requested.connect(settings.edit_actions)
        composer.chips.value_chosen.connect(self._choose_value)
        self.refresh()

    def refresh(self, _what: object = None) -> None:
        """Offer what there is now: actions were edited, a setting changed, or another model is there."""
        model = self._services.engine.model
        self._composer.set_judged(model is not None and model.capabilities.judges_safety)
        offered = self._services.offered_actions
        if offered != self._offered:
            self._offered = offered
            self._keys.show_actions(offered, self._draft.run_action)
        self._show_fitting()

    def _show_fitting(self, _what: object = None) -> None:
        assistant = self._services.assistant
        n_pictures = len(assistant.pictures.view.included)
        first, has_messages = assistant.own.actions, bool(assistant.messages)
        self._composer.set_actions(fitting(self._offered or (), n_pictures, has_messages=has_messages, first=first))

    def _choose_value(self, placeholder: Placeholder, value: str) -> None:
        try:
            self._services.settings.update(placeholder.section, **{placeholder.setting: value})
        except UserError as error:
            self._draft.noticed.emit(str(error))
        self.refresh()

"""Settings: how the program is reached from other windows, and what a capture leads to."""

from __future__ import annotations

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import setting_named, settings_of
from desktop_vlm.settings import DesktopSettings, Settings
from desktop_vlm.ui.desktop.hotkey import SETTINGS, HotkeyAction
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.hotkey_row import HotkeyRow
from desktop_vlm.ui.settings.page import ChangeSetting, Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import Card, Row, text_label
from desktop_vlm.ui.widgets.control import shown
from desktop_vlm.ui.widgets.drop_down import DropDown
from desktop_vlm.ui.widgets.toggle import Toggle


class DesktopPage(Page):
    """Keys, captures, background."""

    def __init__(self, theme: Theme, context: SettingsContext, change: ChangeSetting) -> None:
        super().__init__(theme, self.tr("Capture and keys"))
        self._context = context
        self._change = change
        if context.hotkeys is not None:
            keys = Card()
            for action in HotkeyAction:
                row = HotkeyRow(theme, context.hotkeys, action)
                row.keys_chosen.connect(self._keys_chosen)
                keys.add(row)
            self.add(keys)
        grouped = [one for one in settings_of(DesktopSettings) if one.group]
        captures, _ = self.add_settings("desktop", grouped, change)
        self._action = DropDown(theme)
        self._action.activated.connect(self._action_chosen)
        asked = setting_named(DesktopSettings, "capture_action")
        self._action.setAccessibleName(shown(asked.label))
        captures.add(Row(shown(asked.label), "", self._action))
        if context.autostart is not None:
            self._add_autostart()
        self.add_stretch()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self._action.clear()
        self._action.addItem(self.tr("Nothing: I write the question"), "")
        for action in self._context.actions.actions:
            of_one_picture = not action.needs and action.needs_pictures <= 1
            if of_one_picture or action.id == settings.desktop.capture_action:
                self._action.addItem(action.name, action.id)
        self._action.setCurrentIndex(max(0, self._action.findData(settings.desktop.capture_action)))

    def _add_autostart(self) -> None:
        assert self._context.autostart is not None
        self._autostart = Toggle(self.theme, self.tr("Start when I log in"))
        self._autostart.setChecked(self._context.autostart.is_on())
        self._autostart.toggled.connect(self._autostart_toggled)
        card = Card()
        card.add(Row(self.tr("Start when I log in"), self.tr("In the tray, without a window."), self._autostart))
        self.add(card)
        self._autostart_problem = text_label("", "error")
        self._autostart_problem.hide()
        self.add(self._autostart_problem)

    def _keys_chosen(self, action: str, keys: str) -> None:
        self._change("desktop", **{SETTINGS[HotkeyAction(action)]: keys})
        if self._context.hotkeys is not None:
            self._context.hotkeys.set_keys(HotkeyAction(action), keys)

    def _action_chosen(self, _index: int) -> None:
        self._change("desktop", capture_action=self._action.currentData())

    def _autostart_toggled(self, on: bool) -> None:
        assert self._context.autostart is not None
        try:
            self._context.autostart.set_on(on)
        except UserError as error:
            self._autostart_problem.setText(str(error))
            self._autostart_problem.show()

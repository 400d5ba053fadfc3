"""How one quick action words its answers: as everywhere, by a preset, or by custom values."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from desktop_vlm.api.fields import Choice, settings_of
from desktop_vlm.settings import CUSTOM, SAMPLING_PRESETS, SamplingSettings
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import Card, Row
from desktop_vlm.ui.widgets.choice_controls import Select
from desktop_vlm.ui.widgets.control import Control, shown
from desktop_vlm.ui.widgets.controls import control_for

_AS_EVERYWHERE = ""


class SamplingChoice(Control):
    """A dict of the engine's sampling options; empty for those of the settings."""

    wide = True

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        presets = [Choice(key, preset.label) for key, preset in SAMPLING_PRESETS.items()]
        everywhere = Choice(_AS_EVERYWHERE, self.tr("As set under Answers"))
        self.select = Select(theme, [everywhere, *presets, Choice(CUSTOM, self.tr("Custom values"))])
        self.select.changed.connect(self._selected)
        self.numbers: dict[str, Control] = {}
        self._card = Card()
        for one in settings_of(SamplingSettings):
            if one.name == "preset":
                continue
            control = control_for(theme, one.rule)
            control.name(shown(one.label), shown(one.help))
            control.changed.connect(lambda _value: self.changed.emit(self.value()))
            self.numbers[one.name] = control
            self._card.add(Row(shown(one.label), "", control))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.select)
        layout.addWidget(self._card)

    def value(self) -> dict[str, object]:
        chosen = self.select.value()
        if chosen == CUSTOM:
            return {name: control.value() for name, control in self.numbers.items()}
        return dict(SAMPLING_PRESETS[chosen].values) if chosen else {}

    def set_value(self, value: object) -> None:
        assert isinstance(value, dict)
        preset = next((key for key, one in SAMPLING_PRESETS.items() if one.values == value), CUSTOM)
        self.select.set_value(preset if value else _AS_EVERYWHERE)
        self._show_numbers(value)

    def name(self, label: str, help_text: str) -> None:
        self.select.name(label, help_text)

    def _selected(self, value: object) -> None:
        if value == CUSTOM:
            self._show_numbers(SamplingSettings(preset=CUSTOM).options)
        self._card.setVisible(value == CUSTOM)
        self.changed.emit(self.value())

    def _show_numbers(self, values: dict[str, float | int]) -> None:
        for name, number in {**SamplingSettings(preset=CUSTOM).options, **values}.items():
            self.numbers[name].set_value(number)
        self._card.setVisible(self.select.value() == CUSTOM)

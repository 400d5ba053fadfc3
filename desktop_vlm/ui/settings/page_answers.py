"""Settings: the instructions, how answers are sampled, and how long they may get."""

from __future__ import annotations

import dataclasses

from desktop_vlm.api.fields import OneOf, Setting, settings_of
from desktop_vlm.settings import CUSTOM, SAMPLING_PRESETS, AnswerSettings, ComposerSettings, SamplingSettings, Settings
from desktop_vlm.ui.settings.page import ChangeSetting, Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.control import shown
from desktop_vlm.ui.widgets.radio_cards import CardChoice, RadioCards


class AnswersPage(Page):
    """Presets as cards; the numbers appear with "Custom"."""

    def __init__(self, theme: Theme, change: ChangeSetting) -> None:
        super().__init__(theme, self.tr("Answers"))
        self._change = change
        self._settings = Settings()
        preset, *numbers = settings_of(SamplingSettings)
        self.add_heading(shown(preset.label))
        assert isinstance(preset.rule, OneOf)
        self.presets = RadioCards(
            theme,
            [CardChoice(one.value, shown(one.label), shown(one.note)) for one in preset.rule.choices],
        )
        self.presets.changed.connect(self._choose_preset)
        self.add(self.presets)
        self.controls["sampling", preset.name] = self.presets
        (self._numbers,) = self.add_settings("sampling", [_without_heading(one) for one in numbers], change)
        self.add_settings("answers", settings_of(AnswerSettings), change)
        self.add_settings("composer", settings_of(ComposerSettings), change)
        self.add_stretch()

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        super().show_settings(settings)
        self._numbers.setVisible(settings.sampling.preset == CUSTOM)

    def _choose_preset(self, value: object) -> None:
        chosen = str(value)
        old = self._settings.sampling
        if chosen == CUSTOM and old.preset in SAMPLING_PRESETS and _untouched(old):
            # Whoever starts to set numbers wants to start from those that were active.
            self._change("sampling", preset=CUSTOM, **old.options)
        else:
            self._change("sampling", preset=chosen)


def _untouched(sampling: SamplingSettings) -> bool:
    default = SamplingSettings()
    return all(
        getattr(sampling, one.name) == getattr(default, one.name)
        for one in settings_of(SamplingSettings)
        if one.name != "preset"
    )


def _without_heading(one: Setting) -> Setting:
    return dataclasses.replace(one, group="")

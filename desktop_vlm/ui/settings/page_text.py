"""Settings: what is done with the text that stands in pictures."""

from __future__ import annotations

from desktop_vlm.api.fields import settings_of
from desktop_vlm.settings import Settings, TextSettings
from desktop_vlm.ui.settings.page import ChangeSetting, Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label


class TextPage(Page):
    """Whether text is read, and what for.

    Attributes:
        missing: says what to install where no text can be read.
    """

    def __init__(self, theme: Theme, missing: str, change: ChangeSetting) -> None:
        super().__init__(theme, self.tr("Text in pictures"))
        self.add_settings("text", settings_of(TextSettings), change)
        self.missing = text_label(missing, "caption")
        self.add(self.missing)
        self.missing.setVisible(bool(missing))
        self.add_stretch()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        for name in ("quote_small_text", "check_answers", "point_out_private"):  # all live on what is read
            self.controls["text", name].setEnabled(settings.text.read_images)

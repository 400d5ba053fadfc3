"""Settings: where models come from, and where they are kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from desktop_vlm.api.fields import settings_of
from desktop_vlm.settings import DownloadSettings, Settings
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.page import ChangeSetting, Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import Card, Row, text_label
from desktop_vlm.ui.widgets.control import fill
from desktop_vlm.ui.widgets.file_dialogs import ask_folder


class DownloadsPage(Page):
    """The models folder, and the hub.

    Attributes:
        row_of_folder: says where new models are kept.
    """

    def __init__(self, theme: Theme, context: SettingsContext, change: ChangeSetting) -> None:
        super().__init__(theme, self.tr("Downloads"))
        self._default = context.paths.models_folder
        self._change = change
        self._folder = self._default
        self.choose = QPushButton(self.tr("Choose…"))
        self.choose.setAccessibleName(self.tr("Choose the models folder"))
        self.choose.clicked.connect(self._choose)
        self.reset = QPushButton(self.tr("Use the usual one"))
        self.reset.clicked.connect(lambda: self._change("downloads", folder=""))
        buttons = QWidget()
        fill(buttons, [self.choose, self.reset], spacing=8)
        for button in (self.choose, self.reset):
            button.setAutoDefault(False)
        self.row_of_folder = Row(self.tr("Models folder"), "-", buttons, wide=True)
        card = Card()
        card.add(self.row_of_folder)
        self.add(card)
        self.add(
            text_label(
                self.tr(
                    "New models go there. Those that you have stay where they are and in the list; to move them, move "
                    "the folder itself and then choose it here."
                ),
                "caption",
            )
        )
        hub = [one for one in settings_of(DownloadSettings) if one.group]
        self.add_settings("downloads", hub, change)
        self.add_stretch()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        chosen = settings.downloads.folder
        self._folder = Path(chosen) if chosen else self._default
        self.row_of_folder.help.setText(str(self._folder).replace("/", "/\u200b"))  # a long path breaks after a slash
        self.reset.setVisible(bool(chosen))

    def _choose(self) -> None:
        if folder := ask_folder(self, self.tr("Keep new models in"), str(self._folder)):
            self._change("downloads", folder=str(folder))

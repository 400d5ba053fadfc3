"""What the parts of the window share, made once by `app` and handed to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QLocale

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.history.capture_folder import CaptureFolder
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.quick_actions import QuickAction, QuickActionStore
from desktop_vlm.quick_actions.placeholders import values_of
from desktop_vlm.settings import ModelSettings, SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.model_status import ModelStatus
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.captures.recent import RecentCaptures
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.engine.protocol import Engine
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.models.protocol import Models
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.theme import Theme


@dataclass(frozen=True)
class Services:
    """One of each for the whole program."""

    paths: Paths
    theme: Theme
    settings: SettingsStore
    actions: QuickActionStore
    history: HistoryThread
    library: PictureLibrary
    engine: Engine
    assistant: Assistant
    hotkeys: HotkeyService
    models: Models
    text_layers: TextLayers
    private_texts: PrivateTexts
    captures: RecentCaptures = field(init=False)
    """Made of the others."""

    def __post_init__(self) -> None:
        folder = CaptureFolder(self.paths.captures_folder)
        made = RecentCaptures(folder, self.settings, self.library, self.text_layers, self.private_texts)
        object.__setattr__(self, "captures", made)

    @cached_property
    def model_status(self) -> ModelStatus:
        """What is loaded, being loaded, or could not be."""
        return ModelStatus(self.engine, self.settings, self.models)

    @property
    def offered_actions(self) -> list[QuickAction]:
        """The quick actions that suit the loaded model, in order, ready to be asked."""
        model = self.engine.model
        values = values_of(self.settings.current, {"language": system_language()})
        return self.actions.offered(model.capabilities if model else None, values)


def system_language() -> str:
    """The language of this computer, in English."""
    language = QLocale.system().language()
    return "English" if language == QLocale.Language.C else QLocale.languageToString(language)


def model_to_load(settings: ModelSettings) -> tuple[ModelRef, LoadOptions]:
    """The files that the settings mean, and how to load them.

    Raises:
        UserError: a file is not where the settings say, or the demo is not installed.
    """
    if settings.text:
        files = find_model(Path(settings.text), Path(settings.mmproj) if settings.mmproj else None)
    else:
        files = demo_model()
    return ModelRef(*files, Path(settings.draft).expanduser() if settings.draft else None), settings.options

"""What the parts of the window share, made once by `app` and handed to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.settings import ModelSettings, SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.types import ModelSpec
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.library import PictureLibrary
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
    engine: LocalEngine
    assistant: Assistant
    hotkeys: HotkeyService


def model_spec(settings: ModelSettings) -> ModelSpec:
    """The files and options that the settings mean.

    Raises:
        UserError: a file is not where the settings say, or the demo is not installed.
    """
    if settings.text:
        text, mmproj = find_model(Path(settings.text), Path(settings.mmproj) if settings.mmproj else None)
    else:
        text, mmproj = demo_model()
    return ModelSpec(
        text,
        mmproj,
        n_ctx=settings.n_ctx,
        n_gpu_layers=settings.n_gpu_layers if isinstance(settings.n_gpu_layers, int) else -1,
        n_threads=settings.n_threads if isinstance(settings.n_threads, int) else None,
        kv_type=settings.kv_type,
    )

"""What people can set: declared once in `declarations`, kept in a TOML file by `SettingsStore`."""

from __future__ import annotations

from desktop_vlm.settings.declarations import (
    AnswerSettings,
    AppearanceSettings,
    ComposerSettings,
    DesktopSettings,
    DownloadSettings,
    ModelSettings,
    RecentSettings,
    SamplingSettings,
    Settings,
    TextSettings,
)
from desktop_vlm.settings.presets import CUSTOM, SAMPLING_PRESETS, SamplingPreset
from desktop_vlm.settings.store import SettingsStore

__all__ = [
    "CUSTOM",
    "SAMPLING_PRESETS",
    "AnswerSettings",
    "AppearanceSettings",
    "ComposerSettings",
    "DesktopSettings",
    "DownloadSettings",
    "ModelSettings",
    "RecentSettings",
    "SamplingPreset",
    "SamplingSettings",
    "Settings",
    "SettingsStore",
    "TextSettings",
]

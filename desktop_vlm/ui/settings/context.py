"""What the settings dialog knows of the program around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.model_status import ModelStatus
from desktop_vlm.ui.desktop.hotkey import HotkeyService
from desktop_vlm.ui.window.shortcuts import SHORTCUTS, Shortcut


class Autostart(Protocol):
    """Whether the program starts at login."""

    def is_on(self) -> bool: ...

    def set_on(self, on: bool) -> None:
        """Raises UserError."""


@dataclass(frozen=True)
class SettingsContext:
    """What the dialog shows beside the settings.

    Attributes:
        paths: where things are kept.
        actions: the quick actions, which the dialog changes.
        shortcuts: the keys of the window, that quick actions may not take.
        loaded_model: path of the loaded text GGUF as in `ModelSettings.text`; None while none is loaded.
        capabilities: of the loaded model.
        offload_explanation: what was chosen for this machine, and why, in one sentence.
        hotkeys: the keys that work everywhere; None where there are none.
        autostart: starts the program at login; None where that is not known.
        text_missing: what to install for text in pictures to be read; "" where it is there, or nobody knows yet.
        model_status: what is loaded, being loaded, or could not be; None where that is not known.
        model_problems: path of a language model -> why it cannot be loaded, "" where it can; of those looked into.
        versions: gives (name, version) of what the program is made of, for the page About.
    """

    paths: Paths
    actions: QuickActionStore
    shortcuts: Sequence[Shortcut] = SHORTCUTS
    loaded_model: str | None = None
    capabilities: Capabilities | None = None
    offload_explanation: str = ""
    hotkeys: HotkeyService | None = None
    autostart: Autostart | None = None
    text_missing: str = ""
    model_status: ModelStatus | None = None
    model_problems: Mapping[str, str] = field(default_factory=dict)
    versions: Callable[[], Sequence[tuple[str, str]]] = tuple

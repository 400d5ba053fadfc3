"""Global hotkeys: keys that work whichever window has the focus."""

from __future__ import annotations

from desktop_vlm.ui.desktop.hotkey.service import HotkeyService
from desktop_vlm.ui.desktop.hotkey.state import SETTINGS, HotkeyAction, HotkeyState, HotkeyStatus, action_label

__all__ = ["SETTINGS", "HotkeyAction", "HotkeyService", "HotkeyState", "HotkeyStatus", "action_label"]

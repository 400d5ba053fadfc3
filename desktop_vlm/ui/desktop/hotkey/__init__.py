"""Global hotkeys: keys that work whichever window has the focus."""

from __future__ import annotations

from desktop_vlm.ui.desktop.hotkey.service import HotkeyService
from desktop_vlm.ui.desktop.hotkey.state import HotkeyAction, HotkeyState, HotkeyStatus, action_label

__all__ = ["HotkeyAction", "HotkeyService", "HotkeyState", "HotkeyStatus", "action_label"]

"""What binds global hotkeys on one kind of desktop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction

Keys = Mapping[HotkeyAction, str]


class HotkeyListener(Protocol):
    """Who hears from a backend; it may be called from any thread."""

    def pressed(self, action: HotkeyAction, token: str) -> None:
        """The keys were pressed; the token lets a window come to the front on Wayland."""

    def bound(self, action: HotkeyAction, binding: Binding) -> None:
        """What became of the keys of an action."""


class HotkeyBackend(Protocol):
    """Global hotkeys of one platform. Nothing here blocks, and nothing raises: problems are reported as bindings."""

    def start(self, keys: Keys) -> None:
        """Bind the keys of every action; "" for none."""

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        """Bind other keys; tried again if they are the same."""

    def configure(self) -> None:
        """Show the desktop's own dialog, where a binding said that there is one."""

    def stop(self) -> None:
        """Give all keys back."""


BackendFactory = Callable[[HotkeyListener], HotkeyBackend]

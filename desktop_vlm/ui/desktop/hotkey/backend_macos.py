"""macOS: RegisterEventHotKey, through the package quickmachotkey. Tested against a fake only, never on a real machine.

It needs no permission to watch the keyboard. The system does not tell whether another program has the same keys, so
"taken" cannot be known here. Handlers run in the window's thread, from the loop that Qt drives.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from PySide6.QtCore import Qt

from desktop_vlm.ui.desktop.hotkey.backend import HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.keys import Combination, combination
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason

# Modifiers of Carbon's Events.h. Qt calls Command Ctrl, and Control Meta.
_COMMAND, _SHIFT, _OPTION, _CONTROL = 0x100, 0x200, 0x800, 0x1000

# What follows "kVK_" in the names of Events.h. Letters and punctuation are places on an ANSI keyboard there.
_NAMED_KEYS = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "ANSI_KeypadEnter",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Tab",
    Qt.Key.Key_Backspace: "Delete",
    Qt.Key.Key_Delete: "ForwardDelete",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
    Qt.Key.Key_Left: "LeftArrow",
    Qt.Key.Key_Right: "RightArrow",
    Qt.Key.Key_Up: "UpArrow",
    Qt.Key.Key_Down: "DownArrow",
}
_PUNCTUATION = {
    "`": "Grave",
    "-": "Minus",
    "=": "Equal",
    "[": "LeftBracket",
    "]": "RightBracket",
    "\\": "Backslash",
    ";": "Semicolon",
    "'": "Quote",
    ",": "Comma",
    ".": "Period",
    "/": "Slash",
}


class MacSystem(Protocol):
    """What is needed of macOS."""

    def bind(self, key: str, modifiers: int, pressed: Callable[[], None]) -> Callable[[], None] | None:
        """Take a key ("kVK_Space"); returns how to give it back, or None if there is no key of that name."""


class MacHotkeys:
    """The backend for macOS."""

    def __init__(self, listener: HotkeyListener, system: MacSystem | None = None) -> None:
        self._listener = listener
        self._system = system or _real_system()
        self._release: dict[HotkeyAction, Callable[[], None]] = {}

    def start(self, keys: Keys) -> None:
        for action, requested in keys.items():
            self.set_keys(action, requested)

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        if action in self._release:
            self._release.pop(action)()
        requested = combination(keys)
        if requested is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNSET))
            return
        if self._system is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_PACKAGE))
            return
        name = virtual_key_name(requested)
        release = self._system.bind(name, modifier_mask(requested), lambda: self._pressed(action)) if name else None
        if release is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SUCH_KEY))
            return
        self._release[action] = release
        self._listener.bound(action, Binding(HotkeyStatus.ACTIVE))

    def configure(self) -> None:
        """There is no dialog for it on macOS."""

    def stop(self) -> None:
        while self._release:
            self._release.popitem()[1]()

    def _pressed(self, action: HotkeyAction) -> None:
        self._listener.pressed(action, "")


def virtual_key_name(requested: Combination) -> str:
    """The name that macOS has for a key; "" if it has none."""
    if requested.function_key:
        return f"kVK_F{requested.function_key}"
    if requested.key in _NAMED_KEYS:
        return f"kVK_{_NAMED_KEYS[requested.key]}"
    character = requested.character
    if character.isascii() and character.isalnum():
        return f"kVK_ANSI_{character.upper()}"
    return f"kVK_ANSI_{_PUNCTUATION[character]}" if character in _PUNCTUATION else ""


def modifier_mask(requested: Combination) -> int:
    """The modifiers as one number."""
    return (
        (_COMMAND if requested.ctrl else 0)
        | (_SHIFT if requested.shift else 0)
        | (_OPTION if requested.alt else 0)
        | (_CONTROL if requested.meta else 0)
    )


class _QuickMacHotKey:
    """The package quickmachotkey."""

    def __init__(self) -> None:
        self._package: Any = import_module("quickmachotkey")
        self._constants: Any = import_module("quickmachotkey.constants")

    def bind(self, key: str, modifiers: int, pressed: Callable[[], None]) -> Callable[[], None] | None:
        virtual_key = getattr(self._constants, key, None)
        if virtual_key is None:
            return None

        # The package hangs functions of its own on what it gets, so it must be a plain function.
        def handler() -> None:
            pressed()

        bound = self._package.quickHotKey(virtualKey=virtual_key, modifierMask=modifiers)(handler)
        release: Callable[[], None] = bound.unregister
        return release


def _real_system() -> MacSystem | None:
    """The package, or None where it is not installed."""
    try:
        return _QuickMacHotKey()
    except ImportError:
        return None

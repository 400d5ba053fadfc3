"""Windows: RegisterHotKey. Tested against a fake of the system only, never on a real machine.

The system posts WM_HOTKEY to the thread that registered, so everything happens in the window's thread, where Qt's
loop meets the message.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, Qt

from desktop_vlm.ui.desktop.hotkey.backend import HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.keys import Combination, combination
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason

# Numbers of winuser.h and winerror.h.
_MOD_ALT, _MOD_CONTROL, _MOD_SHIFT, _MOD_WIN, _MOD_NOREPEAT = 0x1, 0x2, 0x4, 0x8, 0x4000
_WM_HOTKEY = 0x0312
_VK_F1 = 0x70
_TAKEN = 1409  # ERROR_HOTKEY_ALREADY_REGISTERED

_VIRTUAL_KEYS = {
    Qt.Key.Key_Backspace: 0x08,
    Qt.Key.Key_Tab: 0x09,
    Qt.Key.Key_Backtab: 0x09,
    Qt.Key.Key_Return: 0x0D,
    Qt.Key.Key_Enter: 0x0D,
    Qt.Key.Key_Pause: 0x13,
    Qt.Key.Key_Escape: 0x1B,
    Qt.Key.Key_Space: 0x20,
    Qt.Key.Key_PageUp: 0x21,
    Qt.Key.Key_PageDown: 0x22,
    Qt.Key.Key_End: 0x23,
    Qt.Key.Key_Home: 0x24,
    Qt.Key.Key_Left: 0x25,
    Qt.Key.Key_Up: 0x26,
    Qt.Key.Key_Right: 0x27,
    Qt.Key.Key_Down: 0x28,
    Qt.Key.Key_Print: 0x2C,
    Qt.Key.Key_Insert: 0x2D,
    Qt.Key.Key_Delete: 0x2E,
    Qt.Key.Key_Menu: 0x5D,
    Qt.Key.Key_ScrollLock: 0x91,
}


class WindowsSystem(Protocol):
    """What is needed of Windows."""

    def register(self, number: int, modifiers: int, virtual_key: int) -> int:
        """Take keys; returns 0, or the number of the error."""

    def unregister(self, number: int) -> None:
        """Give keys back."""

    def key_of(self, character: str) -> tuple[int, bool] | None:
        """The virtual key that types a character on this keyboard, and whether with Shift; None if there is none."""

    def watch(self, pressed: Callable[[int], None]) -> None:
        """Call with the number of every hotkey that is pressed."""

    def unwatch(self) -> None:
        """Call no more."""


class WindowsHotkeys:
    """The backend for Windows."""

    def __init__(self, listener: HotkeyListener, system: WindowsSystem | None = None) -> None:
        self._listener = listener
        self._system = system or _real_system()
        self._numbers = {action: number for number, action in enumerate(HotkeyAction, 1)}
        self._held: set[HotkeyAction] = set()

    def start(self, keys: Keys) -> None:
        self._system.watch(self._pressed)
        for action, requested in keys.items():
            self.set_keys(action, requested)

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        self._release(action)
        requested = combination(keys)
        if requested is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNSET))
            return
        place = self._place(requested)
        if place is None:
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SUCH_KEY))
            return
        error = self._system.register(self._numbers[action], *place)
        if not error:
            self._held.add(action)
            self._listener.bound(action, Binding(HotkeyStatus.ACTIVE))
        elif error == _TAKEN:
            self._listener.bound(action, Binding(HotkeyStatus.TAKEN))
        else:  # keys that Windows keeps for itself, like F12
            self._listener.bound(action, Binding(HotkeyStatus.UNAVAILABLE, Reason.NOT_GLOBAL))

    def configure(self) -> None:
        """Windows has no dialog of its own."""

    def stop(self) -> None:
        for action in HotkeyAction:
            self._release(action)
        self._system.unwatch()

    def _release(self, action: HotkeyAction) -> None:
        if action in self._held:
            self._held.remove(action)
            self._system.unregister(self._numbers[action])

    def _place(self, requested: Combination) -> tuple[int, int] | None:
        """Modifiers and virtual key of a combination; None if this keyboard lacks it."""
        needs_shift = False
        if requested.function_key:
            virtual_key = _VK_F1 + requested.function_key - 1
        elif requested.key in _VIRTUAL_KEYS:
            virtual_key = _VIRTUAL_KEYS[requested.key]
        else:
            found = self._system.key_of(requested.character)
            if found is None:
                return None
            virtual_key, needs_shift = found
        modifiers = (
            _MOD_NOREPEAT
            | (_MOD_CONTROL if requested.ctrl else 0)
            | (_MOD_ALT if requested.alt else 0)
            | (_MOD_SHIFT if requested.shift or needs_shift else 0)
            | (_MOD_WIN if requested.meta else 0)
        )
        return modifiers, virtual_key

    def _pressed(self, number: int) -> None:
        for action in self._held:
            if self._numbers[action] == number:
                self._listener.pressed(action, "")


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _MessageFilter(QAbstractNativeEventFilter):
        """Sees every message that Qt's loop gets."""

        def __init__(self, pressed: Callable[[int], None]) -> None:
            super().__init__()
            self._pressed = pressed

        def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
            if bytes(kind) == b"windows_generic_MSG":  # type: ignore[arg-type]
                event = wintypes.MSG.from_address(int(message))
                if event.message == _WM_HOTKEY:
                    self._pressed(int(event.wParam))
            return False, 0

    class _User32:
        """The functions of user32.dll."""

        def __init__(self) -> None:
            user32 = ctypes.WinDLL("user32", use_last_error=True)
            # BOOL RegisterHotKey(HWND hWnd, int id, UINT fsModifiers, UINT vk);
            self._register = user32.RegisterHotKey
            self._register.argtypes = [wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT]
            self._register.restype = wintypes.BOOL
            # BOOL UnregisterHotKey(HWND hWnd, int id);
            self._unregister = user32.UnregisterHotKey
            self._unregister.argtypes = [wintypes.HWND, ctypes.c_int]
            self._unregister.restype = wintypes.BOOL
            # SHORT VkKeyScanW(WCHAR ch);
            self._scan = user32.VkKeyScanW
            self._scan.argtypes = [wintypes.WCHAR]
            self._scan.restype = ctypes.c_short
            self._filter: _MessageFilter | None = None

        def register(self, number: int, modifiers: int, virtual_key: int) -> int:
            return 0 if self._register(None, number, modifiers, virtual_key) else ctypes.get_last_error()

        def unregister(self, number: int) -> None:
            self._unregister(None, number)

        def key_of(self, character: str) -> tuple[int, bool] | None:
            scanned = self._scan(character)
            # The low byte is the key, bit 8 Shift; more than Shift would be AltGr. -1: no key types it.
            return None if scanned == -1 or scanned & 0x600 else (scanned & 0xFF, bool(scanned & 0x100))

        def watch(self, pressed: Callable[[int], None]) -> None:
            self._filter = _MessageFilter(pressed)
            application = QCoreApplication.instance()
            if application is not None:
                application.installNativeEventFilter(self._filter)

        def unwatch(self) -> None:
            application = QCoreApplication.instance()
            if application is not None and self._filter is not None:
                application.removeNativeEventFilter(self._filter)
            self._filter = None


def _real_system() -> WindowsSystem:
    if sys.platform == "win32":
        return _User32()
    raise ImportError("there is no user32.dll here")

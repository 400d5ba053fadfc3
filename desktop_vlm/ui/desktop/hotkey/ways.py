"""Which way to a global hotkey this desktop has."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import IntEnum, auto

from PySide6.QtGui import QGuiApplication

from desktop_vlm.ui.desktop.hotkey.handler import HandlerFactory, HotkeyHandler, HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason


class Way(IntEnum):
    """The ways, in order of preference: the first one that the desktop has is taken."""

    WINDOWS = auto()
    MACOS = auto()
    PORTAL = auto()  # before X11: a grab through XWayland works only while an X11 window has the focus
    X11 = auto()
    NONE = auto()


def has_way(way: Way, platform: str, qt_platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a desktop has that way.

    Args:
        way: to look for.
        platform: `sys.platform`.
        qt_platform: what Qt draws on; nothing is grabbed from somebody's real screen by a window nobody sees.
        environment: variables of the session.
    """
    if qt_platform in {"offscreen", "minimal", "vnc"}:
        return way is Way.NONE
    is_unix = platform not in {"win32", "darwin"}
    return {
        Way.WINDOWS: platform == "win32",
        Way.MACOS: platform == "darwin",
        Way.PORTAL: is_unix and bool(environment.get("WAYLAND_DISPLAY")),
        Way.X11: is_unix and bool(environment.get("DISPLAY")),
        Way.NONE: True,
    }[way]


def way_here() -> Way:
    """The way of the desktop that this runs on."""
    qt_platform = QGuiApplication.platformName()
    return next(way for way in Way if has_way(way, sys.platform, qt_platform, os.environ))


def handler_here(listener: HotkeyListener) -> HotkeyHandler:
    """The handler for the desktop that this runs on.

    Each is imported only where it is used: it needs packages that are installed on its own platform only.
    """
    way = way_here()
    try:
        return _MAKERS[way](listener)
    except ImportError:
        return NoHotkeys(listener)


def _windows(listener: HotkeyListener) -> HotkeyHandler:
    from desktop_vlm.ui.desktop.hotkey.windows import WindowsHotkeys

    return WindowsHotkeys(listener)


def _macos(listener: HotkeyListener) -> HotkeyHandler:
    from desktop_vlm.ui.desktop.hotkey.macos import MacHotkeys

    return MacHotkeys(listener)


def _portal(listener: HotkeyListener) -> HotkeyHandler:
    from desktop_vlm.ui.desktop.hotkey.portal import PortalHotkeys

    return PortalHotkeys(listener)


def _x11(listener: HotkeyListener) -> HotkeyHandler:
    from desktop_vlm.ui.desktop.hotkey.x11 import X11Hotkeys

    return X11Hotkeys(listener)


class NoHotkeys:
    """Where there is no way at all: a screen that nobody sees."""

    def __init__(self, listener: HotkeyListener) -> None:
        self._listener = listener

    def start(self, keys: Keys) -> None:
        for action, wanted in keys.items():
            self.set_keys(action, wanted)

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        unavailable = Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SCREEN)
        self._listener.bound(action, unavailable if keys else Binding(HotkeyStatus.UNSET))

    def configure(self) -> None:
        """There is none."""

    def stop(self) -> None:
        """Nothing is held."""


_MAKERS: Mapping[Way, HandlerFactory] = {
    Way.WINDOWS: _windows,
    Way.MACOS: _macos,
    Way.PORTAL: _portal,
    Way.X11: _x11,
    Way.NONE: NoHotkeys,
}

"""Which kind of desktop session this is. Decided here and nowhere else; hotkeys, captures and windows ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import Enum


class Session(Enum):
    """What draws the screen, and with it what a program may do there.

    WAYLAND: also where Qt itself runs on XWayland: there a program sees, and grabs from, only others of its kind.
    NONE: nobody sees the window (offscreen, or no display at all).
    """

    WINDOWS = "Windows"
    MACOS = "macOS"
    WAYLAND = "Wayland"
    X11 = "X11"
    NONE = "none"


def session_of(platform: str, qt_platform: str, environment: Mapping[str, str]) -> Session:
    """The session that these describe.

    Args:
        platform: `sys.platform`.
        qt_platform: what Qt draws on (`QGuiApplication.platformName()`); "" where Qt is not there yet.
        environment: variables of the session.
    """
    if qt_platform in {"offscreen", "minimal", "vnc"}:
        return Session.NONE
    if platform == "win32":
        return Session.WINDOWS
    if platform == "darwin":
        return Session.MACOS
    if qt_platform.startswith("wayland") or environment.get("WAYLAND_DISPLAY"):
        return Session.WAYLAND
    return Session.X11 if qt_platform == "xcb" or environment.get("DISPLAY") else Session.NONE


def current_session() -> Session:
    """The session that this program runs in."""
    return session_of(sys.platform, _qt_platform(), os.environ)


def _qt_platform() -> str:
    from PySide6.QtGui import QGuiApplication  # the command line asks, too, and has no Qt

    return QGuiApplication.platformName()


def has_display() -> bool:
    """Whether a window can be shown here; asked before Qt is loaded."""
    return bool(os.environ.get("QT_QPA_PLATFORM")) or session_of(sys.platform, "", os.environ) is not Session.NONE

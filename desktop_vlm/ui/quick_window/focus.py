"""Who has the keyboard, and handing it to another program's window. Only X11 lets a program do both."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Protocol

from PySide6.QtGui import QGuiApplication


class Focus(Protocol):
    """What the quick window needs of the desktop."""

    @property
    def is_composited(self) -> bool:
        """Whether windows can be translucent."""

    def active_window(self) -> int:
        """The system's number of the window with the keyboard; 0 if it is not known."""

    def activate(self, window: int) -> None:
        """Give it the keyboard; nothing happens if it is gone."""


class QtFocus:
    """Everywhere but on X11: desktops give the keyboard back themselves when a window goes."""

    is_composited = True

    def active_window(self) -> int:
        return 0

    def activate(self, window: int) -> None:
        """Nobody may."""


def platform_focus() -> Focus:
    """What this desktop allows."""
    if QGuiApplication.platformName() != "xcb" or not find_spec("Xlib"):
        return QtFocus()
    from desktop_vlm.ui.quick_window.focus_x11 import X11Focus  # python-xlib is not installed elsewhere

    return X11Focus()

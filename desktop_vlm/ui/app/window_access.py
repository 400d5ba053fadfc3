"""Bringing the main window to the front, and hiding it."""

from __future__ import annotations

import os
from typing import Literal

from PySide6.QtCore import Qt

from desktop_vlm.ui.window.main_window import MainWindow


class WindowAccess:
    """Shows and hides the main window for whoever asks from outside."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self._was: Literal["", "in front", "behind"] = ""

    def show(self) -> None:
        """Bring the window to the front, with the cursor in its question."""
        window = self.window
        self._was = ""
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        window.composer.text.setFocus()

    def show_behind(self) -> None:
        """Show the window without the keyboard's focus, and under the others."""
        self._set_activating(False)
        self.window.show()
        self.window.lower()  # a window that comes up lies over the others, with or without the keyboard
        self._set_activating(True)

    def _set_activating(self, activating: bool) -> None:
        """Whether the window gets the keyboard when it is shown."""
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not activating)
        if handle := self.window.windowHandle():  # which takes the attribute over only when it is made
            handle.setProperty("_q_showWithoutActivating", not activating)

    def put_away(self) -> bool:
        """Take the window off the screen until `bring_back`; whether it was there."""
        window = self.window
        if not window.isVisible() or window.isMinimized():
            return False  # one that was put away before still is, and still comes back
        self._was = "in front" if window.isActiveWindow() else "behind"
        window.hide()
        return True

    def bring_back(self) -> None:
        """Show the window as it was before `put_away`: in front, or behind what the person works in."""
        was, self._was = self._was, ""
        if was == "in front":
            self.show()
        elif was:
            self.show_behind()

    def toggle(self) -> None:
        """Show the window, or hide it when it is in front."""
        if self.window.isVisible() and self.window.isActiveWindow():
            self._was = ""
            self.window.hide()
        else:
            self.show()


def use_activation_token(token: str) -> None:
    """Let a window come to the front on Wayland: Qt takes the token from here when it is to activate one."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token

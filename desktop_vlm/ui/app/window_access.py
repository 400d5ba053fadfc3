"""Bringing the main window to the front, and hiding it."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt

from desktop_vlm.ui.window.main_window import MainWindow


class WindowAccess:
    """Shows and hides the main window for whoever asks from outside."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def show(self) -> None:
        """Bring the window to the front, with the cursor in its question."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        window.composer.text.setFocus()

    def show_behind(self) -> None:
        """Show the window without the keyboard's focus."""
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
        self.window.show()
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)

    def toggle(self) -> None:
        """Show the window, or hide it when it is in front."""
        if self.window.isVisible() and self.window.isActiveWindow():
            self.window.hide()
        else:
            self.show()


def use_activation_token(token: str) -> None:
    """Let a window come to the front on Wayland: Qt takes the token from here when it is to activate one."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token

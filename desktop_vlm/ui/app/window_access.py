"""Bringing the main window to the front, and hiding it."""

from __future__ import annotations

import os
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.window.main_window import MainWindow

_Place = Literal["", "in front", "behind"]
"""Where the window was: "" where it was not on the screen."""


class WindowAccess:
    """Shows and hides the main window for whoever asks from outside.

    Attributes:
        is_hidden_by_key: somebody hid the window by a key or a command, which also brings it back.
    """

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.is_hidden_by_key = self._was_meanwhile = False
        self._was: _Place = ""
        self._before: tuple[_Place, bool] | None = None
        self._dialogs: list[QWidget] = []

    def show(self) -> None:
        """Bring the window to the front, with the cursor in its question."""
        window = self.window
        self._was, self._before = "", None
        self.is_hidden_by_key = self._was_meanwhile = False
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        if _must_be_shown_again(window):
            window.hide()
        window.show()
        self._show_dialogs()
        window.raise_()
        window.activateWindow()
        window.composer.text.setFocus()

    def show_meanwhile(self) -> None:
        """As `show`, for a moment: `put_away` and `bring_back` leave things as they are now."""
        was = self._was or (self._place() if self.window.isVisible() else "")
        before, is_unused = (was, self.is_hidden_by_key), self.is_unused
        self.show()
        self._before, self._was_meanwhile = before, is_unused

    @property
    def is_unused(self) -> bool:
        """Whether nobody has had the window yet, but for a moment."""
        return self.window.windowHandle() is None or self._was_meanwhile

    def show_behind(self) -> None:
        """Show the window without the keyboard's focus, and under the others, where the desktop lets a program."""
        self.is_hidden_by_key = self._was_meanwhile = False
        self._set_activating(False)
        self.window.show()
        self.window.lower()  # a window that comes up lies over the others, with or without the keyboard
        self._set_activating(True)
        self._show_dialogs()

    def _set_activating(self, activating: bool) -> None:
        """Whether the window gets the keyboard when it is shown."""
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not activating)
        if handle := self.window.windowHandle():  # which takes the attribute over only when it is made
            handle.setProperty("_q_showWithoutActivating", not activating)

    def put_away(self) -> bool:
        """Take the window and all dialogs off the screen until `bring_back`; whether there was something.

        Menus and notices go for good.
        """
        window = self.window
        # Wayland tells nobody that a window is in the panel no more.
        is_minimized = window.isMinimized() and current_session() is not Session.WAYLAND
        is_there = window.isVisible() and not is_minimized
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        # Dialogs of a minimized window are as little on the screen as it is.
        dialogs = [one for one in shown if _can_be_put_away(one) and (is_there or not _is_of(one, window))]
        passing = [one for one in shown if one.windowType() in _PASSING]
        if is_there:  # one that was put away before still is, and still comes back
            self._was = self._place()
            if self._before is not None:
                (self._was, self.is_hidden_by_key), self._before = self._before, None
        self._dialogs += dialogs
        going = [*passing, *dialogs, *([window] if is_there else [])]
        for one in going:
            one.hide()
        return bool(going)

    def _place(self) -> _Place:
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and _can_be_put_away(one)]
        return "in front" if any(one.isActiveWindow() for one in (self.window, *windows)) else "behind"

    def _show_dialogs(self) -> None:
        """Those that were put away with the window."""
        dialogs, self._dialogs = self._dialogs, []
        for one in dialogs:
            if isValid(one):
                one.show()

    def bring_back(self) -> None:
        """Show the window as it was before `put_away`: in front, or behind what the person works in."""
        if self._before is not None:
            self.put_away()
        was, self._was = self._was, ""
        if was == "in front":
            self.show()
        elif was and current_session() is Session.WAYLAND:
            # A window that comes up gets the keyboard there, and the place in front: this one stays in the panel,
            # which would show that it demands attention if it asked for the keyboard.
            self._set_activating(False)
            self.window.showMinimized()
            self._set_activating(True)
            self._show_dialogs()
        elif was:
            self.show_behind()
        else:
            self._show_dialogs()

    def toggle(self) -> None:
        """Show the window, or hide it when it is in front."""
        if self.window.isVisible() and self.window.isActiveWindow():
            self._was = ""
            self.is_hidden_by_key = True
            self.window.hide()
        else:
            self.show()


_PASSING = {Qt.WindowType.Popup, Qt.WindowType.ToolTip}


def _can_be_put_away(one: QWidget) -> bool:
    """Whether it is a dialog, and ours: one for files may be the desktop's, which cannot be hidden and shown again."""
    return isinstance(one, QDialog) and not one.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)


def _is_of(one: QWidget, window: QWidget) -> bool:
    """Whether it is a dialog that the window, or another dialog of it, has open."""
    parent = one.parentWidget()
    while parent is not None and parent is not window:
        parent = parent.parentWidget()
    return parent is window


def _must_be_shown_again(window: QWidget) -> bool:
    """Whether only a window that comes up gets to the front: on Wayland, without a token of the desktop."""
    is_waiting = window.isVisible() and not window.isActiveWindow() and QApplication.activeModalWidget() is None
    return is_waiting and current_session() is Session.WAYLAND and not os.environ.get("XDG_ACTIVATION_TOKEN")


def use_activation_token(token: str) -> None:
    """Let a window come to the front on Wayland: Qt takes the token from here when it is to activate one."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token

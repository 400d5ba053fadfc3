"""The program never goes on where nobody knows of it: without a window, and without an icon in the panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.app.window_access import WindowAccess

_LOOK_EVERY_MS = 4_000
_MOST_MISSES = 2
"""Panels that start again are back by then."""


class NeverInvisible(QObject):
    """Brings the window back when the panel that had the icon is gone, or ends a program that never had a window.

    Where no panel has icons, as on GNOME, a window that was hidden by key is left to that key.
    """

    def __init__(
        self,
        access: WindowAccess,
        *,
        has_icon: Callable[[], bool],
        is_busy: Callable[[], bool],
        end: Callable[[], None],
    ) -> None:
        """Begin to look.

        Args:
            access: to the main window.
            has_icon: whether there is a panel that shows the icon.
            is_busy: whether a capture is under way, which takes all windows off the screen.
            end: ends the program.
        """
        super().__init__(access.window)
        self._access = access
        self._has_icon, self._is_busy, self._end = has_icon, is_busy, end
        self._misses = 0
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """The program ends."""
        self._timer.stop()

    def look(self) -> None:
        """Whether the program can be seen; it is made so where it has not been for a while."""
        if self._has_icon():
            self._access.is_hidden_by_key = False  # the icon is the way back, and missed when it goes
            self._misses = 0
            return
        is_seen = any(one.isVisible() for one in QApplication.topLevelWidgets())
        is_known = is_seen or self._is_busy() or self._access.is_hidden_by_key
        self._misses = 0 if is_known else self._misses + 1
        if self._misses < _MOST_MISSES:
            return
        self._misses = 0
        if self._access.is_unused:  # it was started for a capture, and has done it
            self._end()
            return
        self._access.show_behind()
        self._access.window.toast.say(
            self.tr("The panel with the icon is gone, so the window is back. Closing it ends the program.")
        )

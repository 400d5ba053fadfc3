"""KWin 5.27 garbles the first frame of a window whose memory it shares, until one comes that is all new."""

from __future__ import annotations

import os
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.desktop.session import Session, current_session

_AFTER_MS = (100, 500, 1500)
"""Early, so that hardly anybody sees it, and again for a machine that was not ready to show the first."""


class WholeFrames(QObject):
    """Draws all of our windows again soon after one got the keyboard, as those do that come up.

    All of them: overlays come up on several screens at once, and one of them gets the keyboard.
    """

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        qt.focusWindowChanged.connect(self._draw_soon)

    def _draw_soon(self, window: object) -> None:
        if window is not None:
            for delay_ms in _AFTER_MS:
                QTimer.singleShot(delay_ms, self, _draw)


def are_needed(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a desktop of KDE on Wayland."""
    return current_session() is Session.WAYLAND and "KDE" in environment.get("XDG_CURRENT_DESKTOP", "").split(":")


def _draw() -> None:
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.update()

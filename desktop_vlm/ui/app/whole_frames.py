"""First frames of Qt's windows on Wayland, which are not always whole until one comes that is all new.

KWin 5.27 garbles some; on sway an overlay was bare but for its hints.
"""

from __future__ import annotations

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


def are_needed() -> bool:
    """Whether this is a desktop of that kind."""
    return current_session() is Session.WAYLAND


def _draw() -> None:
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.update()

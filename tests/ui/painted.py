"""For windows of other programs: whoever waits for the title finds them painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


def title_once_painted(window: QWidget, title: str) -> None:
    """Give a window its title when what it paints first has gone to the screen."""
    window.setWindowTitle("not yet painted")
    _FirstPaint(window, title)


class _FirstPaint(QObject):
    def __init__(self, window: QWidget, title: str) -> None:
        super().__init__(window)
        self._window = window
        self._title = title
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._window, self._set_title)  # behind the image, in the same connection
        return super().eventFilter(watched, event)

    def _set_title(self) -> None:
        self._window.setWindowTitle(self._title)

"""Letting Qt's event loop run from a script that drives the program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer


def spin(milliseconds: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def spin_until(done: Callable[[], bool], most_ms: int = 20_000) -> None:
    """Let the event loop run until something is so.

    Raises:
        TimeoutError: it was not within `most_ms`.
    """
    clock = QElapsedTimer()
    clock.start()
    while not done():
        if clock.elapsed() > most_ms:
            raise TimeoutError("what was waited for did not come")
        spin(2)

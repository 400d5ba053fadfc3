"""Letting a Qt program run inside a benchmark."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication


def wait(done: Callable[[], bool], most_s: float) -> None:
    """Let the event loop run until something is so.

    Raises:
        TimeoutError: it was not so within `most_s` seconds.
    """
    end = time.monotonic() + most_s
    while not done():
        QCoreApplication.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come")


def rest(seconds: float) -> None:
    """Let the event loop run for some time, with turns for others."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.005)

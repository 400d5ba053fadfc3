"""Waits until a window's layout stands still, so that what is read is what is drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

_MOST = 12
"""Rounds of events after which a window is given up."""


def _places(window: QWidget) -> list[tuple[int, int, int, int]]:
    return [one.geometry().getRect() for one in window.findChildren(QWidget)]  # type: ignore[misc]


def settle(app: QApplication, window: QWidget) -> bool:
    """Handle events until no widget moves any more; whether that came to an end."""
    before: list[tuple[int, int, int, int]] = []
    for _ in range(_MOST):
        app.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        app.processEvents()
        now = _places(window)
        if now == before:
            return True
        before = now
    return False

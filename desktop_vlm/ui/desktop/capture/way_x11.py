"""X11: the overlay, and windows that can be pointed at."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect

from desktop_vlm.ui.desktop.capture.way_qt import OverlayWay
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.theme import Theme


def make_x11_way(theme: Theme, parent: QObject) -> OverlayWay:
    """The overlay with X11's list of windows."""
    way = OverlayWay(theme, parent, windows=_windows)
    Background(way).run(_load, lambda _none: None)
    return way


def _load() -> None:
    """Loading python-xlib beside the first overlay would hold up its painting."""
    import desktop_vlm.ui.desktop.capture.x11_windows  # noqa: F401


def _windows() -> list[QRect]:
    from desktop_vlm.ui.desktop.capture.x11_windows import top_windows  # python-xlib, in the thread that needs it

    return top_windows()

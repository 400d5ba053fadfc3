"""X11: the overlay, and windows that can be pointed at."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect

from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.theme import Theme


def make_x11_backend(theme: Theme, parent: QObject) -> OverlayBackend:
    """The overlay with X11's list of windows."""
    backend = OverlayBackend(theme, parent, windows=_windows)
    Background(backend).run(_load, lambda _none: None)
    return backend


def _load() -> None:
    """Loading python-xlib beside the first overlay would hold up its painting."""
    import desktop_vlm.ui.desktop.capture.x11_windows  # noqa: F401


def _windows() -> list[QRect]:
    from desktop_vlm.ui.desktop.capture.x11_windows import top_windows  # python-xlib, in the thread that needs it

    return top_windows()

"""Which way to a picture of the screen this desktop has, best first."""

from __future__ import annotations

import os
from enum import Enum

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop_vlm.ui.desktop.capture.way import CaptureWay
from desktop_vlm.ui.theme import Theme


class Way(Enum):
    """Ordered by preference: the first that this desktop is capable of is taken."""

    PORTAL = "xdg-desktop-portal"
    X11 = "X11"
    QT = "Qt"

    @property
    def is_available(self) -> bool:
        """Whether this desktop is capable of it."""
        platform = QGuiApplication.platformName()
        if self is Way.PORTAL:  # on Wayland, a program under XWayland sees only others of its kind
            return platform.startswith("wayland") or (platform == "xcb" and "WAYLAND_DISPLAY" in os.environ)
        return self is Way.QT or platform == "xcb"

    def make(self, theme: Theme, parent: QObject) -> CaptureWay:
        """Get ready to capture in this way."""
        # Each brings its own dependencies, and none is needed before the first capture.
        if self is Way.PORTAL:
            from desktop_vlm.ui.desktop.capture.way_portal import PortalWay

            return PortalWay(parent)
        if self is Way.X11:
            from desktop_vlm.ui.desktop.capture.way_x11 import make_x11_way

            return make_x11_way(theme, parent)
        from desktop_vlm.ui.desktop.capture.way_qt import OverlayWay

        return OverlayWay(theme, parent)


def best_way(theme: Theme, parent: QObject) -> CaptureWay:
    """The best way on this desktop."""
    return next(way for way in Way if way.is_available).make(theme, parent)

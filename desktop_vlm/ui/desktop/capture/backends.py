"""Which backend takes screenshots on this desktop."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject

from desktop_vlm.ui.desktop.capture.backend import CaptureBackend
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.theme import Theme


class BackendKind(Enum):
    """The backends, ordered by preference: the first that serves the session is used."""

    PORTAL = "xdg-desktop-portal"
    X11 = "X11"
    QT = "Qt"

    def serves(self, session: Session) -> bool:
        """Whether this backend takes screenshots in such a session."""
        sessions = {BackendKind.PORTAL: {Session.WAYLAND}, BackendKind.X11: {Session.X11}}
        return session in sessions.get(self, set(Session))

    def make(self, theme: Theme, parent: QObject) -> CaptureBackend:
        """Make the backend; each brings its own dependencies, and none is needed before the first capture."""
        if self is BackendKind.PORTAL:
            from desktop_vlm.ui.desktop.capture.backend_portal import PortalBackend

            return PortalBackend(theme, parent)
        if self is BackendKind.X11:
            from desktop_vlm.ui.desktop.capture.backend_x11 import make_x11_backend

            return make_x11_backend(theme, parent)
        from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend

        return OverlayBackend(theme, parent)


def preferred_backend(theme: Theme, parent: QObject) -> CaptureBackend:
    """The backend for the session that this runs in."""
    session = current_session()
    return next(kind for kind in BackendKind if kind.serves(session)).make(theme, parent)

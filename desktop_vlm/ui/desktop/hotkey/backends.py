"""Which backend binds the global hotkeys of this desktop."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto

from desktop_vlm.ui.desktop.hotkey.backend import BackendFactory, HotkeyBackend, HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason
from desktop_vlm.ui.desktop.session import Session, current_session


class BackendKind(IntEnum):
    """The backends, ordered by preference: the first that serves the session is used."""

    WINDOWS = auto()
    MACOS = auto()
    PORTAL = auto()  # before X11: a grab through XWayland works only while an X11 window has the focus
    X11 = auto()
    NONE = auto()

    def serves(self, session: Session) -> bool:
        """Whether this backend binds hotkeys in such a session."""
        return self is BackendKind.NONE or session is _SESSIONS[self]


_SESSIONS: Mapping[BackendKind, Session] = {
    BackendKind.WINDOWS: Session.WINDOWS,
    BackendKind.MACOS: Session.MACOS,
    BackendKind.PORTAL: Session.WAYLAND,
    BackendKind.X11: Session.X11,
}


def preferred_kind() -> BackendKind:
    """The kind of backend for the session that this runs in."""
    session = current_session()
    return next(kind for kind in BackendKind if kind.serves(session))


def preferred_backend(listener: HotkeyListener) -> HotkeyBackend:
    """The backend for the session that this runs in.

    Each is imported only where it is used: it needs packages that are installed on its own platform only.
    """
    try:
        return _FACTORIES[preferred_kind()](listener)
    except ImportError:
        return NoHotkeys(listener)


def _windows(listener: HotkeyListener) -> HotkeyBackend:
    from desktop_vlm.ui.desktop.hotkey.backend_windows import WindowsHotkeys

    return WindowsHotkeys(listener)


def _macos(listener: HotkeyListener) -> HotkeyBackend:
    from desktop_vlm.ui.desktop.hotkey.backend_macos import MacHotkeys

    return MacHotkeys(listener)


def _portal(listener: HotkeyListener) -> HotkeyBackend:
    from desktop_vlm.ui.desktop.hotkey.backend_portal import PortalHotkeys

    return PortalHotkeys(listener)


def _x11(listener: HotkeyListener) -> HotkeyBackend:
    from desktop_vlm.ui.desktop.hotkey.backend_x11 import X11Hotkeys

    return X11Hotkeys(listener)


class NoHotkeys:
    """Where there are no global hotkeys: on a screen that nobody sees."""

    def __init__(self, listener: HotkeyListener) -> None:
        self._listener = listener

    def start(self, keys: Keys) -> None:
        for action, combination in keys.items():
            self.set_keys(action, combination)

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        unavailable = Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SCREEN)
        self._listener.bound(action, unavailable if keys else Binding(HotkeyStatus.UNSET))

    def configure(self) -> None:
        """There is none."""

    def stop(self) -> None:
        """Nothing is held."""


_FACTORIES: Mapping[BackendKind, BackendFactory] = {
    BackendKind.WINDOWS: _windows,
    BackendKind.MACOS: _macos,
    BackendKind.PORTAL: _portal,
    BackendKind.X11: _x11,
    BackendKind.NONE: NoHotkeys,
}

"""Whether the screen is locked or blanked: then there is nothing to see on it, and nobody to tell.

Linux says it on D-Bus: screen savers with `ActiveChanged`, and logind with the property `LockedHint` of the session;
each desktop has at least one of them. On Windows and macOS nobody is asked yet.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_vlm.ui.desktop.portal.bus import BUS, PROPERTIES, CallError, NoBusError, PortalBus, StoppedError, signal_of

SAVERS = tuple(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
LOGIND = "org.freedesktop.login1"
_LOGIND_SESSION = f"{LOGIND}.Session"
_ANSWER_S = 5.0

Tell = Callable[[str, bool], None]
"""Who says it, and whether it is locked."""


class ScreenLock(QObject):
    """Listens between `begin` and `end`, in a thread for each bus.

    Signals:
        changed: `is_locked` is another.
    """

    changed = Signal()
    _heard = Signal(int, str, bool)

    def __init__(
        self, parent: QObject | None = None, *, session_bus: str = "SESSION", system_bus: str = "SYSTEM"
    ) -> None:
        """The addresses are for tests."""
        super().__init__(parent)
        self._sources = ((session_bus, follow_savers), (system_bus, follow_logind))
        self._round = 0
        self._is_listening = False
        self._guard = threading.Lock()
        self._buses: list[PortalBus] = []
        self._locked: set[str] = set()
        self._heard.connect(self._take)

    @property
    def is_locked(self) -> bool:
        """Whether somebody says so."""
        return bool(self._locked)

    def begin(self) -> None:
        """Listen from now on."""
        if self._is_listening:
            return
        self._is_listening = True
        for address, follow in self._sources:
            arguments = (self._round, address, follow)
            threading.Thread(target=self._listen, args=arguments, name="screen-lock", daemon=True).start()

    def end(self) -> None:
        """Listen no more; the threads end by themselves, soon."""
        with self._guard:
            self._round += 1
            for bus in self._buses:
                bus.stop()
        self._is_listening = False
        self._locked.clear()

    def _listen(self, number: int, address: str, follow: Callable[[PortalBus, Tell, Callable[[], bool]], None]) -> None:
        try:
            bus = PortalBus(_ANSWER_S, address)
        except NoBusError:
            return
        with self._guard:
            if number == self._round:
                self._buses.append(bus)
        try:
            follow(bus, partial(self._tell, number), lambda: number == self._round)
        except (CallError, TimeoutError, NoBusError, StoppedError):
            pass  # nobody there says it
        finally:
            with self._guard:
                self._buses = [one for one in self._buses if one is not bus]
            bus.close()

    def _tell(self, number: int, source: str, is_locked: bool) -> None:
        with suppress(RuntimeError):  # the window is gone already
            self._heard.emit(number, source, is_locked)

    def _take(self, number: int, source: str, is_locked: bool) -> None:
        if number != self._round:
            return
        was_locked = self.is_locked
        (self._locked.add if is_locked else self._locked.discard)(source)
        if self.is_locked != was_locked:
            self.changed.emit()


def follow_savers(bus: PortalBus, tell: Tell, goes_on: Callable[[], bool]) -> None:
    """Tell what the screen savers say, until somebody wants it no more."""
    for name in SAVERS:
        bus.listen(interface=name, member="ActiveChanged")
        bus.listen(sender=BUS, interface=BUS, member="NameOwnerChanged", about=name)
    for name in SAVERS:
        with suppress(CallError, TimeoutError):  # not there, or it does not say
            bus.owner(name)
            active = bus.ask(name, f"/{name.replace('.', '/')}", name, "GetActive").body
            tell(name, active[:1] == (True,))
    while goes_on():
        signal = bus.next_signal(None)
        if signal is None:
            continue
        interface, member, _types, _path = signal_of(signal)
        if interface in SAVERS and member == "ActiveChanged":
            tell(interface, signal.body[:1] == (True,))
        elif interface == BUS and signal.body[:1] and signal.body[0] in SAVERS:
            tell(signal.body[0], False)  # who ended, or is new, has not locked anything yet


def follow_logind(bus: PortalBus, tell: Tell, goes_on: Callable[[], bool]) -> None:
    """Tell what logind says of this session, until somebody wants it no more."""
    number = os.environ.get("XDG_SESSION_ID") or "auto"
    found = bus.ask(LOGIND, "/org/freedesktop/login1", f"{LOGIND}.Manager", "GetSession", "s", (number,))
    path = str(found.body[0])
    bus.listen(sender=LOGIND, interface=PROPERTIES, member="PropertiesChanged", path=path)
    hint = bus.ask(LOGIND, path, PROPERTIES, "Get", "ss", (_LOGIND_SESSION, "LockedHint")).body[0]
    tell(LOGIND, hint == ("b", True))
    while goes_on():
        signal = bus.next_signal(None)
        if signal is not None and signal_of(signal)[1] == "PropertiesChanged" and len(signal.body) == 3:
            hint = signal.body[1].get("LockedHint")
            if hint is not None:
                tell(LOGIND, hint == ("b", True))

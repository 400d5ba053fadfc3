"""A locked screen is heard of from screen savers and from logind, on a bus of our own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.common import RouterClosed
from jeepney.io.threading import ReceiveStopped, open_dbus_connection
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.desktop.portal.bus import PROPERTIES
from desktop_vlm.ui.desktop.screen_lock import LOGIND, ScreenLock
from tests.ui.session_bus import SessionBus

SAVER = "org.gnome.ScreenSaver"
SAVER_PATH = "/org/gnome/ScreenSaver"
SESSION_PATH = "/org/freedesktop/login1/session/_31"


class Desktop:
    """Owns a screen saver's name and logind's, answers what is asked, and says what a test wants.

    Attributes:
        is_active, hint: what is answered.
        asked: methods that were called.
    """

    def __init__(self, address: str) -> None:
        self.is_active = self.hint = False
        self.asked: set[str] = set()
        self._connection = open_dbus_connection(address)
        for name in (SAVER, LOGIND):
            self._connection.send(message_bus.RequestName(name))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(ReceiveStopped, RouterClosed, OSError):
            while True:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)

    def _answer(self, call: Message) -> None:
        member = call.header.fields[HeaderFields.member]
        signature, body = {
            "GetActive": ("b", (self.is_active,)),
            "GetSession": ("o", (SESSION_PATH,)),
            "Get": ("v", (("b", self.hint),)),
        }[member]
        self._connection.send(new_method_return(call, signature, body))
        self.asked.add(member)

    def saver_says(self, is_active: bool) -> None:
        address = DBusAddress(SAVER_PATH, interface=SAVER)
        self._connection.send(new_signal(address, "ActiveChanged", "b", (is_active,)))

    def logind_says(self, hint: bool) -> None:
        address = DBusAddress(SESSION_PATH, interface=PROPERTIES)
        changed = {"LockedHint": ("b", hint)}
        body: tuple[object, ...] = (f"{LOGIND}.Session", changed, [])
        self._connection.send(new_signal(address, "PropertiesChanged", "sa{sv}as", body))

    def end(self) -> None:
        if self._thread.is_alive():
            self._connection.interrupt()
            self._thread.join(60)
            self._connection.close()


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    made = SessionBus()
    yield made
    made.end()


@pytest.fixture
def desktop(bus: SessionBus) -> Iterator[Desktop]:
    made = Desktop(bus.address)
    yield made
    made.end()


@pytest.fixture
def lock(bus: SessionBus, qtbot: QtBot) -> Iterator[ScreenLock]:
    del qtbot  # there is an application
    made = ScreenLock(session_bus=bus.address, system_bus=bus.address)
    yield made
    made.end()


def test_who_locks_is_heard_and_so_is_who_ends(lock: ScreenLock, desktop: Desktop, qtbot: QtBot) -> None:
    lock.begin()
    qtbot.waitUntil(lambda: {"GetActive", "Get"} <= desktop.asked)
    assert not lock.is_locked
    changes: list[bool] = []
    lock.changed.connect(lambda: changes.append(lock.is_locked))
    desktop.saver_says(True)
    qtbot.waitUntil(lambda: lock.is_locked)
    desktop.logind_says(True)
    desktop.saver_says(False)
    desktop.logind_says(False)
    qtbot.waitUntil(lambda: not lock.is_locked)
    assert changes[0] is True
    assert changes[-1] is False
    desktop.saver_says(True)
    qtbot.waitUntil(lambda: lock.is_locked)
    desktop.end()  # a screen saver that crashed locks nothing any more
    qtbot.waitUntil(lambda: not lock.is_locked)


def test_a_screen_that_is_locked_already_is_known(lock: ScreenLock, desktop: Desktop, qtbot: QtBot) -> None:
    desktop.hint = True
    lock.begin()
    qtbot.waitUntil(lambda: lock.is_locked)
    lock.end()
    assert not lock.is_locked
    desktop.is_active, desktop.hint = True, False
    lock.begin()
    qtbot.waitUntil(lambda: lock.is_locked)


def test_where_nobody_says_it_nothing_is_locked(qtbot: QtBot) -> None:
    lock = ScreenLock(session_bus="unix:path=/nonexistent", system_bus="unix:path=/nonexistent")
    lock.begin()
    qtbot.waitUntil(lambda: not any(one.name == "screen-lock" for one in threading.enumerate()))
    assert not lock.is_locked
    lock.end()

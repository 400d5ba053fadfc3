"""A session bus of our own, and a screenshot portal on it that does what a test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import new_signal

from tests.ui.session_bus import SessionBus

STORE = "org.freedesktop.impl.portal.PermissionStore"
NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"


@contextmanager
def session_bus() -> Iterator[str]:
    """The address of a bus that lives as long as the block."""
    bus = SessionBus()
    try:
        yield bus.address
    finally:
        bus.end()


@dataclass
class Behaviour:
    """How the portal is.

    Attributes:
        properties: of its interface Screenshot; None when it has no backend for it.
        code: of the Response; None when it never answers.
        uri: of the picture.
        error: the name of the D-Bus error that the call gets instead.
        ends_after_call: it leaves the bus before it answers, as when it is restarted.
        own_path: it makes up the path of the request, as before version 0.9.
        is_mute: it answers no call at all.
        answers: what people answered to the question whether screenshots are allowed, by app; None where nobody keeps
            that.
    """

    properties: dict[str, tuple[str, object]] | None = field(
        default_factory=lambda: dict[str, tuple[str, object]](version=("u", 3), AvailableTargets=("u", 1 | 2 | 4))
    )
    code: int | None = 0
    uri: str = ""
    error: str = ""
    ends_after_call: bool = False
    own_path: bool = False
    is_mute: bool = False
    answers: dict[str, list[str]] | None = None


class MockPortal:
    """Answers in a thread.

    Attributes:
        asked: the options of every call of Screenshot, without their types and the token.
        apps: what registered itself.
        closed: the requests that were closed.
        was_closed: set with the first of them.
    """

    def __init__(self, address: str, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.asked: list[dict[str, object]] = []
        self.apps: list[str] = []
        self.closed: list[str] = []
        self.was_asked = threading.Event()
        self.was_closed = threading.Event()
        self._address = address
        self._end = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> MockPortal:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join(60)

    def _serve(self) -> None:
        with open_dbus_connection(self._address) as bus:
            for name in (NAME, STORE) if self.behaviour.answers is not None else (NAME,):
                bus.send_and_get_reply(message_bus.RequestName(name))
            self._ready.set()
            while not self._end.is_set():
                try:
                    message = bus.receive(timeout=0.02)
                except TimeoutError:
                    continue
                if message.header.message_type is MessageType.method_call and not self.behaviour.is_mute:
                    self._answer(bus, message)

    def _answer(self, bus: DBusConnection, call: Message) -> None:
        fields: dict[Any, Any] = call.header.fields
        member = fields[HeaderFields.member]
        if member == "GetAll":
            if self.behaviour.properties is None:
                bus.send(new_error(call, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("No such interface",)))
            else:
                bus.send(new_method_return(call, "a{sv}", (self.behaviour.properties,)))
        elif member == "Register":
            self.apps.append(call.body[0])
            bus.send(new_method_return(call))
        elif member == "Lookup":
            if self.behaviour.answers:
                bus.send(new_method_return(call, "a{sas}v", (self.behaviour.answers, ("y", 0))))
            else:
                bus.send(new_error(call, "org.freedesktop.portal.Error.NotFound", "s", ("No entry",)))
        elif member == "Close":
            self.closed.append(fields[HeaderFields.path])
            self.was_closed.set()
            bus.send(new_method_return(call))
        elif member == "Screenshot":
            self._screenshot(bus, call)

    def _screenshot(self, bus: DBusConnection, call: Message) -> None:
        options = {name: value for name, (_type, value) in call.body[1].items()}
        token = str(options.pop("handle_token"))
        self.asked.append(options)
        self.was_asked.set()
        if self.behaviour.error:
            bus.send(new_error(call, self.behaviour.error, "s", ("as the test says",)))
            return
        sender = call.header.fields[HeaderFields.sender]
        path = f"{PATH}/request/{sender.removeprefix(':').replace('.', '_')}/{token}"
        if self.behaviour.own_path:
            path = f"{PATH}/request/12345"
        bus.send(new_method_return(call, "o", (path,)))
        if self.behaviour.ends_after_call:
            self._end.set()
        elif self.behaviour.code is not None:
            results = {"uri": ("s", self.behaviour.uri)} if self.behaviour.uri else {}
            request = DBusAddress(path, interface="org.freedesktop.portal.Request")
            signal = new_signal(request, "Response", "ua{sv}", (self.behaviour.code, results))
            signal.header.fields[HeaderFields.destination] = sender
            bus.send(signal)


def uri_of(file: Path) -> str:
    """As the desktop writes it: with escapes."""
    return file.as_uri()

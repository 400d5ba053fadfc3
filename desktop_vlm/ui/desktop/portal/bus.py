"""The connection to the desktop portal: calls with limits, and signals one after the other.

jeepney speaks D-Bus here, on a connection of its own: QtDBus cannot send every type that the portal wants. `listen` and
`ask` are for others on the bus.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from contextlib import suppress
from typing import Any

from jeepney import (
    AuthenticationError,
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.io.common import RouterClosed
from jeepney.io.threading import ReceiveStopped, open_dbus_connection

PORTAL = "org.freedesktop.portal.Desktop"
OBJECT = "/org/freedesktop/portal/desktop"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
REGISTRY = "org.freedesktop.host.portal.Registry"
PROPERTIES = "org.freedesktop.DBus.Properties"
BUS = "org.freedesktop.DBus"

_LOG = logging.getLogger(__name__)

_CONNECT_S = 5.0


class NoBusError(Exception):
    """There is no session bus, or it went away."""


class CallError(Exception):
    """A call was answered with an error.

    Attributes:
        name: of the error, as D-Bus has it.
        sender: who answered.
    """

    def __init__(self, name: str, sender: str) -> None:
        super().__init__(name)
        self.name = name
        self.sender = sender


class StoppedError(Exception):
    """The program ends."""


class PortalBus:
    """One connection to the session bus, used by one thread; only `wake` and `stop` come from others.

    Args:
        answer_s: longest time to wait for the answer to a call.
        address: of the bus; that of the session's bus is found by itself.

    Raises:
        NoBusError: there is no session bus.
    """

    def __init__(self, answer_s: float, address: str = "SESSION") -> None:
        self._answer_s = answer_s
        self._waiting: deque[Message] = deque()
        self._is_woken = False
        self._is_stopped = False
        self._n_tokens = 0
        try:
            self._connection = open_dbus_connection(address, auth_timeout=_CONNECT_S)
        # KeyError: no variable with its address; the others: an address or an answer that nobody understands.
        except (OSError, KeyError, ValueError, RuntimeError, StopIteration, AuthenticationError, RouterClosed) as error:
            raise NoBusError(str(error)) from error
        self.name: str = self._connection.unique_name

    def subscribe(self, *interfaces: str) -> None:
        """Ask for the portal's signals of these interfaces, and for one when the portal comes or goes."""
        for one in interfaces:
            self.listen(sender=PORTAL, interface=one)
        self.listen(sender=BUS, interface=BUS, member="NameOwnerChanged", about=PORTAL)

    def listen(self, *, about: str = "", **conditions: str) -> None:
        """Ask for signals with this sender, interface, member or path; `about` is what they name first.

        Raises as `call`.
        """
        rule = MatchRule(type="signal", **conditions)
        if about:
            rule.add_arg_condition(0, about)
        self._send(message_bus.AddMatch(rule))

    def call(self, interface: str, method: str, signature: str, body: tuple[Any, ...], path: str = OBJECT) -> Message:
        """Call the portal; signals that come meanwhile are kept.

        Raises:
            CallError: it answered with an error.
            TimeoutError: it did not answer.
            StoppedError: `stop` was called meanwhile.
            NoBusError: the bus went away.
        """
        return self.ask(PORTAL, path, interface, method, signature, body)

    def ask(
        self, name: str, path: str, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Message:
        """Call somebody on the bus by name. Raises as `call`."""
        address = DBusAddress(path, bus_name=name, interface=interface)
        return self._send(new_method_call(address, method, signature or None, body))

    def register(self, app_id: str) -> str:
        """Say who we are, once for each portal and before anything else: permissions are remembered by it.

        Returns the unique name of the portal, "" where nobody answered. Older portals lack the method and find out by
        themselves; newer ones refuse while no .desktop file is installed. Both can go on.

        Raises:
            TimeoutError, StoppedError, NoBusError: as `call`.
        """
        try:
            return sender_of(self.call(REGISTRY, "Register", "sa{sv}", (app_id, {})))
        except CallError as error:
            _LOG.info("the desktop portal did not register us: %s", error)
            return error.sender if error.sender != BUS else ""

    def owner(self, name: str = PORTAL) -> str:
        """The unique name of the portal, or of somebody else, that runs.

        Raises:
            CallError: none runs.
        """
        return str(self._send(message_bus.GetNameOwner(name)).body[0])

    def next_signal(self, timeout_s: float | None) -> Message | None:
        """The next signal; None when the time is over or somebody called `wake`.

        Raises:
            NoBusError: the bus went away.
        """
        if self._waiting:
            return self._waiting.popleft()
        if self._is_woken:
            self._is_woken = False
            return None
        try:
            message = self._receive(timeout_s)
        except TimeoutError:
            return None
        if message is None:
            self._is_woken = False
        elif message.header.message_type is not MessageType.signal:
            return None  # the late answer to a call that nobody waits for any more
        return message

    def new_token(self) -> str:
        """A name for a request or a session that this connection has not used yet."""
        self._n_tokens += 1
        return f"desktop_vlm_{self._n_tokens}"

    def request_path(self, token: str) -> str:
        """Where the portal answers the request with that token."""
        return f"{OBJECT}/request/{self.name.removeprefix(':').replace('.', '_')}/{token}"

    def wake(self) -> None:
        """Let `next_signal` return; may be called from any thread."""
        with suppress(OSError):
            self._connection.interrupt()

    def stop(self) -> None:
        """Let everything return; may be called from any thread."""
        self._is_stopped = True
        self.wake()

    def close(self) -> None:
        """Leave the bus."""
        with suppress(OSError):
            self._connection.close()

    def _send(self, message: Message) -> Message:
        serial = next(self._connection.outgoing_serial)
        end = time.monotonic() + self._answer_s
        try:
            self._connection.send(message, serial=serial)
        except OSError as error:
            raise NoBusError(str(error)) from error
        while True:
            answer = self._receive(max(0.001, end - time.monotonic()))
            if self._is_stopped:
                raise StoppedError
            if answer is None:
                continue
            fields = answer.header.fields
            if fields.get(HeaderFields.reply_serial) != serial:
                if answer.header.message_type is MessageType.signal:
                    self._waiting.append(answer)
                continue
            if answer.header.message_type is MessageType.error:
                raise CallError(fields.get(HeaderFields.error_name, ""), fields.get(HeaderFields.sender, ""))
            return answer

    def _receive(self, timeout_s: float | None) -> Message | None:
        """The next message; None when woken."""
        try:
            return self._connection.receive(timeout=timeout_s)
        except ReceiveStopped:
            self._connection.reset_interrupt()
            self._is_woken = True
            return None
        except TimeoutError:  # an OSError, too
            raise
        except OSError as error:
            raise NoBusError(str(error)) from error


def sender_of(message: Message) -> str:
    """The unique name of who sent a message."""
    return str(message.header.fields.get(HeaderFields.sender, ""))


def signal_of(message: Message) -> tuple[str, str, str, str]:
    """Interface, name, types and path of a signal."""
    fields = message.header.fields
    names = (HeaderFields.interface, HeaderFields.member, HeaderFields.signature, HeaderFields.path)
    interface, member, signature, path = (str(fields.get(name, "")) for name in names)
    return interface, member, signature, path

"""Wayland: the desktop binds the keys for us, through the portal org.freedesktop.portal.GlobalShortcuts.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html

The desktop has the last word on the keys: we only ask for keys, and show what it reports. A session can bind
once, so other keys mean a new session. Everything happens in a thread of its own, because the desktop may ask the
person first and take minutes.

Desktops differ in how they bind:

- GNOME 48, Hyprland: BindShortcuts asks the person, or nobody, and answers with all keys. GNOME 48.0 answers with
  them and with code 2, "ended in some other way", and the keys are bound all the same.
- Plasma 6: BindShortcuts asks for shortcuts that it has not seen before and may answer without any keys:
  ListShortcuts has them. What it has seen before keeps its keys, whatever is asked for. 6.3 opens its settings with
  every BindShortcuts, so that is left alone where a new session has all shortcuts already, which ListShortcuts tells.
- Plasma 5.27: CreateSession binds, silently, the shortcuts in its options. It answers with them, and from then on
  keeps their keys. BindShortcuts opens the desktop's settings and answers with nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.ui.desktop.hotkey.backend import HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.keys import combination, of_accelerator
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyAction, HotkeyStatus, Reason, action_label
from desktop_vlm.ui.desktop.portal.bus import (
    BUS,
    PORTAL,
    PROPERTIES,
    REQUEST,
    SESSION,
    CallError,
    NoBusError,
    PortalBus,
    StoppedError,
    sender_of,
    signal_of,
)

_LOG = logging.getLogger(__name__)

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"

_STOP_S = 2.0
_CONFIGURE_SINCE = 2
_GRANTED, _CANCELLED = 0, 1
_SESSION_TOKEN = "Desktop_VLM"
"""The same at every start: Plasma 5.27 keeps the keys under it, and shows it where it does not know the program."""
_NOT_THERE = ("ServiceUnknown", "NameHasNoOwner", "UnknownInterface", "UnknownMethod", "UnknownObject", "NoReply")

Order = Callable[["PortalShortcuts"], None]


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds.

    Attributes:
        answer_s: for the answer to a call; the portal may have to be started for it.
        session_s: for a new session.
        person_s: for the keys: the desktop may ask the person.
        return_s: for a portal that went away to come back by itself, before it is called.
        closed_again_s: a session that the desktop closes again within this time is not opened a third time.
    """

    answer_s: float = 10.0
    session_s: float = 10.0
    person_s: float = 600.0
    return_s: float = 1.0
    closed_again_s: float = 30.0


class PortalHotkeys:
    """The backend for Wayland."""

    def __init__(self, listener: HotkeyListener, limits: Limits | None = None) -> None:
        self._listener = listener
        self._limits = limits or Limits()
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._bus: PortalBus | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hotkey-portal", daemon=True)

    def start(self, keys: Keys) -> None:
        for action, requested in keys.items():
            self._orders.put(_request_keys(action, requested))
        self._thread.start()

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        self._order(_request_keys(action, keys))
        if not self._thread.is_alive():
            self._tell_all_without_portal()

    def configure(self) -> None:
        self._order(lambda shortcuts: shortcuts.configure())

    def stop(self) -> None:
        self._stopping.set()
        bus = self._bus
        if bus is not None:
            bus.stop()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def _order(self, order: Order) -> None:
        self._orders.put(order)
        bus = self._bus
        if bus is not None:
            bus.wake()

    def _run(self) -> None:
        try:
            bus = PortalBus(self._limits.answer_s)
        except NoBusError as error:
            _LOG.warning("no hotkeys: no session bus: %s", error)
            self._tell_all_without_portal()
            return
        self._bus = bus
        try:
            self._serve(bus)
        except StoppedError:
            pass
        except (NoBusError, CallError, TimeoutError) as error:
            _LOG.warning("hotkeys ended: %s", error)
            self._tell_all_without_portal()
        self._bus = None
        bus.close()  # the portal ends the session with it

    def _serve(self, bus: PortalBus) -> None:
        bus.subscribe(SHORTCUTS, REQUEST, SESSION)
        shortcuts = PortalShortcuts(bus, self._listener, self._limits)
        while not self._stopping.is_set():
            with suppress(Empty):
                while True:
                    self._orders.get_nowait()(shortcuts)
            timeout_s = shortcuts.work()
            message = bus.next_signal(timeout_s)
            if message is not None:
                shortcuts.handle(sender_of(message), *signal_of(message), message.body)

    def _tell_all_without_portal(self) -> None:
        for action in HotkeyAction:
            self._listener.bound(action, Binding(HotkeyStatus.ASK_DESKTOP, Reason.NO_PORTAL))


def _request_keys(action: HotkeyAction, keys: str) -> Order:
    return lambda shortcuts: shortcuts.want(action, keys)


class PortalShortcuts:
    """Our session with the portal, and what it goes through. Used by one thread.

    `_next` is what the answer to the open request leads to. Nothing waits for it: keys may be changed meanwhile, and
    the portal may go away.
    """

    def __init__(self, bus: PortalBus, listener: HotkeyListener, limits: Limits) -> None:
        self._bus = bus
        self._listener = listener
        self._limits = limits
        self._requested: dict[HotkeyAction, str] = {}
        self._owner = ""
        self._version = 0
        self._session = ""
        self._request = ""
        self._next: Callable[[int, dict[str, Any]], None] | None = None
        self._answer_by: float | None = None
        self._bind_at: float | None = None
        self._closed_at = -limits.closed_again_s
        self._has_all = False
        self._changed: set[HotkeyAction] = set()

    def want(self, action: HotkeyAction, keys: str) -> None:
        """Ask for other keys, with the next `work`."""
        if self._requested.get(action, keys) != keys:
            self._changed.add(action)
        self._requested[action] = keys
        self._bind_at = 0.0

    def configure(self) -> None:
        """Have the desktop show its dialog."""
        if not self._session or not self._can_configure:
            return
        try:
            if self._version >= _CONFIGURE_SINCE:
                self._bus.call(SHORTCUTS, "ConfigureShortcuts", "osa{sv}", (self._session, "", {}))
            else:
                # Its answer says nothing: ShortcutsChanged tells what the person did.
                options = {"handle_token": ("s", self._bus.new_token())}
                body = (self._session, self._to_bind(), "", options)
                self._bus.call(SHORTCUTS, "BindShortcuts", "oa(sa{sv})sa{sv}", body)
        except (CallError, TimeoutError) as error:
            _LOG.warning("the desktop shows no dialog for shortcuts: %s", error)

    @property
    def _can_configure(self) -> bool:
        return self._version >= _CONFIGURE_SINCE or self._has_all

    def _to_bind(self) -> list[tuple[str, dict[str, tuple[str, str]]]]:
        """The shortcuts as the portal takes them."""
        return [
            (action.value, {"description": ("s", action_label(action)), "preferred_trigger": ("s", found.trigger)})
            for action, keys in self._requested.items()
            if (found := combination(keys))
        ]

    def work(self) -> float | None:
        """Do what is due; returns the seconds until something is again."""
        now = time.monotonic()
        if self._bind_at is not None and now >= self._bind_at:
            self._bind()
        if self._answer_by is not None and now >= self._answer_by:
            self._fail(Reason.NO_ANSWER)
            self._close_session()
        due = [one for one in (self._bind_at, self._answer_by) if one is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def handle(self, sender: str, interface: str, member: str, signature: str, path: str, body: Any) -> None:
        """Handle a signal of the bus or of the portal; others are not believed."""
        event = (interface, member, signature)
        if sender == BUS and event == (BUS, "NameOwnerChanged", "sss"):
            self._owner_changed(*body)
        elif sender != self._owner:
            return
        elif event == (REQUEST, "Response", "ua{sv}") and path == self._request:
            self._answered(*body)
        elif (interface, member) == (SESSION, "Closed"):
            self._closed(path)
        elif event == (SHORTCUTS, "Activated", "osta{sv}"):
            self._activated(*body)
        elif event == (SHORTCUTS, "ShortcutsChanged", "oa(sa{sv})") and body[0] == self._session:
            self._take(body[1], is_all=False)

    def _bind(self) -> None:
        """Start over with a new session."""
        self._bind_at = None
        self._close_session()
        for action, keys in self._requested.items():
            if not keys:
                self._listener.bound(action, Binding(HotkeyStatus.UNSET))
        if not any(self._requested.values()):
            return
        try:
            self._register()
            answer = self._bus.call(PROPERTIES, "Get", "ss", (SHORTCUTS, "version"))
            self._version = int(answer.body[0][1])
        except (CallError, ValueError, TypeError) as error:
            _LOG.info("the desktop has no portal for shortcuts: %s", error)
            self._fail(Reason.NO_PORTAL)
            return
        except TimeoutError:
            self._fail(Reason.NO_ANSWER)
            return
        options = {"session_handle_token": ("s", _SESSION_TOKEN), "shortcuts": ("a(sa{sv})", self._to_bind())}
        self._ask("CreateSession", "a{sv}", (), options, self._session_made, self._limits.session_s)

    def _register(self) -> None:
        if not self._owner:
            self._owner = self._bus.register(APPLICATION_ID)

    def _ask(
        self,
        method: str,
        signature: str,
        body: tuple[Any, ...],
        options: dict[str, Any],
        then: Callable[[int, dict[str, Any]], None],
        within_s: float,
    ) -> None:
        """Call a method whose result comes later, as a signal."""
        token = self._bus.new_token()
        self._next = then
        self._request = self._bus.request_path(token)
        self._answer_by = time.monotonic() + within_s
        try:
            answer = self._bus.call(SHORTCUTS, method, signature, (*body, {**options, "handle_token": ("s", token)}))
        except CallError as error:
            _LOG.warning("%s: %s", method, error)
            self._fail(Reason.NO_PORTAL if error.name.endswith(_NOT_THERE) else Reason.REFUSED)
        except TimeoutError:
            self._fail(Reason.NO_ANSWER)
        else:
            self._request = str(answer.body[0])

    def _answered(self, response: int, results: dict[str, Any]) -> None:
        then, self._next = self._next, None
        self._request, self._answer_by = "", None
        if then is not None:
            then(response, results)

    def _session_made(self, response: int, results: dict[str, Any]) -> None:
        session = str(results.get("session_handle", ("s", ""))[1])
        if response != _GRANTED or not session:
            self._fail(Reason.CANCELLED if response == _CANCELLED else Reason.REFUSED)
            return
        self._session = session
        requested = self._to_bind()
        bound = _shortcuts_of(results)
        self._has_all = _has(bound, requested)
        if self._has_all:
            self._take(bound, is_all=True)
        else:
            self._ask("ListShortcuts", "oa{sv}", (session,), {}, self._known, self._limits.session_s)

    def _known(self, response: int, results: dict[str, Any]) -> None:
        """What the session had before anything was bound in it."""
        bound, requested = _shortcuts_of(results), self._to_bind()
        self._has_all = response == _GRANTED and _has(bound, requested)
        if self._has_all:
            self._take(bound, is_all=True)
            return
        body = (self._session, requested, "")
        self._ask("BindShortcuts", "oa(sa{sv})sa{sv}", body, {}, self._bound, self._limits.person_s)

    def _bound(self, response: int, results: dict[str, Any]) -> None:
        bound = _shortcuts_of(results)
        if response != _CANCELLED and bound:
            self._take(bound, is_all=True)
        elif response != _GRANTED:
            self._fail(Reason.CANCELLED if response == _CANCELLED else Reason.REFUSED)
        else:
            self._ask("ListShortcuts", "oa{sv}", (self._session,), {}, self._listed, self._limits.session_s)

    def _listed(self, response: int, results: dict[str, Any]) -> None:
        self._take(_shortcuts_of(results) if response == _GRANTED else [], is_all=True)

    def _take(self, shortcuts: list[tuple[str, dict[str, Any]]], *, is_all: bool) -> None:
        """Tell which keys the desktop has bound."""
        reported = {name: _trigger_of(about) for name, about in shortcuts}
        can_configure = self._can_configure
        for action, keys in self._requested.items():
            if not keys or (action.value not in reported and not is_all):
                continue
            trigger = reported.get(action.value)
            if trigger:
                same = combination(trigger) == combination(keys)
                kept = Reason.KEPT if action in self._changed and not same else Reason.NONE
                binding = Binding(HotkeyStatus.ACTIVE, kept, keys="" if same else trigger, can_configure=can_configure)
            else:
                reason = Reason.REFUSED if trigger is None else Reason.NO_KEYS_YET
                binding = Binding(HotkeyStatus.ASK_DESKTOP, reason, can_configure=can_configure)
            self._listener.bound(action, binding)

    def _activated(self, session: str, name: str, _timestamp: int, options: dict[str, Any]) -> None:
        if session == self._session and name in set(HotkeyAction):
            self._listener.pressed(HotkeyAction(name), str(options.get("activation_token", ("s", ""))[1]))

    def _closed(self, session: str) -> None:
        """The desktop ended the session: try once more, unless it does so again and again."""
        if session != self._session:
            return
        self._session = ""
        before, self._closed_at = self._closed_at, time.monotonic()
        if self._closed_at - before < self._limits.closed_again_s:
            self._fail(Reason.CLOSED)
        else:
            self._bind()

    def _owner_changed(self, name: str, old: str, new: str) -> None:
        if name != PORTAL:
            return
        if old and old == self._owner:
            self._forget()
            self._tell_requested(Binding(HotkeyStatus.UNAVAILABLE, Reason.STARTING))
            self._bind_at = time.monotonic() + self._limits.return_s
        if new and new != self._owner:
            self._forget()
            self._bind_at = 0.0

    def _forget(self) -> None:
        """What was agreed with a portal that is gone."""
        self._owner = self._session = self._request = ""
        self._next = self._answer_by = None

    def _close_session(self) -> None:
        for path, interface in ((self._request, REQUEST), (self._session, SESSION)):
            if path:
                with suppress(CallError, TimeoutError):
                    self._bus.call(interface, "Close", "", (), path)
        self._session = self._request = ""
        self._next = self._answer_by = None

    def _fail(self, reason: Reason) -> None:
        self._next = self._answer_by = None
        self._tell_requested(Binding(HotkeyStatus.ASK_DESKTOP, reason))

    def _tell_requested(self, binding: Binding) -> None:
        for action, keys in self._requested.items():
            if keys:
                self._listener.bound(action, binding)


def _has(bound: list[tuple[str, Any]], requested: list[tuple[str, Any]]) -> bool:
    """Whether all that were asked for are bound."""
    return bool(requested) and {name for name, _ in requested} <= {name for name, _ in bound}


def _trigger_of(about: dict[str, Any]) -> str:
    """The keys of a shortcut: Qt's portable text where they are known, else the desktop's own words; "" for none."""
    words = str(about.get("trigger_description", ("s", ""))[1]).strip()
    return of_accelerator(words) or words


def _shortcuts_of(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The shortcuts of an answer, none where it has none."""
    return list(results.get("shortcuts", ("a(sa{sv})", []))[1])

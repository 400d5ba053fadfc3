"""A desktop portal for tests, on the session bus: `portal_mock.py`, reported what to be by lines on its input.

Each line is a JSON object: {"do": "answer"} changes how calls are answered, the others send a signal or end.
Each call that it gets is a line of its output.
"""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

PORTAL = "org.freedesktop.portal.Desktop"
OBJECT = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


class MockPortal:
    """Answers calls as `answers` says.

    Attributes:
        answers: what to do. "registry", "shortcuts": whether the interfaces are there; "version": of the second;
            "create", "bind": response codes, or an error's name; "triggers": shortcut -> the keys that it gets, where
            those left out are not bound at all; "silent": methods that get no answer; "desktop": which one's ways it
            has, "GNOME 48" unless it is said: BindShortcuts answers with all keys. "Plasma 6": keys that were bound
            once stay, and BindShortcuts names none where it had to ask. "Plasma 5.27": CreateSession binds, and
            BindShortcuts only opens the settings.
        kept: what Plasma has stored: shortcut -> keys.
    """

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.connection: DBusConnection = open_dbus_connection("SESSION")
        self.client = ""
        self.session = ""
        self.shortcuts: list[tuple[str, dict[str, Any]]] = []
        self.kept: dict[str, str] = {}
        self.connection.send_and_get_reply(message_bus.RequestName(PORTAL), timeout=60)
        self.say("ready")

    def say(self, *what: object) -> None:
        print(json.dumps(what), flush=True)

    def serve(self) -> None:
        while True:
            self.receive()  # first: what was read together with an answer wakes nobody
            readable, _, _ = select.select([self.connection.sock, 0], [], [])
            if 0 in readable:
                # Unbuffered, so that no line waits unseen.
                for line in os.read(0, 65536).decode().splitlines():
                    self.obey(json.loads(line))

    def receive(self) -> None:
        while True:
            try:
                message = self.connection.receive(timeout=0)
            except TimeoutError:
                return
            if message.header.message_type is MessageType.method_call:
                self.called(message)

    def called(self, message: Message) -> None:
        fields = message.header.fields
        interface, method = fields[HeaderFields.interface], fields[HeaderFields.member]
        self.client = fields[HeaderFields.sender]
        self.say(method, *message.body)
        if method in self.answers.get("silent", ()):
            return
        missing = {"org.freedesktop.host.portal.Registry": "registry", SHORTCUTS: "shortcuts"}.get(interface, "")
        about = message.body[0] if method == "Get" else ""
        if not self.answers.get(missing, True) or (about == SHORTCUTS and not self.answers.get("shortcuts", True)):
            error = "InvalidArgs" if method == "Get" else "UnknownMethod"
            self.connection.send(new_error(message, f"org.freedesktop.DBus.Error.{error}", "s", ("no such",)))
            return
        if method == "CreateSession":
            self.create(message)
        elif method == "BindShortcuts":
            self.bind(message)
        elif method == "ListShortcuts":
            self.answer(message, message.body[1], "list", {"shortcuts": ("a(sa{sv})", self.bound())})
        elif method == "Get":
            self.connection.send(new_method_return(message, "v", (("u", self.answers.get("version", 1)),)))
        else:
            self.connection.send(new_method_return(message))

    def create(self, message: Message) -> None:
        (options,) = message.body
        self.session = self.path("session", options["session_handle_token"])
        results: dict[str, Any] = {"session_handle": ("s", self.session)}
        self.shortcuts = []
        if self.answers.get("desktop") == "Plasma 6":  # a session has at once what an earlier one has bound
            self.shortcuts = [
                (name, {"description": ("s", name), "preferred_trigger": ("s", keys)})
                for name, keys in self.kept.items()
            ]
        if self.answers.get("desktop") == "Plasma 5.27":
            self.shortcuts = options["shortcuts"][1]
            results["shortcuts"] = ("a(sa{sv})", self.bound())
        self.answer(message, options, "create", results)

    def bind(self, message: Message) -> None:
        _session, self.shortcuts, _parent, options = message.body
        bound = self.bound()
        if self.answers.get("desktop") == "Plasma 5.27" or (self.answers.get("desktop") == "Plasma 6" and self.is_new):
            bound = []
        self.answer(message, options, "bind", {"shortcuts": ("a(sa{sv})", bound)} if bound else {})

    def bound(self) -> list[tuple[str, dict[str, Any]]]:
        """The shortcuts with the keys that they get."""
        triggers = self.answers.get("triggers")
        keeps = self.answers.get("desktop", "").startswith("Plasma")
        asked = {name: about["preferred_trigger"][1] for name, about in self.shortcuts}
        self.is_new = not asked.keys() <= self.kept.keys()
        if keeps:
            self.kept = {**asked, **(triggers or {}), **self.kept}
            triggers = self.kept
        return [
            (name, {"description": about["description"], "trigger_description": ("s", trigger)})
            for name, about in self.shortcuts
            if (trigger := asked[name] if triggers is None else triggers.get(name)) is not None
        ]

    def answer(self, message: Message, options: dict[str, Any], about: str, results: dict[str, Any]) -> None:
        code = self.answers.get(about, 0)
        if isinstance(code, str):
            self.connection.send(new_error(message, code, "s", ("refused",)))
            return
        request = self.path("request", options["handle_token"])
        self.connection.send(new_method_return(message, "o", (request,)))
        if code >= 0:
            has_results = code == 0 or self.answers.get("desktop") == "GNOME 48"
            body = (code, results if has_results else {})
            self.signal("org.freedesktop.portal.Request", "Response", "ua{sv}", body, request)

    def obey(self, order: dict[str, Any]) -> None:
        what = order.pop("do")
        if what == "answer":
            self.answers = order
        elif what == "press":
            options = {"activation_token": ("s", order["token"])} if "token" in order else {}
            body = (order.get("session", self.session), order["name"], 7, options)
            self.signal(SHORTCUTS, "Activated", "osta{sv}", body)
        elif what == "change":
            changed = [(name, {"trigger_description": ("s", keys)}) for name, keys in order["triggers"].items()]
            self.signal(SHORTCUTS, "ShortcutsChanged", "oa(sa{sv})", (self.session, changed))
        elif what == "close":
            self.signal("org.freedesktop.portal.Session", "Closed", "a{sv}", ({},), self.session)
        elif what == "leave":
            self.connection.send_and_get_reply(message_bus.ReleaseName(PORTAL), timeout=60)
            self.connection.close()
            self.say("left")
            if "back" not in order:
                sys.exit(0)
            self.__init__(self.answers)  # type: ignore[misc]  # another portal, with another name on the bus

    def signal(self, interface: str, name: str, types: str, body: tuple[Any, ...], path: str = OBJECT) -> None:
        message = new_signal(DBusAddress(path, interface=interface), name, types, body)
        message.header.fields[HeaderFields.destination] = self.client
        self.connection.send(message)

    def path(self, kind: str, token: tuple[str, str]) -> str:
        return f"{OBJECT}/{kind}/{self.client.removeprefix(':').replace('.', '_')}/{token[1]}"


if __name__ == "__main__":
    try:
        MockPortal(json.loads(sys.argv[1])).serve()
    except (ConnectionResetError, DBusErrorResponse):
        sys.exit(1)

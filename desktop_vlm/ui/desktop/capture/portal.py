"""The portal org.freedesktop.portal.Screenshot of a Wayland desktop, over D-Bus. No widgets: it runs in a thread.

The portal answers in two steps: the call returns the path of a request, and the request sends one signal, Response,
when the person is done. https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Screenshot.html
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jeepney import DBusAddress, DBusErrorResponse, MatchRule, Message, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.images.open import MAX_FILE_BYTES
from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.wording import paste_instead, tr

_log = logging.getLogger(__name__)

_NAME, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_PORTAL = DBusAddress(_PATH, _NAME, "org.freedesktop.portal.Screenshot")
_REGISTRY = DBusAddress(_PATH, _NAME, "org.freedesktop.host.portal.Registry")
_REQUEST = "org.freedesktop.portal.Request"

_TARGETS = {CaptureMode.REGION: 4, CaptureMode.LAST: 4, CaptureMode.SCREEN: 1, CaptureMode.WINDOW: 2}
"""Bits of the property AvailableTargets, since version 3."""

_POLL_S = 0.1
"""How often the thread looks whether the person gave up in our window."""

_ABSENT = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.InvalidArgs",  # what GetAll says of an interface that is not there
    "org.freedesktop.portal.Error.NotFound",
}
_DENIED = {"org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.portal.Error.NotAllowed"}
_GONE = {"org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Disconnected"}


@dataclass(frozen=True)
class _Offer:
    """What this desktop's portal is capable of."""

    version: int
    targets: int

    def options(self, mode: CaptureMode, token: str) -> dict[str, tuple[str, object]]:
        """What to ask for. Version 1 knows of no choice: it gives the whole screen, or asks as it likes."""
        options: dict[str, tuple[str, object]] = {"handle_token": ("s", token), "modal": ("b", True)}
        target = _TARGETS[mode]
        if self.version >= 3 and self.targets & target:
            options["target"] = ("u", target)
            options["interactive"] = ("b", False)  # the target says what to choose: no dialog before it
        elif self.version >= 2:
            options["interactive"] = ("b", mode is not CaptureMode.SCREEN)
        return options


class PortalScreenshot:
    """Asks for screenshots; every one has a connection of its own, so that a restarted portal does no harm."""

    def __init__(
        self, app_id: str, address: str = "SESSION", *, reply_timeout_s: float = 10.0, answer_timeout_s: float = 300.0
    ) -> None:
        """`app_id` is what the desktop remembers a permission for; `address` is that of the session's bus."""
        self._app_id = app_id
        self._address = address
        self._reply_timeout_s = reply_timeout_s
        self._answer_timeout_s = answer_timeout_s

    def take(self, mode: CaptureMode, given_up: threading.Event) -> bytes:
        """The content of the file that the desktop made; the file itself is deleted.

        Raises:
            Cancelled: the person cancelled the desktop's dialog, or `given_up` was set.
            UserError: no screenshot, with the reason and the way out.
        """
        with self._bus() as bus:
            try:
                return _Conversation(bus, self._reply_timeout_s).screenshot(
                    self._app_id, mode, given_up, self._answer_timeout_s
                )
            except DBusErrorResponse as error:
                raise _sentence_for(error) from error
            except TimeoutError as error:
                raise UserError(
                    tr("The desktop's screenshot service does not answer; try again.") + " " + paste_instead()
                ) from error
            except (OSError, EOFError) as error:
                raise _ended() from error

    @contextmanager
    def _bus(self) -> Iterator[DBusConnection]:
        try:
            bus = open_dbus_connection(self._address)
        except (KeyError, OSError, RuntimeError, ValueError, StopIteration) as error:
            raise UserError(
                tr("The desktop's message bus is not there, so it cannot be asked for a screenshot.")
                + " "
                + paste_instead()
            ) from error
        with bus:
            yield bus


class _Conversation:
    """One screenshot on one connection."""

    def __init__(self, bus: DBusConnection, reply_timeout_s: float) -> None:
        self._bus = bus
        self._reply_timeout_s = reply_timeout_s
        self._news: deque[Message] = deque()

    def screenshot(self, app_id: str, mode: CaptureMode, given_up: threading.Event, answer_timeout_s: float) -> bytes:
        self._register(app_id)
        offer = self._offer()
        owner = self._call(message_bus.GetNameOwner(_NAME))[0]
        with ExitStack() as stack:
            for rule in (_responses(owner), _owner_changes()):
                self._call(message_bus.AddMatch(rule))
                stack.enter_context(self._bus.filter(rule, queue=self._news))
            token = f"desktop_vlm_{secrets.token_hex(8)}"
            options = offer.options(mode, token)
            asked = self._call(new_method_call(_PORTAL, "Screenshot", "sa{sv}", ("", options)))
            # Portals before 0.9 made up the last part by themselves.
            code, results = self._response({str(asked[0]), self._request_path(token)}, given_up, answer_timeout_s)
        if code == 0:
            return _read_and_delete(results)
        if code == 1:
            raise Cancelled
        raise UserError(
            tr("The desktop refused the screenshot; allow it in its settings for apps.") + " " + paste_instead()
        )

    def _register(self, app_id: str) -> None:
        """Say who we are; permissions are remembered by it. Older portals guess, and refuse unknown .desktop files."""
        if not app_id:
            return
        try:
            self._call(new_method_call(_REGISTRY, "Register", "sa{sv}", (app_id, {})))
        except DBusErrorResponse as error:
            _log.debug("The portal does not know %s: %s", app_id, error)

    def _offer(self) -> _Offer:
        properties: Mapping[str, tuple[str, Any]] = self._call(Properties(_PORTAL).get_all())[0]
        version = properties.get("version", ("u", 1))[1]
        return _Offer(int(version), int(properties.get("AvailableTargets", ("u", 0))[1]))

    def _request_path(self, token: str) -> str:
        sender = str(self._bus.unique_name).removeprefix(":").replace(".", "_")
        return f"{_PATH}/request/{sender}/{token}"

    def _response(
        self, paths: set[str], given_up: threading.Event, timeout_s: float
    ) -> tuple[int, Mapping[str, tuple[str, Any]]]:
        """What the person did.

        Raises:
            Cancelled: `given_up` was set.
            UserError: the portal ended meanwhile, or nobody answered the dialog.
        """
        end = time.monotonic() + timeout_s
        while not given_up.is_set() and time.monotonic() < end:
            try:
                message = self._bus.recv_until_filtered(self._news, timeout=_POLL_S)
            except TimeoutError:
                continue
            if message.header.fields[_MEMBER] == "NameOwnerChanged":
                raise _ended()
            if message.header.fields[_PATH_FIELD] in paths:
                code, results = message.body
                return int(code), results
        self._close(paths)
        if given_up.is_set():
            raise Cancelled
        raise UserError(tr("Nothing was selected for a long time, so the screenshot was given up; try again."))

    def _close(self, paths: set[str]) -> None:
        """Take the desktop's dialog away."""
        for path in paths:
            try:
                self._call(new_method_call(DBusAddress(path, _NAME, _REQUEST), "Close"))
            except DBusErrorResponse as error:
                _log.debug("No request %s to close: %s", path, error)

    def _call(self, message: Message) -> Any:
        return unwrap_msg(self._bus.send_and_get_reply(message, timeout=self._reply_timeout_s))


_PATH_FIELD, _MEMBER = 1, 3
"""Header fields by the numbers of the D-Bus specification."""


def _responses(owner: str) -> MatchRule:
    return MatchRule(type="signal", sender=owner, interface=_REQUEST, member="Response")


def _owner_changes() -> MatchRule:
    rule = MatchRule(
        type="signal", sender="org.freedesktop.DBus", interface="org.freedesktop.DBus", member="NameOwnerChanged"
    )
    rule.add_arg_condition(0, _NAME)
    return rule


def _sentence_for(error: DBusErrorResponse) -> UserError:
    _log.warning("The screenshot portal: %s", error)
    if error.name in _ABSENT:
        return UserError(tr("This desktop offers apps no screenshots.") + " " + paste_instead())
    if error.name in _DENIED:
        return UserError(
            tr("The desktop does not allow this app to take screenshots; allow it in its settings for apps.")
            + " "
            + paste_instead()
        )
    if error.name in _GONE:
        return _ended()
    return UserError(tr("The desktop could not take a screenshot.") + " " + paste_instead())


def _ended() -> UserError:
    return UserError(tr("The desktop's screenshot service ended while it was asked; try again."))


def _read_and_delete(results: Mapping[str, tuple[str, Any]]) -> bytes:
    """The portal leaves a file behind for us; nobody else knows of it, so it goes."""
    uri = urlsplit(str(results.get("uri", ("s", ""))[1]))
    path = Path(unquote(uri.path))
    try:
        if uri.scheme != "file" or not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        _log.warning("The screenshot that the portal promised: %s", error)
        raise UserError(tr("The desktop took a screenshot that cannot be read.") + " " + paste_instead()) from error
    finally:
        _delete(path)
    return data


def _delete(path: Path) -> None:
    try:
        if path.is_file():
            path.unlink()
    except (OSError, ValueError) as error:
        _log.warning("The desktop's file of the screenshot stays: %s", error)

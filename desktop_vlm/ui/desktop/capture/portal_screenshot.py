"""The portal org.freedesktop.portal.Screenshot of a Wayland desktop, over D-Bus. No widgets: it runs in a thread.

The portal answers in two steps: the call returns the path of a request, and the request sends one signal, Response,
when the person is done. https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Screenshot.html
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.images.open import MAX_FILE_BYTES
from desktop_vlm.system.bounded.files import open_regular
from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.sentences import paste_instead, tr
from desktop_vlm.ui.desktop.portal.bus import (
    BUS,
    PROPERTIES,
    REQUEST,
    CallError,
    NoBusError,
    PortalBus,
    sender_of,
    signal_of,
)

_log = logging.getLogger(__name__)

SCREENSHOT = "org.freedesktop.portal.Screenshot"
STORE, STORE_PATH = "org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore"
"""Where the portal keeps what people answered."""

_TARGETS = {CaptureMode.REGION: 4, CaptureMode.LAST: 4, CaptureMode.SCREEN: 1, CaptureMode.WINDOW: 2}
"""Bits of the property AvailableTargets, since version 3."""

_POLL_S = 0.1
"""How often the thread looks whether the person gave up in our window."""

_NO_ENTRY = "org.freedesktop.portal.Error.NotFound"
_ABSENT = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.InvalidArgs",  # what GetAll says of an interface that is not there
    _NO_ENTRY,
}
_DENIED = {"org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.portal.Error.NotAllowed"}
_GONE = {"org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Disconnected"}


_QUICKEST_PERSON_S = 0.5
"""Who cancels a dialog has seen it first; what ends sooner failed."""


class UnaskedError(Exception):
    """Whether screenshots are allowed is still to be asked, and was not: GNOME asks for the program in front only."""


class _UnansweredError(Exception):
    """Nobody answered a dialog of the desktop."""


@dataclass(frozen=True)
class _Offer:
    """What this desktop's portal is capable of."""

    version: int
    targets: int

    def options(self, mode: CaptureMode, token: str) -> dict[str, tuple[str, object]]:
        """What to ask for. Version 1 knows of no choice: it gives the whole screen, or asks as it likes."""
        options = self._basic(token)
        target = _TARGETS[mode]
        if self.version >= 3 and self.targets & target:
            options["target"] = ("u", target)
            options["interactive"] = ("b", False)  # the target says what to choose: no dialog before it
        elif self.version >= 2:
            options["interactive"] = ("b", mode is not CaptureMode.SCREEN)
        return options

    def has_dialog(self, mode: CaptureMode) -> bool:
        """Whether the person chooses in a dialog of the desktop."""
        target = self.version >= 3 and self.targets & _TARGETS[mode]
        return bool(target) or (self.version >= 2 and mode is not CaptureMode.SCREEN)

    @property
    def has_whole(self) -> bool:
        """Whether a picture of all screens comes without a dialog, and the desktop cannot have a region chosen."""
        return self.version >= 2 and not (self.version >= 3 and self.targets & _TARGETS[CaptureMode.REGION])

    def whole(self, token: str) -> dict[str, tuple[str, object]]:
        """To ask for a picture of all screens, without choosing."""
        return {**self._basic(token), "interactive": ("b", False)}

    @staticmethod
    def _basic(token: str) -> dict[str, tuple[str, object]]:
        return {"handle_token": ("s", token), "modal": ("b", True)}


class PortalScreenshot:
    """Asks for screenshots; every one has a connection of its own, so that a restarted portal does no harm."""

    def __init__(
        self,
        app_id: str,
        address: str = "SESSION",
        *,
        reply_timeout_s: float = 10.0,
        answer_timeout_s: float = 300.0,
        allow_timeout_s: float = 45.0,
    ) -> None:
        """Nothing is asked before `take`.

        Args:
            app_id: what the desktop remembers a permission for.
            address: of the session's bus.
            reply_timeout_s: for calls.
            answer_timeout_s: for a person who selects.
            allow_timeout_s: for one who is asked whether screenshots are allowed. xdg-desktop-portal 1.16 gives that up
                after 25 s and tells nobody, while all of our windows are away.
        """
        self._app_id = app_id
        self._address = address
        self._reply_timeout_s = reply_timeout_s
        self._answer_timeout_s = answer_timeout_s
        self._allow_timeout_s = allow_timeout_s

    def take(self, mode: CaptureMode, given_up: threading.Event) -> bytes:
        """The content of the file that the desktop made; the file itself is deleted.

        Raises:
            Cancelled: the person cancelled the desktop's dialog, or `given_up` was set.
            UserError: no screenshot, with the reason and what to do instead.
        """
        data = self._ask(lambda request: request.screenshot(mode, given_up, self._answer_timeout_s))
        assert data is not None
        return data

    def take_whole(self, given_up: threading.Event) -> bytes | None:
        """A picture of all screens, taken at once, to choose from; None where the desktop does not give it.

        It may ask the person the first time whether that is allowed.

        Raises:
            UnaskedError: that was to be asked, and was not, since our windows are away.
            Cancelled, UserError: as `take`.
        """
        return self._ask(lambda request: request.whole(given_up, self._allow_timeout_s))

    def _ask(self, take: Callable[[_Request], bytes | None]) -> bytes | None:
        try:
            bus = PortalBus(self._reply_timeout_s, self._address)
        except NoBusError as error:
            raise UserError(
                tr("The desktop's message bus is not there, so it cannot be asked for a screenshot.")
                + " "
                + paste_instead()
            ) from error
        try:
            return take(_Request(bus, self._app_id))
        except CallError as error:
            raise _sentence_for(error) from error
        except TimeoutError as error:
            raise UserError(
                tr("The desktop's screenshot service does not answer; try again.") + " " + paste_instead()
            ) from error
        except NoBusError as error:
            raise _ended() from error
        finally:
            bus.close()


class _Request:
    """One screenshot on one connection."""

    def __init__(self, bus: PortalBus, app_id: str) -> None:
        self._bus = bus
        self._app_id = app_id

    def screenshot(self, mode: CaptureMode, given_up: threading.Event, answer_timeout_s: float) -> bytes:
        offer = self._offer()
        begin_s = time.monotonic()
        try:
            code, results = self._response_to(lambda token: offer.options(mode, token), given_up, answer_timeout_s)
        except _UnansweredError as error:
            raise UserError(
                tr("Nothing was selected for a long time, so the screenshot was given up; try again.")
            ) from error
        if code == 0:
            return _read_and_delete(results)
        # Portals of wlroots and of GNOME 48 say "ended in another way" where a person gave up choosing.
        has_seen_it = offer.has_dialog(mode) and time.monotonic() - begin_s >= _QUICKEST_PERSON_S
        if code == 1 or has_seen_it:
            raise Cancelled
        raise UserError(tr("No screenshot was made: it was cancelled, or is not allowed.") + " " + paste_instead())

    def whole(self, given_up: threading.Event, allow_timeout_s: float) -> bytes | None:
        offer = self._offer()
        if not offer.has_whole:
            return None
        try:
            code, results = self._response_to(offer.whole, given_up, allow_timeout_s)
        except CallError as error:
            if error.name in _DENIED:
                return None
            raise
        except _UnansweredError as error:
            raise UserError(
                tr("The desktop asks whether this app may take screenshots, and got no answer in time; try again.")
            ) from error
        if code == 1:
            raise Cancelled
        if code != 0 and self._is_undecided():
            raise UnaskedError
        return _read_and_delete(results) if code == 0 else None

    def _is_undecided(self) -> bool:
        """Whether the desktop keeps no answer of the person's; where it does not say, it has one."""
        try:
            answers = self._bus.ask(STORE, STORE_PATH, STORE, "Lookup", "ss", ("screenshot", "screenshot")).body[0]
        except CallError as error:
            return error.name == _NO_ENTRY
        return self._app_id not in answers

    def _response_to(
        self, options: Callable[[str], dict[str, tuple[str, object]]], given_up: threading.Event, timeout_s: float
    ) -> tuple[int, Mapping[str, tuple[str, Any]]]:
        owner = self._bus.owner()
        self._bus.subscribe(REQUEST)
        token = f"desktop_vlm_{secrets.token_hex(8)}"
        asked = self._bus.call(SCREENSHOT, "Screenshot", "sa{sv}", ("", options(token)))
        # Portals before 0.9 made up the last part by themselves.
        paths = {str(asked.body[0]), self._bus.request_path(token)}
        return self._response(owner, paths, given_up, timeout_s)

    def _offer(self) -> _Offer:
        if self._app_id:
            self._bus.register(self._app_id)
        properties: Mapping[str, tuple[str, Any]] = self._bus.call(PROPERTIES, "GetAll", "s", (SCREENSHOT,)).body[0]
        version = properties.get("version", ("u", 1))[1]
        return _Offer(int(version), int(properties.get("AvailableTargets", ("u", 0))[1]))

    def _response(
        self, owner: str, paths: set[str], given_up: threading.Event, timeout_s: float
    ) -> tuple[int, Mapping[str, tuple[str, Any]]]:
        """What the person did.

        Raises:
            Cancelled: `given_up` was set.
            UserError: the portal ended meanwhile.
            _UnansweredError: nobody answered the dialog.
        """
        end = time.monotonic() + timeout_s
        while not given_up.is_set() and time.monotonic() < end:
            message = self._bus.next_signal(_POLL_S)
            if message is None:
                continue
            interface, member, _signature, path = signal_of(message)
            if sender_of(message) == BUS and member == "NameOwnerChanged":
                raise _ended()
            if sender_of(message) == owner and (interface, member) == (REQUEST, "Response") and path in paths:
                code, results = message.body
                return int(code), results
        self._close(paths)
        if given_up.is_set():
            raise Cancelled
        raise _UnansweredError

    def _close(self, paths: set[str]) -> None:
        """Take the desktop's dialog away."""
        for path in paths:
            try:
                self._bus.call(REQUEST, "Close", "", (), path)
            except CallError as error:
                _log.debug("No request %s to close: %s", path, error)


def _sentence_for(error: CallError) -> UserError:
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
        with open_regular(path) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError, UserError) as error:
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

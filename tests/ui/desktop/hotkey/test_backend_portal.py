"""Wayland's way, against a portal of our own on a real session bus."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.backend import BackendFactory, HotkeyListener
from desktop_vlm.ui.desktop.hotkey.backend_portal import Limits, PortalHotkeys
from tests.quickest import best_s
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, Heard
from tests.ui.session_bus import SessionBus

Serve = Callable[[Mapping[HotkeyAction, str], BackendFactory], Heard]

KEYS = {CAPTURE: "Ctrl+Shift+Space", TOGGLE: "Meta+?"}
QUICK = Limits(return_s=0.3)
IMPATIENT = Limits(answer_s=0.6, session_s=0.6, person_s=0.6)


class Portal:
    """The mock, running."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("portal_mock.py")), json.dumps(answers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.calls: list[list[Any]] = []
        self.wait_for("ready")

    def wait_for(self, name: str) -> list[Any]:
        """The next call of that name; all up to it are kept in `calls`."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.calls.append(json.loads(line))
            if self.calls[-1][0] == name:
                return self.calls[-1]
        raise AssertionError(f"the portal ended before {name}: {self.calls}")

    def do(self, what: str, **details: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Let it go, and see which calls nobody waited for."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._process.stdout.closed:
            return
        self._process.terminate()
        # Not by `communicate`: it passes over the lines that were read ahead.
        self.calls += [json.loads(line) for line in self._process.stdout]
        self._process.wait(60)
        self._process.stdin.close()
        self._process.stdout.close()

    def names(self) -> list[str]:
        return [call[0] for call in self.calls if call[0] != "ready"]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    made = SessionBus()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    yield made
    made.end()


@pytest.fixture
def portal(bus: SessionBus) -> Iterator[Callable[..., Portal]]:
    assert bus.address
    made: list[Portal] = []

    def start(**answers: object) -> Portal:
        made.append(Portal(answers))
        return made[-1]

    yield start
    for one in made:
        one.end()


def make(listener: HotkeyListener) -> PortalHotkeys:
    return PortalHotkeys(listener, QUICK)


def test_granted_with_other_keys_than_requested(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal(triggers={"capture": "Press <Control><Alt>a", "toggle": "Meta+?"})
    heard = serve(KEYS, make)
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+Alt+A: active"
    assert heard.until_status(HotkeyStatus.ACTIVE, TOGGLE) == "Super+?: active"
    assert heard.service.states[CAPTURE].keys == "Ctrl+Alt+A"
    assert not heard.service.states[CAPTURE].can_configure
    desktop.wait_for("BindShortcuts")
    assert desktop.names() == ["Register", "Get", "CreateSession", "ListShortcuts", "BindShortcuts"]
    assert desktop.calls[1][1:] == ["io.github.desktop_vlm.DesktopVlm", {}]
    assert desktop.calls[-1][2] == [
        ["capture", {"description": ["s", "Capture and ask"], "preferred_trigger": ["s", "CTRL+SHIFT+space"]}],
        ["toggle", {"description": ["s", "Show or hide the window"], "preferred_trigger": ["s", "LOGO+question"]}],
    ]


def test_a_press_brings_its_token(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal()
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE, TOGGLE)
    desktop.do("press", name="capture", token="wayland-token-1")
    heard.until(lambda: heard.presses, "the press")
    desktop.do("press", name="capture", session="/of/somebody/else")
    desktop.do("press", name="unknown")
    desktop.do("press", name="toggle")
    heard.until(lambda: len(heard.presses) > 1, "the second press")
    assert heard.presses == [("capture", "wayland-token-1"), ("toggle", "")]


def test_the_desktop_changes_keys_later(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal(version=2, triggers={"capture": "", "toggle": "Alt+B"})
    heard = serve(KEYS, make)
    sentence = heard.until_status(HotkeyStatus.ASK_DESKTOP)
    assert sentence.startswith("Your desktop has set no keys for it.")
    assert heard.service.states[CAPTURE].command == "desktop-vlm --capture"
    desktop.do("change", triggers={"capture": "Alt+C"})
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Alt+C: active"
    assert heard.service.states[TOGGLE].sentence == "Alt+B: active"
    assert heard.service.states[TOGGLE].can_configure
    heard.service.configure()
    assert desktop.wait_for("ConfigureShortcuts")[1:] == [desktop_session(desktop), "", {}]


def test_a_desktop_that_binds_with_the_session(portal: Callable[..., Portal], serve: Serve) -> None:
    """Plasma 5.27: there BindShortcuts opens the system's settings over everything."""
    desktop = portal(desktop="Plasma 5.27", triggers={"toggle": "Meta+F2"})
    heard = serve(KEYS, make)
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+Shift+Space: active"
    assert heard.until_status(HotkeyStatus.ACTIVE, TOGGLE) == "Super+F2: active"
    assert heard.service.states[CAPTURE].can_configure
    desktop.do("press", name="capture")
    heard.until(lambda: heard.presses, "the press")
    heard.service.configure()
    opened = desktop.wait_for("BindShortcuts")
    assert desktop.names() == ["Register", "Get", "CreateSession", "BindShortcuts"]
    assert [name for name, _about in opened[2]] == ["capture", "toggle"]
    desktop.do("change", triggers={"capture": "Meta+F9"})
    heard.until_sentence("Super+F9: active")


def test_a_desktop_that_answers_without_keys_is_asked_for_them(portal: Callable[..., Portal], serve: Serve) -> None:
    """Plasma 6, the first time. After that it keeps its keys, whatever is asked for, and BindShortcuts would open its
    settings over everything, as 6.3 does.
    """
    desktop = portal(desktop="Plasma 6")
    heard = serve({CAPTURE: "Ctrl+F9"}, make)
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+F9: active"
    desktop.wait_for("ListShortcuts")
    heard.service.set_keys(CAPTURE, "Ctrl+F8")
    heard.until_sentence("Ctrl+F9: active. Your desktop keeps these keys; change them in its shortcut settings")
    assert heard.service.states[CAPTURE].keys == "CTRL+F9"
    desktop.end()
    names = ["Get", "CreateSession", "ListShortcuts"]
    assert desktop.names() == ["Register", *names, "BindShortcuts", "ListShortcuts", "Close", *names]


def test_keys_count_that_come_with_the_code_of_a_failure(portal: Callable[..., Portal], serve: Serve) -> None:
    """GNOME 48.0: it asks, binds, answers with the keys, and calls that ended in some other way."""
    triggers = {"capture": "Press <Shift><Control>space", "toggle": "Press the <Hyper>x"}
    desktop = portal(desktop="GNOME 48", bind=2, triggers=triggers)
    heard = serve(KEYS, make)
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+Shift+Space: active"
    assert heard.until_status(HotkeyStatus.ACTIVE, TOGGLE) == "Press the <Hyper>x: active"
    desktop.do("press", name="capture")
    heard.until(lambda: heard.presses, "the press")


def test_keys_do_not_count_where_the_person_cancelled(portal: Callable[..., Portal], serve: Serve) -> None:
    portal(desktop="GNOME 48", bind=1)
    heard = serve(KEYS, make)
    assert heard.until_status(HotkeyStatus.ASK_DESKTOP).startswith("Ctrl+Shift+Space: not allowed.")


def test_the_session_has_the_same_name_at_every_start(portal: Callable[..., Portal], serve: Serve) -> None:
    """Plasma 5.27 keeps the keys under it."""
    desktop = portal()
    for _ in range(2):
        heard = serve({CAPTURE: "Ctrl+F9"}, make)
        heard.until_status(HotkeyStatus.ACTIVE)
        heard.service.stop()
    desktop.end()
    created = [call[1] for call in desktop.calls if call[0] == "CreateSession"]
    assert [one["session_handle_token"] for one in created] == [["s", "Desktop_VLM"]] * 2
    requested = ["capture", {"description": ["s", "Capture and ask"], "preferred_trigger": ["s", "CTRL+F9"]}]
    assert created[0]["shortcuts"] == ["a(sa{sv})", [requested]]


def desktop_session(desktop: Portal) -> str:
    (created,) = [call for call in desktop.calls if call[0] == "CreateSession"]
    (bound,) = [call for call in desktop.calls if call[0] == "BindShortcuts"]
    assert bound[1].endswith(created[1]["session_handle_token"][1])
    return str(bound[1])


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"bind": 1}, "Ctrl+Shift+Space: not allowed. Change it to be asked again, or bind it"),
        ({"create": 1}, "Ctrl+Shift+Space: not allowed. Change it to be asked again, or bind it"),
        ({"bind": 2}, "Ctrl+Shift+Space: your desktop refused. Bind it in its shortcut settings"),
        ({"bind": "org.freedesktop.portal.Error.NotAllowed"}, "Ctrl+Shift+Space: your desktop refused."),
        ({"triggers": {}}, "Ctrl+Shift+Space: your desktop refused."),
        ({"shortcuts": False}, "Your desktop asks you to bind it in its own shortcut settings"),
        ({"create": "org.freedesktop.DBus.Error.UnknownMethod"}, "Your desktop asks you to bind it"),
        ({"silent": ["Get"]}, "Ctrl+Shift+Space: your desktop gave no answer."),
        ({"silent": ["Register"]}, "Ctrl+Shift+Space: your desktop gave no answer."),
        ({"silent": ["BindShortcuts"]}, "Ctrl+Shift+Space: your desktop gave no answer."),
        ({"create": -1}, "Ctrl+Shift+Space: your desktop gave no answer."),
        ({"bind": -1}, "Ctrl+Shift+Space: your desktop gave no answer."),
    ],
)
def test_it_does_not_work_out(
    portal: Callable[..., Portal], serve: Serve, answers: dict[str, Any], sentence: str
) -> None:
    portal(**answers)
    limits = IMPATIENT if "no answer" in sentence else QUICK
    heard = serve({CAPTURE: KEYS[CAPTURE]}, lambda listener: PortalHotkeys(listener, limits))
    said = heard.until_status(HotkeyStatus.ASK_DESKTOP)
    assert said.startswith(sentence)
    assert said.endswith("command: desktop-vlm --capture")
    assert heard.service.states[CAPTURE].can_change == (not sentence.startswith("Your desktop asks"))
    assert heard.service.states[TOGGLE].status is HotkeyStatus.UNSET


def test_an_old_portal_without_the_registry_does(portal: Callable[..., Portal], serve: Serve) -> None:
    portal(registry=False)
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE)


def test_cancelled_and_asked_again(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal(bind=1)
    heard = serve({CAPTURE: "Ctrl+F9"}, make)
    heard.until_status(HotkeyStatus.ASK_DESKTOP)
    desktop.do("answer")
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+F9: active"


def test_other_keys_mean_another_session(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal()
    heard = serve({CAPTURE: "Ctrl+F9"}, make)
    heard.until_status(HotkeyStatus.ACTIVE)
    heard.service.set_keys(CAPTURE, "Ctrl+F8")
    heard.until_sentence("Ctrl+F8: active")
    heard.service.set_keys(CAPTURE, "")
    heard.until_status(HotkeyStatus.UNSET)
    heard.service.set_keys(TOGGLE, "Ctrl+F7")
    heard.until_sentence("Ctrl+F7: active", TOGGLE)
    desktop.end()
    names = ["Get", "CreateSession", "ListShortcuts", "BindShortcuts"]
    assert desktop.names() == ["Register", *names, "Close", *names, "Close", *names]


def test_no_portal_until_one_comes(portal: Callable[..., Portal], serve: Serve) -> None:
    heard = serve(KEYS, make)
    expected = "Your desktop asks you to bind it in its own shortcut settings; command: desktop-vlm --capture"
    assert heard.until_status(HotkeyStatus.ASK_DESKTOP) == expected
    portal()
    heard.until_status(HotkeyStatus.ACTIVE)


@pytest.mark.parametrize("is_back", [True, False])
def test_a_portal_that_restarts(portal: Callable[..., Portal], serve: Serve, is_back: bool) -> None:
    desktop = portal()
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE)
    said: list[str] = []
    heard.service.state_changed.connect(lambda: said.append(heard.service.states[CAPTURE].sentence))
    if is_back:
        desktop.do("leave", back=True)
        heard.until(lambda: "Ctrl+Shift+Space: being set up" in said, "the loss")
    else:
        desktop.do("leave")
        heard.until_sentence("Your desktop asks you")
        desktop = portal()
    heard.until_status(HotkeyStatus.ACTIVE)
    desktop.do("press", name="toggle", token="again")
    heard.until(lambda: heard.presses, "the press")
    assert heard.presses == [("toggle", "again")]
    desktop.end()
    assert desktop.names().count("Register") == 1 + is_back


def test_a_closed_session_is_opened_once_more(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal()
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE)
    desktop.wait_for("BindShortcuts")
    desktop.do("close")
    desktop.wait_for("BindShortcuts")
    desktop.do("press", name="capture")
    heard.until(lambda: heard.presses, "the press")
    desktop.do("close")
    heard.until_sentence("Ctrl+Shift+Space: switched off by your desktop.")
    assert heard.service.states[CAPTURE].status is HotkeyStatus.ASK_DESKTOP


def test_other_programs_are_not_believed(portal: Callable[..., Portal], serve: Serve) -> None:
    from jeepney import DBusAddress, HeaderFields, new_signal
    from jeepney.io.blocking import open_dbus_connection

    desktop = portal()
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE)
    desktop.wait_for("BindShortcuts")
    session = desktop_session(desktop)
    client = ":" + session.split("/")[-2].replace("_", ".")
    with open_dbus_connection("SESSION") as liar:
        address = DBusAddress("/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.GlobalShortcuts")
        message = new_signal(address, "Activated", "osta{sv}", (session, "capture", 7, {}))
        message.header.fields[HeaderFields.destination] = client
        liar.send(message)
        desktop.do("press", name="toggle")
        heard.until(lambda: heard.presses, "the press")
    assert heard.presses == [("toggle", "")]


def test_no_session_bus(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    heard = serve(KEYS, make)
    heard.until_sentence("Your desktop asks you to bind it in its own shortcut settings")
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    heard.until_sentence("Your desktop asks you to bind it in its own shortcut settings")


def test_a_bus_that_goes_away(portal: Callable[..., Portal], serve: Serve, bus: SessionBus) -> None:
    portal().end()
    portal()
    heard = serve(KEYS, make)
    heard.until_status(HotkeyStatus.ACTIVE)
    bus.end()
    heard.until_sentence("Your desktop asks you to bind it in its own shortcut settings")


def test_stopping_while_the_desktop_does_not_answer(portal: Callable[..., Portal], serve: Serve) -> None:
    desktop = portal(silent=["Get"])

    def seconds() -> float:
        heard = serve(KEYS, PortalHotkeys)
        desktop.wait_for("Get")
        begin_s = time.monotonic()
        heard.service.stop()
        return time.monotonic() - begin_s

    assert best_s(seconds, 1) < 1

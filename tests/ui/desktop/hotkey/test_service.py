from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from desktop_vlm.ui.desktop.hotkey import HotkeyService, HotkeyState, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.state import COMMANDS, Binding, Reason, state_of
from desktop_vlm.ui.desktop.hotkey.ways import NoHotkeys, Way, handler_here, has_way, way_here
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, FakeHandler, Heard

Start = Callable[..., tuple[Heard, FakeHandler]]
ACTIVE = Binding(HotkeyStatus.ACTIVE)


def test_states_from_start_to_stop(with_fake: Start) -> None:
    heard, handler = with_fake({CAPTURE: "Ctrl+F9"})
    assert heard.service.states == {
        CAPTURE: HotkeyState(CAPTURE, "Ctrl+F9", HotkeyStatus.UNAVAILABLE, "Ctrl+F9: being set up"),
        TOGGLE: HotkeyState(TOGGLE, "", HotkeyStatus.UNSET, "No keys set"),
    }
    changes: list[bool] = []
    heard.service.state_changed.connect(lambda: changes.append(True))
    for _ in range(2):  # only news are told
        handler.listener.bound(CAPTURE, ACTIVE)
    heard.qapp.processEvents()
    assert heard.service.states[CAPTURE] == HotkeyState(CAPTURE, "Ctrl+F9", HotkeyStatus.ACTIVE, "Ctrl+F9: active")
    assert changes == [True]
    handler.listener.pressed(TOGGLE, "token")
    heard.qapp.processEvents()
    assert heard.presses == [("toggle", "token")]
    handler.listener.pressed(CAPTURE, "")
    heard.service.stop()
    handler.listener.pressed(CAPTURE, "")
    heard.qapp.processEvents()
    assert heard.presses == [("toggle", "token")]
    assert handler.calls == [("start", "capture=Ctrl+F9", "toggle="), ("stop",)]


def test_keys_that_work_are_not_bound_again(with_fake: Start) -> None:
    heard, handler = with_fake({CAPTURE: "Ctrl+F9"}, {CAPTURE: Binding(HotkeyStatus.TAKEN)})
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    handler.listener.bound(CAPTURE, ACTIVE)
    heard.qapp.processEvents()
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    heard.service.set_keys(TOGGLE, "")
    assert handler.calls[1:] == [("set", "capture", "Ctrl+F9")]


def test_the_same_keys_twice(with_fake: Start) -> None:
    heard, handler = with_fake({CAPTURE: "Ctrl+F9", TOGGLE: "Ctrl+F9"}, {CAPTURE: ACTIVE})
    assert handler.calls == [("start", "capture=Ctrl+F9", "toggle=")]
    assert heard.service.states[TOGGLE].sentence == "Ctrl+F9: used for something else here; choose others"
    heard.service.set_keys(CAPTURE, "Ctrl+F8")
    assert handler.calls[1:] == [("set", "capture", "Ctrl+F8"), ("set", "toggle", "Ctrl+F9")]
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    # Given back before it is taken: it may only change hands.
    assert handler.calls[3:] == [("set", "toggle", ""), ("set", "capture", "Ctrl+F9")]


def test_keys_that_make_no_sense(with_fake: Start) -> None:
    heard, handler = with_fake({CAPTURE: "Ctrl+K, Ctrl+C"})
    assert handler.calls == [("start", "capture=", "toggle=")]
    assert heard.service.states[CAPTURE].sentence == "Ctrl+K, Ctrl+C: cannot be used everywhere; choose others"


def test_presses_are_diverted_while_keys_are_chosen(with_fake: Start) -> None:
    heard, handler = with_fake({CAPTURE: "Ctrl+F9"}, {CAPTURE: ACTIVE})
    diverted: list[str] = []
    heard.service.divert = diverted.append
    handler.listener.pressed(CAPTURE, "")
    heard.qapp.processEvents()
    assert (diverted, heard.presses) == (["Ctrl+F9"], [])


def test_a_service_destroyed_by_its_parent_hears_nothing(with_fake: Start) -> None:
    import shiboken6

    heard, handler = with_fake({CAPTURE: "Ctrl+F9"})
    shiboken6.delete(heard.service)
    handler.listener.pressed(CAPTURE, "")
    heard.service.stop = lambda: None  # type: ignore[method-assign]  # the fixture's
    assert heard.presses == []


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("status", list(HotkeyStatus))
def test_every_state_has_a_sentence(status: HotkeyStatus, reason: Reason) -> None:
    state = state_of(CAPTURE, "Ctrl+F9", Binding(status, reason))
    assert "{" not in state.sentence
    assert state.command == (COMMANDS[CAPTURE] if status is HotkeyStatus.ASK_DESKTOP else "")


@pytest.mark.parametrize(
    ("platform", "qt_platform", "environment", "way"),
    [
        ("linux", "xcb", {"DISPLAY": ":0"}, Way.X11),
        ("linux", "wayland", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("linux", "xcb", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("linux", "offscreen", {"DISPLAY": ":0"}, Way.NONE),
        ("linux", "eglfs", {}, Way.NONE),
        ("win32", "windows", {}, Way.WINDOWS),
        ("darwin", "cocoa", {"DISPLAY": ":0"}, Way.MACOS),
    ],
)
def test_the_way_of_each_desktop(platform: str, qt_platform: str, environment: dict[str, str], way: Way) -> None:
    assert next(one for one in Way if has_way(one, platform, qt_platform, environment)) is way


@pytest.mark.usefixtures("qapp")
def test_nothing_is_grabbed_for_a_window_that_nobody_sees() -> None:
    assert way_here() is Way.NONE
    told: list[Binding] = []

    class Listener:
        def pressed(self, action: object, token: str) -> None: ...

        def bound(self, _action: object, binding: Binding) -> None:
            told.append(binding)

    handler = handler_here(Listener())
    assert isinstance(handler, NoHotkeys)
    handler.start({CAPTURE: "Ctrl+F9", TOGGLE: ""})
    assert told == [Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SCREEN), Binding(HotkeyStatus.UNSET)]


@pytest.mark.skipif(sys.platform != "linux", reason="the packages of Linux")
@pytest.mark.usefixtures("qapp")
def test_a_missing_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.ui.desktop.hotkey.ways.way_here", lambda: Way.X11)
    monkeypatch.setitem(sys.modules, "desktop_vlm.ui.desktop.hotkey.x11", None)
    service = HotkeyService({CAPTURE: "Ctrl+F9"}, make_handler=handler_here)
    service.start()
    assert isinstance(service._handler, NoHotkeys)
    service.stop()

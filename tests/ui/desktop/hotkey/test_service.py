from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from desktop_vlm.ui.desktop.hotkey import HotkeyService, HotkeyState, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.backends import BackendKind, NoHotkeys, preferred_backend, preferred_kind
from desktop_vlm.ui.desktop.hotkey.state import COMMANDS, Binding, Reason, state_of
from desktop_vlm.ui.desktop.session import Session
from tests.ui.desktop.hotkey.conftest import CAPTURE, COPY_TEXT, TOGGLE, FakeBackend, Heard

Start = Callable[..., tuple[Heard, FakeBackend]]
ACTIVE = Binding(HotkeyStatus.ACTIVE)


def test_states_from_start_to_stop(with_fake: Start) -> None:
    heard, backend = with_fake({CAPTURE: "Ctrl+F9"})
    assert heard.service.states == {
        CAPTURE: HotkeyState(CAPTURE, "Ctrl+F9", HotkeyStatus.UNAVAILABLE, "Ctrl+F9: being set up", is_starting=True),
        COPY_TEXT: HotkeyState(COPY_TEXT, "", HotkeyStatus.UNSET, "No keys set"),
        TOGGLE: HotkeyState(TOGGLE, "", HotkeyStatus.UNSET, "No keys set"),
    }
    changes: list[bool] = []
    heard.service.state_changed.connect(lambda: changes.append(True))
    for _ in range(2):  # only news are reported
        backend.listener.bound(CAPTURE, ACTIVE)
    heard.qapp.processEvents()
    assert heard.service.states[CAPTURE] == HotkeyState(CAPTURE, "Ctrl+F9", HotkeyStatus.ACTIVE, "Ctrl+F9: active")
    assert changes == [True]
    backend.listener.pressed(TOGGLE, "token")
    heard.qapp.processEvents()
    assert heard.presses == [("toggle", "token")]
    backend.listener.pressed(CAPTURE, "")
    heard.service.stop()
    backend.listener.pressed(CAPTURE, "")
    heard.qapp.processEvents()
    assert heard.presses == [("toggle", "token")]
    assert backend.calls == [("start", "capture=Ctrl+F9", "copy-text=", "toggle="), ("stop",)]


def test_keys_that_work_are_not_bound_again(with_fake: Start) -> None:
    heard, backend = with_fake({CAPTURE: "Ctrl+F9"}, {CAPTURE: Binding(HotkeyStatus.TAKEN)})
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    backend.listener.bound(CAPTURE, ACTIVE)
    heard.qapp.processEvents()
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    heard.service.set_keys(TOGGLE, "")
    assert backend.calls[1:] == [("set", "capture", "Ctrl+F9")]


def test_the_same_keys_twice(with_fake: Start) -> None:
    heard, backend = with_fake({CAPTURE: "Ctrl+F9", TOGGLE: "Ctrl+F9"}, {CAPTURE: ACTIVE})
    assert backend.calls == [("start", "capture=Ctrl+F9", "copy-text=", "toggle=")]
    assert heard.service.states[TOGGLE].sentence == "Ctrl+F9: used for something else here; choose others"
    heard.service.set_keys(CAPTURE, "Ctrl+F8")
    assert backend.calls[1:] == [("set", "capture", "Ctrl+F8"), ("set", "toggle", "Ctrl+F9")]
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    # Given back before it is taken: it may only change hands.
    assert backend.calls[3:] == [("set", "toggle", ""), ("set", "capture", "Ctrl+F9")]


def test_keys_that_make_no_sense(with_fake: Start) -> None:
    heard, backend = with_fake({CAPTURE: "Ctrl+K, Ctrl+C"})
    assert backend.calls == [("start", "capture=", "copy-text=", "toggle=")]
    assert heard.service.states[CAPTURE].sentence == "Ctrl+K, Ctrl+C: cannot be used everywhere; choose others"


def test_presses_are_diverted_while_keys_are_chosen(with_fake: Start) -> None:
    heard, backend = with_fake({CAPTURE: "Ctrl+F9"}, {CAPTURE: ACTIVE})
    diverted: list[str] = []
    heard.service.divert = diverted.append
    backend.listener.pressed(CAPTURE, "")
    heard.qapp.processEvents()
    assert (diverted, heard.presses) == (["Ctrl+F9"], [])


def test_a_service_destroyed_by_its_parent_hears_nothing(with_fake: Start) -> None:
    import shiboken6

    heard, backend = with_fake({CAPTURE: "Ctrl+F9"})
    shiboken6.delete(heard.service)
    backend.listener.pressed(CAPTURE, "")
    heard.service.stop = lambda: None  # type: ignore[method-assign]  # the fixture's
    assert heard.presses == []


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("status", list(HotkeyStatus))
def test_every_state_has_a_sentence(status: HotkeyStatus, reason: Reason) -> None:
    state = state_of(CAPTURE, "Ctrl+F9", Binding(status, reason))
    assert "{" not in state.sentence
    assert state.command == (COMMANDS[CAPTURE] if status is HotkeyStatus.ASK_DESKTOP else "")


@pytest.mark.parametrize(
    ("session", "kind"),
    [
        (Session.X11, BackendKind.X11),
        (Session.WAYLAND, BackendKind.PORTAL),
        (Session.NONE, BackendKind.NONE),
        (Session.WINDOWS, BackendKind.WINDOWS),
        (Session.MACOS, BackendKind.MACOS),
    ],
)
def test_the_backend_of_each_session(session: Session, kind: BackendKind) -> None:
    assert next(one for one in BackendKind if one.serves(session)) is kind


@pytest.mark.usefixtures("qapp")
def test_nothing_is_grabbed_for_a_window_that_nobody_sees() -> None:
    assert preferred_kind() is BackendKind.NONE
    reported: list[Binding] = []

    class Listener:
        def pressed(self, action: object, token: str) -> None: ...

        def bound(self, _action: object, binding: Binding) -> None:
            reported.append(binding)

    backend = preferred_backend(Listener())
    assert isinstance(backend, NoHotkeys)
    backend.start({CAPTURE: "Ctrl+F9", TOGGLE: ""})
    assert reported == [Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SCREEN), Binding(HotkeyStatus.UNSET)]


@pytest.mark.skipif(sys.platform != "linux", reason="the packages of Linux")
@pytest.mark.usefixtures("qapp")
def test_a_missing_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.ui.desktop.hotkey.backends.preferred_kind", lambda: BackendKind.X11)
    monkeypatch.setitem(sys.modules, "desktop_vlm.ui.desktop.hotkey.backend_x11", None)
    service = HotkeyService({CAPTURE: "Ctrl+F9"}, make_backend=preferred_backend)
    service.start()
    assert isinstance(service._backend, NoHotkeys)
    service.stop()

"""X11, on a real server with a window manager and another program that has the focus."""

from __future__ import annotations

import gc
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError
from Xlib.ext import xtest

from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyService, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.backend import BackendFactory, HotkeyListener
from desktop_vlm.ui.desktop.hotkey.backend_x11 import KeyGrabs, X11Hotkeys
from desktop_vlm.ui.desktop.hotkey.state import Binding
from tests.quickest import best_s
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, Heard
from tools.screen import ROOT, Screen, screen, wait_for

Serve = Callable[[Mapping[HotkeyAction, str], BackendFactory], Heard]

KEYS = "Ctrl+Shift+Space"
MARK = hex(Qt.Key.Key_X)  # a key that nobody grabs


class OtherProgram:
    """Another program's focused window, and the keys it got."""

    def __init__(self, display: Screen, file: Path) -> None:
        self._screen = display
        self._file = file
        self._file.touch()
        self._process = display.start(["tests/ui/desktop/hotkey/key_window.py", str(file)])
        window = display.window("Other program")

        def has_focus() -> bool:
            display.run("xdotool", "windowactivate", window)
            return display.run("xdotool", "getwindowfocus").strip() == window

        wait_for(has_focus, "the focus", 60)

    def received(self) -> list[str]:
        """The keys it got since the last time; what is on its way arrives before the mark does."""
        self._screen.run("xdotool", "key", "x")
        lines = wait_for(lambda: [*self._lines()] if MARK in self._lines() else [], "the mark", 60)
        self._file.write_text("")
        modifiers = {hex(key) for key in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_NumLock)}
        return [one for one in lines if one not in modifiers | {MARK, hex(Qt.Key.Key_CapsLock)}]

    def repeats(self) -> int:
        """How many keys it got so far that were repeated."""
        return sum(line.endswith("repeat") for line in self._lines())

    def _lines(self) -> list[str]:
        return self._file.read_text().split("\n")[:-1]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        with another_client(made) as client:  # a window that comes first may never get the focus
            check = client.intern_atom("_NET_SUPPORTING_WM_CHECK")
            wait_for(lambda: client.screen().root.get_full_property(check, X.AnyPropertyType), "the window manager", 60)
        yield made


@pytest.fixture(scope="module")
def other(display: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherProgram]:
    program = OtherProgram(display, tmp_path_factory.mktemp("keys") / "keys.txt")
    yield program
    program.close()


def on(display: Screen) -> BackendFactory:
    def make(listener: HotkeyListener) -> X11Hotkeys:
        return X11Hotkeys(listener, display.environment["DISPLAY"])

    return make


def press(display: Screen, *keys: str) -> None:
    display.run("xdotool", "key", *keys)


@contextmanager
def another_client(display: Screen) -> Iterator[Display]:
    client = Display(display.environment["DISPLAY"])
    yield client
    client.close()


def takes(client: Display, keysym: str, modifiers: int) -> bool:
    """Whether another program can grab a key."""
    refused = CatchError(BadAccess)
    keycode = client.keysym_to_keycode(XK.string_to_keysym(keysym))
    root = client.screen().root
    root.grab_key(keycode, modifiers, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
    client.sync()
    return refused.get_error() is None


def test_we_fire_and_the_program_with_the_focus_gets_nothing(
    display: Screen, other: OtherProgram, serve: Serve
) -> None:
    heard = serve({CAPTURE: KEYS, TOGGLE: "Alt+F9"}, on(display))
    assert heard.until_status(HotkeyStatus.ACTIVE) == "Ctrl+Shift+Space: active"
    heard.until_status(HotkeyStatus.ACTIVE, TOGGLE)
    press(display, "ctrl+shift+space")
    heard.until(lambda: heard.presses, "the press")
    press(display, "alt+F9")
    heard.until(lambda: len(heard.presses) == 2, "the other press")
    assert heard.presses == [("capture", ""), ("toggle", "")]
    assert hex(Qt.Key.Key_Space) not in other.received()
    press(display, "ctrl+space")
    assert other.received() == [hex(Qt.Key.Key_Space)]
    assert len(heard.presses) == 2


@pytest.mark.parametrize("locks", [["Num_Lock"], ["Caps_Lock"], ["Num_Lock", "Caps_Lock"]])
def test_locks_make_no_difference(display: Screen, other: OtherProgram, serve: Serve, locks: list[str]) -> None:
    heard = serve({CAPTURE: KEYS}, on(display))
    heard.until_status(HotkeyStatus.ACTIVE)
    press(display, *locks)
    try:
        with another_client(display) as client:
            state = client.screen().root.query_pointer().mask
        assert bool(state & X.LockMask) == ("Caps_Lock" in locks)
        assert bool(state & X.Mod2Mask) == ("Num_Lock" in locks)
        press(display, "ctrl+shift+space")
        heard.until(lambda: heard.presses, "the press")
        got = other.received()
    finally:
        press(display, *locks)
    assert heard.presses == [("capture", "")]
    assert hex(Qt.Key.Key_Space) not in got


def test_keys_of_another_program_are_reported_and_can_be_tried_again(display: Screen, serve: Serve) -> None:
    with another_client(display) as client:
        assert takes(client, "space", X.ControlMask | X.ShiftMask)
        heard = serve({CAPTURE: KEYS}, on(display))
        sentence = heard.until_status(HotkeyStatus.TAKEN)
        assert sentence == "Ctrl+Shift+Space: taken by another program; choose others"
        # Nothing of it is kept: with NumLock on it would be ours otherwise.
        assert takes(client, "space", X.ControlMask | X.ShiftMask | X.Mod2Mask)
    heard.service.set_keys(CAPTURE, KEYS)
    heard.until_status(HotkeyStatus.ACTIVE)


def test_other_keys_free_the_old_ones(display: Screen, serve: Serve) -> None:
    heard = serve({CAPTURE: KEYS}, on(display))
    heard.until_status(HotkeyStatus.ACTIVE)
    heard.service.set_keys(CAPTURE, "Meta+Print")
    assert heard.until_status(HotkeyStatus.UNAVAILABLE).endswith("being set up")
    heard.until_status(HotkeyStatus.ACTIVE)
    with another_client(display) as client:
        assert takes(client, "space", X.ControlMask | X.ShiftMask)
        assert not takes(client, "Print", X.Mod4Mask)
    press(display, "ctrl+shift+space")
    press(display, "super+Print")
    heard.until(lambda: heard.presses, "the press")
    heard.service.set_keys(CAPTURE, "")
    assert heard.until_status(HotkeyStatus.UNSET) == "No keys set"
    with another_client(display) as client:
        wait_for(lambda: takes(client, "Print", X.Mod4Mask), "the old key", 60)
    assert heard.presses == [("capture", "")]


def test_two_actions_swap_their_keys(display: Screen, serve: Serve) -> None:
    heard = serve({CAPTURE: KEYS, TOGGLE: "Ctrl+F9"}, on(display))
    for action in (CAPTURE, TOGGLE):
        heard.until_status(HotkeyStatus.ACTIVE, action)
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    assert heard.until_status(HotkeyStatus.TAKEN, TOGGLE) == "Ctrl+F9: used for something else here; choose others"
    heard.service.set_keys(TOGGLE, KEYS)
    for action in (CAPTURE, TOGGLE):
        heard.until_status(HotkeyStatus.ACTIVE, action)
    press(display, "ctrl+F9")
    press(display, "ctrl+shift+space")
    heard.until(lambda: len(heard.presses) == 2, "both")
    assert heard.presses == [("capture", ""), ("toggle", "")]


def test_a_key_held_down_fires_once(display: Screen, other: OtherProgram, serve: Serve) -> None:
    heard = serve({CAPTURE: KEYS}, on(display))
    heard.until_status(HotkeyStatus.ACTIVE)
    display.run("xdotool", "keydown", "a")
    begin = time.monotonic()
    wait_for(lambda: other.repeats() > 3, "the server's repeats", 60)
    enough_s = time.monotonic() - begin
    display.run("xdotool", "keyup", "a")
    other.received()
    for _ in range(2):
        display.run("xdotool", "keydown", "ctrl", "keydown", "shift", "keydown", "space")
        time.sleep(enough_s)
        display.run("xdotool", "keyup", "space", "keyup", "shift", "keyup", "ctrl")
    heard.until(lambda: len(heard.presses) >= 2, "both presses")
    assert [one for one in other.received() if one.startswith(hex(Qt.Key.Key_Space))] == []
    heard.qapp.processEvents()
    assert heard.presses == [("capture", "")] * 2


def test_stopping_gives_the_keys_back(display: Screen, other: OtherProgram, serve: Serve) -> None:
    heard = serve({CAPTURE: KEYS}, on(display))

    def seconds() -> float:
        heard.service.start()  # nothing where it runs
        heard.until_status(HotkeyStatus.ACTIVE)
        begin_s = time.monotonic()
        heard.service.stop()
        return time.monotonic() - begin_s

    assert best_s(seconds, 1) < 1
    press(display, "ctrl+shift+space")
    assert hex(Qt.Key.Key_Space) in other.received()
    with another_client(display) as client:
        for locks in (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask):
            assert takes(client, "space", X.ControlMask | X.ShiftMask | locks)
    heard.service.start()
    heard.until_status(HotkeyStatus.ACTIVE)


def test_the_key_is_followed_to_where_it_moves(display: Screen, serve: Serve) -> None:
    heard = serve({CAPTURE: "Ctrl+F9"}, on(display))
    heard.until_status(HotkeyStatus.ACTIVE)
    f9 = XK.string_to_keysym("F9")
    with another_client(display) as client:
        before, after = client.keysym_to_keycode(f9), 248
        kept = [list(client.get_keyboard_mapping(code, 1)[0]) for code in (before, after)]
        nothing = [X.NoSymbol] * len(kept[0])
        try:
            client.change_keyboard_mapping(after, [[f9, *nothing[1:]]])
            client.change_keyboard_mapping(before, [nothing])
            client.sync()
            root = client.screen().root

            def is_free(keycode: int) -> bool:
                refused = CatchError(BadAccess)
                root.grab_key(keycode, X.ControlMask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
                client.sync()
                if refused.get_error():
                    return False
                root.ungrab_key(keycode, X.ControlMask)
                client.sync()
                return True

            wait_for(lambda: is_free(before) and not is_free(after), "the new place", 60)
            display.run("xdotool", "keydown", "ctrl", "key", str(after), "keyup", "ctrl")
            heard.until(lambda: heard.presses, "the press")
            client.change_keyboard_mapping(after, [nothing])
            client.sync()
            heard.until_sentence("Ctrl+F9: this keyboard has no such key; choose others")
        finally:
            client.change_keyboard_mapping(before, [kept[0]])
            client.change_keyboard_mapping(after, [kept[1]])
            client.sync()
        heard.until_status(HotkeyStatus.ACTIVE)


def test_no_press_waits_while_the_keyboard_changes(display: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that is read together with the server's answers about a new keyboard is handled at once, too."""
    presses: list[HotkeyAction] = []

    class Listener:
        def pressed(self, action: HotkeyAction, _token: str) -> None:
            presses.append(action)

        def bound(self, action: HotkeyAction, binding: Binding) -> None: ...

    with another_client(display) as ours, another_client(display) as client:
        grabs = KeyGrabs(ours, Listener())
        grabs.set_keys(CAPTURE, "F9")
        f9 = client.keysym_to_keycode(XK.string_to_keysym("F9"))
        ask = ours.get_modifier_mapping

        def ask_while_a_key_is_pressed() -> Sequence[Sequence[int]]:
            xtest.fake_input(client, X.KeyPress, f9)
            xtest.fake_input(client, X.KeyRelease, f9)
            client.sync()
            return ask()

        monkeypatch.setattr(ours, "get_modifier_mapping", ask_while_a_key_is_pressed)
        kept = list(client.get_keyboard_mapping(248, 1)[0])
        client.change_keyboard_mapping(248, [[XK.string_to_keysym("F20"), *kept[1:]]])
        client.sync()
        wait_for(ours.pending_events, "the news", 60)
        grabs.handle_events()
        assert presses[:1] == [CAPTURE]
        assert ours.pending_events() == 0
        client.change_keyboard_mapping(248, [kept])
        client.sync()


@pytest.mark.parametrize(
    ("keys", "pressed"),
    [
        ("Ctrl+Shift+?", "ctrl+shift+slash"),
        ("Alt+.", "alt+period"),
        ("Ctrl+Left", "ctrl+Left"),
        ("Pause", "Pause"),
        ("Ctrl+Alt+7", "ctrl+alt+7"),
        ("Shift+F11", "shift+F11"),
        ("Ctrl+Shift+Tab", "ctrl+shift+Tab"),
        ("Meta+Return", "super+Return"),
    ],
)
def test_all_kinds_of_keys(display: Screen, serve: Serve, keys: str, pressed: str) -> None:
    heard = serve({TOGGLE: keys}, on(display))
    heard.until_status(HotkeyStatus.ACTIVE, TOGGLE)
    press(display, pressed)
    heard.until(lambda: heard.presses, "the press")
    assert heard.presses == [("toggle", "")]


def test_keys_that_this_keyboard_lacks(display: Screen, serve: Serve) -> None:
    heard = serve({CAPTURE: "Ctrl+ß"}, on(display))
    heard.until_sentence("this keyboard has no such key; choose others")
    assert heard.service.states[CAPTURE].status is HotkeyStatus.UNAVAILABLE


def test_keys_that_lead_to_a_console(display: Screen, serve: Serve) -> None:
    heard = serve({CAPTURE: "Ctrl+Alt+F9"}, on(display))
    heard.until_sentence("Ctrl+Alt+F9: cannot be used everywhere; choose others")


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # python-xlib leaves the socket of a failed start to Python
def test_no_server(serve: Serve) -> None:
    heard = serve({CAPTURE: KEYS}, lambda listener: X11Hotkeys(listener, ":9999"))
    heard.until_sentence("Ctrl+Shift+Space: not available here")
    heard.service.set_keys(CAPTURE, "Ctrl+F9")
    heard.until_sentence("lost")
    gc.collect()


def test_a_server_that_crashes(serve: Serve) -> None:
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x240x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert server.stdout is not None
    number = server.stdout.readline().strip()
    heard = serve({CAPTURE: KEYS}, lambda listener: X11Hotkeys(listener, f":{number}"))
    heard.until_status(HotkeyStatus.ACTIVE)
    server.kill()
    server.communicate(timeout=60)
    heard.until_sentence("the connection to the screen was lost; restart Desktop VLM")
    assert heard.service.states[CAPTURE].status is HotkeyStatus.UNAVAILABLE
    heard.service.stop()


def test_the_service_outlives_its_thread_only_with_an_owner(display: Screen, serve: Serve) -> None:
    """A service that nobody holds any more is destroyed by the window's thread, not by the one that waits for keys."""
    heard = serve({CAPTURE: KEYS}, on(display))
    service: HotkeyService = heard.service
    heard.until_status(HotkeyStatus.ACTIVE)
    listener = service._listener
    assert listener is not None
    assert listener._service is service
    service.stop()
    assert listener._service is None

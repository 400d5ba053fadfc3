from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_vlm.ui.desktop.hotkey.backend_windows import WindowsHotkeys
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyStatus, Reason
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, Listener

ACTIVE = Binding(HotkeyStatus.ACTIVE)
CONTROL, SHIFT, NO_REPEAT = 0x2, 0x4, 0x4000


class FakeWindows:
    """user32.dll: keys taken by others have an error number."""

    def __init__(self, errors: dict[int, int] | None = None) -> None:
        self.errors = errors or {}
        self.held: dict[int, tuple[int, int]] = {}
        self.pressed: Callable[[int], None] | None = None

    def register(self, number: int, modifiers: int, virtual_key: int) -> int:
        if virtual_key in self.errors:
            return self.errors[virtual_key]
        assert number not in self.held
        self.held[number] = (modifiers, virtual_key)
        return 0

    def unregister(self, number: int) -> None:
        del self.held[number]

    def key_of(self, character: str) -> tuple[int, bool] | None:
        return {"a": (0x41, False), "?": (0xBF, True)}.get(character)

    def watch(self, pressed: Callable[[int], None]) -> None:
        self.pressed = pressed

    def unwatch(self) -> None:
        self.pressed = None


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("Ctrl+Shift+Space", (CONTROL | SHIFT | NO_REPEAT, 0x20)),
        ("Alt+F9", (0x1 | NO_REPEAT, 0x78)),
        ("Print", (NO_REPEAT, 0x2C)),
        ("Meta+A", (0x8 | NO_REPEAT, 0x41)),
        ("Ctrl+?", (CONTROL | SHIFT | NO_REPEAT, 0xBF)),
        ("F24", (NO_REPEAT, 0x87)),
    ],
)
def test_what_is_registered(keys: str, place: tuple[int, int]) -> None:
    windows, listener = FakeWindows(), Listener()
    WindowsHotkeys(listener, windows).start({CAPTURE: keys, TOGGLE: ""})
    assert windows.held == {1: place}
    assert listener.bindings == {CAPTURE: ACTIVE, TOGGLE: Binding(HotkeyStatus.UNSET)}


@pytest.mark.parametrize(
    ("keys", "error", "binding"),
    [
        ("Ctrl+Space", 1409, Binding(HotkeyStatus.TAKEN)),
        ("Ctrl+Space", 87, Binding(HotkeyStatus.UNAVAILABLE, Reason.NOT_GLOBAL)),
        ("Ctrl+ß", 0, Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SUCH_KEY)),
    ],
)
def test_what_windows_refuses(keys: str, error: int, binding: Binding) -> None:
    windows, listener = FakeWindows({0x20: error}), Listener()
    WindowsHotkeys(listener, windows).start({CAPTURE: keys})
    assert listener.bindings == {CAPTURE: binding}
    assert windows.held == {}


def test_presses_other_keys_and_the_end() -> None:
    windows, listener = FakeWindows(), Listener()
    handler = WindowsHotkeys(listener, windows)
    handler.start({CAPTURE: "Ctrl+A", TOGGLE: "Alt+F9"})
    assert windows.pressed is not None
    windows.pressed(3)
    windows.pressed(77)  # another part of the program has hotkeys, too
    handler.set_keys(TOGGLE, "")
    windows.pressed(3)
    windows.pressed(1)
    assert listener.presses == [(TOGGLE, ""), (CAPTURE, "")]
    handler.set_keys(CAPTURE, "Ctrl+Space")
    assert windows.held == {1: (CONTROL | NO_REPEAT, 0x20)}
    handler.stop()
    assert windows.held == {}
    assert windows.pressed is None


def test_it_is_not_for_other_systems() -> None:
    with pytest.raises(ImportError, match=r"there is no user32\.dll here"):
        WindowsHotkeys(Listener())

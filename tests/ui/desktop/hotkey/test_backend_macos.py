from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest

from desktop_vlm.ui.desktop.hotkey.backend_macos import MacHotkeys, modifier_mask, virtual_key_name
from desktop_vlm.ui.desktop.hotkey.keys import combination
from desktop_vlm.ui.desktop.hotkey.state import Binding, HotkeyStatus, Reason
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, Listener

COMMAND, SHIFT, OPTION, CONTROL = 0x100, 0x200, 0x800, 0x1000


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[int, int], Callable[[], None]]:
    """The package quickmachotkey, as far as it is used; returns what is registered with it."""
    held: dict[tuple[int, int], Callable[[], None]] = {}
    package, constants = ModuleType("quickmachotkey"), ModuleType("quickmachotkey.constants")

    def quick_hot_key(*, virtualKey: int, modifierMask: int) -> Callable[..., SimpleNamespace]:  # noqa: N803
        def bind(handler: Callable[[], None]) -> SimpleNamespace:
            held[virtualKey, modifierMask] = handler
            return SimpleNamespace(unregister=lambda: held.pop((virtualKey, modifierMask)))

        return bind

    package.quickHotKey = quick_hot_key  # type: ignore[attr-defined]
    constants.kVK_Space, constants.kVK_ANSI_A = 0x31, 0x0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quickmachotkey", package)
    monkeypatch.setitem(sys.modules, "quickmachotkey.constants", constants)
    return held


def test_presses_other_keys_and_the_end(registered: dict[tuple[int, int], Callable[[], None]]) -> None:
    listener = Listener()
    handler = MacHotkeys(listener)
    handler.start({CAPTURE: "Ctrl+Shift+Space", TOGGLE: ""})
    assert listener.bindings == {CAPTURE: Binding(HotkeyStatus.ACTIVE), TOGGLE: Binding(HotkeyStatus.UNSET)}
    registered[0x31, COMMAND | SHIFT]()
    assert listener.presses == [(CAPTURE, "")]
    handler.set_keys(CAPTURE, "Meta+Alt+A")
    assert list(registered) == [(0x0, CONTROL | OPTION)]
    handler.set_keys(TOGGLE, "Ctrl+ß")
    handler.set_keys(CAPTURE, "F24")
    lacking = Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_SUCH_KEY)
    assert listener.bindings == {CAPTURE: lacking, TOGGLE: lacking}
    handler.set_keys(CAPTURE, "Ctrl+A")
    handler.stop()
    assert registered == {}


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "quickmachotkey", None)
    listener = Listener()
    MacHotkeys(listener).start({CAPTURE: "Ctrl+A", TOGGLE: ""})
    assert listener.bindings[CAPTURE] == Binding(HotkeyStatus.UNAVAILABLE, Reason.NO_PACKAGE)
    assert listener.bindings[TOGGLE] == Binding(HotkeyStatus.UNSET)


@pytest.mark.parametrize(
    ("keys", "name", "mask"),
    [
        ("Ctrl+7", "kVK_ANSI_7", COMMAND),
        ("Alt+/", "kVK_ANSI_Slash", OPTION),
        ("Meta+Backspace", "kVK_Delete", CONTROL),
        ("Shift+F12", "kVK_F12", SHIFT),
        ("Ctrl+Left", "kVK_LeftArrow", COMMAND),
        ("Ctrl+Print", "", COMMAND),
    ],
)
def test_names_of_keys(keys: str, name: str, mask: int) -> None:
    requested = combination(keys)
    assert requested is not None
    assert (virtual_key_name(requested), modifier_mask(requested)) == (name, mask)

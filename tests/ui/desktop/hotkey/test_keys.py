from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_vlm.ui.desktop.hotkey.keys import Combination, combination, of_accelerator, portable, shown


@pytest.mark.parametrize(
    ("keys", "trigger"),
    [
        ("Ctrl+Shift+Space", "CTRL+SHIFT+space"),
        ("Ctrl+Alt+Shift+Meta+A", "CTRL+ALT+SHIFT+LOGO+a"),
        ("Print", "Print"),
        ("Alt+F24", "ALT+F24"),
        ("Ctrl+PgUp", "CTRL+Page_Up"),
        ("Ctrl++", "CTRL+plus"),
        ("Meta+?", "LOGO+question"),
        ("Ctrl+\\", "CTRL+backslash"),
        ("Alt+Ö", "ALT+U00F6"),
        ("Ctrl+Left", "CTRL+Left"),
        ("Shift+Backtab", "SHIFT+Tab"),
    ],
)
def test_triggers_as_the_portal_writes_them(keys: str, trigger: str) -> None:
    found = combination(keys)
    assert found is not None
    assert found.trigger == trigger


@pytest.mark.parametrize("keys", ["", "Ctrl+K, Ctrl+C", "Ctrl", "Ctrl+Num+1", "Media Play", "Press <Control>a", "F25"])
def test_what_cannot_be_global(keys: str) -> None:
    assert combination(keys) is None


def test_taken_apart() -> None:
    assert combination("Ctrl+Meta+F9") == Combination(True, False, False, True, Qt.Key.Key_F9)
    assert combination("Meta+Ctrl+f9") == combination("Ctrl+Meta+F9")


@pytest.mark.parametrize(
    ("keys", "alone"), [("F5", True), ("Print", True), ("Shift+A", False), ("Space", False), ("Pause", True)]
)
def test_what_works_without_a_modifier(keys: str, alone: bool) -> None:
    found = combination(keys)
    assert found is not None
    assert found.works_alone is alone


def test_pressed_keys_as_text() -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    keypad = Qt.KeyboardModifier.KeypadModifier
    assert portable(control | shift, Qt.Key.Key_Space) == "Ctrl+Shift+Space"
    assert portable(control, Qt.Key.Key_Backtab) == "Ctrl+Shift+Tab"
    assert portable(control | keypad, Qt.Key.Key_Left) == "Ctrl+Left"
    assert portable(control | keypad, Qt.Key.Key_1) == "Ctrl+Num+1"


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Press <Shift><Control>space", "Ctrl+Shift+Space"),
        ("<Super>Page_Up drücken", "Meta+PgUp"),
        ("<Primary><Alt>plus", "Ctrl+Alt++"),
        ("<Control>F9", "Ctrl+F9"),
        ("<Hyper>x", ""),
        ("<Control>XF86AudioPlay", ""),
        ("Press space", ""),
        ("Meta+F2", ""),
        ("", ""),
    ],
)
def test_the_keys_in_gnomes_words(words: str, keys: str) -> None:
    assert of_accelerator(words) == keys


def test_what_a_desktop_calls_keys_stays() -> None:
    assert shown("Press <Control>a") == "Press <Control>a"
    assert shown("Ctrl+A") == "Ctrl+A"

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.state import Binding, Reason
from desktop_vlm.ui.settings.hotkey_row import HotkeyRow
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.shortcuts import KeyCaps
from tests.ui.desktop.hotkey.conftest import CAPTURE, TOGGLE, FakeBackend, Heard

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
ACTIVE = Binding(HotkeyStatus.ACTIVE)


class Recording:
    """A row, and what it reported."""

    def __init__(self, row: HotkeyRow, heard: Heard, handler: FakeBackend) -> None:
        self.row = row
        self.heard = heard
        self.handler = handler
        self.chosen: list[tuple[HotkeyAction, str]] = []
        row.keys_chosen.connect(lambda action, keys: self.chosen.append((action, keys)))

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.row.change, key, held)

    def caps(self) -> list[str]:
        (caps,) = [one for one in self.row.findChildren(KeyCaps) if one.isVisible()]
        return [label.text() for label in caps.findChildren(QLabel)]

    @property
    def note(self) -> tuple[str, str]:
        """What it says below, and in which look."""
        return (self.row.note.text(), self.row.note.property("kind")) if self.row.note.isVisible() else ("", "")


@pytest.fixture
def show(theme: Theme, with_fake: Callable[..., tuple[Heard, FakeBackend]]) -> Iterator[Callable[..., Recording]]:
    holder = QWidget()
    holder.resize(640, 200)
    holder.show()

    def make(binding: Binding = ACTIVE, **keys: str) -> Recording:
        requested = {CAPTURE: keys.get("capture", "Ctrl+Shift+Space"), TOGGLE: keys.get("toggle", "Alt+F9")}
        heard, handler = with_fake(requested, {CAPTURE: binding})
        row = HotkeyRow(theme, heard.service, CAPTURE)
        row.setParent(holder)
        row.resize(holder.size())
        row.show()
        return Recording(row, heard, handler)

    yield make
    shiboken6.delete(holder)


def test_what_it_shows(show: Callable[..., Recording]) -> None:
    shown = show()
    assert shown.row.status.text() == "Ctrl+Shift+Space: active"
    assert shown.caps() == ["Ctrl", "Shift", "Space"]
    assert shown.row.accessibleName() == "Capture and ask: Ctrl+Shift+Space: active"
    assert shown.row.change.accessibleName() == "Change the keys: Capture and ask"
    assert not shown.row.copy.isVisible()
    assert not shown.row.configure.isVisible()
    shown.handler.listener.bound(CAPTURE, Binding(HotkeyStatus.TAKEN))
    shown.heard.qapp.processEvents()
    assert shown.row.status.text() == "Ctrl+Shift+Space: taken by another program; choose others"


def test_the_next_combination_is_taken(show: Callable[..., Recording]) -> None:
    shown = show()
    shown.row.change.click()
    assert shown.row.change.text() == "Press keys…"
    assert shown.note == ("Press the keys. Esc cancels, Backspace removes them.", "caption")
    QTest.keyPress(shown.row.change, Qt.Key.Key_Control, CONTROL)
    assert shown.row.change.text() == "Ctrl+…"
    QTest.keyPress(shown.row.change, Qt.Key.Key_F8, CONTROL)
    assert shown.chosen == [(CAPTURE, "Ctrl+F8")]
    assert shown.row.change.text() == "Change"
    assert shown.note == ("", "")
    shown.press(Qt.Key.Key_F7, CONTROL)
    assert shown.chosen == [(CAPTURE, "Ctrl+F8")]
    assert isinstance(shown.chosen[0][0], HotkeyAction)


def test_escape_cancels_and_backspace_removes(show: Callable[..., Recording]) -> None:
    shown = show()
    shown.row.change.click()
    shown.press(Qt.Key.Key_Escape)
    assert not shown.row.change.is_recording
    assert shown.chosen == []
    shown.row.change.click()
    shown.press(Qt.Key.Key_Backspace)
    assert shown.chosen == [(CAPTURE, "")]
    shown.row.change.click()
    shown.press(Qt.Key.Key_Backspace, CONTROL)
    assert shown.chosen[1:] == [(CAPTURE, "Ctrl+Backspace")]


@pytest.mark.parametrize(
    ("key", "held", "sentence"),
    [
        (Qt.Key.Key_A, NONE, "A is needed for typing. Hold Ctrl, Alt or Super with it."),
        (Qt.Key.Key_A, SHIFT, "Shift+A is needed for typing. Hold Ctrl, Alt or Super with it."),
        (Qt.Key.Key_Tab, NONE, "Tab is needed for typing. Hold Ctrl, Alt or Super with it."),
        (Qt.Key.Key_F9, ALT, "Alt+F9 is taken by “Show or hide the window”. Press others."),
        (Qt.Key.Key_1, CONTROL | Qt.KeyboardModifier.KeypadModifier, "Ctrl+Num+1 cannot be a hotkey. Press others."),
    ],
)
def test_what_it_refuses(show: Callable[..., Recording], key: Qt.Key, held: Qt.KeyboardModifier, sentence: str) -> None:
    shown = show()
    shown.row.change.click()
    shown.press(key, held)
    assert shown.note == (sentence, "error")
    assert shown.row.change.accessibleDescription() == sentence
    assert shown.chosen == []
    shown.press(Qt.Key.Key_Tab, CONTROL | SHIFT)
    assert shown.chosen == [(CAPTURE, "Ctrl+Shift+Tab")]


def test_print_and_function_keys_need_no_modifier(show: Callable[..., Recording]) -> None:
    shown = show()
    for key, name in ((Qt.Key.Key_Print, "Print"), (Qt.Key.Key_F5, "F5")):
        shown.row.change.click()
        shown.press(key)
        assert shown.chosen[-1] == (CAPTURE, name)


def test_keys_of_the_window_are_allowed_but_reported(show: Callable[..., Recording]) -> None:
    shown = show()
    shown.row.change.click()
    shown.press(Qt.Key.Key_K, CONTROL)
    assert shown.chosen == [(CAPTURE, "Ctrl+K")]
    expected = "In the window, Ctrl+K is “Search”; it no longer does that while it is a hotkey."
    assert shown.note == (expected, "caption")


def test_the_active_keys_can_be_pressed_too(show: Callable[..., Recording]) -> None:
    """They never reach the window: the desktop takes them, and the service is reported."""
    shown = show()
    shown.row.change.click()
    shown.handler.listener.pressed(CAPTURE, "")
    shown.heard.qapp.processEvents()
    assert shown.chosen == [(CAPTURE, "Ctrl+Shift+Space")]
    assert shown.heard.presses == []
    shown.handler.listener.pressed(CAPTURE, "")
    shown.heard.qapp.processEvents()
    assert shown.heard.presses == [("capture", "")]


@pytest.mark.parametrize("leave", ["focus", "hide", "click"])
def test_leaving_ends_it(show: Callable[..., Recording], leave: str) -> None:
    shown = show()
    shown.row.change.click()
    if leave == "focus":
        QApplication.sendEvent(shown.row.change, QFocusEvent(QEvent.Type.FocusOut))
    elif leave == "hide":
        shown.row.hide()
    else:
        shown.row.change.click()
    assert not shown.row.change.is_recording
    assert shown.heard.service.divert is None


def test_shortcuts_of_the_window_wait(show: Callable[..., Recording]) -> None:
    shown = show()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_K, CONTROL)
    event.ignore()
    QApplication.sendEvent(shown.row.change, event)
    assert not event.isAccepted()
    shown.row.change.click()
    QApplication.sendEvent(shown.row.change, event)
    assert event.isAccepted()


def test_the_command_can_be_copied_where_the_desktop_binds(show: Callable[..., Recording]) -> None:
    shown = show(Binding(HotkeyStatus.ASK_DESKTOP, Reason.NO_PORTAL))
    assert shown.row.copy.isVisible()
    assert shown.row.copy.accessibleName() == "Copy the command: Capture and ask"
    assert not shown.row.change.isVisible()
    shown.row.copy.click()
    assert QGuiApplication.clipboard().text() == "desktop-vlm --capture"
    assert shown.row.copy.accessibleName() == "Copied"


def test_the_desktop_has_a_dialog_of_its_own(show: Callable[..., Recording]) -> None:
    binding = Binding(HotkeyStatus.ACTIVE, keys="Press <Control>a", can_configure=True)
    shown = show(binding)
    assert shown.row.status.text() == "Press <Control>a: active"
    assert shown.row.configure.accessibleName() == "Change in the desktop's settings: Capture and ask"
    assert not shown.row.change.isVisible()
    shown.row.configure.click()
    assert shown.handler.calls[-1] == ("configure",)

"""Capture is the first thing the window offers, with the key that is really bound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.settings import DesktopSettings
from desktop_vlm.ui.desktop.hotkey import SETTINGS, HotkeyAction, HotkeyService, HotkeyStatus
from desktop_vlm.ui.desktop.hotkey.backend import HotkeyListener, Keys
from desktop_vlm.ui.desktop.hotkey.keys import combination, shown
from desktop_vlm.ui.desktop.hotkey.state import Binding, Reason
from desktop_vlm.ui.window.capture_introduction import CaptureIntroduction
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

CAPTURE = HotkeyAction.CAPTURE


class Desk:
    """A desktop that binds what it likes."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.listener: HotkeyListener | None = None

    def __call__(self, listener: HotkeyListener) -> Desk:
        self.listener = listener
        return self

    def start(self, keys: Keys) -> None:
        for action, one in keys.items():
            self.set_keys(action, one)

    def set_keys(self, action: HotkeyAction, keys: str) -> None:
        assert self.listener is not None
        self.listener.bound(action, self.binding if keys else Binding(HotkeyStatus.UNSET))

    def configure(self) -> None:
        pass

    def stop(self) -> None:
        pass


def bound_window(qtbot: QtBot, parts: Parts, desk: Desk, keys: str = "Ctrl+Shift+Space") -> MainWindow:
    services = parts.services()
    hotkeys = HotkeyService({CAPTURE: keys}, parts.assistant, make_backend=desk)
    object.__setattr__(services, "hotkeys", hotkeys)
    made = MainWindow(services, None)
    qtbot.addWidget(made)
    made.show()
    hotkeys.start()
    qtbot.waitUntil(lambda: hotkeys.states[CAPTURE].status is not HotkeyStatus.UNAVAILABLE or desk.binding.reason != "")
    qtbot.wait(1)
    return made


def first_button(within: QWidget) -> QAbstractButton:
    """The one that is read first: in the highest row, furthest left."""
    shown_ones = [one for one in within.findChildren(QAbstractButton) if one.isVisible() and one.width() > 0]

    def place(one: QAbstractButton) -> tuple[int, int]:
        middle = one.mapTo(within, one.rect().center())
        return middle.y() // 30, middle.x()

    return min(shown_ones, key=place)


def texts(within: QWidget) -> list[str]:
    return [one.text() for one in within.findChildren(QLabel) if one.isVisible()]


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = bound_window(qtbot, parts, Desk(Binding(HotkeyStatus.ACTIVE)))
    yield made
    made.close()


def test_it_is_the_first_button_of_the_welcome_and_of_the_question(window: MainWindow) -> None:
    heard: list[str] = []
    window.capture_actions.capture_requested.connect(lambda: heard.append("capture"))
    assert first_button(window.welcome).text() == " Capture the screen"
    first_button(window.welcome).click()
    first = first_button(window.composer)
    assert (first.accessibleName(), first.toolTip()) == (
        "Capture a part of the screen",
        "Capture a part of the screen (Ctrl+Shift+Space)",
    )
    first.click()
    assert heard == ["capture", "capture"]


def test_the_key_is_introduced_once(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    introduction = window.welcome.introduction
    assert introduction.isVisible()
    assert [text for text in texts(introduction) if text in {"Ctrl", "Shift", "Space"}] == ["Ctrl", "Shift", "Space"]
    unneeded = (introduction.status, introduction.change, introduction.copy)
    assert [one.isVisible() for one in unneeded] == [False] * 3
    heard: list[str] = []
    window.capture_actions.trial_requested.connect(lambda: heard.append("trial"))
    introduction.attempt.click()
    assert heard == ["trial"]
    introduction.dismiss.click()
    assert not introduction.isVisible()
    again = bound_window(qtbot, parts, Desk(Binding(HotkeyStatus.ACTIVE)))
    assert not again.welcome.introduction.isVisible()
    assert {"Ctrl", "Shift", "Space", "captures from any program"} <= set(texts(again.welcome))


def test_who_has_seen_it_does_not_see_it_at_the_next_start(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    unseen = MainWindow(parts.services(), None)  # as at a start in the tray
    qtbot.addWidget(unseen)
    unseen.capture_actions.end_session()
    assert not parts.settings.current.recent.knows_capture_key
    window.capture_actions.end_session()
    assert parts.settings.reload().recent.knows_capture_key


@pytest.mark.parametrize(
    ("binding", "sentence", "can_change", "command"),
    [
        (Binding(HotkeyStatus.TAKEN), "Ctrl+Shift+Space: taken by another program; choose others", True, ""),
        (
            Binding(HotkeyStatus.ASK_DESKTOP, Reason.NO_PORTAL),
            "Your desktop asks you to bind it in its own shortcut settings; command: desktop-vlm --capture",
            False,
            "desktop-vlm --capture",
        ),
    ],
)
def test_what_the_desktop_keeps_from_us_is_said(
    qtbot: QtBot, parts: Parts, binding: Binding, sentence: str, can_change: bool, command: str
) -> None:
    window = bound_window(qtbot, parts, Desk(binding))
    introduction: CaptureIntroduction = window.welcome.introduction
    joined = "\u2060"  # lines end at no hyphen of the command
    qtbot.waitUntil(lambda: introduction.status.text().replace(joined, "") == sentence)
    assert introduction.status.text().count(f"-{joined}") == command.count("-")
    assert "Ctrl" not in texts(introduction)
    assert introduction.change.isVisible() == can_change
    assert introduction.copy.isVisible() == bool(command)
    asked: list[str] = []
    window.capture_actions.settings_requested.disconnect()
    window.capture_actions.settings_requested.connect(asked.append)
    if can_change:
        introduction.change.click()
        assert asked == ["desktop"]
    if command:
        introduction.copy.click()
        assert QGuiApplication.clipboard().text() == command
    tool = window.composer.findChild(QToolButton)
    assert tool is not None
    assert tool.toolTip() == "Capture a part of the screen"


def test_keys_in_a_desktops_own_words_stay_as_they_are(qtbot: QtBot, parts: Parts) -> None:
    window = bound_window(qtbot, parts, Desk(Binding(HotkeyStatus.ACTIVE, keys="Press Super+Print twice")))
    qtbot.waitUntil(lambda: "Press Super+Print twice" in texts(window.welcome.introduction))


def test_no_default_key_is_taken_away_from_browsers() -> None:
    """Chrome's and Firefox's own combinations with letters: Ctrl+Shift and one of these."""
    of_browsers = {f"Ctrl+Shift+{letter}" for letter in "ABCDEGHIJKMNOPQRSTWYZ"} | {f"Ctrl+{key}" for key in "LTWNK"}
    defaults = [getattr(DesktopSettings(), name) for name in SETTINGS.values()]
    assert not of_browsers & set(defaults)
    assert len(set(defaults)) == len(defaults)
    assert all(combination(keys) is not None for keys in defaults)
    assert shown("Meta+Shift+T") in {"Super+Shift+T", "Win+Shift+T"}

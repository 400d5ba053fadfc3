"""A walk over what opens beside the window: each control has a name, Tab reaches it in order, and its focus is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.backup import Contents
from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.quick_actions import BUILTIN_ACTIONS
from desktop_vlm.ui.captures.watch_dialog import WatchDialog
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.window.backup_dialogs import RestoreQuestion, WorkProgress
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.own_settings_dialog import OwnSettingsDialog
from tests.ui.conftest import Parts
from tests.ui.redaction.conftest import LINES, noisy_picture
from tests.ui.text_layer.fake_reader import layer_of
from tests.ui.window.test_walk import backward, called, cut_off, focusable, nameless

SCROLLS = {"Answer", "Conversation"}
"""They take the keyboard for its arrow keys alone, and show no ring yet."""

Opener = Callable[["Place", QtBot], QWidget]


class Place:
    """A window with two pictures in its question.

    Attributes:
        window, parts: the window, and what it is made of.
        pictures: in its question.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.pictures: list[NewPicture] = [noisy_picture(1), noisy_picture(2)]
        self.window = MainWindow(parts.services(), None)
        self.window.resize(1000, 700)


@pytest.fixture
def place(parts: Parts, qtbot: QtBot) -> Iterator[Place]:
    made = Place(parts)
    qtbot.addWidget(made.window)
    made.window.show()
    for picture in made.pictures:
        made.window.draft.add(picture)
    qtbot.waitUntil(lambda: len(made.window.composer.pictures) == 2)
    yield made
    for dialog in (made.window._redaction_actions.dialog, made.window._own_settings.dialog):
        if dialog is not None and dialog.isVisible():
            dialog.reject()
    if made.window._edit_actions.editor is not None:
        made.window._edit_actions.editor.close_editor()
    made.window.close()


def viewer(place: Place, qtbot: QtBot) -> QWidget:
    actions = place.window._picture_actions
    actions.view(place.pictures[0].sha256)
    shown = actions._viewer
    assert shown is not None
    qtbot.waitUntil(lambda: shown.canvas.image is not None)
    shown.text.open_bar("word")
    return shown


def editor(place: Place, qtbot: QtBot) -> QWidget:
    place.window._picture_actions.run(place.pictures[0].sha256, "edit")
    qtbot.waitUntil(lambda: place.window._edit_actions.editor is not None)
    shown = place.window._edit_actions.editor
    assert shown is not None
    qtbot.waitUntil(lambda: shown.canvas.image is not None)
    return shown


def redaction(place: Place, qtbot: QtBot) -> QWidget:
    place.parts.reader.layers[place.pictures[0].sha256] = layer_of(LINES, width=320, height=80)
    place.window._picture_actions.run(place.pictures[0].sha256, "hide")
    qtbot.waitUntil(lambda: place.window._redaction_actions.dialog is not None)
    dialog = place.window._redaction_actions.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.proposal.marks))
    return dialog


def quick_window(place: Place, qtbot: QtBot) -> QWidget:
    quick = QuickWindow(place.parts.theme, [one for one in BUILTIN_ACTIONS if one.suits(None)])
    qtbot.addWidget(quick)
    quick.open_with(place.pictures[0], None)
    quick.show_answer("Text with `code`.\n\n```python\nprint(1)\n```", streaming=False)
    return quick


def watch(place: Place, qtbot: QtBot) -> QWidget:
    dialog = WatchDialog(
        place.parts.theme, Region("screen", 0, 0, 300, 120), list(BUILTIN_ACTIONS), "Done?", place.window
    )
    qtbot.addWidget(dialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("field"))
    dialog.test.setCurrentIndex(dialog.test.findData("contains"))
    dialog.show()
    return dialog


def restore(place: Place, qtbot: QtBot) -> QWidget:
    dialog = RestoreQuestion(Contents(0.0, "1", 1, 2_000_000, ()), place.window)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def backup(place: Place, qtbot: QtBot) -> QWidget:
    dialog = WorkProgress("Backing up", place.window)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def own_settings(place: Place, qtbot: QtBot) -> QWidget:
    own = OwnSettings("Be brief.", {"temperature": 0.25}, ("describe",))
    dialog = OwnSettingsDialog(place.parts.theme, own, list(BUILTIN_ACTIONS), "", place.window)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def captures(place: Place, _qtbot: QtBot) -> QWidget:
    place.window._services.captures.add(place.pictures[0], Region("screen", 0, 0, 320, 80))
    return place.window.capture_actions.open_captures()


PLACES: dict[str, Opener] = {
    "viewer": viewer,
    "editor": editor,
    "redaction": redaction,
    "quick window": quick_window,
    "watch": watch,
    "restore": restore,
    "backup": backup,
    "own settings": own_settings,
    "captures": captures,
}


def stops(shown: QWidget) -> list[QWidget]:
    """What Tab stops at; the line inside of a number field is no stop of its own."""
    return [one for one in focusable(shown) if not isinstance(one.parent(), QAbstractSpinBox)]


def unseen(shown: QWidget) -> list[str]:
    """Controls that look the same with the focus and without it."""
    found = []
    for control in stops(shown):
        if (focused := shown.focusWidget()) is not None:
            focused.clearFocus()
        before = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        control.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as a press of Tab does
        if control.hasFocus() and control.grab().toImage() == before and called(control) not in SCROLLS:
            found.append(called(control))
    return found


def tab(widget: QWidget) -> None:
    """Tab, as far as no text field takes it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier))


def walked(shown: QWidget) -> list[str]:
    """What Tab reaches from the first control on, until it comes back there."""
    all_stops = stops(shown)
    all_stops[0].setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    for _ in range(len(all_stops) + 2):
        now = shown.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
        tab(now)
    return [called(one) for one in reached]


@pytest.mark.parametrize("name", PLACES)
def test_controls_have_names_and_an_order_and_show_the_focus(place: Place, qtbot: QtBot, name: str) -> None:
    shown = PLACES[name](place, qtbot)
    qtbot.waitUntil(shown.isVisible)
    shown.activateWindow()
    qtbot.waitUntil(shown.window().isActiveWindow)
    assert (nameless(shown), backward(shown), cut_off(shown)) == ([], [], [])
    assert unseen(shown) == []
    place.parts.theme.apply_now(ThemeChoice.DARK, 14)
    assert unseen(shown) == []
    assert set(walked(shown)) == {called(one) for one in stops(shown)}
    if isinstance(shown, QuickWindow):
        shown.hide()


def test_the_window_shows_where_the_focus_is(place: Place, qtbot: QtBot) -> None:
    window, parts = place.window, place.parts
    window.composer.text.setPlainText("What?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say("Text with `code`.\n\n```python\nprint(1)\n```\n\n| a | b |\n|--|--|\n| 1 | 2 |")
    parts.engine.end()
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    qtbot.waitUntil(lambda: window.sidebar.list.currentIndex().isValid())  # the history has listed it
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert {"New conversation", "Search conversations", "Settings"} <= {called(one).strip() for one in stops(window)}
    assert unseen(window) == []
    window.toggle_panel()
    assert unseen(window) == []
    parts.theme.apply_now(ThemeChoice.DARK, 14)
    assert unseen(window) == []


@pytest.mark.parametrize("name", ["watch", "restore", "own settings"])
def test_return_presses_the_button_that_has_the_focus(place: Place, qtbot: QtBot, name: str) -> None:
    shown = PLACES[name](place, qtbot)
    assert isinstance(shown, QDialog)
    ends: list[int] = []
    shown.finished.connect(ends.append)
    qtbot.waitUntil(shown.isActiveWindow)
    (cancel,) = (one for one in shown.findChildren(QPushButton) if one.text() == "Cancel")
    cancel.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert ends == [QDialog.DialogCode.Rejected.value]

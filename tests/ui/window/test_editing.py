"""Asking a changed question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.conversation.editor import Editor
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask, press

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asked(qtbot: QtBot, window: MainWindow, parts: Parts, picture: Callable[..., NewPicture]) -> MainWindow:
    window.draft.add(picture())
    ask(qtbot, window, parts, "What is it?", "A window.")
    return window


def edit(qtbot: QtBot, window: MainWindow) -> Editor:
    """Open the last question by the keyboard, as in an empty field."""
    qtbot.waitUntil(lambda: len(window.pane.widgets()) == len(window._services.assistant.messages) > 0)
    window.composer.text.setFocus()
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Up)
    (editor,) = [one for one in window.findChildren(Editor) if one.isVisible()]
    return editor


@pytest.mark.parametrize(("setting", "sends", "breaks"), [("enter", NONE, SHIFT), ("ctrl-enter", CTRL, NONE)])
def test_one_key_sends_and_the_other_begins_a_line(
    qtbot: QtBot,
    asked: MainWindow,
    parts: Parts,
    setting: str,
    sends: Qt.KeyboardModifier,
    breaks: Qt.KeyboardModifier,
) -> None:
    parts.settings.update("composer", send_with=setting)
    asked._settings_actions.settings_changed.emit()
    editor = edit(qtbot, asked)
    assert editor.field.hasFocus()
    assert editor.property("focused") is True

    press(qtbot, asked, Qt.Key.Key_Return, breaks)
    qtbot.keyClicks(editor.field, "In one word.")
    press(qtbot, asked, Qt.Key.Key_Return, sends)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)

    assert parts.assistant.messages[0].text == "What is it?\nIn one word."
    assert len(parts.assistant.messages[0].pictures) == 1
    assert len(parts.engine.asked[1].images) == 1
    assert asked.composer.text.hasFocus()


def test_a_changed_text_is_kept_until_the_conversation_is_left(qtbot: QtBot, asked: MainWindow, parts: Parts) -> None:
    qtbot.keyClicks(edit(qtbot, asked).field, " Say!")
    press(qtbot, asked, Qt.Key.Key_Escape)
    assert edit(qtbot, asked).field.toPlainText() == "What is it? Say!"
    first = parts.assistant.conversation_id
    assert first is not None

    asked.new_conversation()
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(first)

    assert edit(qtbot, asked).field.toPlainText() == "What is it?"


def test_an_open_editor_comes_back_with_its_widget(qtbot: QtBot, asked: MainWindow) -> None:
    """The widget of a message that is far from the screen is forgotten."""
    qtbot.keyClicks(edit(qtbot, asked).field, " Say!")
    asked.composer.text.setFocus()
    asked.pane.set_items([])
    asked.pane.show_thread()

    def shown() -> list[str]:
        return [one.field.toPlainText() for one in asked.pane.findChildren(Editor) if one.isVisible()]

    qtbot.waitUntil(lambda: shown() == ["What is it? Say!"])
    assert asked.composer.text.hasFocus()


def test_nothing_is_no_question(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    ask(qtbot, window, parts, "Hello", "Hello.")
    editor = edit(qtbot, window)
    editor.field.setPlainText(" ")
    (send,) = [one for one in editor.findChildren(QPushButton) if one.text() == "Ask again"]
    assert not send.isEnabled()
    press(qtbot, window, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert len(parts.engine.asked) == 1

"""Escape does what the focused thing says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.conversation.editor import Editor
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.viewer import PictureViewer
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.shortcuts import ShortcutSheet
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask, press

ESCAPE = Qt.Key.Key_Escape
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def answering(qtbot: QtBot, window: MainWindow, parts: Parts, picture: Callable[..., NewPicture]) -> MainWindow:
    """A window in which an answer with a picture is being made."""
    window.draft.add(picture())
    ask(qtbot, window, parts, "What is it?")
    parts.engine.say("A wind")
    return window


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def editors(window: MainWindow) -> list[Editor]:
    return [one for one in window.findChildren(Editor) if one.isVisible()]


def test_the_answer_on_the_screen_is_stopped(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    press(qtbot, answering, ESCAPE)
    assert parts.engine.stops == 1


def test_an_answer_in_another_conversation_goes_on(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    answering.new_conversation()
    qtbot.keyClicks(answering.composer.text, "typed")

    press(qtbot, answering, ESCAPE)

    assert parts.engine.stops == 0
    assert answering.composer.text.toPlainText() == "typed"


def test_the_search_is_cleared_and_then_left(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    answering.top_bar._models.setFocus()
    press(qtbot, answering, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(answering.sidebar.search, "win")

    press(qtbot, answering, ESCAPE)
    assert answering.sidebar.search.text() == ""
    assert focused() is answering.sidebar.search
    press(qtbot, answering, ESCAPE)
    assert focused() is answering.top_bar._models  # where it was
    assert parts.engine.stops == 0


def test_the_list_gives_the_focus_back(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    answering.sidebar.list.setFocus()
    press(qtbot, answering, ESCAPE)
    assert focused() is answering.composer.text
    assert parts.engine.stops == 0


def test_a_title_is_as_it_was(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    assert parts.assistant.conversation_id is not None
    qtbot.waitUntil(lambda: answering.sidebar.neighbour(None, 1) is not None)
    answering.sidebar.list.setFocus()
    answering.sidebar.rename(parts.assistant.conversation_id)
    field = focused()
    assert isinstance(field, QLineEdit)
    field.setText("other")

    press(qtbot, answering, ESCAPE)

    assert [one.title for one in parts.history.fetch(lambda history: history.conversations())] == ["What is it?"]
    assert parts.engine.stops == 0


def test_an_edit_is_cancelled_and_kept(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    answering.pane.edit_last_question()
    (editor,) = editors(answering)
    qtbot.keyClicks(editor.field, " Really?")

    press(qtbot, answering, ESCAPE)

    assert editors(answering) == []
    assert focused() is answering.composer.text
    assert parts.engine.stops == 0
    answering.pane.edit_last_question()
    assert editors(answering)[0].field.toPlainText() == "What is it? Really?"


def test_the_panel_is_closed_only_from_inside(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    press(qtbot, answering, Qt.Key.Key_I, CTRL)
    answering.panel.close_button.setFocus()

    press(qtbot, answering, ESCAPE)
    assert answering.panel.isHidden()
    assert focused() is answering.composer.text
    assert parts.engine.stops == 0

    press(qtbot, answering, Qt.Key.Key_I, CTRL)
    press(qtbot, answering, ESCAPE)
    assert answering.panel.isVisible()
    assert parts.engine.stops == 1


def test_a_panel_that_is_closed_by_its_button_gives_the_focus_back(answering: MainWindow) -> None:
    answering.toggle_panel()
    answering.panel.close_button.setFocus()
    answering.panel.close_button.click()
    assert focused() is answering.composer.text


def test_the_viewer_is_closed(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    answering.top_bar._models.setFocus()
    answering._picture_actions.view(parts.assistant.messages[0].pictures[0].sha256)
    viewer = answering.findChild(PictureViewer)
    assert viewer is not None
    viewer.text.open_bar()
    assert focused() is not answering.top_bar._models

    press(qtbot, answering, ESCAPE)  # the bar in which text is found
    assert viewer.isVisible()
    press(qtbot, answering, ESCAPE)
    assert viewer.isHidden()
    assert focused() is answering.top_bar._models
    assert parts.engine.stops == 0


def test_the_page_of_models_is_closed_and_the_focus_is_where_it_was(
    qtbot: QtBot, answering: MainWindow, parts: Parts
) -> None:
    answering.sidebar.search.setFocus()
    press(qtbot, answering, Qt.Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert not answering.composer.isVisible()

    press(qtbot, answering, ESCAPE)
    assert answering.composer.isVisible()
    assert focused() is answering.sidebar.search
    assert parts.engine.stops == 0


def test_a_menu_is_closed(qtbot: QtBot, answering: MainWindow, parts: Parts) -> None:
    menu = answering.top_bar._export.menu()
    menu.popup(answering.mapToGlobal(answering.rect().center()))
    assert QApplication.activePopupWidget() is menu

    qtbot.keyClick(menu, ESCAPE)

    assert not menu.isVisible()
    assert parts.engine.stops == 0


def test_a_search_in_a_dialog_is_cleared_before_the_dialog_is_closed(qtbot: QtBot, answering: MainWindow) -> None:
    sheet = ShortcutSheet(answering._theme, parent=answering)
    sheet.open()
    qtbot.keyClicks(sheet.list.search, "zoom")

    qtbot.keyClick(sheet.list.search, ESCAPE)
    assert sheet.isVisible()
    assert sheet.list.search.text() == ""
    qtbot.keyClick(sheet.list.search, ESCAPE)
    assert not sheet.isVisible()


def test_where_nobody_wants_it_the_question_gets_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    window.top_bar._models.setFocus()
    press(qtbot, window, ESCAPE)
    assert focused() is window.composer.text


def test_a_button_that_goes_away_as_it_is_pressed_leaves_the_focus_to_the_question(
    qtbot: QtBot, window: MainWindow
) -> None:
    buttons = {one.text(): one for one in window.welcome.findChildren(QPushButton) if one.isVisible()}
    buttons["Got it"].setFocus()
    qtbot.mouseClick(buttons["Got it"], Qt.MouseButton.LeftButton)
    assert not buttons["Got it"].isVisible()
    qtbot.waitUntil(lambda: focused() is window.composer.text)


def test_in_a_part_that_stays_the_focus_stays_there(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    inside = QPushButton("Inside", window.panel)
    inside.show()
    QWidget.setTabOrder(inside, window.panel.close_button)
    inside.setFocus()
    inside.hide()
    QApplication.processEvents()
    assert focused() is window.panel.close_button

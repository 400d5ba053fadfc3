"""What is typed or pasted anywhere goes into the question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask

ELSEWHERE: dict[str, Callable[[MainWindow], QWidget]] = {
    "list": lambda window: window.sidebar.list,
    "conversation": lambda window: window.pane,
    "button": lambda window: window.top_bar._models,
    "panel": lambda window: window.panel.close_button,
}


@pytest.fixture
def talking(qtbot: QtBot, window: MainWindow, parts: Parts) -> MainWindow:
    ask(qtbot, window, parts, "Hello", "Hello, **you**.")
    window.toggle_panel()
    return window


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_letter_goes_into_the_question(qtbot: QtBot, talking: MainWindow, place: str) -> None:
    there = ELSEWHERE[place](talking)
    there.setFocus()
    assert there.hasFocus()
    qtbot.keyClicks(talking.composer.text, "so ")
    there.setFocus()

    qtbot.keyClick(there, "W", Qt.KeyboardModifier.ShiftModifier)
    assert talking.composer.text.hasFocus()
    assert talking.composer.text.toPlainText() == "so W"


def test_a_letter_over_selectable_text_goes_into_the_question(qtbot: QtBot, talking: MainWindow) -> None:
    (part,) = [one for one in talking.pane.widgets()[1].findChildren(QWidget) if one.property("kind") == "bare"]
    part.setFocus()
    qtbot.keyClick(part, "x")
    assert talking.composer.text.toPlainText() == "x"


def test_a_field_keeps_what_is_typed(qtbot: QtBot, talking: MainWindow) -> None:
    talking.sidebar.search.setFocus()
    qtbot.keyClicks(talking.sidebar.search, "abc")
    assert talking.sidebar.search.text() == "abc"
    assert talking.composer.text.toPlainText() == ""


def test_shortcuts_spaces_and_keys_without_text_stay(qtbot: QtBot, talking: MainWindow) -> None:
    button = talking.top_bar._models
    for key, modifier in (
        (Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    ):
        button.setFocus()
        qtbot.keyClick(button, key, modifier)
        assert button.hasFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not talking.composer.isVisible()  # it was pressed: the models are shown
    assert talking.composer.text.toPlainText() == ""


def test_nothing_is_typed_into_a_question_that_is_covered(
    qtbot: QtBot, talking: MainWindow, picture: Callable[..., NewPicture]
) -> None:
    talking.draft.add(picture())
    talking._picture_actions.view(picture().sha256)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClicks(focus, "a1")
    assert talking.composer.text.toPlainText() == ""
    qtbot.keyClick(focus, Qt.Key.Key_Escape)

    talking._model_actions.open_page()
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClicks(focus, "b")
    assert talking.composer.text.toPlainText() == ""


def test_a_picture_is_pasted_from_anywhere(qtbot: QtBot, talking: MainWindow) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    talking.pane.setFocus()
    qtbot.keyClick(talking.pane, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [one.width for one in talking.composer.pictures] == [30])


def test_what_an_input_method_composes_stands_in_the_question(talking: MainWindow) -> None:
    talking.pane.setFocus()
    assert talking.pane.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    composing = QInputMethodEvent("ni", [])
    QApplication.sendEvent(talking.pane, composing)
    assert talking.pane.hasFocus()  # a focus that moves would end it
    committed = QInputMethodEvent()
    committed.setCommitString("\u4f60")
    QApplication.sendEvent(talking.pane, committed)
    assert talking.composer.text.toPlainText() == "\u4f60"
    assert talking.composer.text.hasFocus()
    assert not talking.pane.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

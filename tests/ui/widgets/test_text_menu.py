"""The menu of fields: what it offers, and that it does so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.question_field import QuestionField
from desktop_vlm.ui.widgets.search_field import SearchField
from desktop_vlm.ui.widgets.text_menu import text_menu, use_text_menu

ALL = ["Undo", "Redo", "Cut", "Copy", "Paste", "Select all"]


def enabled(menu: QMenu) -> list[str]:
    return [entry.text() for entry in menu.actions() if entry.text() and entry.isEnabled()]


def words(menu: QMenu) -> list[str]:
    return [entry.text() for entry in menu.actions() if entry.text()]


def choose(menu: QMenu, word: str) -> None:
    next(entry for entry in menu.actions() if entry.text() == word).trigger()


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_it_does_what_it_says(qtbot: QtBot, kind: type[QLineEdit] | type[QPlainTextEdit]) -> None:
    field = kind()
    qtbot.addWidget(field)
    assert words(text_menu(field)) == ALL
    assert enabled(text_menu(field)) == ["Paste"]
    qtbot.keyClicks(field, "total")
    assert enabled(text_menu(field)) == ["Undo", "Paste", "Select all"]
    choose(text_menu(field), "Select all")
    assert enabled(text_menu(field)) == ["Undo", "Cut", "Copy", "Paste", "Select all"]
    choose(text_menu(field), "Cut")
    assert QApplication.clipboard().text() == "total"
    choose(text_menu(field), "Paste")
    choose(text_menu(field), "Paste")
    written = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    assert written == "totaltotal"


def test_a_text_that_is_only_read_is_copied(qtbot: QtBot) -> None:
    field = QPlainTextEdit("a report")
    qtbot.addWidget(field)
    field.setReadOnly(True)
    assert words(text_menu(field)) == ["Copy", "Select all"]
    choose(text_menu(field), "Select all")
    assert enabled(text_menu(field)) == ["Copy", "Select all"]


def test_a_token_stays_in_its_field(qtbot: QtBot) -> None:
    field = QLineEdit("hf_secret")
    qtbot.addWidget(field)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.selectAll()
    assert enabled(text_menu(field)) == ["Paste", "Select all"]


def test_the_right_mouse_button_opens_it(qtbot: QtBot, theme: Theme) -> None:
    number = QSpinBox()
    use_text_menu(number)
    fields: list[QWidget] = [SearchField(theme, "Search"), number]
    question = QuestionField(lambda _mime: False, lambda _mime: True)
    for field in (*fields, question):
        qtbot.addWidget(field)
        field.show()
    for surface in (*fields, question.viewport()):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(4, 4), surface.mapToGlobal(QPoint(4, 4)))
        QApplication.sendEvent(surface, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert words(menu) == ALL
        menu.close()

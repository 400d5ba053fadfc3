"""The text of pictures in the main window: read out without a model, and what goes along with questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.conversation.question import QuestionWidget
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.fake_engine import COMPOSING
from tests.ui.text_layer.fake_reader import layer_of
from tests.ui.window.test_main_window import answer, button, shown_answer, type_and_send

TEXT = ["# 1. *Total*", "```", "12,50 EUR"]


@pytest.fixture
def parts(make_parts: Callable[..., Parts]) -> Parts:
    return make_parts(capabilities=replace(COMPOSING, uses_quoted_text=True))


@pytest.fixture
def shot(parts: Parts, picture: Callable[..., NewPicture]) -> NewPicture:
    made = picture("#456789", (2240, 1120), "screen.png")
    parts.reader.layers[made.sha256] = layer_of(TEXT, width=2240, height=1120)
    return made


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def captions(widget: QWidget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [one.text() for one in labels if one.property("kind") == "caption" and one.isVisible() and one.text()]


def test_extract_text_is_exact_says_who_read_it_and_offers_the_model(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture
) -> None:
    window.resize(1500, 800)  # room for all quick actions
    window.draft.add(shot)
    qtbot.waitUntil(
        lambda: any(one.text().strip() == "Extract text" and one.isVisible() for one in window.composer.chips._chips)
    )
    with qtbot.waitSignal(parts.assistant.answered):
        button(window.composer, "Extract text").click()
    qtbot.waitUntil(lambda: "Read by OCR on this computer" in captions(shown_answer(window)))
    shown = shown_answer(window)
    assert not [one for one in shown.findChildren(QToolButton) if one.toolTip() == "Answer again" and one.isVisible()]
    next(one for one in shown.findChildren(QToolButton) if one.toolTip() == "Copy").click()
    assert QGuiApplication.clipboard().text() == "\n".join(TEXT)
    assert window.status._speed.text() == ""  # nobody computed anything
    assert parts.engine.asked == []

    button(shown, "Ask the model instead").click()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    answer(qtbot, parts, "A total.")
    qtbot.waitUntil(lambda: "4.0 s · 10 tokens/s" in captions(shown_answer(window)))
    again = shown_answer(window)
    assert "Read by OCR on this computer" not in captions(again)
    assert not [one for one in again.findChildren(QPushButton) if one.text().startswith("Ask") and one.isVisible()]
    button(again, "Answer again")
    button(again, "Previous version").click()
    qtbot.waitUntil(lambda: "Read by OCR on this computer" in captions(shown_answer(window)))


def test_what_went_along_is_said_with_the_question(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture
) -> None:
    window.draft.add(shot)
    type_and_send(qtbot, window, parts, "What is it?")
    (question,) = [one for one in window.pane.findChildren(QuestionWidget) if one.isVisible()]
    assert captions(question) == ["with 3 lines of small text"]
    (caption,) = [one for one in question.findChildren(QLabel) if "small text" in one.text()]
    assert caption.toolTip() == "\n".join(TEXT)


def test_while_text_is_read_the_answer_says_so_and_enter_goes_on(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture
) -> None:
    parts.reader.layers.clear()
    window.draft.add(shot)
    qtbot.keyClicks(window.composer.text, "What?")
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: parts.assistant.texts.wait.is_waiting)
    shown = shown_answer(window)
    assert "Reading the text in the picture" in [one.text() for one in shown.findChildren(QLabel) if one.isVisible()]
    assert [bar.maximum() for bar in shown.findChildren(QProgressBar)] == [0]  # how far it is nobody knows
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert [message.text for message in parts.engine.asked[0].messages] == ["What?"]


def test_the_panel_shows_what_goes_along_and_its_switch_keeps_it_back(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture
) -> None:
    window.toggle_panel()
    window.draft.add(shot)
    parts.text_layers.request(shot.sha256, shot.data)
    qtbot.waitUntil(lambda: window.panel.text_row(0) is not None)
    row = window.panel.text_row(0)
    assert row is not None
    qtbot.waitUntil(lambda: row.head.text() == "3 lines go along as text")
    assert window.panel.texts[2] == ""  # no advice: nothing is lost
    assert not window.top_bar._warning
    row.toggle.click()
    assert row.head.text() == "3 lines of text stay here"
    assert window.panel.texts[2] == "Small text gets lost: crop this picture to what matters."
    type_and_send(qtbot, window, parts, "What is it?")
    assert [message.text for message in parts.engine.asked[-1].messages] == ["What is it?"]
    parts.settings.update("text", quote_small_text=False)
    window._settings_actions.settings_changed.emit()
    assert window.panel.text_row(0) is None


def test_the_welcome_says_that_text_is_read_where_it_can_be(window: MainWindow, parts: Parts) -> None:
    words = "Extract text reads any screenshot exactly, before you have a model."
    assert words in captions(window.welcome)
    parts.reader.set_availability(Availability.MISSING)
    assert words not in captions(window.welcome)
    parts.reader.set_availability(Availability.READY)
    assert words in captions(window.welcome)
    parts.text_layers.set_on(False)
    assert words not in captions(window.welcome)

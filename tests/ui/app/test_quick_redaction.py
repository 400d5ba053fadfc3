"""Private text in the quick window's picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.app.quick_questions import QuickQuestions
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from tests.ui.conftest import Parts
from tests.ui.redaction.conftest import LINES, noisy_picture, pixels
from tests.ui.text_layer.fake_reader import layer_of


@pytest.fixture
def private(parts: Parts) -> NewPicture:
    made = noisy_picture()
    parts.reader.layers[made.sha256] = layer_of(LINES, width=320, height=80)
    return made


@pytest.fixture
def questions(parts: Parts, private: NewPicture, qtbot: QtBot) -> Iterator[QuickQuestions]:
    """Asked about a picture with private text."""
    quick = QuickWindow(parts.theme, [])
    qtbot.addWidget(quick)
    made = QuickQuestions(parts.services(), cast("WindowAccess", None), quick, quick)
    made.open_with(private)
    qtbot.waitUntil(lambda: quick.prompt._picture.item.private == 2)
    yield made
    if made.redaction.dialog is not None:
        made.redaction.dialog.reject()
    quick.hide()


def test_it_is_pointed_out_and_hidden_before_anything_is_asked(
    parts: Parts, questions: QuickQuestions, private: NewPicture, qtbot: QtBot
) -> None:
    quick = questions._quick
    quick.prompt.field.setPlainText("Who is it?")
    questions._services.captures.add(private, None)
    mark = quick.prompt._picture._private
    assert mark is not None
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    dialog = questions.redaction.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.proposal.marks) == 2)
    dialog.apply.click()
    qtbot.waitUntil(lambda: questions.redaction.dialog is None)
    assert quick.prompt.text() == "Who is it?"
    assert quick.prompt._picture.item.private == 0
    (recent,) = questions._services.captures.captures
    assert not pixels(recent.picture.data)[0:20, 90:240].any()
    quick._ask(None)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    (sent,) = parts.engine.asked[0].images.values()
    assert sent != private.data
    assert not pixels(sent)[0:20, 90:240].any()
    kept = [held for message in parts.assistant.messages for held in message.pictures]
    assert [held.sha256 == private.sha256 for held in kept] == [False]


def test_the_menu_offers_it_until_the_picture_was_sent(parts: Parts, questions: QuickQuestions, qtbot: QtBot) -> None:
    prompt = questions._quick.prompt
    menu = prompt.make_menu()
    next(entry for entry in menu.actions() if entry.text().startswith("Hide")).trigger()
    assert questions.redaction.dialog is not None
    questions.redaction.dialog.reject()
    prompt.field.setPlainText("Who?")
    questions._quick._ask(None)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert prompt._picture.item.private == 0
    assert not prompt.make_menu().isEnabled()
    questions._quick.hiding_requested.emit()
    assert questions.redaction.dialog is None

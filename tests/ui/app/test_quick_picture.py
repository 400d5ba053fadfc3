"""The quick window's picture: large, pointed at, edited, copied; what is asked about is what was made of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.history.details import POINTERS
from desktop_vlm.images.legibility import TOO_SMALL_ANSWER
from desktop_vlm.images.pointing import draw_pointers
from desktop_vlm.images.redaction import pixels_of
from desktop_vlm.ui.annotate.tools import CROP
from desktop_vlm.ui.app.quick_questions import QuickQuestions
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.pictures.canvas import PictureCanvas
from desktop_vlm.ui.pictures.loading import read_data
from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES
from desktop_vlm.ui.quick_window import QuickWindow
from tests.ui.conftest import Parts
from tests.ui.pictures.hands import drag, press
from tests.ui.redaction.conftest import noisy_picture, pixels

PICTURE = noisy_picture()


@pytest.fixture
def questions(parts: Parts, qtbot: QtBot) -> Iterator[QuickQuestions]:
    quick = QuickWindow(parts.theme, [])
    qtbot.addWidget(quick)
    made = QuickQuestions(parts.services(), cast("WindowAccess", None), quick, quick)
    made.open_with(PICTURE)
    yield made
    quick.hide()


def place(canvas: PictureCanvas, x: float, y: float) -> QPoint:
    return QPointF(canvas.viewport.left + x, canvas.viewport.top + y).toPoint()


def sent(questions: QuickQuestions, parts: Parts, qtbot: QtBot, n_before: int = 0) -> Image.Image:
    questions._quick._ask(None)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == n_before + 1)
    (data,) = parts.engine.asked[-1].images.values()
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_it_is_edited_and_pointed_at_and_that_is_asked_about(
    parts: Parts, questions: QuickQuestions, qtbot: QtBot
) -> None:
    thumbnail = questions._quick.prompt._picture
    QTest.mouseClick(thumbnail, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, thumbnail.rect().center())
    viewer = questions.picture.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    press(viewer, Qt.Key.Key_P)
    drag(viewer.canvas, place(viewer.canvas, 100, 20), place(viewer.canvas, 200, 60))
    press(viewer, Qt.Key.Key_E)
    editor = questions.picture.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    press(editor.canvas, Qt.Key.Key_K)
    drag(editor.canvas, place(editor.canvas, 220, 10), place(editor.canvas, 300, 70))
    (mark,) = editor.session.document.marks
    area = pixels_of(mark.area, 320, 80)
    assert area is not None
    assert area == pytest.approx((220, 10, 300, 70), abs=1)
    press(editor.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: questions.picture.editor is None)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    for _ in range(2):
        press(viewer, Qt.Key.Key_Escape)
    assert questions.picture.dialog is None
    shown = thumbnail.item
    assert (len(shown.pointers), shown.edited) == (1, False)  # the black place is all that was done: it is the original

    image = sent(questions, parts, qtbot)
    black = pixels(PICTURE.data).copy()
    black[area[1] : area[3], area[0] : area[2]] = 0
    expected = draw_pointers(Image.fromarray(black), shown.pointers)
    assert (np.asarray(image) == np.asarray(expected)).all()
    assert list(parts.assistant.messages[0].details[POINTERS].values()) == [[shown.pointers[0].as_json()]]


def test_ctrl_c_copies_the_picture_unless_text_is_selected(questions: QuickQuestions, qtbot: QtBot) -> None:
    clipboard, field = QApplication.clipboard(), questions._quick.prompt.field
    clipboard.clear()
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not clipboard.image().isNull())
    assert (clipboard.image().width(), clipboard.image().height()) == (320, 80)
    field.setPlainText("What?")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "What?"


def test_its_menu_offers_all_that_pictures_have_until_it_was_asked_about(
    parts: Parts, questions: QuickQuestions, qtbot: QtBot
) -> None:
    menu = questions._quick.prompt.make_menu()
    entries = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert entries == [entry.label for entry in PICTURE_ENTRIES]
    assert questions.picture._handlers.keys() == {entry.id for entry in PICTURE_ENTRIES} | {"open"}
    sent(questions, parts, qtbot)
    questions._quick.prompt._choose("open")
    assert questions.picture.dialog is None


def answered(questions: QuickQuestions, parts: Parts, qtbot: QtBot, question: str, answer: str) -> None:
    """Ask in the quick window, and have it answered."""
    quick = questions._quick
    quick.prompt.field.setPlainText(question)
    before = len(parts.engine.asked)
    quick._ask(None)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == before + 1)
    parts.engine.say(answer)
    parts.engine.end()
    qtbot.waitUntil(lambda: quick.answer.markdown() == answer and not quick.prompt.answering)


def test_where_its_text_is_too_small_it_is_cropped_and_asked_about_again(
    parts: Parts, questions: QuickQuestions, qtbot: QtBot
) -> None:
    quick = questions._quick
    answered(questions, parts, qtbot, "What is the total?", "12.50")
    assert not quick.answer.crop.isVisible()
    answered(questions, parts, qtbot, "Which date is it?", TOO_SMALL_ANSWER)
    crop = quick.answer.crop
    assert crop.isVisible()
    assert crop.text() == "Crop the picture\u2026"
    QTest.mouseClick(crop, Qt.MouseButton.LeftButton)
    editor = questions.picture.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    assert editor.session.tool == CROP
    drag(editor.canvas, place(editor.canvas, 100, 20), place(editor.canvas, 200, 60))
    press(editor.canvas, Qt.Key.Key_Return)  # crops
    press(editor.canvas, Qt.Key.Key_Return)  # ends
    qtbot.waitUntil(lambda: questions.picture.editor is None)
    assert not crop.isVisible()
    assert quick.text == "Which date is it?"
    image = sent(questions, parts, qtbot, n_before=2)
    assert image.size == pytest.approx((100, 40), abs=1)
    assert len(parts.assistant.messages) == 4  # the cropped one has a conversation of its own


def test_what_is_hidden_while_cropping_leaves_the_history_too(
    parts: Parts, questions: QuickQuestions, qtbot: QtBot
) -> None:
    answered(questions, parts, qtbot, "Which date is it?", TOO_SMALL_ANSWER)
    assert parts.history.fetch(lambda history: history.users_of_picture(PICTURE.sha256)[0]) == 1
    QTest.mouseClick(questions._quick.answer.crop, Qt.MouseButton.LeftButton)
    editor = questions.picture.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    press(editor.canvas, Qt.Key.Key_K)
    drag(editor.canvas, place(editor.canvas, 220, 10), place(editor.canvas, 300, 70))
    press(editor.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: questions.picture.editor is None)
    assert parts.history.fetch(lambda history: history.users_of_picture(PICTURE.sha256)[0]) == 0
    (kept,) = parts.history.fetch(lambda history: history.thread(1))[0].pictures
    black = pixels(read_data(parts.library.data(kept.sha256)))
    assert (black[40, 250] == 0).all()
    assert questions._quick.text == "Which date is it?"

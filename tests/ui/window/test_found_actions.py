"""From a hit in the list to its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history import History
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.question import QuestionWidget
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.thumbnail import Thumbnail
from desktop_vlm.ui.pictures.viewer import PictureViewer
from desktop_vlm.ui.theme import DARK, LIGHT, ThemeChoice
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.text_layer.fake_reader import layer_of

MakePicture = Callable[..., NewPicture]


class Library:
    """A history with a receipt among long answers."""

    def __init__(self, parts: Parts, receipt: NewPicture) -> None:
        self.receipt = receipt
        self.conversation, self.message, self.first, self.other = parts.history.fetch(self._fill)

    def _fill(self, history: History) -> tuple[int, int, int, int]:
        conversation = history.create_conversation("Shopping")
        first = history.add_message(conversation, None, "user", "Hello")
        long = "\n\n".join(f"Paragraph {number} of many." for number in range(60))
        answer = history.add_message(conversation, first.id, "assistant", f"{long}\n\nA zebra.\n\n{long}")
        data, size = self.receipt.data, (self.receipt.width, self.receipt.height)
        sha256 = history.add_picture(data, name="receipt.png", width=size[0], height=size[1])
        asked = history.add_message(conversation, answer.id, "user", "How much is <it>?", pictures=[sha256])
        history.add_message(conversation, asked.id, "assistant", long)
        history.keep_text_layer(sha256, layer_of(["Bakery", "Total 12.50"], width=120, height=80))
        other = history.create_conversation("Another")
        history.add_message(other, None, "user", "nothing here")
        return conversation, asked.id, first.id, other


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def library(parts: Parts, picture: MakePicture) -> Library:
    return Library(parts, picture())


def search(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.sidebar.search.setText(text)
    qtbot.waitUntil(lambda: window.sidebar._count.isVisible() and row(window).data() == "Shopping")


def row(window: MainWindow) -> QModelIndex:
    return window.sidebar._model.index(0)


def choose(qtbot: QtBot, window: MainWindow) -> None:
    place = window.sidebar.list.visualRect(row(window)).center()
    qtbot.mouseClick(window.sidebar.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown(window: MainWindow, message: int) -> QuestionWidget | AnswerWidget:
    found = [w for w in window.pane.widgets() if isinstance(w, QuestionWidget | AnswerWidget)]
    return next(widget for widget in found if widget.message.id == message)


def viewer(window: MainWindow) -> PictureViewer:
    return window.findChildren(PictureViewer)[0]


def is_on_screen(window: MainWindow, widget: QuestionWidget | AnswerWidget) -> bool:
    return not widget.isHidden() and 0 <= widget.y() < window.pane.viewport().height()


def lit(widget: QuestionWidget | AnswerWidget) -> list[tuple[Box, ...]]:
    return [one._places for one in widget.findChildren(Thumbnail)]


def test_a_hit_in_a_picture_opens_at_its_message_with_the_place_lit_up(
    qtbot: QtBot, window: MainWindow, parts: Parts, library: Library
) -> None:
    search(qtbot, window, "12.5")
    assert row(window).data(Qt.ItemDataRole.AccessibleTextRole) == "Shopping, found in a picture"
    assert "found in a picture" in row(window).data(Qt.ItemDataRole.ToolTipRole)
    choose(qtbot, window)
    place = Box(60, 20, 100, 40)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.conversation)
    question = shown(window, library.message)
    qtbot.waitUntil(lambda: lit(question) == [(place,)])
    assert is_on_screen(window, question)
    # WHEN the picture is clicked, or the hit chosen once more
    window.pane.picture_opened.emit(library.receipt.sha256)
    assert viewer(window).isVisible()
    assert viewer(window).canvas._places == (place,)
    viewer(window).close_viewer()
    choose(qtbot, window)
    assert viewer(window).isVisible()
    assert viewer(window).canvas._places == (place,)
    viewer(window).close_viewer()
    # WHEN the search is over THEN nothing is lit
    window.sidebar.search.clear()
    assert lit(question) == [()]
    window.pane.picture_opened.emit(library.receipt.sha256)
    assert viewer(window).canvas._places == ()


def test_a_hit_in_a_text_opens_at_its_message_with_the_words_lit_up(
    qtbot: QtBot, window: MainWindow, parts: Parts, library: Library
) -> None:
    search(qtbot, window, "ZEBRA")
    assert row(window).data(Qt.ItemDataRole.AccessibleTextRole) == "Shopping"
    choose(qtbot, window)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.conversation)
    answer = shown(window, library.message - 1)
    top = answer.lit_top()
    assert top is not None
    assert 0 <= answer.y() + top < window.pane.viewport().height()
    assert [found for text in answer._view._texts() for found in text.lit_texts()] == ["zebra"]  # type: ignore[union-attr]
    parts.assistant.open(library.other)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.other)
    parts.assistant.open(library.conversation)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.conversation)
    window.pane.scroll_to_message(library.message - 1)
    assert shown(window, library.message - 1).lit_top() is None  # it was opened from elsewhere


def test_a_question_lights_up_its_words_and_stays_text(
    qtbot: QtBot, window: MainWindow, parts: Parts, library: Library
) -> None:
    search(qtbot, window, "how <it>")
    choose(qtbot, window)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.conversation)
    question = shown(window, library.message)
    assert isinstance(question, QuestionWidget)
    label = question._label
    assert label.is_lit
    assert label.text().count("<span") == 2
    assert "&lt;it&gt;" in label.text()
    parts.theme.apply_now(ThemeChoice.DARK, parts.theme.text_px)
    assert f"background-color: {parts.theme.color('found').name()}" in label.text()
    assert parts.theme.color("found").name() == DARK.found
    parts.theme.apply_now(ThemeChoice.LIGHT, parts.theme.text_px)
    assert f"background-color: {LIGHT.found}" in label.text()
    before = label.sizeHint()
    window.sidebar.search.clear()
    assert (label.text(), label.is_lit) == ("How much is <it>?", False)
    assert label.sizeHint().width() == before.width()


def test_a_hit_in_another_version_brings_that_version(
    qtbot: QtBot, window: MainWindow, parts: Parts, library: Library
) -> None:
    def add(history: History) -> int:
        return history.add_message(library.conversation, None, "user", "Hello instead").id

    other_version = parts.history.fetch(add)
    search(qtbot, window, "zebra")
    choose(qtbot, window)
    qtbot.waitUntil(lambda: library.first in [message.id for message in parts.assistant.messages])
    assert other_version not in [message.id for message in parts.assistant.messages]


def test_a_picture_of_several_messages_is_shown_where_the_open_branch_has_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, library: Library
) -> None:
    window.pane.scroll_to_message(None)
    window.pane.scroll_to_message(10**6)
    search(qtbot, window, "bakery")
    qtbot.keyClick(window.sidebar.list, Qt.Key.Key_Down)
    qtbot.keyClick(window.sidebar.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: parts.assistant.conversation_id == library.conversation)
    qtbot.waitUntil(lambda: lit(shown(window, library.message)) == [(Box(0, 0, 60, 20),)])

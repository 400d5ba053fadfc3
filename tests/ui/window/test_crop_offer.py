"""An answer about a picture that is too small to read: cropping it is one click away, below the answer."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine
from desktop_vlm.images.legibility import TOO_SMALL_ANSWER
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.ui.annotate.subject import Subject, cropped_to
from desktop_vlm.ui.annotate.tools import CROP
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window import edit_actions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask

SIZE = (1000, 620)  # on 560 px
TOO_SMALL = TOO_SMALL_ANSWER


def shot(parts: Parts, line_px: int, color: str = "white") -> NewPicture:
    """A screenshot whose lines are so high."""
    buffer = io.BytesIO()
    Image.new("RGB", SIZE, color).save(buffer, "PNG")
    made = NewPicture(buffer.getvalue(), "screen.png", *SIZE)
    texts = ("File Edit View", "Total 12,50", "Bank 0815")
    boxes = [
        Box(10, 20 + 60 * at, 10 + 0.46 * line_px * len(text), 20 + 60 * at + line_px) for at, text in enumerate(texts)
    ]
    lines = tuple(TextLine(text, box, (), 1.0) for text, box in zip(texts, boxes, strict=True))
    parts.reader.layers[made.sha256] = TextLayer(*SIZE, lines, (0,))
    parts.text_layers.request(made.sha256, made.data)
    return made


def offered(window: MainWindow) -> list[QPushButton]:
    """The buttons on the screen."""
    answers = [one for one in window.pane.widgets() if isinstance(one, AnswerWidget)]
    return [one.crop for one in answers if one.crop.isVisible()]


def test_the_button_opens_the_picture_with_the_tool_for_cropping(
    window: MainWindow, parts: Parts, qtbot: QtBot
) -> None:
    picture = shot(parts, 13)
    window.draft.add(picture)
    ask(qtbot, window, parts, "What is the total?", TOO_SMALL)
    qtbot.waitUntil(lambda: len(offered(window)) == 1)
    (button,) = offered(window)
    assert button.text() == "Crop the picture…"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._edit_actions.editor is not None)
    editor = window._edit_actions.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    assert (editor.subject.sha256, editor.session.tool) == (picture.sha256, CROP)
    assert window.composer.text.toPlainText() == ""
    editor.applied.emit(shot(parts, 13, "blue"))
    assert window._edit_actions.editor is None
    assert window.composer.text.toPlainText() == "What is the total?"


def test_where_a_part_is_marked_one_click_crops_to_it(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    picture = shot(parts, 13).pointed_at([Pointer(Box(100, 100, 300, 180))])
    window.draft.add(picture)
    ask(qtbot, window, parts, "What is this?", TOO_SMALL)
    qtbot.waitUntil(lambda: len(offered(window)) == 1)
    (button,) = offered(window)
    assert button.text() == "Crop to the marked part"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)
    (new,) = window.composer.pictures
    assert 200 <= new.width < 400
    assert 80 <= new.height < 300
    qtbot.waitUntil(lambda: window.composer.text.toPlainText() == "What is this?")  # asked again by Enter alone
    qtbot.waitUntil(lambda: offered(window) == [])


@pytest.mark.parametrize(("written", "by_action"), [("Which bank?", False), ("", True)])
def test_what_is_being_written_stays_and_a_quick_action_is_not_written_out(
    window: MainWindow, parts: Parts, qtbot: QtBot, written: str, by_action: bool
) -> None:
    picture = shot(parts, 13).pointed_at([Pointer(Box(100, 100, 300, 180))])
    window.draft.add(picture)
    if by_action:
        window.draft.run_action(window._services.actions.actions[0])
        qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
        parts.engine.say(TOO_SMALL)
        parts.engine.end()
    else:
        ask(qtbot, window, parts, "What is this?", TOO_SMALL)
    window.composer.text.setPlainText(written)
    qtbot.waitUntil(lambda: len(offered(window)) == 1)
    QTest.mouseClick(offered(window)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: offered(window) == [])
    assert len(window.composer.pictures) == 1
    assert window.composer.text.toPlainText() == written


def test_a_picture_that_takes_long_to_crop_says_so_and_is_cropped_once(
    window: MainWindow, parts: Parts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = shot(parts, 13).pointed_at([Pointer(Box(100, 100, 300, 180))])
    window.draft.add(picture)
    ask(qtbot, window, parts, "What is this?", TOO_SMALL)
    qtbot.waitUntil(lambda: len(offered(window)) == 1)
    begun: list[Subject] = []
    goes_on = threading.Event()

    def cropped(subject: Subject, boxes: Sequence[Box]) -> NewPicture:
        begun.append(subject)
        goes_on.wait(60)
        return cropped_to(subject, boxes)

    monkeypatch.setattr(edit_actions, "cropped_to", cropped)
    window._edit_actions.crop(picture.sha256, True)
    qtbot.waitUntil(lambda: len(begun) == 1)
    qtbot.waitUntil(lambda: window.toast.isVisible() and window.toast._text.text() == "Making the picture…")
    window._edit_actions._crop_to([Box(0, 0, 90, 90)], begun[0])  # pressed once more
    goes_on.set()
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)
    assert window.toast._text.text().startswith("Your next question is about the edited picture")
    assert not window._edit_actions._crops.isActive()
    assert len(begun) == 1


@pytest.mark.parametrize("line_px", [24, 40])
def test_nothing_is_offered_where_the_text_can_be_read(
    window: MainWindow, parts: Parts, qtbot: QtBot, line_px: int
) -> None:
    window.draft.add(shot(parts, line_px))
    ask(qtbot, window, parts, "What is the total?", "12,50")
    (picture,) = parts.assistant.pictures.view.sent
    qtbot.waitUntil(lambda: parts.text_layers.layer(picture.sha256) is not None)
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.prepared is not None)
    window._crop_offer._show()
    assert offered(window) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (TOO_SMALL, ["Crop the picture…"]),
        (f'A dialog with the title "Save". {TOO_SMALL}', ["Crop the picture…"]),
        (f"The status line is t{TOO_SMALL[1:]} 2 windows are open.", ["Crop the picture…"]),
        ("The letters are too small.", []),
        ("", []),
    ],
)
def test_where_the_demo_says_so_it_is_offered_although_most_of_the_text_can_be_read(
    window: MainWindow, parts: Parts, qtbot: QtBot, answer: str, words: list[str]
) -> None:
    """GIVEN a picture with large text, and smaller one of which nothing is known."""
    picture = shot(parts, 40)
    window.draft.add(picture)
    ask(qtbot, window, parts, "What does the status line say?", answer)
    qtbot.waitUntil(lambda: parts.text_layers.layer(picture.sha256) is not None)
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.prepared is not None)
    assert parts.assistant.unreadable_pictures() == []
    window._crop_offer._show()
    assert [one.text() for one in offered(window)] == words


def test_it_stands_under_the_last_answer_only_and_goes_with_the_next_picture(
    window: MainWindow, parts: Parts, qtbot: QtBot
) -> None:
    window.draft.add(shot(parts, 13))
    ask(qtbot, window, parts, "What is the total?", TOO_SMALL)
    ask(qtbot, window, parts, "And the bank?", TOO_SMALL)
    last = parts.assistant.messages[-1]
    (answer,) = [one for one in window.pane.widgets() if isinstance(one, AnswerWidget) and one.message.id == last.id]
    qtbot.waitUntil(lambda: offered(window) == [answer.crop])
    window.draft.add(shot(parts, 40, "red"))
    qtbot.waitUntil(lambda: offered(window) == [])

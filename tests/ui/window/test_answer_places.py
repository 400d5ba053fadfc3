"""Answers that are checked against the text of the pictures, in the whole window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.question import QuestionWidget
from desktop_vlm.ui.markdown.marks import MarkKind
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.quickest import quickest_s
from tests.ui.conftest import Parts
from tests.ui.text_layer.fake_reader import layer_of

MakePicture = Callable[..., NewPicture]
FOUND, MISSING = MarkKind.FOUND, MarkKind.MISSING


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def ask(qtbot: QtBot, window: MainWindow, parts: Parts, tmp_path: Path, picture: MakePicture) -> Callable[..., str]:
    """Asks, with a picture of a colour if one is named, and has the answer said; gives the picture's SHA-256."""

    def asked(answer: str, color: str = "", question: str = "Hm?") -> str:
        if color:
            file = tmp_path / f"{color}.png"
            file.write_bytes(picture(color).data)
            window.draft.take_files([file])
            until(qtbot, lambda: len(window.composer.pictures) == 1)
        before = len(parts.engine.asked)
        qtbot.keyClicks(window.composer.text, question)
        qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
        until(qtbot, lambda: len(parts.engine.asked) == before + 1)
        parts.engine.say(answer)
        parts.engine.end()
        until(qtbot, lambda: answers(window)[-1].passages() != [])
        pictures = [held.sha256 for message in parts.assistant.messages for held in message.pictures]
        return pictures[-1] if pictures else ""

    return asked


def until(qtbot: QtBot, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=20_000)


def answers(window: MainWindow) -> list[AnswerWidget]:
    return [widget for widget in window.pane.widgets() if isinstance(widget, AnswerWidget)]


def marked(answer: AnswerWidget) -> list[tuple[str, MarkKind]]:
    found = []
    for part in answer.findChildren(TextPart):
        found += [(part._text_of(mark), mark.kind) for mark in part.marks]
    return found


def read(parts: Parts, sha256: str, *lines: str) -> None:
    parts.reader.read.emit(sha256, layer_of(lines))


def test_an_answer_is_marked_when_its_picture_is_read(
    qtbot: QtBot, window: MainWindow, parts: Parts, ask: Callable[..., str]
) -> None:
    text = 'It says **"Save as"**, "Help me" and costs $12.60.'
    sha256 = ask(text, "#112233")
    (answer,) = answers(window)
    assert marked(answer) == []

    read(parts, sha256, "Open", "Save as", "$12.50")

    expected = [("Save as", FOUND), ("Help me", MISSING), ("$12.60", MISSING)]
    until(qtbot, lambda: marked(answer) == expected)
    assert "2 not found in the picture, 1 found" in [label.text().strip(" \u00b7") for label in labels(answer)]
    window._conversation_actions.copy_last_answer()
    assert QGuiApplication.clipboard().text() == text

    def check(on: bool) -> None:
        current = parts.settings.current
        parts.settings.save(replace(current, text=replace(current.text, check_answers=on)))
        window._settings_actions.settings_changed.emit()

    check(False)
    until(qtbot, lambda: marked(answer) == [])
    assert "found" not in "".join(label.text() for label in labels(answer))
    check(True)
    until(qtbot, lambda: marked(answer) == expected)


def labels(answer: AnswerWidget) -> list[QLabel]:
    return [label for label in answer.findChildren(QLabel) if label.isVisible()]


def test_pointing_lights_up_and_clicking_opens_the_place(
    qtbot: QtBot, window: MainWindow, parts: Parts, ask: Callable[..., str]
) -> None:
    first = ask('It says "Save as".', "#112233")
    second = ask('And here "Open file" and "Help me".', "#332211")
    read(parts, second, "nothing", "Open file")
    until(qtbot, lambda: marked(answers(window)[1]) == [("Open file", FOUND)])  # the first may show the other
    read(parts, first, "Save as", "Open file")
    until(qtbot, lambda: marked(answers(window)[1]) == [("Open file", FOUND), ("Help me", MISSING)])
    until(qtbot, lambda: marked(answers(window)[0]) == [("Save as", FOUND)])
    opened: list[tuple[str, object]] = []
    window.pane.place_opened.disconnect()
    window.pane.place_opened.connect(lambda sha256, boxes: opened.append((sha256, boxes)))
    part = next(part for part in answers(window)[1].findChildren(TextPart) if part.marks)

    part._point_at(part.marks[0])

    questions = [widget for widget in window.pane.widgets() if isinstance(widget, QuestionWidget)]
    lit = [question._strip.thumbnail(0)._places for question in questions]
    assert lit == [(Box(0, 20, 90, 40),), (Box(0, 20, 90, 40),)]
    assert window.panel.preview._places == {second: (Box(0, 20, 90, 40),), first: (Box(0, 20, 90, 40),)}
    part._open_mark(part.marks[0])
    assert opened == [(second, (Box(0, 20, 90, 40),))]
    part._point_at(None)
    assert [question._strip.thumbnail(0)._places for question in questions] == [(), ()]


def test_nothing_changes_while_an_answer_grows(
    qtbot: QtBot, window: MainWindow, parts: Parts, ask: Callable[..., str]
) -> None:
    sha256 = ask('It says "Save as".', "#112233")
    read(parts, sha256, "Save as")
    until(qtbot, lambda: marked(answers(window)[0]) == [("Save as", FOUND)])
    qtbot.keyClicks(window.composer.text, "Hm?")
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    until(qtbot, lambda: len(parts.engine.asked) == 2)
    parts.engine.say('It says "Save as" and ')
    until(qtbot, lambda: len(answers(window)) == 2)
    qtbot.wait(80)
    assert marked(answers(window)[1]) == []
    parts.engine.say('"Help me".')
    parts.engine.end()
    until(qtbot, lambda: marked(answers(window)[1]) == [("Save as", FOUND), ("Help me", MISSING)])


def test_a_long_answer_does_not_hold_up_the_window(
    qtbot: QtBot, window: MainWindow, parts: Parts, ask: Callable[..., str]
) -> None:
    """Claims are checked in another thread, and marked in one go: of 9 kB here, ten times that are promised."""
    sha256 = ask("\n".join(f'- A row says "Entry {n}" and {n}.25' for n in range(240)), "#112233")
    (answer,) = answers(window)
    assert len(answer.passages()) == 240
    assert quickest_s(answer.passages, 0.05, clock=thread_time) < 0.05
    read(parts, sha256, *[f"Entry {n}" for n in range(0, 240, 2)])
    until(qtbot, lambda: any(part.marks for part in answer.findChildren(TextPart)))
    kinds = [mark.kind for part in answer.findChildren(TextPart) for mark in part.marks]
    assert (kinds.count(FOUND), kinds.count(MISSING)) == (120, 120 + 240)

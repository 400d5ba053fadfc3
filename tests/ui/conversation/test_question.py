"""Questions: very long ones, and ones with very many pictures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from desktop_vlm.history.records import Message, MessageState, Picture
from desktop_vlm.ui.conversation.question import MOST_LINES, MOST_SHOWN, QuestionWidget, beginning
from desktop_vlm.ui.pictures.thumbnails import AT_ONCE, ThumbnailStrip
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.turn import Turn

PICTURES = tuple(Picture(f"{number:064x}", f"{number}.png", 32, 20, 100, True) for number in range(40))


class Library(QObject):
    """Thumbnails that come one after the other."""

    loaded = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[str, QImage] = {}
        self.asked: list[str] = []

    def thumbnail(self, sha256: str, _side: int) -> QImage | None:
        self.asked.append(sha256)
        return self.there.get(sha256)

    def known_thumbnail(self, sha256: str, _side: int) -> QImage | None:
        return self.there.get(sha256)


def question(text: str, pictures: tuple[Picture, ...] = ()) -> Message:
    return Message(1, 1, None, "user", text, pictures, MessageState.COMPLETE, "", 0.0, "", "", {}, (1,))


@pytest.fixture
def library(qapp: object) -> Library:  # noqa: ARG001
    return Library()


def widget_of(qtbot: QtBot, theme: Theme, library: Library, message: Message) -> QuestionWidget:
    made = QuestionWidget(theme, message, library, lambda _sha256: "")  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


def notes_of(widget: QuestionWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if "too long" in label.text() and label.isVisible()]


def test_of_a_question_without_end_the_beginning_is_shown_and_all_is_copied(
    qtbot: QtBot, theme: Theme, library: Library
) -> None:
    text = "word " * 200_000
    widget = widget_of(qtbot, theme, library, question(text))
    shown = next(label for label in widget.findChildren(QLabel) if label.accessibleName() == "Question")
    assert shown.text() == text[:MOST_SHOWN]
    assert len(notes_of(widget)) == 1
    assert "1 %" in notes_of(widget)[0]
    copy = next(button for button in widget.findChildren(QToolButton) if button.accessibleName() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == text
    widget.show_message(replace(widget.message, text="short"))
    assert shown.text() == "short"
    assert notes_of(widget) == []


def test_so_much_of_a_question_is_shown() -> None:
    assert beginning("a\nb") == "a\nb"
    assert beginning("x" * MOST_SHOWN) == "x" * MOST_SHOWN
    lines = [str(number) for number in range(MOST_LINES)]
    assert beginning("\n".join(lines)) == "\n".join(lines)
    assert beginning("\n".join([*lines, "more", "more"])) == "\n".join(lines)


def test_thumbnails_of_very_many_are_asked_for_as_there_is_time(
    qtbot: QtBot, theme: Theme, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([True, True, False] * 100)
    monkeypatch.setattr(Turn, "has_time", lambda: next(times))
    asked = [len(library.asked)]
    widget = QuestionWidget(theme, question("many", PICTURES), library, lambda _sha256: "")  # type: ignore[arg-type]
    assert library.asked == [picture.sha256 for picture in PICTURES[:AT_ONCE]]
    widget._ask_soon.timeout.connect(lambda: asked.append(len(library.asked)))
    qtbot.waitUntil(lambda: len(library.asked) == len(PICTURES))
    assert max(after - before for before, after in pairwise([AT_ONCE, *asked[1:]])) <= 2
    assert library.asked == [picture.sha256 for picture in PICTURES]
    widget.deleteLater()


def test_a_thumbnail_that_comes_changes_that_one_only(qtbot: QtBot, theme: Theme, library: Library) -> None:
    widget = widget_of(qtbot, theme, library, question("many", PICTURES))
    strip = widget.findChildren(ThumbnailStrip)[0]
    qtbot.waitUntil(lambda: len(library.asked) == len(PICTURES))
    library.asked.clear()
    for picture in PICTURES:
        library.there[picture.sha256] = QImage(32, 20, QImage.Format.Format_RGB32)
        library.loaded.emit(picture.sha256)
    assert library.asked == [picture.sha256 for picture in PICTURES]
    assert all(item.image is not None for item in strip.pictures)
    library.loaded.emit("of another question")
    assert len(library.asked) == len(PICTURES)

"""Pictures of a question in another order, all of them away, and their numbers in the conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.thumbnails import ThumbnailStrip
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

MakePicture = Callable[..., NewPicture]
COLORS = ("#110000", "#220000", "#330000")


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def names(window: MainWindow) -> list[str]:
    return [picture.name.removesuffix(".png") for picture in window.composer.pictures]


def strip(window: MainWindow) -> ThumbnailStrip:
    found = window.composer.findChild(ThumbnailStrip)
    assert found is not None
    return found


def test_the_order_is_the_one_in_which_they_are_asked_about(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    for color in COLORS:
        window.draft.add(picture(color))
    strip(window).moved.emit(2, 0)
    assert names(window) == ["#330000", "#110000", "#220000"]
    assert [one.name for one in parts.assistant.pictures.view.pictures] == ["#330000.png", "#110000.png", "#220000.png"]
    assert [item.badge for item in strip(window).pictures] == ["1", "2", "3"]
    window.composer.text.setPlainText("Compare")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert [held.name for held in parts.assistant.messages[0].pictures] == [
        f"{n}.png" for n in ("#330000", "#110000", "#220000")
    ]


def test_clear_all_can_be_undone(window: MainWindow, picture: MakePicture) -> None:
    for color in COLORS:
        window.draft.add(picture(color))
    clear = next(one for one in strip(window).findChildren(QToolButton) if one.accessibleName() == "Clear all pictures")
    assert clear.isVisible()
    clear.click()
    assert names(window) == []
    window.draft.add(picture("#440000"))
    undo = next(one for one in window.toast.findChildren(QPushButton) if one.text() == "Undo")
    undo.click()
    assert names(window) == [*COLORS, "#440000"]


def test_numbers_go_on_from_the_conversation(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.draft.add(picture(COLORS[0]))
    assert [item.badge for item in strip(window).pictures] == [None]  # the only one needs none
    window.composer.text.setPlainText("What is it?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say("Red.")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    window.draft.add(picture(COLORS[1]))
    assert [item.badge for item in strip(window).pictures] == ["2"]
    assert strip(window).thumbnail(0).accessibleName().startswith("Picture 2: #220000.png")
    in_message = window.pane.findChild(ThumbnailStrip)
    assert in_message is not None
    assert [item.badge for item in in_message.pictures] == ["1"]


def test_a_picture_that_is_left_out_in_its_question_is_shown_so(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    for color in COLORS[:2]:
        window.draft.add(picture(color))
    window.composer.text.setPlainText("What are they?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    in_message = window.pane.findChild(ThumbnailStrip)
    assert in_message is not None

    in_message.inclusion_asked.emit(0, False)

    assert [item.included for item in in_message.pictures] == [False, True]
    assert "left out" in in_message.thumbnail(0).accessibleName()

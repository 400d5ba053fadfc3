"""Too many pictures, and files that cannot be used: said before anything is sent, in one message with the ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.limit_banner import LimitBanner
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.fake_engine import MANY

MakePicture = Callable[..., NewPicture]


def opened(qtbot: QtBot, parts: Parts) -> MainWindow:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = opened(qtbot, parts)
    yield made
    made.close()


def banner(window: MainWindow) -> LimitBanner:
    found = window.findChild(LimitBanner)
    assert found is not None
    return found


def shades(picture: MakePicture, count: int, start: int = 0x10) -> list[NewPicture]:
    return [picture(f"#{start + 8 * number:02x}0000", (12, 12)) for number in range(count)]


def included(parts: Parts) -> list[bool]:
    return [one.included for one in parts.assistant.pictures.view.pictures]


def add(window: MainWindow, pictures: list[NewPicture]) -> None:
    for one in pictures:
        window.draft.add(one)


def test_more_than_nine_new_ones_are_said_at_once_and_not_sent(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    shown = banner(window)
    add(window, shades(picture, 9))
    assert not shown.isVisible()
    add(window, shades(picture, 2, start=0xA0))
    assert shown.text.text() == ("11 pictures are too many for one question: this model takes 9, put together as one.")
    window.composer.text.setPlainText("Compare")
    window.draft.send()
    assert window.toast.isVisible()
    assert parts.engine.asked == []
    assert len(window.composer.pictures) == 11  # nothing is lost
    assert window.composer.text.toPlainText() == "Compare"
    assert shown.only_some.text() == "Only the first 9"
    shown.only_some.click()
    assert included(parts) == [True] * 9 + [False] * 2
    assert [item.included for item in window.composer._strip.pictures] == [True] * 9 + [False] * 2
    assert not shown.isVisible()
    menu = window.composer._strip.make_menu(10)
    parts.assistant.include(window.composer.pictures[0].sha256, False)
    next(entry for entry in menu.actions() if entry.text() == "Show to the model").trigger()
    assert included(parts) == [False] + [True] * 8 + [False, True]
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)


def test_only_the_new_ones_is_the_way_out_where_earlier_ones_were_switched_on(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    add(window, shades(picture, 8))
    window.composer.text.setPlainText("One")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say("a")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    add(window, shades(picture, 2, start=0xA0))
    for one in parts.assistant.pictures.view.pictures:
        parts.assistant.include(one.sha256, True)
    shown = banner(window)
    assert shown.isVisible()
    assert shown.only_some.text() == "Only the new ones"
    shown.choose.click()
    assert not window.panel.isHidden()
    shown.only_some.click()
    assert included(parts) == [False] * 8 + [True] * 2


def test_a_model_that_takes_a_few_says_how_many(
    qtbot: QtBot, make_parts: Callable[..., Parts], picture: MakePicture
) -> None:
    parts = make_parts(capabilities=MANY)
    window = opened(qtbot, parts)
    add(window, shades(picture, 4))
    shown = banner(window)
    assert shown.text.text() == "4 pictures are switched on, and this model takes 3: only the latest would be sent."
    shown.only_some.click()
    assert included(parts) == [True, True, True, False]
    window.close()


def broken(folder: Path, count: int) -> list[Path]:
    files = [folder / f"broken-{number}.png" for number in range(count)]
    for file in files:
        file.write_bytes(b"no image")
    return files


def said(window: MainWindow) -> str:
    return next(iter(one.text() for one in window.toast.findChildren(QLabel)))


def test_several_broken_files_are_one_message_that_lists_them_all(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, picture: MakePicture
) -> None:
    good = tmp_path / "good.png"
    good.write_bytes(picture().data)
    messages: list[str] = []
    window.draft.noticed.connect(messages.append)
    window.draft.take_files([*broken(tmp_path, 3), good, tmp_path / "gone.png"])
    qtbot.waitUntil(lambda: bool(messages))
    lines = messages[0].splitlines()
    assert lines[0] == "About what you added (4):"
    assert [line.split(" ")[1] for line in lines[1:]] == ["broken-0.png", "broken-1.png", "broken-2.png", "gone.png"]
    assert said(window) == messages[0]
    assert [one.name for one in window.composer.pictures] == ["good.png"]
    window.draft.take_files(broken(tmp_path, 1))
    qtbot.waitUntil(lambda: len(messages) == 2)
    assert messages[1].startswith("broken-0.png is not an image")


def test_a_long_list_is_one_click_away(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.draft.take_files(broken(tmp_path, 12))
    qtbot.waitUntil(lambda: "About what you added (12):" in said(window))
    assert said(window).endswith("and 6 more")
    next(one for one in window.toast.findChildren(QPushButton) if one.text() == "Show all").click()
    dialog = next(one for one in window.findChildren(QDialog) if one.windowTitle() == "What could not be added")
    text = dialog.findChild(QPlainTextEdit)
    assert text is not None
    assert [line.split(" ")[0] for line in text.toPlainText().splitlines()] == [
        f"broken-{number}.png" for number in range(12)
    ]
    dialog.reject()

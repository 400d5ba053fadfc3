"""A main window with a real history and a fake engine, and what a person does in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, tmp_path: Path, picture: Callable[..., NewPicture]) -> Iterator[MainWindow]:
    example = tmp_path / "example.png"
    example.write_bytes(picture("#884422").data)
    made = MainWindow(parts.services(), example)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def press(qtbot: QtBot, window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """Press a key where the focus is."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier or Qt.KeyboardModifier.NoModifier)


def ask(qtbot: QtBot, window: MainWindow, parts: Parts, text: str, answer: str | None = None) -> None:
    """Type and send a question; have it answered, if there is an answer."""
    asked = len(parts.engine.asked)
    qtbot.keyClicks(window.composer.text, text)
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1)
    if answer is not None:
        parts.engine.say(answer)
        with qtbot.waitSignal(parts.assistant.answered):
            parts.engine.end()

"""The quick window on a real screen, beside another program that has the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.system.desktop_files.entries import WINDOW_CLASS
from desktop_vlm.ui.pictures.intake import NewPicture
from tools.screen import Screen, screen, wait_for

MakePicture = Callable[..., NewPicture]

OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
qt = QApplication([])
field = QLineEdit()
field.setWindowTitle("other program")
field.textChanged.connect(lambda text: open(sys.argv[1], "w").write(text))
field.resize(300, 40)
field.show()
qt.exec()
"""

QUICK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from desktop_vlm.quick_actions import BUILTIN_ACTIONS
from desktop_vlm.ui.app.program import APPLICATION_ID
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.desktop.tray import Tray
qt = QApplication([])
qt.setApplicationName("desktop-vlm")
QGuiApplication.setDesktopFileName(APPLICATION_ID)
qt.setQuitOnLastWindowClosed(False)
theme = Theme(qt)
window = QuickWindow(theme, BUILTIN_ACTIONS)
file = Path(sys.argv[1])
window.asked.connect(lambda text, action: (file.write_text(text), window.show_answer("Answer to " + text, False)))
picture = NewPicture(Path(sys.argv[2]).read_bytes(), "region.png", 120, 80)
Tray(theme, qt).show()
QTimer.singleShot(300, lambda: window.open_with(picture, None))
window.hidden.connect(lambda: QTimer.singleShot(600, lambda: window.open_with(None, None)))
qt.exec()
"""


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        yield made


def test_on_a_real_screen_the_keyboard_comes_and_goes_back(
    display: Screen, tmp_path: Path, picture: MakePicture
) -> None:
    typed, asked, shot = tmp_path / "typed", tmp_path / "asked", tmp_path / "shot.png"
    shot.write_bytes(picture().data)
    other = display.start(["-c", OTHER, str(typed)])
    others_window = display.window("other program")
    display.activate(others_window)
    display.type("before ")
    quick = display.start(["-c", QUICK, str(asked), str(shot)])
    try:
        quick_window = display.window("Quick question")
        wait_for(lambda: display.run("xdotool", "getactivewindow").strip() == quick_window, "the keyboard")
        display.type("what")
        display.key("Return")
        assert wait_for(lambda: asked.exists() and asked.read_text(), "the question") == "what"
        facts = display.run("xprop", "-id", quick_window, "WM_CLASS", "_NET_WM_STATE")
        assert f'"{WINDOW_CLASS}"' in facts
        assert "_NET_WM_STATE_ABOVE" in facts

        display.key("Escape")
        wait_for(lambda: display.run("xdotool", "getactivewindow").strip() == others_window, "the keyboard's return")
        display.type("after")
        wait_for(lambda: typed.read_text() == "before after", "typing into the other program")

        again = display.window("Quick question")
        wait_for(lambda: display.run("xdotool", "getactivewindow").strip() == again, "the keyboard once more")
    finally:
        for program in (quick, other):
            program.kill()
            program.wait(60)

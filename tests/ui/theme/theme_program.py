"""Shows the window, changes its theme, and prints whether the screen then shows what the window looks like."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.theme import ThemeChoice
from tools.event_loop import spin
from tools.screens.stage import Stage


def main() -> None:
    qt = QApplication(["theme"])
    qt.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(qt, Path(home))
        window = stage.window
        window.showMaximized()
        stage.theme(ThemeChoice.LIGHT)
        stage.start(loads=False)
        for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT, ThemeChoice.DARK):
            stage.theme(choice)
            window.composer.text.setPlainText(f"It is {choice.value} now.")
            spin(600)
            corner = window.geometry().topLeft()
            area = (window.width() // 2, window.height() // 2, 200, 300)
            shown = QGuiApplication.primaryScreen().grabWindow(0, corner.x() + area[0], corner.y() + area[1], *area[2:])
            print(shown.toImage() == window.grab().copy(*area).toImage().convertToFormat(shown.toImage().format()))
        stage.close()


if __name__ == "__main__":
    main()
    sys.stdout.flush()

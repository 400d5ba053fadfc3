"""A program with a focused window that writes down every key it gets: `key_window.py FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


class KeyWindow(QWidget):
    """Each key pressed is a line of the file; "repeat" follows those that the keyboard repeats."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.setWindowTitle("Other program")
        self.resize(300, 200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{event.key():#x}{' repeat' if event.isAutoRepeat() else ''}\n")


app = QApplication(sys.argv)
window = KeyWindow(Path(sys.argv[1]))
window.show()
sys.exit(app.exec())

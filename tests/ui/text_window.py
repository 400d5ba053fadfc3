"""A window of another program, with a text in it, at the screen's corner; it has its title once it is painted."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.painted import title_once_painted


def main() -> None:
    app = QApplication([])
    label = QLabel(sys.argv[1])
    label.setStyleSheet("background: white; color: black; font-size: 24px; padding: 30px")
    label.setGeometry(0, 0, 480, 140)
    title_once_painted(label, "letter")
    label.show()
    app.exec()


if __name__ == "__main__":
    main()

"""A window of another program, with a text in it, at the screen's corner."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel


def main() -> None:
    app = QApplication([])
    label = QLabel(sys.argv[1])
    label.setWindowTitle("letter")
    label.setStyleSheet("background: white; color: black; font-size: 24px; padding: 30px")
    label.setGeometry(0, 0, 480, 140)
    label.show()
    app.exec()


if __name__ == "__main__":
    main()

"""Another program, to be captured: an invoice; it says on its output what is typed into it."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

if __name__ == "__main__":
    app = QApplication(sys.argv)
    QGuiApplication.setDesktopFileName("other-program")
    window = QWidget()
    window.setWindowTitle("Other program")
    window.setStyleSheet("background: #ffffee; color: #222222; font-size: 16px")
    field = QLineEdit()
    field.textChanged.connect(lambda words: print(words, flush=True))
    column = QVBoxLayout(window)
    column.addWidget(QLabel("<h1>INVOICE 4711</h1><p>Total due: 128.40 EUR<br>Pay before 2026-12-24</p>"))
    column.addWidget(field)
    window.resize(420, 260)
    window.show()
    app.exec()

"""A sentence in colour with one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton


class Banner(QFrame):
    """A sentence and a button.

    Attributes:
        button: what to do.

    Signals:
        clicked: the button was.
    """

    clicked = Signal()

    def __init__(self, kind: str, action: str) -> None:
        """`kind` is one of the theme's: banner-danger, banner-warning, banner-info; `action` is on the button."""
        super().__init__()
        self.setProperty("kind", kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(12)
        self._text = QLabel()
        self._text.setWordWrap(True)
        if kind == "banner-danger":
            self._text.setProperty("kind", "error")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(action)
        self.button.clicked.connect(lambda _=False: self.clicked.emit())
        row.addWidget(self._text, 1)
        row.addWidget(self.button)

    def say(self, sentence: str, action: str = "", hint: str = "") -> None:
        """Show a sentence; another name of the button, and what it does."""
        self._text.setText(sentence)
        self.button.setText(action or self.button.text())
        self.button.setToolTip(hint)

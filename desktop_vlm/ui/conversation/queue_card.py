"""In the place of an answer: that its question waits for its turn, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from desktop_vlm.ui.conversation.captions import queue_caption


class QueueCard(QFrame):
    """A sentence, and the ways out.

    Signals:
        take_back_requested: the question shall be written again.
        ask_requested: it shall be asked after all.
    """

    take_back_requested = Signal()
    ask_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner-info")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(8)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self.ask = QPushButton(self.tr("Ask now"))
        self.ask.clicked.connect(lambda _=False: self.ask_requested.emit())
        self.take_back = QPushButton(self.tr("Take back"))
        self.take_back.setToolTip(self.tr("Put text and pictures back into the question that is being written"))
        self.take_back.clicked.connect(lambda _=False: self.take_back_requested.emit())
        row.addWidget(self._text, 1)
        row.addWidget(self.ask)
        row.addWidget(self.take_back)
        self.show_position(None)

    def show_position(self, position: int | None, *, is_held: bool = False) -> None:
        """1 for the next one; None for one that the program's end left over."""
        self._text.setText(queue_caption(position, is_held=is_held))
        self.setAccessibleName(self._text.text())
        self.ask.setVisible(position is None or is_held)

"""A short notice over the window, with one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

_SHOWN_MS = 7000
_ABOVE_PX = 170
"""Above the composer."""


class Toast(QFrame):
    """Appears at the bottom of its parent and goes by itself, but not while the pointer or the focus is on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("kind", "toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        self._text = QLabel()
        self._text.setMaximumWidth(560)
        row.addWidget(self._text)
        self._button = QPushButton()
        self._button.setProperty("kind", "toast")
        self._button.clicked.connect(self._act)
        row.addWidget(self._button)
        self._do: Callable[[], None] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, button: str = "", do: Callable[[], None] | None = None) -> None:
        """Show a sentence, and a button when there is something to do."""
        self._text.setWordWrap(self._text.fontMetrics().horizontalAdvance(text) > 540)
        self._text.setText(text)
        self._button.setText(button)
        self._button.setVisible(do is not None)
        self._do = do
        self.show()
        self._place()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._over.width() - self.width()) // 2, self._over.height() - self.height() - _ABOVE_PX)

    def _act(self) -> None:
        self.hide()
        if self._do:
            self._do()

    def _leave(self) -> None:
        if self.underMouse() or self._button.hasFocus():
            self._timer.start()
        else:
            self.hide()

"""A short notice over the window, with one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

_SHOWN_MS = 7000
_GAP_PX = 10
_LINE_PX = 480
"""Longer sentences take several lines."""
_MOVING = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}
"""What happens to the part of the window, and has the notice stand somewhere else."""


class Toast(QFrame):
    """Appears above a part of the window and goes by itself, but not while the pointer or the focus is on it.

    One that nobody could see, since the window is behind others or on its way, waits until the window is in front.
    """

    def __init__(self, parent: QWidget, above: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._above = above
        self.setProperty("kind", "toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        self._text = QLabel()
        row.addWidget(self._text)
        self._button = QPushButton()
        self._button.setProperty("kind", "toast")
        self._button.clicked.connect(self._act)
        row.addWidget(self._button)
        self._do: Callable[[], None] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        above.installEventFilter(self)
        self.hide()

    def say(self, text: str, button: str = "", do: Callable[[], None] | None = None) -> None:
        """Show a sentence, and a button when there is something to do."""
        self._button.setText(button)
        around = 6 * _GAP_PX + (self._button.sizeHint().width() if do is not None else 0)
        line = min(_LINE_PX, self._window.width() - around)
        is_long = self._text.fontMetrics().horizontalAdvance(text) > line
        self._text.setWordWrap(is_long)
        self._text.setMinimumWidth(line if is_long else 0)
        self._text.setText(text)
        self._button.setVisible(do is not None)
        self._do = do
        self.show()
        self._place()
        self.raise_()
        self._timer.start()

    def withdraw(self, text: str) -> None:
        """Take a sentence away, if it is the one that is shown: what it says is over."""
        if self._text.text() == text:
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING and self.isVisible():
            self._place()
        elif event.type() == QEvent.Type.WindowActivate and watched is self._window and self.isVisible():
            self._timer.start()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        is_there = self._above.isVisible()  # else something lies over it, such as the page of models
        place = self._above if is_there else self._window
        middle = place.mapTo(self._window, place.rect().center()).x()
        top = place.mapTo(self._window, QPoint(0, 0)).y() if is_there else self._window.height()
        left = max(_GAP_PX, min(middle - self.width() // 2, self._window.width() - self.width() - _GAP_PX))
        self.move(left, top - self.height() - _GAP_PX)

    def _act(self) -> None:
        self.hide()
        if self._do:
            self._do()

    def _leave(self) -> None:
        if self.underMouse() or self._button.hasFocus() or not self._window.isActiveWindow():
            self._timer.start()
        else:
            self.hide()

"""Text that comes in small pieces, handed on in larger ones: drawing each would take longer than making it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

_EVERY_MS = 30


class TextBatches(QObject):
    """Collects text and hands it on at most every 30 ms.

    Signals:
        came(str): more text, never "".
    """

    came = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: list[str] = []
        self._timer = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._timer.timeout.connect(self.flush)

    def add(self, text: str) -> None:
        self._pieces.append(text)
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Hand on what there is, now."""
        self._timer.stop()
        if self._pieces:
            text, self._pieces = "".join(self._pieces), []
            self.came.emit(text)

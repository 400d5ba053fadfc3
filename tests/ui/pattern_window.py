"""A window in which every pixel is another colour, at the upper left corner: `python -m tests.ui.pattern_window`."""

from __future__ import annotations

import sys

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.painted import title_once_painted

SIZE = (300, 160)


class Pattern(QWidget):
    """Red tells the column, green the row."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setGeometry(0, 0, *SIZE)
        columns = Image.linear_gradient("L").rotate(90).resize(SIZE)
        rows = Image.linear_gradient("L").resize(SIZE)
        self._pixels = Image.merge("RGB", (columns, rows, Image.effect_noise(SIZE, 90))).tobytes()
        self._image = QImage(self._pixels, *SIZE, SIZE[0] * 3, QImage.Format.Format_RGB888)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.end()


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    pattern = Pattern()
    title_once_painted(pattern, "pattern")
    pattern.show()
    sys.exit(app.exec())

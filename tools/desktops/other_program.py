"""Another program: an invoice to be captured, two patches to be dragged away; it says on its output what happens to it.

From the first patch a file is dragged, from the second the image itself; F9 copies that.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QImage, QKeySequence, QMouseEvent, QPainter, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tools.desktops.looking import DROPPED, FILE_PATCH, IMAGE_PATCH


def an_image(words: str, color: str) -> QImage:
    """Something to be recognised in a thumbnail."""
    image = QImage(400, 240, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(48)
    painter.setFont(font)
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return image


class Patch(QLabel):
    """Something that can be dragged; its colour tells where it is."""

    def __init__(self, color: tuple[int, int, int], mime: QMimeData) -> None:
        super().__init__()
        self.setStyleSheet(f"background: {QColor(*color).name()}")
        self.setFixedHeight(40)
        self._mime = mime

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        drag = QDrag(self)
        drag.setMimeData(self._mime)
        print("dragged:", drag.exec(Qt.DropAction.CopyAction).name, flush=True)


def main() -> None:
    """Show it."""
    app = QApplication(sys.argv)
    QGuiApplication.setDesktopFileName("other-program")
    window = QWidget()
    window.setWindowTitle("Other program")
    window.setStyleSheet("background: #ffffee; color: #222222; font-size: 16px")
    field = QLineEdit()
    field.textChanged.connect(lambda words: print(words, flush=True))
    file = Path(tempfile.mkdtemp(dir=Path.home())) / "a dragged file.png"
    an_image("FILE", "#b0d0ff").save(str(file))
    of_file, of_image = QMimeData(), QMimeData()
    of_file.setUrls([QUrl.fromLocalFile(str(file))])
    of_image.setImageData(an_image("IMAGE", QColor(*DROPPED).name()))
    patches = QHBoxLayout()
    patches.addWidget(Patch(FILE_PATCH, of_file))
    patches.addWidget(Patch(IMAGE_PATCH, of_image))
    column = QVBoxLayout(window)
    column.addWidget(QLabel("<h1>INVOICE 4711</h1><p>Total due: 128.40 EUR<br>Pay before 2026-12-24</p>"))
    column.addLayout(patches)
    column.addWidget(field)
    copied = an_image("COPIED", "#d0ffb0")

    def copy() -> None:
        app.clipboard().setImage(copied)
        print("copied", flush=True)

    QShortcut(QKeySequence("F9"), window).activated.connect(copy)
    whole = QTimer(window, interval=1000)  # KWin 5.27 garbles some first frames, and then nobody hits a patch
    whole.timeout.connect(window.update)
    whole.start()
    window.resize(420, 300)
    window.show()
    app.exec()


if __name__ == "__main__":
    main()

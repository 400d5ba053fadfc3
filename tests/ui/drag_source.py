"""A window of another program, from which files can be dragged: `python -m tests.ui.drag_source FILE...`."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Begins a drag as soon as the pressed mouse moves."""

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        drag = QDrag(self)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(name) for name in sys.argv[1:]])
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)
        # The drop's receiver asks for the files only now.
        QTimer.singleShot(2000, QApplication.quit)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    source = Source("Drag from here")
    source.setWindowTitle("drag source")
    source.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
    source.setGeometry(0, 0, 120, 60)
    source.show()
    sys.exit(app.exec())

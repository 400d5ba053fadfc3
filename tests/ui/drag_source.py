"""A window of another program, from which files can be dragged: `python -m tests.ui.drag_source FILE...`.

Without files it stays, at the upper left corner, and each drag has those that the next line of standard input names, a
list in JSON.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.painted import title_once_painted


class Source(QLabel):
    """Begins a drag as soon as the pressed mouse moves."""

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        drag = QDrag(self)
        mime = QMimeData()
        names = sys.argv[1:] or json.loads(sys.stdin.readline())
        mime.setUrls([QUrl.fromLocalFile(name) for name in names])
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)
        # The drop's receiver asks for the files only now.
        if sys.argv[1:]:
            QTimer.singleShot(2000, QApplication.quit)


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    source = Source("Drag from here")
    title_once_painted(source, "drag source")
    source.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
    source.setGeometry(0, 0, *((120, 60) if sys.argv[1:] else (48, 30)))
    source.show()
    sys.exit(app.exec())

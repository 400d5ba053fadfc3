"""The whole program, which also writes down what can be seen and pressed, for a hand outside to move the mouse there.

Run as `python -m tests.ui.app.reporting_window FILE`, with the home folder in DESKTOP_VLM_HOME. The file is JSON,
written five times a second: `buttons` by the name that people hear ([x, y] on the screen, or null where it is scrolled
out of sight), `texts` of all visible labels, `page` (the middle of the model page, or null) and `longest_ms`, how long
the window's thread computed between two looks at its events, and the report's `number`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from desktop_vlm.ui.app import program
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.models.page import ModelsPage

_BEAT_MS = 5


class Reporter(QObject):
    """Writes the file."""

    def __init__(self, window: QWidget, file: Path) -> None:
        super().__init__(window)
        self._window = window
        self._file = file
        self._longest_ms = 0.0
        self._last_s = time.thread_time()
        self._is_warm = False
        self._number = 0
        beat = QTimer(self, interval=_BEAT_MS)
        beat.timeout.connect(self._beat)
        beat.start()
        write = QTimer(self, interval=200)
        write.timeout.connect(self._write)
        write.start()

    def _beat(self) -> None:
        now_s = time.thread_time()
        if self._is_warm:
            self._longest_ms = max(self._longest_ms, 1000 * (now_s - self._last_s))
        self._last_s = now_s

    def _write(self) -> None:
        self._number += 1
        widgets = [one for one in self._window.findChildren(QWidget) if one.isVisible()]
        controls = [one for one in widgets if isinstance(one, QAbstractButton | QLineEdit) and one.isEnabled()]
        pages = [one for one in widgets if isinstance(one, ModelsPage)]
        report: dict[str, Any] = {
            "buttons": {one.accessibleName() or _text(one): self._place(one) for one in controls},
            "texts": [one.text().replace("\u00a0", " ") for one in widgets if isinstance(one, QLabel)],
            "page": self._place(pages[0]) if pages else None,
            "longest_ms": self._longest_ms,
            "number": self._number,
        }
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(report), encoding="utf-8")
        partial.replace(self._file)
        self._last_s = time.thread_time()  # this work is not the program's
        self._is_warm = True

    def _place(self, widget: QWidget) -> list[int] | None:
        seen = widget.visibleRegion().boundingRect()
        if seen.height() < widget.height() * 0.9:
            return None
        middle = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
        return [round(middle.x() * widget.devicePixelRatioF()), round(middle.y() * widget.devicePixelRatioF())]


def _text(control: QAbstractButton | QLineEdit) -> str:
    return control.text().strip()


class ReportingApp(program.App):
    """The program, watched."""

    def __init__(self, qt: QApplication, *arguments: Any) -> None:
        super().__init__(qt, *arguments)
        Reporter(self.window, Path(sys.argv[1]))


if __name__ == "__main__":
    program.App = ReportingApp  # type: ignore[assignment,misc] # that is what `run` makes
    sys.exit(program.run(str(Path(sys.argv[1]).with_name("instance")), Command("show")))

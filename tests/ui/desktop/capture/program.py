"""A program that captures when reported to: windows with a known pattern, commands on stdin, what happens on stdout.

`python -m tests.ui.desktop.capture.program '[[name, x, y, width, height], ...]'`, all in real pixels.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect, QSocketNotifier, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService
from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend
from desktop_vlm.ui.desktop.capture.backend_x11 import make_x11_backend
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme


class Pattern(QWidget):
    """Noise: no two places look alike, so a picture that is off by a pixel is another picture."""

    def __init__(self, name: str, width: int, height: int) -> None:
        super().__init__()
        self.setWindowTitle(name)
        noise = np.random.default_rng(len(name) + width).integers(0, 256, (height, width, 4), dtype=np.uint8)
        noise[..., 3] = 255
        self._bytes = noise.tobytes()
        self._image = QImage(self._bytes, width, height, QImage.Format.Format_RGB32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, self._image)
        painter.end()


def numbers(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]


def say(event: str, **more: object) -> None:
    print(json.dumps({"event": event, **more}), flush=True)


class Remote(QObject):
    """Obeys the lines on stdin."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._backend: OverlayBackend | None = None
        self._service = CaptureService(theme, self, make_backend=self._make_backend)
        self._service.captured.connect(self._captured)
        self._service.taken.connect(self._taken)
        self._service.cancelled.connect(lambda: say("cancelled", busy=self._service.busy))
        self._service.failed.connect(lambda sentence: say("failed", sentence=sentence))
        self._was_shown = self._was_ready = False
        self._rest = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        look = QTimer(self, interval=5)
        look.timeout.connect(self._look)
        look.start()

    def _make_backend(self, theme: Theme, parent: QObject) -> OverlayBackend:
        self._backend = make_x11_backend(theme, parent)
        return self._backend

    def _look(self) -> None:
        """Tell when the overlays are on the screen, and when they have the keyboard and know the windows."""
        picker = self._backend.picker if self._backend is not None else None
        overlays = picker.overlays if picker is not None else []
        handles = [overlay.windowHandle() for overlay in overlays]
        shown = bool(handles) and all(handle is not None and handle.isExposed() for handle in handles)
        if shown and not self._was_shown:
            say("shown")
        know = all(overlay._windows is not None for overlay in overlays)
        ready = shown and know and picker is not None and not picker._grabbing.isActive()
        if ready and not self._was_ready:
            say("ready")
        self._was_shown, self._was_ready = shown, ready

    def _captured(self, picture: NewPicture) -> None:
        data = base64.b64encode(picture.data).decode()
        say("captured", name=picture.name, size=[picture.width, picture.height], data=data, busy=self._service.busy)

    def _taken(self, picture: NewPicture, purpose: Purpose) -> None:
        data = base64.b64encode(picture.data).decode()
        original = base64.b64encode(picture.edit.original.data if picture.edit else b"").decode()
        say("taken", purpose=purpose.value, data=data, original=original, busy=self._service.busy)

    def _read(self) -> None:
        data = os.read(0, 65536)
        if not data:
            QCoreApplication.quit()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._obey(json.loads(line))

    def _obey(self, command: dict[str, Any]) -> None:
        if command["do"] == "capture":
            mode, has_tools = CaptureMode(command["mode"]), command.get("has_tools", False)
            self._service.capture(mode, command["delay_s"], has_tools=has_tools)
        elif command["do"] == "state":
            picker = self._backend.picker if self._backend is not None else None
            overlays = picker.overlays if picker is not None else []
            say("state", selections=[numbers(o.selection) if o.selection else None for o in overlays])
        elif command["do"] == "screens":
            found = [[s.name(), numbers(s.geometry()), s.devicePixelRatio()] for s in QApplication.screens()]
            say("screens", screens=found)


def main() -> None:
    app = QApplication(sys.argv)
    theme = Theme(app)
    windows = []
    for name, x, y, width, height in json.loads(sys.argv[1]):
        window = Pattern(name, width, height)
        screen = [s for s in app.screens() if s.geometry().x() <= x][-1]  # they stand side by side
        ratio = screen.devicePixelRatio()
        origin = screen.geometry().topLeft()
        window.setScreen(screen)
        window.setFixedSize(round(width / ratio), round(height / ratio))
        window.move(origin + QPoint(round((x - origin.x()) / ratio), round((y - origin.y()) / ratio)))
        window.show()
        windows.append(window)
    remote = Remote(theme)
    app.exec()
    del remote


if __name__ == "__main__":
    main()

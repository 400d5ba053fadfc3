"""How fast captures are: from the call to the overlay, and from the mouse button's release to the image.

`python -m benchmarks.capture [--json FILE]`; it starts its own displays (Xvfb with a window manager). Medians of 20,
behind the overlay are windows of real programs. The first capture of a program is reported by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSize
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from benchmarks.event_loop import rest, wait
from desktop_vlm.ui.desktop.capture import CaptureService
from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend
from desktop_vlm.ui.desktop.capture.backend_x11 import make_x11_backend
from desktop_vlm.ui.desktop.capture.overlay import Overlay
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme

RUNS = 20
MOST_S = 20
SIZES = (QSize(1920, 1080), QSize(3840, 2160))
REGION = QSize(1200, 800)
_IMAGES = Path(__file__).parents[1] / "training" / "real_programs"


class Bench:
    """A program that captures, and the hand on its mouse."""

    def __init__(self, theme: Theme) -> None:
        self._backend: OverlayBackend | None = None
        self._images: list[NewPicture] = []
        self._service = CaptureService(theme, make_backend=self._make_backend)
        self._service.captured.connect(self._images.append)
        self._display = Display()

    def once(self, region: QSize) -> tuple[float, float]:
        """Milliseconds from the call to the overlay, and from the release to the image."""
        rest(0.3)
        begun = time.perf_counter()
        self._service.capture()
        wait(lambda: self._overlay() is not None, MOST_S)
        shown_ms = (time.perf_counter() - begun) * 1000
        rest(0.2)
        self._hand(X.MotionNotify, x=20, y=20)
        self._hand(X.ButtonPress, 1)
        self._hand(X.MotionNotify, x=200, y=200)
        self._hand(X.MotionNotify, x=19 + region.width(), y=19 + region.height())
        wait(self._has_selection, MOST_S)
        rest(0.1)
        begun = time.perf_counter()
        self._hand(X.ButtonRelease, 1)
        wait(lambda: not self._service.busy, MOST_S)
        taken_ms = (time.perf_counter() - begun) * 1000
        image = self._images[-1]
        assert (image.width, image.height) == (region.width(), region.height())
        return shown_ms, taken_ms

    def _make_backend(self, theme: Theme, parent: QObject) -> OverlayBackend:
        self._backend = make_x11_backend(theme, parent)
        return self._backend

    def _overlay(self) -> Overlay | None:
        """The overlay, once it is on the screen; exposing paints, so it has been painted then."""
        if self._backend is None or self._backend.picker is None:
            return None
        [overlay] = self._backend.picker.overlays
        handle = overlay.windowHandle()
        return overlay if handle is not None and handle.isExposed() else None

    def _has_selection(self) -> bool:
        overlay = self._overlay()
        return overlay is not None and overlay.selection is not None

    def _hand(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()


def wall(size: QSize) -> QImage:
    """A screen full of windows."""
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill("#2f4858")
    painter = QPainter(image)
    at = QPoint(0, 0)
    for file in sorted(_IMAGES.glob("*.png")) * 8:
        shown = QImage(str(file))
        painter.drawImage(at, shown)
        at += QPoint(shown.width() + 16, 0)
        if at.x() > size.width():
            at = QPoint(0, at.y() + 500)
    painter.end()
    return image


def run() -> dict[str, float]:
    """Capture again and again on the display of the environment; figures in milliseconds."""
    app = QApplication([])
    size = app.primaryScreen().size()
    label = QLabel()
    label.setPixmap(QPixmap.fromImage(wall(size)))
    label.showFullScreen()
    bench = Bench(Theme(app))
    rest(1.5)
    first_ms, _ = bench.once(REGION)
    regions = [bench.once(REGION) for _ in range(RUNS)]
    whole = [bench.once(size - QSize(20, 20)) for _ in range(5)]
    return {
        "first_overlay_ms": round(first_ms, 1),
        "overlay_ms": round(statistics.median(shown for shown, _ in regions), 1),
        "overlay_worst_ms": round(max(shown for shown, _ in regions), 1),
        "region_ms": round(statistics.median(taken for _, taken in regions), 1),
        "region_worst_ms": round(max(taken for _, taken in regions), 1),
        "whole_screen_ms": round(statistics.median(taken for _, taken in whole), 1),
    }


def run_on_own_display(size: QSize) -> dict[str, float]:
    """`run` in a program on a display of that size."""
    from tools.screen import screen

    with screen(f"{size.width()}x{size.height()}x24") as display:
        command = [sys.executable, "-m", "benchmarks.capture", "--on-this-display"]
        done = subprocess.run(command, env=display.environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments.add_argument("--on-this-display", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.on_this_display:
        print(json.dumps(run()))
        return
    figures = {f"{size.width()}x{size.height()}": run_on_own_display(size) for size in SIZES}
    for name, found in figures.items():
        print(f"{name}: overlay {found['overlay_ms']} ms (worst {found['overlay_worst_ms']}, ", end="")
        print(f"first {found['first_overlay_ms']}); release of {REGION.width()}x{REGION.height()} to image ", end="")
        print(f"{found['region_ms']} ms (worst {found['region_worst_ms']}), whole screen {found['whole_screen_ms']} ms")
    if chosen.json:
        chosen.json.write_text(json.dumps({"load": os.getloadavg()[0], **figures}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""From the key to the overlay, and from the mouse button's release to a question that can be typed, or to copied text.

`python -m benchmarks.one_key [--json FILE]`, on any X11 screen with a window manager. The whole program runs, with the
demo model behind it and its window hidden; keys and mouse come from outside (XTest).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from benchmarks.event_loop import rest, wait
from desktop_vlm.images.text_layer.engine import is_installed
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.desktop.capture.overlay import Overlay
from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyStatus
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.quick_window import QuickWindow

RUNS = 20
LINES = 20
MOST_S = 60


def shown(kind: type[QWidget]) -> bool:
    """Whether a window of that kind has been painted."""
    for widget in QApplication.topLevelWidgets():
        handle = widget.windowHandle()
        if isinstance(widget, kind) and widget.isVisible() and handle is not None and handle.isExposed():
            return True
    return False


class Hand:
    """Presses keys and moves the mouse, from outside of the program."""

    def __init__(self) -> None:
        self._display = Display()

    def key(self, *names: str) -> None:
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def mouse(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()


def once(app: App, hand: Hand, quick: QuickWindow) -> tuple[float, float]:
    """Milliseconds from the key to the overlay, and from the release to a question that can be typed."""
    begun = time.perf_counter()
    hand.key("Control_L", "Shift_L", "space")
    wait(lambda: shown(Overlay), MOST_S)
    overlay_ms = (time.perf_counter() - begun) * 1000
    rest(0.3)
    hand.mouse(X.MotionNotify, x=100, y=100)
    hand.mouse(X.ButtonPress, 1)
    for at in (200, 400, 600):
        hand.mouse(X.MotionNotify, x=at, y=at)
        rest(0.05)
    begun = time.perf_counter()
    hand.mouse(X.ButtonRelease, 1)
    wait(lambda: shown(QuickWindow) and quick.isActiveWindow() and QApplication.focusWidget() is not None, MOST_S)
    prompt_ms = (time.perf_counter() - begun) * 1000
    rest(0.2)
    hand.key("Escape")
    wait(lambda: not quick.isVisible(), MOST_S)
    rest(0.3)
    assert not app.window.isVisible()
    return overlay_ms, prompt_ms


def copy_text(hand: Hand) -> float:
    """Milliseconds from the release to the text of 800 x 400 px in the clipboard."""
    clipboard = QApplication.clipboard()
    clipboard.clear()
    hand.key("Control_L", "Shift_L", "t")
    wait(lambda: shown(Overlay), MOST_S)
    rest(1.0)  # as long as a person needs to choose
    hand.mouse(X.MotionNotify, x=0, y=0)
    hand.mouse(X.ButtonPress, 1)
    for x, y in ((200, 100), (600, 300), (800, 400)):
        hand.mouse(X.MotionNotify, x=x, y=y)
        rest(0.05)
    begun = time.perf_counter()
    hand.mouse(X.ButtonRelease, 1)
    while not clipboard.text() and time.perf_counter() < begun + MOST_S:
        rest(0.005)  # `wait` would take a core from the reader
    copied_ms = (time.perf_counter() - begun) * 1000
    assert clipboard.text().count("quick brown fox") > LINES // 2
    rest(0.3)
    return copied_ms


def letter() -> QLabel:
    """A window full of text at the screen's corner."""
    made = QLabel("\n".join(f"Line {number}: the quick brown fox jumps over the lazy dog" for number in range(LINES)))
    made.setWindowFlags(Qt.WindowType.ToolTip)
    made.setStyleSheet("background: white; color: black; font-size: 15px; padding: 8px")
    made.setGeometry(0, 0, 800, 400)
    made.show()
    return made


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        qt = QApplication(["one key"])
        qt.setQuitOnLastWindowClosed(False)
        app = App(qt, Paths.under(Path(home)))
        GarbageCollector(qt)
        app.start_hidden()
        app.open_desktop_integration(qt.quit)
        wait(lambda: app.services.engine.state is EngineState.READY, MOST_S)
        wait(lambda: app.services.hotkeys.states[HotkeyAction.CAPTURE].status is HotkeyStatus.ACTIVE, MOST_S)
        rest(1.5)
        [quick] = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QuickWindow)]
        hand = Hand()
        measured = [once(app, hand, quick) for _ in range(RUNS + 1)][1:]
        page = letter() if is_installed() else None
        copied = [copy_text(hand) for _ in range(RUNS + 1)] if page else []
        app.close()
    figures = {
        "key to overlay, ms": [one[0] for one in measured],
        "release to prompt, ms": [one[1] for one in measured],
    }
    if copied:  # the first has to start the reader's process
        figures |= {"release to first text, ms": copied[:1], "release to text, ms": copied[1:]}
    for name, values in figures.items():
        print(f"{name:24} median {statistics.median(values):6.0f}   worst {max(values):6.0f}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

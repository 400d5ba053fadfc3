"""How fast the window is: start, long conversations, and how long its thread is ever blocked.

`python -m benchmarks.window [--json FILE]`, on any screen (Xvfb will do). The engine is left out, but for the start,
which loads the demo model behind the window; answers come from a script at 40 pieces a second.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from PIL import Image
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.history.records import MessageState
from desktop_vlm.history.store import History
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import Answer
from desktop_vlm.ui.models.protocol import Job, JobKind, JobState
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.window.main_window import MainWindow
from tools.event_loop import spin, spin_until

MESSAGES = 2000
IMAGES = 300
_PROSE = (
    "The dialog says that the file could not be saved because the disk is full. You can **free some space** and try "
    "again, or save it somewhere else.\n\n- First, look at the size of the folder.\n- Then remove what is not needed."
)
_CODE = "```python\nfor name in names:\n    print(name)\n```\n\n| item | price |\n|---|---|\n| tea | 3.20 |\n"
_START = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.program import App
qt = QApplication(["window"])
app = App(qt, Paths.under(Path(sys.argv[1])))
def usable():
    print(time.time(), flush=True)
    qt.quit()
app.start()
QTimer.singleShot(0, lambda: QTimer.singleShot(0, usable))
qt.exec()
app.close()
"""


MODEL = LoadedModel(
    name="None",
    quantization="",
    n_ctx=4096,
    capabilities=Capabilities("mllama", 1, ImageSizing("tiles", side=560, max_tiles=4)),
    devices=(),
    n_layers=0,
    n_gpu_layers=0,
    runs_on_cpu_despite_gpu=False,
    placement="",
    load_s=0,
    text_bytes=0,
    mmproj_bytes=0,
)
"""What the window believes to be loaded: images are composed for the tiles of Llama 3.2 Vision."""


class Watchdog:
    """Measures how long the window's thread goes without looking at its events, in milliseconds.

    Attributes:
        gaps_ms: by the clock; on a busy machine other programs' turns are in it.
        computing_ms: what the thread itself computed in between.
    """

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self.gaps_ms: list[float] = []
        self.computing_ms: list[float] = []
        self._computed_ns = 0

    def _tick(self) -> None:
        self.gaps_ms.append(self._clock.nsecsElapsed() / 1e6)
        computed_ns = time.thread_time_ns()
        self.computing_ms.append((computed_ns - self._computed_ns) / 1e6)
        self._computed_ns = computed_ns
        self._clock.restart()

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Watch what happens within the block."""
        self.gaps_ms, self.computing_ms = [], []
        self._computed_ns = time.thread_time_ns()
        self._clock.start()
        self._timer.start()
        try:
            yield
        finally:
            self._timer.stop()


def screenshot(seed: int, size: tuple[int, int]) -> bytes:
    """An image that is no easy one to pack."""
    rows = random.Random(seed)
    image = Image.new("RGB", size)
    tile = Image.frombytes("RGB", (64, 64), rows.randbytes(64 * 64 * 3))
    for x in range(0, size[0], 64):
        for y in range(0, size[1], 64):
            image.paste(tile, (x, y))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def fill(paths: Paths) -> int:
    """A long conversation; returns its id."""
    paths.data.mkdir(parents=True, exist_ok=True)
    with History(paths.history_file) as history:
        conversation = history.create_conversation("Long")
        shots = []
        for number in range(IMAGES):
            data = screenshot(number, (640, 400))
            shots.append(history.add_picture(data, name=f"shot {number}.png", width=640, height=400))
        parent = None
        for number in range(MESSAGES // 2):
            images = [shots[number // 3]] if number % 3 == 0 and number // 3 < IMAGES else []
            question = history.add_message(
                conversation, parent, "user", f"Question {number}: what does this say?", pictures=images
            )
            for sha256 in images:
                history.set_included(question.id, sha256, number > MESSAGES // 2 - 6)
            text = (_CODE if number % 4 == 0 else "") + _PROSE * (1 + number % 3)
            parent = history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE).id
        return conversation


def measure_start(runs: int) -> list[float]:
    """Seconds from the start of a process to a window that has looked at its events once."""
    seconds = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            begun = time.time()
            done = subprocess.run([sys.executable, "-c", _START, home], capture_output=True, text=True, check=True)
            seconds.append(float(done.stdout.split()[0]) - begun)
    return seconds


def measure_open(window: MainWindow, app: App, conversation: int, runs: int) -> list[float]:
    """Milliseconds from the click on a long conversation to its last messages on the screen."""
    milliseconds = []
    for _ in range(runs):
        app.services.assistant.new_conversation()
        spin(300)
        clock = QElapsedTimer()
        clock.start()
        app.services.assistant.open(conversation)
        spin_until(lambda: len(app.services.assistant.messages) == MESSAGES)
        window.pane.viewport().repaint()
        milliseconds.append(clock.nsecsElapsed() / 1e6)
    return milliseconds


def open_once(window: MainWindow, app: App, conversation: int) -> None:
    """Open a long conversation."""
    measure_open(window, app, conversation, 1)


def change_theme(app: App) -> None:
    """From light to dark."""
    app.services.theme.apply(ThemeChoice.DARK, 14)
    spin(500)


def scroll(window: MainWindow) -> None:
    """Two seconds of a turning wheel, then a jump to the middle."""
    bar = window.pane.verticalScrollBar()
    for _ in range(120):
        bar.setValue(bar.value() - 120)
        spin(16)
    bar.setValue(bar.maximum() // 2)
    spin(300)


def answer_in_pieces(app: App, text: str, size: int, pause_ms: int, *, start: str = "") -> None:
    """Ask, and have an answer come in pieces of `size` characters, as the engine sends them, behind a `start`."""
    engine = app.services.engine
    requests: list[Any] = []

    def ask(request: Any) -> int:
        requests.append(request)
        return 1

    cast("Any", engine).ask = ask
    app.window.composer.text.setPlainText("What does it say?")
    app.window.draft.send()
    spin_until(lambda: bool(requests))
    if start:
        engine.text_arrived.emit(1, start)
        spin(1000)
    for at in range(0, len(text), size):
        engine.text_arrived.emit(1, text[at : at + size])
        spin(pause_ms)
    engine.answered.emit(1, Answer("stop"))


def stream(app: App) -> None:
    """An answer of 240 pieces in six seconds."""
    text = (_CODE + _PROSE) * 6
    answer_in_pieces(app, text, len(text) // 240, 25)
    spin(200)


def drop(window: MainWindow, files: list[Path]) -> None:
    """Four 4K screenshots at once."""
    window.draft.take_files(files)
    spin_until(lambda: len(window.composer.pictures) == 4)
    spin(1500)
    window.draft._set([])  # noqa: SLF001
    spin(200)


def show_models(window: MainWindow, app: App) -> None:
    """The model page opens, the details of all models unfold, one comes further 20 times a second, and it closes."""
    actions, models = window._model_actions, app.services.models  # noqa: SLF001
    actions.open_page()
    spin_until(lambda: bool(models.survey.available))
    spin(500)
    for model in models.survey.available:
        actions.open_page(model.id)
        spin(50)
    model = models.survey.available[0]
    for step in range(40):
        job = Job(1, JobKind.GET, model.id, model.name, "", JobState.RUNNING, "download", step, 40, 1e7, 40.0 - step)
        cast("Any", models)._work._jobs[1] = job  # noqa: SLF001
        models.job_changed.emit(job)
        spin(50)
    actions.close_page()
    spin(200)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="repetitions (default: 5)")
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
    figures: dict[str, Any] = {"start_s": measure_start(args.runs)}
    with tempfile.TemporaryDirectory() as home:
        paths = Paths.under(Path(home))
        conversation = fill(paths)
        qt = QApplication(["window"])
        app = App(qt, paths)
        cast("Any", app.services.engine).load = lambda *_spec: None
        GarbageCollector(qt)
        app.start()
        window = app.window
        LocalEngine.model = property(lambda _self: MODEL)  # type: ignore[assignment, method-assign]
        app.services.assistant.pictures.set_model(MODEL)
        spin(1000)
        figures["open_2000_messages_ms"] = measure_open(window, app, conversation, args.runs)
        large = [Path(home) / f"4k-{number}.png" for number in range(4)]
        for number, file in enumerate(large):
            file.write_bytes(screenshot(1000 + number, (3840, 2160)))
        watchdog = Watchdog()
        scenes: dict[str, Callable[[], None]] = {
            "nothing": lambda: spin(2000),
            "open": lambda: open_once(window, app, conversation),
            "scroll": lambda: scroll(window),
            "stream": lambda: stream(app),
            "four 4K images": lambda: drop(window, large),
            "models": lambda: show_models(window, app),
            "theme": lambda: change_theme(app),
        }
        for name, scene in scenes.items():
            with watchdog.watch():
                scene()
            figures[f"longest block: {name}, ms"] = sorted(watchdog.gaps_ms)[-3:]
            figures[f"  of it computing: {name}, ms"] = sorted(watchdog.computing_ms)[-3:]
        app.close()
    for name, values in figures.items():
        print(f"{name:36} median {statistics.median(values):8.1f}   worst {max(values):8.1f}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

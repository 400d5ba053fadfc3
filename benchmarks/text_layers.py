"""What the text of images costs the window: searching it, having it at hand, and reading it beside an answer.

`python -m benchmarks.text_layers [--images N]`, on any screen (offscreen will do). Searches are timed in the
thread that makes them. The last part loads the bundled demo model and reads images by the installed OCR engine.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.window import Watchdog, screenshot
from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.history import text_layers
from desktop_vlm.history.store import History
from desktop_vlm.models.demo import demo_screenshot
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.text_layer.layers import LayerState
from tools.event_loop import spin, spin_until

SYLLABLES = (
    "ba",
    "ke",
    "lo",
    "mi",
    "nu",
    "par",
    "ter",
    "sin",
    "tor",
    "ed",
    "ing",
    "er",
    "al",
    "on",
    "set",
    "ting",
    "con",
)
WORDS_OF_AN_IMAGE = 220
"""A screen of 55 lines, as the program's own are read."""
TYPED = ("s", "se", "settingcon", "ttingcon", "qqq", "\u9818\u53ce", "set con")


def vocabulary(count: int) -> list[str]:
    """Made-up words."""
    dice = random.Random(1)
    return ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(count)]


def layer_of(words: Sequence[str], per_line: int = 8) -> TextLayer:
    """A layer of these words, line by line."""
    lines = []
    for number, at in enumerate(range(0, len(words), per_line)):
        top = number * 20.0
        placed = tuple(
            Word(word, Box(column * 90.25, top, column * 90.25 + 80, top + 18.5))
            for column, word in enumerate(words[at : at + per_line])
        )
        text = " ".join(words[at : at + per_line])
        lines.append(TextLine(text, Box(0, top, 720, top + 18.5), placed, 0.97))
    return TextLayer(800, 20 * len(lines), tuple(lines), (0,))


def fill(path: Path, images: int) -> None:
    """Conversations of twenty images each, all with text."""
    dice, known = random.Random(2), vocabulary(40_000)
    with History(path) as history:
        db = history._db  # noqa: SLF001 - a message at a time would wait for the disk each time
        db.execute("BEGIN")
        for number in range(images):
            if number % 20 == 0:
                made = db.execute(
                    "INSERT INTO conversations (title, created_at, updated_at) VALUES ('', ?, ?)", (number, number)
                )
                conversation = made.lastrowid
            sha256 = f"{number:064x}"
            db.execute("INSERT INTO pictures VALUES (?, 'shot.png', 800, 600, 1)", (sha256,))
            message = db.execute(
                "INSERT INTO messages (conversation_id, role, state, created_at, model, action, error, details, text)"
                " VALUES (?, 'user', 'complete', 1, '', '', '', '{}', 'What is it?')",
                (conversation,),
            ).lastrowid
            db.execute("INSERT INTO message_pictures VALUES (?, 0, ?, 'shot.png', 1)", (message, sha256))
            text_layers.keep(db, sha256, layer_of(dice.choices(known, k=WORDS_OF_AN_IMAGE)))
        db.execute("COMMIT")


def measure_search(path: Path) -> None:
    """Each search is made five times; by the clock, and what the thread computed."""
    with History(path) as history:
        for typed in TYPED:
            clock_ms, computing_ms = [], []
            for _ in range(5):
                start, computed = time.perf_counter(), time.thread_time()
                found = history.conversations(typed)
                clock_ms.append((time.perf_counter() - start) * 1e3)
                computing_ms.append((time.thread_time() - computed) * 1e3)
            print(
                f"search {typed!r:14} {len(found):4} conversations   median {statistics.median(clock_ms):6.1f} ms,"
                f" of it computing {statistics.median(computing_ms):6.1f} ms"
            )


def watched(name: str, scene: Callable[[], None]) -> None:
    """How long the window's thread was blocked meanwhile."""
    watchdog = Watchdog()
    with watchdog.watch():
        scene()
    print(f"{name:44} longest block {max(watchdog.gaps_ms):6.1f} ms, computing {max(watchdog.computing_ms):6.1f} ms")


def measure_window(app: App) -> None:
    """A conversation of nine images with 5,000 words each is opened and a hit in it lit up."""
    known = vocabulary(4000)

    def add(history: History) -> tuple[int, list[str]]:
        conversation = history.create_conversation("Large")
        sha256s = []
        for number in range(9):
            sha256s.append(history.add_picture(screenshot(number, (800, 600)), name="p", width=800, height=600))
            history.keep_text_layer(sha256s[-1], layer_of([*random.Random(number).choices(known, k=4999), "zebra"], 10))
        history.add_message(conversation, None, "user", "What is it?", pictures=sha256s)
        return conversation, sha256s

    conversation, sha256s = app.services.history.fetch(add)
    layers, window = app.services.text_layers, app.window

    def open_it() -> None:
        app.services.assistant.open(conversation)
        spin_until(lambda: all(layers.state(one) is LayerState.READ for one in sha256s))
        spin(200)

    def search() -> None:
        window.sidebar.search.setText("zebra")
        spin(600)
        window.sidebar.list.setCurrentIndex(window.sidebar.list.model().index(0, 0))
        window.sidebar.list.clicked.emit(window.sidebar.list.model().index(0, 0))
        spin(1000)

    watched("9 images of 5,000 words are opened", open_it)
    watched("a search, and a hit in each lit up", search)
    window.sidebar.search.clear()
    spin(300)


def measure_answers(app: App) -> None:
    """Tokens a second with nothing to read, with images that wait, and with reading that does not give way."""
    example = demo_screenshot()
    assert example is not None
    engine, layers, window = app.services.engine, app.services.text_layers, app.window

    def engine_state() -> EngineState:
        return engine.state

    spin_until(lambda: engine_state() is EngineState.READY, 120_000)

    def ask() -> float:
        answered = len([one for one in app.services.assistant.messages if one.role == "assistant"])
        window.composer.text.setPlainText("Describe everything in it, in many words.")
        window.draft.send()
        spin_until(lambda: engine_state() is EngineState.ANSWERING, 60_000)
        spin_until(lambda: not app.services.assistant.busy, 120_000)
        assert len([one for one in app.services.assistant.messages if one.role == "assistant"]) == answered + 1
        usage = app.services.assistant.messages[-1].details["usage"]
        return float(usage["generated_tokens"] / usage["decode_s"])

    def read_more(first: int) -> None:
        for number in range(first, first + 4):
            layers.request(f"{number:064x}", screenshot(number, (1600, 1000)))

    app.services.assistant.new_conversation()
    window.draft.take_files([example])
    spin_until(lambda: len(window.composer.pictures) == 1)
    ask()
    spin_until(lambda: layers.state(app.services.assistant.messages[0].pictures[0].sha256) is not LayerState.READING)
    alone = statistics.median(ask() for _ in range(3))
    read_more(10_000)
    waiting = statistics.median(ask() for _ in range(3))
    cast("Any", layers).hold = lambda _held: None
    read_more(20_000)
    spin(1500)
    beside = ask()
    print(f"tokens/s: {alone:.1f} alone, {waiting:.1f} while images wait, {beside:.1f} if they did not wait")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000, metavar="N", help="images with text (default: 10000)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        fill(Path(home) / "many.db", args.images)
        measure_search(Path(home) / "many.db")
        qt = QApplication(["text layers"])
        app = App(qt, Paths.under(Path(home) / "home"))
        GarbageCollector(qt)
        app.start()
        spin(1500)
        measure_window(app)
        measure_answers(app)
        app.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

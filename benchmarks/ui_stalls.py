"""How long the window's thread is away from its events in the worst cases: long answers, also while they stream.

`python -m benchmarks.ui_stalls [--json FILE] [CASE ...]`, on any screen (Xvfb will do, and without one Qt's invisible
screen). For each case the longest absence by the clock, in which turns of other programs are on a busy machine, and by
the processor time that the thread itself took.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QApplication

from benchmarks.window import MODEL, Watchdog, answer_in_pieces, screenshot
from desktop_vlm.history.records import MessageState
from desktop_vlm.history.store import History
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.markdown import preload
from desktop_vlm.ui.theme import ThemeChoice
from tools.event_loop import spin, spin_until

MOST_MS = 50.0
"""That the window's thread may be away."""

MESSAGES = 500
_STREAMED_IN = 60
"""Pieces that an answer comes in."""


def code(size: int = 1_000_000) -> str:
    """Code of so many characters."""
    line = "for name in names: print(name, len(name), 'text')  # a comment\n"
    return "```python\n" + line * (size // len(line)) + "```"


def one_line(size: int = 1_000_000) -> str:
    """Code without a line break."""
    return "```javascript\n" + "a(b);" * (size // 5) + "\n```"


def table(rows: int = 1_000, columns: int = 1_000) -> str:
    """A table of so many cells."""
    head = "| " + " | ".join(f"c{number}" for number in range(columns)) + " |\n|" + "---|" * columns + "\n"
    return head + "".join(
        "| " + " | ".join(str(row * column) for column in range(columns)) + " |\n" for row in range(rows)
    )


def deep_list(levels: int = 2_000) -> str:
    """A list in a list in a list."""
    return "".join("  " * level + f"- item {level}\n" for level in range(levels))


def paragraph(size: int = 200_000) -> str:
    """A paragraph of so many characters."""
    sentence = "The quick brown fox jumps over the lazy dog, and **does it again** with `code`. "
    return sentence * (size // len(sentence))


def lines(count: int = 50_000) -> str:
    """Short lines."""
    return "".join(f"line {number}\n" for number in range(count))


def items(count: int = 20_000) -> str:
    """A list of short items."""
    return "".join(f"- item **{number}**\n" for number in range(count))


def json_text(size: int = 5_000_000) -> str:
    """One JSON value."""
    entry = {"name": "screen", "values": [1, 2.5, None, True], "text": "some text in it", "place": {"x": 1, "y": 2}}
    one = json.dumps(entry)
    return "[" + ", ".join([one] * (size // (len(one) + 2))) + "]"


def formulas(count: int = 300) -> str:
    """Display formulas, each another one, with one in a sentence."""
    return "\n\n".join(
        rf"With $a_{{{number}}}$ it is" + "\n\n" + rf"$$\frac{{a_{{{number}}}}}{{b^2+c}} = \sum_{{i=0}}^n x_i$$"
        for number in range(count)
    )


def sections(count: int = 300) -> str:
    """What answers are made of, many times."""
    prose = "## Part {0}\n\nSome **prose** about it.\n\n- one\n- two\n\n"
    part = prose + "```python\nprint({0})\n```\n\n| a | b |\n|---|---|\n| {0} | 2 |\n"
    return "\n\n".join(part.format(number) for number in range(count))


ANSWERS: dict[str, Callable[[], str]] = {
    "1 MB of code": code,
    "1 MB of code in a line": one_line,
    "1,000 x 1,000 table": table,
    "2,000-level list": deep_list,
    "200,000-character paragraph": paragraph,
    "50,000 short lines": lines,
    "20,000 list items": items,
    "5 MB of JSON": json_text,
    "300 formulas": formulas,
    "300 sections": sections,
}


@dataclass
class Probe:
    """The window, and what watches its thread."""

    app: App
    watchdog: Watchdog

    @contextmanager
    def case(self, name: str, into: dict[str, tuple[float, float]]) -> Iterator[None]:
        """Watch what happens within the block."""
        spin(50)
        with self.watchdog.watch():
            yield
        into[name] = (max(self.watchdog.gaps_ms), max(self.watchdog.computing_ms))
        wall, computed = into[name]
        print(f"{name:45} {wall:7.1f} ms away, {computed:7.1f} of it computing", flush=True)

    def show(self, text: str) -> None:
        """A conversation with this answer is opened, and looked at from end to beginning."""
        services = self.app.services
        made: list[int] = []

        def fill(history: History) -> int:
            conversation = history.create_conversation("Long answer")
            question = history.add_message(conversation, None, "user", "What does it say?")
            history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE)
            return conversation

        services.history.call(fill, made.append)
        spin_until(lambda: bool(made))
        services.assistant.open(made[0])
        spin_until(lambda: any(message.text == text for message in services.assistant.messages), 60_000)
        self._settle()
        bar = self.app.window.pane.verticalScrollBar()
        for tenth in range(9, -1, -1):
            bar.setValue(bar.maximum() * tenth // 10)
            spin(60)
        self._settle()

    def stream(self, text: str) -> None:
        """The answer comes in pieces, 20 a second."""
        self.app.services.assistant.new_conversation()
        spin(50)
        answer_in_pieces(self.app, text, max(1, len(text) // _STREAMED_IN), 50)
        spin(300)
        self._settle()

    def resize(self) -> None:
        """The window is made narrower and wider by a hand."""
        window = self.app.window
        width, height = window.width(), window.height()
        for step in (*range(0, 300, 15), *range(300, -1, -15)):
            window.resize(width - step, height)
            spin(16)
        self._settle()

    def change_theme(self) -> None:
        """To dark, back, and to a larger text."""
        theme = self.app.services.theme
        for choice, px in (
            (ThemeChoice.DARK, 14),
            (ThemeChoice.LIGHT, 14),
            (ThemeChoice.LIGHT, 16),
            (ThemeChoice.LIGHT, 14),
        ):
            theme.apply(choice, px)
            spin(300)
        self._settle()

    def _settle(self) -> None:
        def is_settled() -> bool:
            return all(
                widget.is_settled for widget in self.app.window.pane.widgets() if isinstance(widget, AnswerWidget)
            )

        spin(60)
        spin_until(is_settled, 120_000)


def long_conversation(history: History) -> int:
    """500 messages; some of them with code, a table and a formula."""
    conversation = history.create_conversation("500 messages")
    parent = None
    part = sections(1)
    for number in range(MESSAGES // 2):
        question = history.add_message(conversation, parent, "user", f"Question {number}: what does this say?")
        text = (part if number % 3 else "") + paragraph(800) + ("\n\n" + formulas(1) if number % 5 == 0 else "")
        parent = history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE).id
    return conversation


def long_question(history: History) -> int:
    """A question of a megabyte."""
    conversation = history.create_conversation("1 MB question")
    question = history.add_message(conversation, None, "user", "word and word " * 75_000)
    history.add_message(conversation, question.id, "assistant", "Yes.", state=MessageState.COMPLETE)
    return conversation


def many_pictures(history: History) -> int:
    """A question with 100 pictures."""
    conversation = history.create_conversation("100 pictures")
    shots = [
        history.add_picture(screenshot(number, (320, 200)), name=f"{number}.png", width=320, height=200)
        for number in range(100)
    ]
    question = history.add_message(conversation, None, "user", "What do they show?", pictures=shots)
    history.add_message(conversation, question.id, "assistant", "Tiles.", state=MessageState.COMPLETE)
    return conversation


def measure(home: Path, chosen: list[str]) -> dict[str, tuple[float, float]]:
    """The longest absence by the clock and by processor time, in milliseconds, of each case."""
    paths = Paths.under(home)
    paths.data.mkdir(parents=True, exist_ok=True)
    with History(paths.history_file) as history:
        conversation = long_conversation(history)
        questions = {"1 MB question": long_question(history), "100 pictures in a question": many_pictures(history)}
    qt = QApplication(["stalls"])
    app = App(qt, paths)
    cast("Any", app.services.engine).load = lambda *_spec: None
    GarbageCollector(qt)
    app.start()
    LocalEngine.model = property(lambda _self: MODEL)  # type: ignore[assignment, method-assign]
    app.services.assistant.pictures.set_model(MODEL)
    preload()
    spin(1500)
    probe = Probe(app, Watchdog())
    found: dict[str, tuple[float, float]] = {}
    scenes: dict[str, Callable[[], None]] = {"500 messages: open and scroll": lambda: _walk(probe, conversation)}
    scenes["500 messages: resize"] = probe.resize
    scenes["500 messages: theme"] = probe.change_theme
    for name, number in questions.items():
        scenes[f"{name}: open and scroll"] = lambda number=number: _visit(probe, number)  # type: ignore[misc]
        scenes[f"{name}: theme"] = probe.change_theme
    texts: dict[str, str] = {}
    for name, make in ANSWERS.items():
        texts[name] = make()
        scenes[f"{name}: open and scroll"] = lambda name=name: probe.show(texts[name])  # type: ignore[misc]
        scenes[f"{name}: resize"] = probe.resize
        scenes[f"{name}: theme"] = probe.change_theme
        scenes[f"{name}: stream"] = lambda name=name: probe.stream(texts[name])  # type: ignore[misc]
    for name, scene in scenes.items():
        if not chosen or any(word in name for word in chosen):
            with probe.case(name, found):
                scene()
    app.close()
    return found


def _walk(probe: Probe, conversation: int) -> None:
    app = probe.app
    app.services.assistant.open(conversation)
    spin_until(lambda: len(app.services.assistant.messages) == MESSAGES)
    bar = app.window.pane.verticalScrollBar()
    for _ in range(60):
        bar.setValue(bar.value() - 240)
        spin(16)
    for tenth in range(9, -1, -1):
        bar.setValue(bar.maximum() * tenth // 10)
        spin(100)


def _visit(probe: Probe, conversation: int) -> None:
    probe.app.services.assistant.open(conversation)
    spin(1000)
    bar = probe.app.window.pane.verticalScrollBar()
    for tenth in range(9, -1, -1):
        bar.setValue(bar.maximum() * tenth // 10)
        spin(60)


def main() -> int:
    """Print the table; 1 where the window was away for too long by processor time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("case", nargs="*", help="only the cases in whose name this stands")
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
    with tempfile.TemporaryDirectory() as home:
        found = measure(Path(home), args.case)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 1 if any(computed > MOST_MS for _, computed in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

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
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import stall_histories as histories
from benchmarks.stall_texts import ANSWERS, code, paragraph
from benchmarks.window import MODEL, Watchdog, answer_in_pieces, screenshot
from desktop_vlm.history.records import MessageState
from desktop_vlm.history.store import History
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.garbage import GarbageCollector
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.markdown import preload
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.theme import ThemeChoice
from tools.event_loop import spin, spin_until

MOST_MS = 50.0
"""That the window's thread may be away."""

_STREAMED_IN = 60
"""Pieces that an answer comes in."""


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


def measure(home: Path, chosen: list[str]) -> dict[str, tuple[float, float]]:
    """The longest absence by the clock and by processor time, in milliseconds, of each case."""
    paths = Paths.under(home)
    paths.data.mkdir(parents=True, exist_ok=True)

    def is_chosen(name: str) -> bool:
        return not chosen or any(word in name for word in chosen)

    opened: dict[str, int] = {}
    with History(paths.history_file) as history:
        for name, fill in HISTORIES.items():
            if is_chosen(f"{name}: open and scroll, find, view, theme, resize"):
                opened[name] = fill(history)
        if is_chosen("5,000 conversations: list, search"):
            histories.many_conversations(history)
    files = [home / f"dropped-{number}.png" for number in range(30)]
    for number, file in enumerate(files if is_chosen("30 pictures dropped") else ()):
        file.write_bytes(screenshot(3000 + number, (1280, 800)))
    probe = Probe(_started(paths), Watchdog())
    found: dict[str, tuple[float, float]] = {}
    scenes = _scenes_of_histories(probe, opened) | _other_scenes(probe, files) | _scenes_of_answers(probe)
    for name, scene in scenes.items():
        if is_chosen(name):
            if (answer := name.partition(":")[0]) in ANSWERS:
                _text(answer)  # made before anybody watches
            with probe.case(name, found):
                scene()
    probe.app.close()
    return found


HISTORIES: dict[str, Callable[[History], int]] = {
    "500 messages": histories.long_conversation,
    "1 MB question": histories.long_question,
    "100 pictures in a question": histories.many_pictures,
    "500 pictures": histories.picture_conversation,
    "500 pictures in one question": histories.picture_question,
    "16,000 x 4,000 pixels": histories.large_picture,
}
"""Conversations by their names."""


def _started(paths: Paths) -> App:
    """The program at rest, with a model that answers nothing."""
    qt = QApplication(["stalls"])
    app = App(qt, paths)
    cast("Any", app.services.engine).load = lambda *_spec: None
    GarbageCollector(qt)
    app.start()
    LocalEngine.model = property(lambda _self: MODEL)  # type: ignore[assignment, method-assign]
    app.services.assistant.pictures.set_model(MODEL)
    preload()
    spin(1500)
    return app


def _scenes_of_histories(probe: Probe, opened: dict[str, int]) -> dict[str, Callable[[], None]]:
    scenes: dict[str, Callable[[], None]] = {}
    for name, number in opened.items():
        visit = _walk if name == "500 messages" else _visit
        scenes[f"{name}: open and scroll"] = partial(visit, probe, number)
        if name == "500 messages":
            scenes[f"{name}: resize"] = probe.resize
            scenes[f"{name}: find"] = partial(_find, probe)
        if name == "16,000 x 4,000 pixels":
            scenes[f"{name}: view"] = partial(_view, probe)
        scenes[f"{name}: theme"] = probe.change_theme
    return scenes


@cache
def _text(name: str) -> str:
    return ANSWERS[name]()


def _scenes_of_answers(probe: Probe) -> dict[str, Callable[[], None]]:
    scenes: dict[str, Callable[[], None]] = {}
    for name in ANSWERS:
        scenes[f"{name}: open and scroll"] = lambda name=name: probe.show(_text(name))  # type: ignore[misc]
        scenes[f"{name}: resize"] = probe.resize
        scenes[f"{name}: theme"] = probe.change_theme
        scenes[f"{name}: stream"] = lambda name=name: probe.stream(_text(name))  # type: ignore[misc]
    scenes["200 tokens a second behind a long answer: stream"] = partial(_stream_fast, probe)
    return scenes


def _other_scenes(probe: Probe, files: list[Path]) -> dict[str, Callable[[], None]]:
    return {
        "5,000 conversations: list": partial(_list_all, probe),
        "5,000 conversations: search": partial(_search_all, probe),
        "30 pictures dropped": partial(_drop, probe, files),
        "settings: open and every page": partial(_open_settings, probe),
    }


def _walk(probe: Probe, conversation: int) -> None:
    app = probe.app
    app.services.assistant.open(conversation)
    spin_until(lambda: len(app.services.assistant.messages) == histories.MESSAGES)
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


def _find(probe: Probe) -> None:
    """Ctrl+F: letters that stand in thousands of places, and from one to the next."""
    actions = probe.app.window._find  # noqa: SLF001
    bar = actions._bar  # noqa: SLF001
    actions.open()
    for typed in ("t", "th", "the"):
        bar.field.setText(typed)
        spin(600)
    for _ in range(20):
        actions.step(1)
        spin(60)
    actions.step(-40)
    spin(300)
    actions.close()
    spin(200)


def _view(probe: Probe) -> None:
    """The image in full size: zoomed in and out, and moved."""
    app = probe.app
    (picture,) = app.services.assistant.messages[0].pictures
    actions = app.window._picture_actions  # noqa: SLF001
    actions.view(picture.sha256)
    spin(3000)
    viewer = actions._viewer  # noqa: SLF001
    assert viewer is not None
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Right, Qt.Key.Key_1, Qt.Key.Key_Down, Qt.Key.Key_Minus, Qt.Key.Key_0):
        for _ in range(6):
            QTest.keyClick(viewer, key)
            spin(40)
    actions.close_viewer()
    spin(300)


def _list_all(probe: Probe) -> None:
    """The list of all conversations is opened, and scrolled until its end."""
    window = probe.app.window
    window._list.refresh()  # noqa: SLF001
    spin(500)
    bar = window.sidebar.list.verticalScrollBar()
    for _ in range(histories.CONVERSATIONS // 500 + 2):
        bar.setValue(bar.maximum())
        spin(300)
    bar.setValue(0)
    spin(100)


def _search_all(probe: Probe) -> None:
    """A word that stands in every conversation is typed, and what was found gone through and opened."""
    sidebar = probe.app.window.sidebar
    for end in range(1, len("window") + 1):
        sidebar.search.setText("window"[:end])
        spin(250)
    spin(500)
    for _ in range(10):
        QTest.keyClick(sidebar.search, Qt.Key.Key_PageDown)
        spin(60)
    QTest.keyClick(sidebar.search, Qt.Key.Key_Return)
    spin(800)
    sidebar.search.setText("")
    spin(600)


def _drop(probe: Probe, files: list[Path]) -> None:
    window = probe.app.window
    probe.app.services.assistant.new_conversation()
    window.draft.take_files(files)
    spin_until(lambda: len(window.composer.pictures) == len(files), 120_000)
    spin(2000)
    window.draft._set([])  # noqa: SLF001
    spin(300)


def _open_settings(probe: Probe) -> None:
    """Twice: the first time all of it is imported."""
    actions = probe.app.window._settings_actions  # noqa: SLF001
    for _ in range(2):
        actions.open_settings()
        spin(400)
        dialog = cast("SettingsDialog", actions.dialog)
        for name in dialog.pages:
            dialog.open_page(name)
            spin(150)
        dialog.reject()
        spin(200)


def _stream_fast(probe: Probe) -> None:
    """A thousand tokens, 200 a second, behind code, prose and a table that are there."""
    probe.app.services.assistant.new_conversation()
    spin(50)
    start = paragraph(50_000) + "\n\n" + code(50_000) + "\n\n" + paragraph(2_000) + "\n\n"
    answer_in_pieces(probe.app, (paragraph(2_500) + code(2_500))[:4_000], 4, 5, start=start)
    spin(300)
    probe._settle()  # noqa: SLF001


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

"""What tests of the engine client share: a client whose signals are noted, questions and pictures for it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from PIL import Image
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import Answer, ChatRequest, Engine

FAULTY_WORKER = Path(__file__).parent.parent / "faulty_worker.py"
Source: TypeAlias = "tuple[ModelRef, LoadOptions]"
"""A model, and how to load it."""
GREEDY = {"temperature": 0}
LONG_MS = 30_000
SIGNALS = ("state_changed", "progressed", "loaded", "text_arrived", "answered", "failed", "crashed", "stats_changed")


class Recorder:
    """An engine and all that it said, in order."""

    def __init__(self, engine: Engine, qtbot_wait: Callable[[Callable[[], bool]], None]) -> None:
        self.engine = engine
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._wait = qtbot_wait
        for name in SIGNALS:
            getattr(engine, name).connect(self._note(name))

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.events.append((name, arguments))

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for event, arguments in self.events if event == name]

    def wait(self, condition: Callable[[], bool]) -> None:
        self._wait(condition)

    def wait_for(self, name: str, *start: Any) -> tuple[Any, ...]:
        """The arguments of the first `name` that begins with `start`, once it came."""
        self.wait(lambda: any(found[: len(start)] == start for found in self.of(name)))
        return next(found for found in self.of(name) if found[: len(start)] == start)

    def text(self, question: int) -> str:
        return "".join(text for number, text in self.of("text_arrived") if number == question)

    def answer(self, request: ChatRequest) -> tuple[str, Answer]:
        question = self.engine.ask(request)
        self.wait(lambda: any(a[0] == question for name in ("answered", "failed") for a in self.of(name)))
        assert not [found for found in self.of("failed") if found[0] == question]
        return self.text(question), self.wait_for("answered", question)[1]


class ClientRecorder(Recorder):
    """As for every engine, with what only the child process has."""

    def __init__(self, client: LocalEngine, qtbot_wait: Callable[[Callable[[], bool]], None]) -> None:
        super().__init__(client, qtbot_wait)
        self.client = client


def spin_until(condition: Callable[[], bool]) -> None:
    """Wait as qtbot does, which no fixture of a module has."""
    while not condition():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


MakeClient: TypeAlias = "Callable[..., ClientRecorder]"


def question(
    text: str = "What is this?", picture: bytes | None = None, max_tokens: int = 12, earlier: Sequence[bytes] = ()
) -> ChatRequest:
    """A question about a picture, after `earlier` ones in turns of their own."""
    pictures = [*earlier, *([picture] if picture else [])]
    images = {hashlib.sha256(data).hexdigest(): data for data in pictures}
    keys = [hashlib.sha256(data).hexdigest() for data in pictures]
    turns = []
    for key in keys[: len(earlier)]:
        turns += [ChatMessage.of("user", "Look at this.", key), ChatMessage.of("assistant", "Yes.")]
    turns.append(ChatMessage.of("user", text, *keys[len(earlier) :]))
    return ChatRequest(turns, images, max_tokens, sampling=GREEDY)


def picture(seed: int) -> bytes:
    image = Image.new("RGB", (60, 40), (seed * 37 % 256, seed * 91 % 256, 128))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

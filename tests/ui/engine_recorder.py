"""What tests of the engine client share: a client whose signals are noted, questions and pictures for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QObject

from desktop_vlm.ui.engine.local import Answer, ChatRequest, LocalEngine

FAULTY_WORKER = Path(__file__).parent.parent / "faulty_worker.py"
GREEDY = {"temperature": 0}
LONG_MS = 30_000
SIGNALS = ("state_changed", "progressed", "loaded", "text_arrived", "answered", "failed", "died", "stats_changed")


class Recorder(QObject):
    """A client and all that it said, in order."""

    def __init__(self, client: LocalEngine, qtbot_wait: Callable[[Callable[[], bool]], None]) -> None:
        super().__init__()
        self.client = client
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._wait = qtbot_wait
        for name in SIGNALS:
            getattr(client, name).connect(self._note(name))

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
        question = self.client.ask(request)
        self.wait(lambda: any(a[0] == question for name in ("answered", "failed") for a in self.of(name)))
        assert not [found for found in self.of("failed") if found[0] == question]
        return self.text(question), self.wait_for("answered", question)[1]


def question(text: str = "What is this?", picture: bytes | None = None, max_tokens: int = 12) -> ChatRequest:
    parts: list[dict[str, Any]] = [{"type": "image", "image": picture}] if picture else []
    return ChatRequest(
        [{"role": "user", "content": [*parts, {"type": "text", "text": text}]}], max_tokens, sampling=GREEDY
    )


def picture(seed: int) -> bytes:
    image = Image.new("RGB", (60, 40), (seed * 37 % 256, seed * 91 % 256, 128))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] not in "ZX"
    except OSError:
        return False

"""An engine's client that waits, with the events of Qt going on meanwhile."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image
from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import ChatRequest

_MOST_S = 300.0


class Client:
    """One engine's process, asked one question after the other.

    Attributes:
        sentences: what failed, in order.
        rss_bytes: of the engine's process, after each answer.
        reasons: how answers ended.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._app = QCoreApplication.instance() or QCoreApplication([])
        self.engine = LocalEngine(command=command)
        self.sentences: list[str] = []
        self.reasons: list[str] = []
        self.rss_bytes: list[int] = []
        self.n_loaded = self.n_crashed = 0
        self._text: dict[int, str] = {}
        self._ended: set[int] = set()
        self.engine.text_arrived.connect(self._on_text)
        self.engine.answered.connect(self._on_answer)
        self.engine.failed.connect(self._on_failure)
        self.engine.stats_changed.connect(lambda stats: self.rss_bytes.append(stats.rss_bytes or 0))
        self.engine.loaded.connect(lambda _model: self._count("n_loaded"))
        self.engine.crashed.connect(lambda _reason: self._count("n_crashed"))

    def load(self, ref: ModelRef, **options: Any) -> LoadedModel:
        """Load a model, and wait for it."""
        n_before = self.n_loaded
        self.engine.load(ref, LoadOptions(**options))
        self._ended.discard(0)
        self._wait(lambda: self.n_loaded > n_before or 0 in self._ended)
        if self.engine.model is None:
            raise SystemExit(f"it was not loaded: {self.sentences}")
        return self.engine.model

    def answer(self, text: str, images: Sequence[bytes] = (), max_tokens: int = 4, **more: Any) -> str:
        """The answer to a question; "" where a sentence came in its place."""
        keys = {hashlib.sha256(data).hexdigest(): data for data in images}
        messages = [*more.pop("earlier", ()), ChatMessage.of("user", text, *keys)]
        return self.ask(ChatRequest(messages, keys, max_tokens, sampling={"temperature": 0}, **more))

    def ask(self, request: ChatRequest) -> str:
        asked = self.engine.ask(request)
        self._wait(lambda: asked in self._ended)
        return self._text.pop(asked, "")

    def close(self) -> None:
        self.engine.close()

    def _count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)

    def _on_text(self, question: int, piece: str) -> None:
        self._text[question] = self._text.get(question, "") + piece

    def _on_answer(self, question: int, answer: Any) -> None:
        self.reasons.append(answer.finish_reason)
        self._ended.add(question)

    def _on_failure(self, question: int, _blame: str, sentence: str) -> None:
        self.sentences.append(sentence)
        self._ended.add(question)

    def _wait(self, done: Callable[[], bool]) -> None:
        until_s = time.monotonic() + _MOST_S
        while not done():
            self._app.processEvents()
            time.sleep(0.0005)
            if time.monotonic() > until_s:
                raise SystemExit(f"nothing happened for {_MOST_S:g} s; {self.engine.state}")


def image(number: int, size: tuple[int, int] = (160, 100)) -> bytes:
    """An image unlike all others, as PNG."""
    made = Image.linear_gradient("L").resize(size)
    made = Image.merge("RGB", (made, made.point(lambda value: (value * 7 + number * 37) % 256), made))
    made.putpixel((number % size[0], number // size[0] % size[1]), (255, number % 256, 0))
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()

"""An engine without a process: it answers what the test says, when the test says it, or by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.capabilities import NO_VISION, Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.protocol import Answer, ChatRequest, EngineState, Progress

COMPOSING = Capabilities("mllama", 1, ImageSizing("tiles", side=280, max_tiles=4))
MANY = Capabilities("many", 3, ImageSizing("area", multiple=28, min_pixels=56 * 56, max_pixels=560 * 560))
TEXT_ONLY = Capabilities("text")
MODEL = LoadedModel(
    name="Fake",
    quantization="Q8_0",
    n_ctx=4096,
    capabilities=COMPOSING,
    devices=(),
    n_layers=4,
    n_gpu_layers=0,
    runs_on_cpu_despite_gpu=False,
    placement="",
    load_s=0.1,
    text_bytes=1,
    mmproj_bytes=1,
)
USAGE = Usage(
    prompt_tokens=100,
    generated_tokens=20,
    cached_tokens=40,
    dropped_messages=0,
    encode_s=1.5,
    prefill_s=0.5,
    decode_s=2.0,
)
_STEP_MS = 2


class FakeEngine(QObject):
    """Keeps to `protocol.Engine`; `asked` holds the requests, `loads` what was to be loaded."""

    state_changed = Signal(object)
    progressed = Signal(object)
    loaded = Signal(object)
    text_arrived = Signal(int, str)
    answered = Signal(int, object)
    failed = Signal(int, str, str)
    crashed = Signal(str)
    stats_changed = Signal(object)

    def __init__(
        self, *, is_loaded: bool = True, capabilities: Capabilities = COMPOSING, by_itself: bool = False
    ) -> None:
        """Make one that waits for the test, or loads and answers by itself."""
        super().__init__()
        self.will_load = replace(MODEL, capabilities=capabilities)
        self.model: LoadedModel | None = self.will_load if is_loaded else None
        self.state = EngineState.READY if is_loaded else EngineState.STOPPED if by_itself else EngineState.LOADING
        self.source: tuple[ModelRef, LoadOptions] | None = None
        self.asked: list[ChatRequest] = []
        self.loads: list[tuple[ModelRef, LoadOptions]] = []
        self.stops = 0
        self.forgot = 0
        self.restarts = 0
        self._by_itself = by_itself
        self._ids = 0
        self._running = 0
        self._queued: tuple[int, ChatRequest] | None = None
        self._life = 0  # what was begun in an earlier one does not go on

    # As the window asks

    def load(self, model: ModelRef, options: LoadOptions) -> None:
        self.loads.append((model, options))
        self.source = model, options
        stopped = self._forget_work()
        self._begin()
        self._cancel(stopped)

    def ask(self, request: ChatRequest) -> int:
        self._ids += 1
        asked = self._ids
        if self._queued or self.state is EngineState.ANSWERING:
            self._refuse(asked, "The model is still answering; stop it or wait for the end.")
        elif self.model is None and self.source is None:
            self._refuse(asked, "No model is loaded; choose one first.")
        else:
            self._queued = asked, request
            if self.state in {EngineState.STOPPED, EngineState.FAILED}:
                self._begin()
            self._ask_queued()
        return asked

    def stop(self) -> None:
        self.stops += 1
        if not self._by_itself:
            return
        waiting, self._queued = self._queued, None
        if self.state in {EngineState.STARTING, EngineState.LOADING}:
            self._life += 1
            self.set_state(EngineState.STOPPED)
        elif self.state is EngineState.ANSWERING:
            self._life += 1
            self.set_state(EngineState.STOPPING)
            self._later(lambda: self.end("cancelled", None))
        self._cancel([waiting[0]] if waiting else [])

    def restart(self) -> None:
        self.restarts += 1
        if self.source is None and self._by_itself:
            self._refuse(0, "No model is loaded; choose one first.")
        elif self._by_itself:
            stopped = self._forget_work()
            self._begin()
            self._cancel(stopped)

    def unload(self) -> None:
        stopped = self._forget_work()
        self.model = None
        self.set_state(EngineState.STOPPED)
        self._cancel(stopped)

    def forget_images(self) -> None:
        self.forgot += 1

    def close(self) -> None:
        self.unload()

    # As the test says

    def finish_load(self) -> None:
        self.model = self.will_load
        self.set_state(EngineState.READY)
        self.loaded.emit(self.model)
        self._ask_queued()

    def fail_load(self, sentence: str, blame: str = "user") -> None:
        waiting, self._queued = self._queued, None
        self.set_state(EngineState.FAILED)
        self.failed.emit(0, blame, sentence)
        if waiting:
            self.failed.emit(waiting[0], blame, sentence)

    def say(self, text: str) -> None:
        self.text_arrived.emit(self._running, text)

    def end(self, reason: str = "stop", usage: Usage | None = USAGE, dropped: int = 0) -> None:
        question, self._running = self._running, 0
        self.set_state(EngineState.READY)
        self.answered.emit(question, Answer(reason, replace(usage, dropped_messages=dropped) if usage else None))
        self._ask_queued()

    def fail(self, sentence: str, blame: str = "engine") -> None:
        question, self._running = self._running, 0
        self.set_state(EngineState.READY)
        self.failed.emit(question, blame, sentence)

    def crash(self) -> None:
        """End as a process does that crashed."""
        was_loading, running = self.model is None, self._running
        stopped = self._forget_work()
        self.model = None
        self.set_state(EngineState.STOPPED)
        for question in stopped if running or not was_loading else [0, *stopped]:
            self.failed.emit(question, "engine", "The engine stopped: it crashed; your conversation is safe.")
        self.crashed.emit("the engine stopped: it crashed")

    def set_state(self, state: EngineState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    # By itself

    def _begin(self) -> None:
        self.model = None
        self.set_state(EngineState.LOADING)
        if self._by_itself:
            self._later(self._load)

    def _load(self) -> None:
        assert self.source is not None
        ref, _ = self.source
        if not ref.text.exists():
            self.fail_load(f"There is no file {ref.text}; choose another model.")
            return
        if ref.mmproj is None:
            self.will_load = replace(self.will_load, capabilities=TEXT_ONLY)
        self.progressed.emit(Progress("load", 1.0, None))
        self.finish_load()

    def _ask_queued(self) -> None:
        if self._queued is None or self.model is None or self.state is not EngineState.READY:
            return
        (question, request), self._queued = self._queued, None
        if request.image_keys and self.model.capabilities.max_images == 0:
            self._refuse(question, NO_VISION)
            return
        assert set(request.image_keys) <= set(request.images)
        self.asked.append(request)
        self._running = question
        self.set_state(EngineState.ANSWERING)
        if self._by_itself:
            self._say_words(min(request.max_tokens, 400))

    def _say_words(self, left: int) -> None:
        if left == 0:
            self._later(self.end)
        else:
            self._later(partial(self._say_word, left))

    def _say_word(self, left: int) -> None:
        self.say("word ")
        self._say_words(left - 1)

    def _later(self, what: Callable[[], object]) -> None:
        life = self._life
        QTimer.singleShot(_STEP_MS, self, lambda: what() if life == self._life else None)

    def _forget_work(self) -> list[int]:
        self._life += 1
        stopped = [self._running] if self._running else []
        stopped += [self._queued[0]] if self._queued else []
        self._running, self._queued = 0, None
        return stopped

    def _cancel(self, questions: list[int]) -> None:
        for question in questions:
            self.answered.emit(question, Answer("cancelled"))

    def _refuse(self, question: int, sentence: str) -> None:
        QTimer.singleShot(0, self, lambda: self.failed.emit(question, "user", sentence))

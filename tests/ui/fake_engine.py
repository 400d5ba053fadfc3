"""An engine that answers what the test wants, when the test wants it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_vlm.service.frames import LoadedModel, Usage
from desktop_vlm.ui.engine.types import Answer, ChatRequest, EngineState, ModelSpec

MODEL = LoadedModel(
    name="Fake",
    quantization="Q8_0",
    n_ctx=4096,
    tile_size=280,
    max_tiles=4,
    sees_pictures=True,
    devices=(),
    n_layers=4,
    n_gpu_layers=0,
    runs_on_cpu_despite_gpu=False,
    placement="",
    load_s=0.1,
    text_bytes=1,
    mmproj_bytes=1,
)
USAGE = Usage(prompt_tokens=100, generated_tokens=20, cached_tokens=40, encode_s=1.5, prefill_s=0.5, decode_s=2.0)


class FakeEngine(QObject):
    """Has the signals and methods of LocalEngine; `asked` holds the requests."""

    state_changed = Signal(object)
    progressed = Signal(object)
    loaded = Signal(object)
    text_arrived = Signal(int, str)
    answered = Signal(int, object)
    failed = Signal(int, str, str)
    died = Signal(str)
    stats_changed = Signal(object)

    def __init__(self, *, is_loaded: bool = True) -> None:
        super().__init__()
        self.model: LoadedModel | None = MODEL if is_loaded else None
        self.state = EngineState.READY if is_loaded else EngineState.LOADING
        self.asked: list[ChatRequest] = []
        self.loads: list[ModelSpec] = []
        self.stops = 0
        self.restarts = 0

    def load(self, spec: ModelSpec) -> None:
        self.loads.append(spec)

    def finish_load(self) -> None:
        self.model, self.state = MODEL, EngineState.READY
        self.loaded.emit(MODEL)

    def ask(self, request: ChatRequest) -> int:
        self.asked.append(request)
        self.state = EngineState.ANSWERING
        return len(self.asked)

    def say(self, text: str) -> None:
        self.text_arrived.emit(len(self.asked), text)

    def end(self, reason: str = "stop", usage: Any = USAGE, dropped: int = 0) -> None:
        self.state = EngineState.READY
        self.answered.emit(len(self.asked), Answer(reason, usage, dropped))

    def fail(self, sentence: str, blame: str = "engine") -> None:
        self.state = EngineState.READY
        self.failed.emit(len(self.asked), blame, sentence)

    def stop(self) -> None:
        self.stops += 1

    def restart(self) -> None:
        self.restarts += 1

    def close(self) -> None:
        self.state = EngineState.STOPPED

"""The truth about the engine in one line: model, device, memory, context, and the speed of the last answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.service.frames import Stats
from desktop_vlm.ui.conversation.captions import progress_caption
from desktop_vlm.ui.engine.protocol import EngineState, Progress
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.dot import Dot
from desktop_vlm.ui.widgets.elided_label import ElidedButton

_GIB = 1 << 30


class StatusLine(QWidget):
    """What runs where, and how well.

    Signals:
        model_requested: the person wants to see or change the model.
    """

    model_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = EngineState.STOPPED
        self._model: LoadedModel | None = None
        self._called = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(6)
        self._dot = Dot(theme)
        row.addWidget(self._dot)
        self._name = ElidedButton(self.tr("No model"))
        self._name.setProperty("kind", "caption")
        self._name.setToolTip(self.tr("Model and device: press to change"))
        self._name.setAccessibleName(self.tr("Model"))
        self._name.clicked.connect(self.model_requested)
        row.addWidget(self._name)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName(self.tr("Progress of loading"))
        self._bar.hide()
        row.addWidget(self._bar)
        row.addStretch(1)
        row.setSpacing(8)
        self._speed = _caption(row, self.tr("Speed of the last answer"))
        self._memory = _caption(row, self.tr("Memory of the device"))
        self._context = _caption(row, self.tr("Context used"))
        self._meter = _Meter(theme)
        row.addWidget(self._meter)
        self._meter.hide()
        self._theme = theme
        theme.changed.connect(self._take_height)
        self._take_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _take_height(self) -> None:
        self.setFixedHeight(round(self._theme.text_px * 1.9) + 6)

    def _fit(self) -> None:
        """Leave out what there is no room for, the least important first."""
        room = self.width() - self._name.sizeHint().width() - self._meter.width() - 80
        for label in (self._context, self._speed, self._memory):
            room -= label.sizeHint().width() + 8
            label.setVisible(bool(label.text()) and room > 0)

    def show_state(self, state: EngineState, model: LoadedModel | None, called: str = "", problem: str = "") -> None:
        """Say what runs; `called` is a better name than the model's own, `problem` why it could not be loaded."""
        state = EngineState.FAILED if problem and model is None else state
        self._state, self._model, self._called = state, model, called
        tones = {
            EngineState.READY: "success",
            EngineState.ANSWERING: "accent",
            EngineState.FAILED: "danger",
            EngineState.STOPPED: "faint",
        }
        self._dot.set_tone(tones.get(state, "warning"))
        self._bar.setVisible(state is EngineState.LOADING)
        if model is not None:
            parts = [self._called or model.name, self._place(model)]
            if model.capabilities.judges_safety:
                parts.append(self.tr("only judges safety"))
            self._name.setText(" · ".join(parts))
            warning = self.tr("There is a GPU, but this llama-cpp-python cannot use it.")
            self._name.setToolTip(self._details(model) + (f"\n{warning}" if model.runs_on_cpu_despite_gpu else ""))
        elif state in {EngineState.STARTING, EngineState.LOADING}:
            self._name.setText(self.tr("Loading the model"))
        elif state is EngineState.FAILED:
            failed = self.tr("{0} could not be loaded: press to choose another").format(called)
            self._name.setText(failed if called else self.tr("No model could be loaded: press to choose one"))
            self._name.setToolTip(problem)
        else:
            self._name.setText(self.tr("The model is not running; the next question starts it"))
        if model is None:
            self._memory.setText("")
        self._fit()

    def show_progress(self, progress: Progress) -> None:
        """Say how far loading is."""
        if progress.stage == "load" and self._model is None:
            self._name.setText(progress_caption(progress))
            self._bar.setValue(round(progress.fraction * 1000))

    def show_stats(self, stats: Stats) -> None:
        """Say what memory is taken."""
        gpus = [device for device in stats.devices if device.is_gpu]
        if gpus and self._model is not None and self._model.n_gpu_layers:
            used = sum(gpu.total_bytes - gpu.free_bytes for gpu in gpus) / _GIB
            total = sum(gpu.total_bytes for gpu in gpus) / _GIB
            self._memory.setText(self.tr("VRAM {0} of {1} GiB").format(f"{used:.1f}", f"{total:.0f}"))
        elif stats.rss_bytes:
            self._memory.setText(self.tr("{0} GiB memory").format(f"{stats.rss_bytes / _GIB:.1f}"))
        self._fit()

    def show_usage(self, usage: Mapping[str, Any] | None, n_ctx: int) -> None:
        """Say what the last answer of this conversation took, and how full the context is."""
        self._meter.setVisible(bool(usage) and n_ctx > 0)
        if not usage or n_ctx <= 0:
            self._speed.setText("")
            self._context.setText("")
            self._fit()
            return
        used = usage["prompt_tokens"] + usage["generated_tokens"]
        parts = []
        if usage["encode_s"]:
            parts.append(self.tr("picture {0} s").format(f"{usage['encode_s']:.1f}"))
        parts.append(self.tr("prompt {0} s").format(f"{usage['prefill_s']:.1f}"))
        if usage["decode_s"]:
            parts.append(self.tr("{0} tokens/s").format(f"{usage['generated_tokens'] / usage['decode_s']:.0f}"))
        self._speed.setText(" · ".join(parts))
        self._context.setText(self.tr("{0} of {1} tokens").format(f"{used:,}", f"{n_ctx:,}"))
        self._context.setToolTip(self.tr("{0} tokens are free").format(f"{max(0, n_ctx - used):,}"))
        self._meter.set_part(used / n_ctx)
        self._fit()

    def _place(self, model: LoadedModel) -> str:
        if not model.n_gpu_layers:
            return self.tr("CPU (GPU not used)") if model.runs_on_cpu_despite_gpu else self.tr("CPU")
        gpus = ", ".join(device.name for device in model.devices if device.is_gpu)
        if model.n_gpu_layers >= model.n_layers:
            return gpus
        return self.tr("{0}, {1} of {2} layers").format(gpus, model.n_gpu_layers, model.n_layers)

    def _details(self, model: LoadedModel) -> str:
        lines = [model.name]
        if model.quantization:
            lines.append(self.tr("Quantisation {0}").format(model.quantization))
        lines += [f"{device.name}: {device.description}" for device in model.devices]
        lines.append(
            self.tr("{0} of {1} layers on the GPU, loaded in {2} s").format(
                model.n_gpu_layers, model.n_layers, f"{model.load_s:.1f}"
            )
        )
        if model.placement:
            lines.append(model.placement)
        return "\n".join(lines)


def _caption(row: QHBoxLayout, name: str) -> QLabel:
    label = QLabel()
    label.setProperty("kind", "caption")
    label.setAccessibleDescription(name)
    row.addWidget(label)
    return label


class _Meter(QWidget):
    """How full the context is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._part = 0.0
        self.setFixedSize(QSize(46, 5))

    def set_part(self, part: float) -> None:
        self._part = min(max(part, 0.0), 1.0)
        self.update()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("pressed"))
        painter.drawRoundedRect(self.rect(), 2.5, 2.5)
        painter.setBrush(self._theme.color("warning" if self._part > 0.85 else "accent"))
        painter.drawRoundedRect(QRectF(0, 0, max(5.0, self.width() * self._part), self.height()), 2.5, 2.5)

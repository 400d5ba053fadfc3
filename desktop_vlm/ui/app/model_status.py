"""What is loaded, being loaded, or could not be: the one answer that every part of the window shows."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.engine.protocol import Engine, EngineState, Progress
from desktop_vlm.ui.models.protocol import DEMO, Models


class ModelKind(Enum):
    """NONE: nothing was asked for, or it was stopped. LOADING, LOADED, FAILED: as they say."""

    NONE = "none"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class ModelStatus(QObject):
    """Follows the engine and the settings.

    Attributes:
        problem: why the model that was asked for last could not be loaded; "" where it could.
        progress: how far loading is; None while it does not load.

    Signals:
        changed: any of it is another.
    """

    changed = Signal()

    def __init__(self, engine: Engine, settings: SettingsStore, models: Models) -> None:
        super().__init__()
        self._engine = engine
        self._settings = settings
        self._models = models
        self.problem = ""
        self.progress: Progress | None = None
        engine.state_changed.connect(self._state_changed)
        engine.loaded.connect(self._loaded)
        engine.failed.connect(self._failed)
        engine.progressed.connect(self._progressed)
        models.changed.connect(self._named)

    @property
    def kind(self) -> ModelKind:
        """What there is; a model that still runs is there, whatever could not be loaded instead of it."""
        if self._engine.model is not None:
            return ModelKind.LOADED
        if self._engine.state in {EngineState.STARTING, EngineState.LOADING}:
            return ModelKind.LOADING
        is_failed = bool(self.problem) or self._engine.state is EngineState.FAILED
        return ModelKind.FAILED if is_failed else ModelKind.NONE

    @property
    def text(self) -> Path | None:
        """The language model's file that was asked for last; None before the first."""
        return self._engine.source[0].text if self._engine.source else None

    @property
    def name(self) -> str:
        """What the model is called, loaded or not: as in the list of models, else as it calls itself, else its file."""
        if not self._settings.current.model.text:
            return self.tr("Demo model")
        text = self.text or Path(self._settings.current.model.text)
        listed = (one.name for one in self._models.survey.installed if one.files.text == text and one.id != DEMO)
        return next(listed, self._engine.model.name if self._engine.model else text.name)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        kind, name = self.kind, self.name
        if kind is ModelKind.LOADED:
            return self.tr("{0} is loaded.").format(name)
        if kind is ModelKind.LOADING:
            part = round((self.progress.fraction if self.progress else 0.0) * 100)
            return self.tr("{0} is being loaded, {1}\u00a0%.").format(name, part)
        if kind is ModelKind.FAILED:
            return self.tr("{0} could not be loaded. {1}").format(name, self.problem).strip()
        return self.tr("No model is loaded.")

    def refuse(self, sentence: str) -> None:
        """Its files were not found, so that the engine never heard of it."""
        self.problem = sentence
        self.changed.emit()

    def _state_changed(self, state: EngineState) -> None:
        if state in {EngineState.STARTING, EngineState.LOADING}:
            self.problem = ""
        else:
            self.progress = None
        self.changed.emit()

    def _loaded(self, _model: object) -> None:
        self.problem = ""
        self.changed.emit()

    def _failed(self, request: int, _blame: str, sentence: str) -> None:
        if request == 0:
            self.problem = sentence
            self.changed.emit()

    def _progressed(self, progress: Progress) -> None:
        if progress.stage == "load":
            self.progress = progress
            self.changed.emit()

    def _named(self, _survey: object) -> None:
        self.changed.emit()

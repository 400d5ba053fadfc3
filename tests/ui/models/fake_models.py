"""Models without files or processes: work goes on when the test says so, or by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.library import FoundModel, InstalledModel, Origin
from desktop_vlm.api.options import ModelRef
from desktop_vlm.ui.models.protocol import (
    DEMO,
    AvailableModel,
    Fit,
    Job,
    JobKind,
    JobState,
    ModelType,
    Remedy,
    Survey,
)

GIB = 10**9
_STEP_MS = 2
_STEPS = 5


def types(*sizes: float, fit: Fit = Fit.GPU) -> tuple[ModelType, ...]:
    """Three types of a model with these sizes in GB."""
    notes = ("smallest, hardly worse", "nearly as the original", "as the original, twice as large")
    named = zip(("Q4_K_M", "Q8_0", "F16"), notes, (round(size * GIB) for size in sizes), strict=True)
    return tuple(
        ModelType(name, note, round(sizes[-1] * GIB), kept, kept + GIB, fit, is_recommended=name == "Q4_K_M")
        for name, note, kept in named
    )


def installed(id_: str, name: str, family: str, *, n_bytes: int = 3 * GIB, **more: Any) -> InstalledModel:
    """A model of the library."""
    files = ModelRef(Path(f"/models/{id_}/text.gguf"), Path(f"/models/{id_}/mmproj.gguf"))
    return replace(InstalledModel(id_, name, family, files, "Q4_K_M", "Q8_0", n_bytes, 0, Origin(), True), **more)


DEMO_MODEL = installed(DEMO, "Bundled demo", "Demo", n_bytes=136_000_000, is_owned=False)
QWEN = AvailableModel(
    "qwen2.5-vl-3b",
    "Qwen2.5-VL 3B",
    "Reads documents and screenshots well for its size.",
    "Qwen Research License",
    "https://example.org/licence",
    "https://hub.example.org/Qwen/Qwen2.5-VL-3B-Instruct",
    types(3.3, 5.0, 7.6),
    is_recommended=True,
)
LLAMA = AvailableModel(
    "llama3.2-vision-11b",
    "Llama 3.2 Vision 11B",
    "Describes and reasons about pictures; reads charts and documents.",
    "Llama 3.2 Community License",
    "https://example.org/llama",
    "https://hub.example.org/meta-llama/Llama-3.2-11B-Vision-Instruct",
    types(6.9, 11.4, 21.4, fit=Fit.PARTLY),
    licence_note="Meta does not grant this licence to people who live in the European Union, nor to companies with "
    "their seat there.",
    is_gated=True,
)
PIXTRAL = AvailableModel(
    "pixtral-12b",
    "Pixtral 12B",
    "Large pictures in fine detail.",
    "Apache 2.0",
    "https://example.org/apache",
    "https://hub.example.org/mistral-community/pixtral-12b",
    types(8.3, 13.9, 25.4, fit=Fit.CPU),
)
HUGE = AvailableModel(
    "llama3.2-vision-90b",
    "Llama 3.2 Vision 90B",
    "The largest of the family.",
    "Llama 3.2 Community License",
    "https://example.org/llama",
    "https://hub.example.org/meta-llama/Llama-3.2-90B-Vision-Instruct",
    types(53.0, 94.0, 177.0, fit=Fit.TOO_LARGE),
    licence_note=LLAMA.licence_note,
    is_gated=True,
)
OLLAMA = FoundModel(
    "llama3.2-vision:11b", "Ollama", Path("/ollama"), round(7.8 * GIB), "Ollama's files stay as they are."
)
UNREADABLE = FoundModel(
    "codellama:7b", "Ollama", Path("/ollama"), problem="This is a language model without a vision projector."
)
SURVEY = Survey(
    installed=(DEMO_MODEL,),
    found=(OLLAMA, UNREADABLE),
    available=(QWEN, LLAMA, PIXTRAL, HUGE),
    machine="NVIDIA RTX 4070, 12 GB",
    free_bytes=210 * GIB,
    has_ollama=True,
)


class FakeModels(QObject):
    """Keeps to `protocol.Models`.

    Attributes:
        calls: what was asked for, but for the token.
        tokens: what was entered.
        is_held: work that goes on by itself waits before its end.
    """

    changed = Signal(object)
    job_changed = Signal(object)
    job_removed = Signal(int)
    failed = Signal(str)

    def __init__(self, survey: Survey = SURVEY, *, by_itself: bool = False) -> None:
        super().__init__()
        self.survey = survey
        self.jobs: list[Job] = []
        self.calls: list[tuple[object, ...]] = []
        self.tokens: list[str] = []
        self.is_held = False
        self._by_itself = by_itself
        self._ids = 0

    # As the window asks

    def refresh(self) -> None:
        self._look("refresh")

    def refresh_installed(self) -> None:
        self._look("refresh_installed")

    def refresh_advice(self) -> None:
        self._look("refresh_advice")

    def _look(self, name: str) -> None:
        self.calls.append((name,))
        QTimer.singleShot(0, self, lambda: self.changed.emit(self.survey))

    def look_in(self, paths: Sequence[Path]) -> None:
        self.calls.append(("look_in", *paths))
        found = tuple(FoundModel(path.name, str(path.parent), path) for path in paths if "model" in path.name)
        if found:
            self.show(found=(*found, *self.survey.found))
        else:
            self.failed.emit("There is no model in this.")

    def get(self, model: str, type_name: str) -> int:
        self.calls.append(("get", model, type_name))
        name = next(one.name for one in self.survey.available if one.id == model)
        return self._begin(JobKind.GET, model, name, type_name)

    def import_(self, found: str) -> int:
        self.calls.append(("import", found))
        return self._begin(JobKind.IMPORT, found, next(one.name for one in self.survey.found if one.id == found))

    def verify(self, installed: str) -> int:
        self.calls.append(("verify", installed))
        name = next(one.name for one in self.survey.installed if one.id == installed)
        return self._begin(JobKind.VERIFY, installed, name)

    def pause(self, job: int) -> None:
        self.update(job, state=JobState.PAUSED)
        self._start_next()

    def resume(self, job: int) -> None:
        self.update(job, state=JobState.WAITING, problem="", remedy=Remedy.NONE)
        QTimer.singleShot(0, self, self._start_next) if self._by_itself else self._start_next()

    def cancel(self, job: int) -> None:
        self.jobs = [one for one in self.jobs if one.id != job]
        self.job_removed.emit(job)
        self._start_next()

    def remove(self, installed: str) -> None:
        self.calls.append(("remove", installed))
        self.show(installed=tuple(one for one in self.survey.installed if one.id != installed))

    def note_use(self, text: Path, tokens_per_s: float | None) -> None:
        self.calls.append(("note_use", text, tokens_per_s))

    def set_token(self, token: str) -> None:
        self.tokens.append(token)
        self.show(has_token=bool(token))

    def close(self) -> None:
        self.calls.append(("close",))

    # As the test says

    def show(self, **changes: object) -> None:
        """Have something else to show."""
        self.survey = replace(self.survey, **changes)  # type: ignore[arg-type]
        self.changed.emit(self.survey)

    def update(self, job: int, **changes: object) -> Job:
        """Bring a job further."""
        found = next(one for one in self.jobs if one.id == job)
        changed = replace(found, **changes)  # type: ignore[arg-type]
        self.jobs[self.jobs.index(found)] = changed
        if not changed.is_open:
            self.jobs.remove(changed)
        self.job_changed.emit(changed)
        return changed

    def finish(self, job: int) -> InstalledModel:
        """End a job well; what it made is installed."""
        found = next(one for one in self.jobs if one.id == job)
        if found.kind is JobKind.VERIFY:
            self.update(job, state=JobState.DONE, result=found.subject)
            return next(one for one in self.survey.installed if one.id == found.subject)
        made = installed(f"made-{job}", found.name, "Family", text_type=found.type_name or "Q4_K_M")
        self.survey = replace(self.survey, installed=(*self.survey.installed, made))
        self.changed.emit(self.survey)
        self.update(job, state=JobState.DONE, result=made.id)
        self._start_next()
        return made

    def _begin(self, kind: JobKind, subject: str, name: str, type_name: str = "") -> int:
        for known in self.jobs:
            if (known.kind, known.subject) == (kind, subject):
                self.update(known.id, type_name=type_name)
                self.resume(known.id)
                return known.id
        self._ids += 1
        self.jobs.append(Job(self._ids, kind, subject, name, type_name))
        self.job_changed.emit(self.jobs[-1])
        QTimer.singleShot(0, self, self._start_next) if self._by_itself else self._start_next()
        return self._ids

    def _start_next(self) -> None:
        if any(job.state is JobState.RUNNING for job in self.jobs):
            return
        for job in self.jobs:
            if job.state is JobState.WAITING:
                self.update(job.id, state=JobState.RUNNING)
                if self._by_itself:
                    QTimer.singleShot(0, self, partial(self._go_on, job.id, 0))
                return

    def _go_on(self, job: int, step: int) -> None:
        found = next((one for one in self.jobs if one.id == job and one.state is JobState.RUNNING), None)
        if found is None:
            return
        if found.type_name == "F16":
            sentence = "The hub wants a token for this model; enter one."
            self.update(job, state=JobState.FAILED, problem=sentence, remedy=Remedy.TOKEN)
            return
        if step == _STEPS:
            self.finish(job)
            return
        self.update(
            job,
            stage="download",
            done_bytes=step * GIB,
            total_bytes=_STEPS * GIB,
            bytes_per_s=2.4e7,
            seconds_left=120.0,
        )
        QTimer.singleShot(_STEP_MS, self, lambda: self._go_on(job, 2 if self.is_held and step == 2 else step + 1))

"""Models and the work on them as the window knows them. `LocalModels` is one; the tests' fake is another.

No process, no file and no family here. What is shown comes in a `Survey`; work that takes long is a `Job`, of which one
runs at a time; the others wait, in the order in which they were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance

from desktop_vlm.api.library import FoundModel, InstalledModel

DEMO = "demo"
"""The id of the bundled demo among the installed models."""


class Fit(Enum):
    """How a model would run on this machine, by the planner."""

    GPU = "gpu"
    PARTLY = "partly"
    CPU = "cpu"
    TOO_LARGE = "too large"


@dataclass(frozen=True)
class ModelType:
    """A type that a model can be had in.

    Attributes:
        name: "Q4_K_M".
        note: what it means, in a few words.
        download_bytes: to be transferred.
        kept_bytes: on the disk afterwards.
        peak_bytes: on the disk at the most, while it is made.
        fit: how it would run here; None where that is not known.
        placement: what would be put where, in one sentence.
        is_recommended: whether it is the one to take; one of a model's types is.
    """

    name: str
    note: str
    download_bytes: int
    kept_bytes: int
    peak_bytes: int
    fit: Fit | None = None
    placement: str = ""
    is_recommended: bool = False


@dataclass(frozen=True)
class AvailableModel:
    """A model of the catalogue.

    Attributes:
        id: names it to `Models`.
        name: as people know it.
        purpose: what it is good at, in one sentence.
        licence, licence_url: its name, and where to read it.
        licence_note: what a person should know of it before, such as who may not use it; "" for nothing.
        page_url: its page on the hub.
        is_gated: whether the hub wants an account that accepted the licence.
        types: that it can be had in, the smallest first.
        is_recommended: whether it is the one to take on this machine; one of all models is.
        installed_types: in which it is installed already.
    """

    id: str
    name: str
    purpose: str
    licence: str
    licence_url: str
    page_url: str
    types: Sequence[ModelType]
    licence_note: str = ""
    is_gated: bool = False
    is_recommended: bool = False
    installed_types: Sequence[str] = ()

    @property
    def recommended_type(self) -> ModelType:
        return next((one for one in self.types if one.is_recommended), self.types[0])


@dataclass(frozen=True)
class Survey:
    """All there is to show.

    Attributes:
        machine: what models run on here, in a few words: "NVIDIA RTX 4070, 12 GB".
        free_bytes: on the disk of the models' folder.
        has_token: whether a token for the hub is kept.
        has_ollama: whether Ollama's folder is on this computer.
        is_offline: whether nothing may be fetched.
    """

    installed: Sequence[InstalledModel] = ()
    found: Sequence[FoundModel] = ()
    available: Sequence[AvailableModel] = ()
    machine: str = ""
    free_bytes: int = 0
    has_token: bool = False
    has_ollama: bool = False
    is_offline: bool = False


class JobKind(Enum):
    """What a job does."""

    GET = "get"
    IMPORT = "import"
    VERIFY = "verify"


class JobState(Enum):
    """WAITING: for another to end. RUNNING, PAUSED, FAILED, DONE: as they say."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"


class Remedy(Enum):
    """What a person can do about a failure, beside trying again."""

    NONE = "none"
    TOKEN = "token"
    LICENCE = "licence"
    FOLDER = "folder"
    ONLINE = "online"


@dataclass(frozen=True)
class Job:
    """Work on one model.

    Attributes:
        id: of the job.
        kind: what it does.
        subject: id of the model that it is about: available, found or installed, by its kind.
        name: of the model.
        type_name: that it is made in; "" where that is no question.
        stage: what is done now, as `JobProgress` has it; "" before the first.
        done_bytes, total_bytes: of the whole job; a total of 0 is not known yet.
        bytes_per_s, seconds_left: None while they are not known.
        problem: why it failed, one sentence; "" if it did not.
        remedy: what would help.
        url: the page where the licence is accepted, if that would help.
        result: id of the installed model, once it is done.
    """

    id: int
    kind: JobKind
    subject: str
    name: str
    type_name: str = ""
    state: JobState = JobState.WAITING
    stage: str = ""
    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: float | None = None
    seconds_left: float | None = None
    problem: str = ""
    remedy: Remedy = Remedy.NONE
    url: str = ""
    result: str = ""

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do about it."""
        return self.state is not JobState.DONE


class Models(Protocol):
    """Models, and the work on them. Nothing here waits, except `close`; what comes of it arrives as signals.

    Nothing is fetched before `get`, and no token is shown, kept in a field or written to a log.

    Signals:
        changed(Survey): there is something else to show.
        job_changed(Job): a job began, came further or ended; a job that was cancelled sends `job_removed` instead.
        job_removed(int): a job is gone: cancelled, or about to begin again under another id.
        failed(str): something asked for was not done; one sentence.
    """

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def job_changed(self) -> SignalInstance: ...
    @property
    def job_removed(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...

    @property
    def survey(self) -> Survey:
        """What was found last; empty before anything was looked at."""

    @property
    def jobs(self) -> Sequence[Job]:
        """Those that are open, in the order in which they were asked for; paused ones of an earlier start too."""

    def refresh(self) -> None:
        """Look again at everything; `changed` follows."""

    def refresh_installed(self) -> None:
        """Look again what is installed and what was not finished; `changed` follows."""

    def refresh_advice(self) -> None:
        """Look again which models would suit this computer, and which are on it already; `changed` follows."""

    def look_in(self, paths: Sequence[Path]) -> None:
        """Look for models in files and folders that were dropped or chosen; `changed` or `failed` follows."""

    def get(self, model: str, type_name: str) -> int:
        """Download an available model in a type; returns the job."""

    def import_(self, found: str) -> int:
        """Import a found model; returns the job."""

    def verify(self, installed: str) -> int:
        """Check an installed model's files against their record; returns the job."""

    def pause(self, job: int) -> None:
        """Stop a job and keep what it has."""

    def resume(self, job: int) -> None:
        """Go on with a paused or failed job."""

    def cancel(self, job: int) -> None:
        """End a job, and remove what it has."""

    def remove(self, installed: str) -> None:
        """Delete an installed model's files; `changed` or `failed` follows."""

    def note_use(self, text: Path, tokens_per_s: float | None) -> None:
        """Say that a model was loaded, or how fast it answered."""

    def set_token(self, token: str) -> None:
        """Keep a token for the hub in the keyring of this computer; "" removes it. `changed` or `failed` follows."""

    def close(self) -> None:
        """End all work, keeping what it has; the only call that may wait, at most a second."""

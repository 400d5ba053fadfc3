"""What a window and the process of a long job say to each other; `framing` tells how it becomes bytes on a pipe.

The process does one job and ends: the parent says `Hello` and the job, the process answers with any number of
`Progress` and one of the results, `Failed` or `Stopped`. Pausing is stopping; the same job started again goes on where
it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, get_args

from desktop_vlm.api.library import Fit, FoundModel, GetPlan, InstalledModel, Library, Verification
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import framing, pulse

PROTOCOL = 2
"""Raised when a message changes so that an older other side would misread it."""

Hello = framing.Hello
"""The first message of each side."""


@dataclass(frozen=True)
class JobSettings:
    """What a job takes from the settings. A token is not among them: the process looks it up itself.

    Attributes:
        models_folder: absolute.
        references: models elsewhere that the person added.
        endpoint: address of the hub; "" for the usual one, or the environment's.
        is_offline: whether the network must not be used.
    """

    models_folder: Path
    references: tuple[ModelRef, ...] = ()
    endpoint: str = ""
    is_offline: bool = False


# Jobs


@dataclass(frozen=True)
class PlanGet:
    """Ask the hub what getting a model would take; answered by `Planned`.

    Attributes:
        source: catalogue name, hub id or hub address.
        text_type, vision_type: "" for the usual ones.
    """

    kind: ClassVar[str] = "plan-get"
    settings: JobSettings
    source: str
    text_type: str = ""
    vision_type: str = ""


@dataclass(frozen=True)
class GetModel:
    """Download a model, converting it where it is a checkpoint; goes on where it was stopped. `Finished` ends it."""

    kind: ClassVar[str] = "get"
    settings: JobSettings
    source: str
    text_type: str = ""
    vision_type: str = ""


@dataclass(frozen=True)
class ImportModel:
    """Make a model of files that are here already (another program's, or a GGUF pair); `Finished` ends it.

    Attributes:
        source: file or folder; empty for the models that other programs left in their usual places.
        name: which of several is meant; "" where there is one.
    """

    kind: ClassVar[str] = "import"
    settings: JobSettings
    source: Path
    name: str = ""


@dataclass(frozen=True)
class ConvertModel:
    """Convert a checkpoint's folder into the library; `Finished` ends it."""

    kind: ClassVar[str] = "convert"
    settings: JobSettings
    source: Path
    text_type: str = ""
    vision_type: str = ""


@dataclass(frozen=True)
class VerifyModel:
    """Read a model's files whole; answered by `Verified`."""

    kind: ClassVar[str] = "verify"
    settings: JobSettings
    id: str


@dataclass(frozen=True)
class ListModels:
    """See what is in the models folder and among the references; answered by `Listed`."""

    kind: ClassVar[str] = "list"
    settings: JobSettings


@dataclass(frozen=True)
class FitModels:
    """Plan for models of the catalogue on this machine; answered by `Fitted`.

    Attributes:
        names: of the catalogue; none for all.
        options: that they would be loaded with.
    """

    kind: ClassVar[str] = "fit"
    settings: JobSettings
    options: LoadOptions
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindModels:
    """Look for what can be imported; answered by `Found`.

    Attributes:
        paths: files and folders to look in; none for the places where other programs keep their models.
    """

    kind: ClassVar[str] = "find"
    settings: JobSettings
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True)
class KeepToken:
    """Keep a token for the hub in the keyring, "" to remove it, or only ask; answered by `TokenState`.

    Attributes:
        token: None to only ask. It travels in this message and nowhere else.
    """

    kind: ClassVar[str] = "token"
    settings: JobSettings
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class RenameModel:
    """Give a model another name; answered by `Finished`."""

    kind: ClassVar[str] = "rename"
    settings: JobSettings
    id: str
    name: str


@dataclass(frozen=True)
class RemoveModel:
    """Delete a model's files, if they are the program's own, or else forget the reference; answered by `Listed`."""

    kind: ClassVar[str] = "remove"
    settings: JobSettings
    id: str


@dataclass(frozen=True)
class DiscardPartial:
    """Delete what a stopped download left; answered by `Listed`."""

    kind: ClassVar[str] = "discard"
    settings: JobSettings
    id: str


@dataclass(frozen=True)
class Stop:
    """End the job within a second; what it has downloaded stays, so that it can go on."""

    kind: ClassVar[str] = "stop"


# Messages from the process


@dataclass(frozen=True)
class Progress:
    """How far the job is; at most twenty in a second."""

    kind: ClassVar[str] = "progress"
    progress: JobProgress

    @property
    def extent(self) -> tuple[str, float]:
        """The stage, and how far it is; it is said many times a second, whether anything happened or not."""
        return self.progress.stage, self.progress.done_bytes


@dataclass(frozen=True)
class Planned:
    """Answers `PlanGet`."""

    kind: ClassVar[str] = "planned"
    plan: GetPlan


@dataclass(frozen=True)
class Finished:
    """The model is in the library, under this record."""

    kind: ClassVar[str] = "finished"
    model: InstalledModel


@dataclass(frozen=True)
class Verified:
    """Answers `VerifyModel`."""

    kind: ClassVar[str] = "verified"
    result: Verification


@dataclass(frozen=True)
class Listed:
    """What is here now."""

    kind: ClassVar[str] = "listed"
    library: Library


@dataclass(frozen=True)
class Fitted:
    """Answers `FitModels`, in the order asked for, the catalogue's where all were.

    Attributes:
        fits: one for each model and type.
        machine: what was planned for, in a few words: "NVIDIA RTX 4070, 12 GB".
        free_bytes: on the disk of the models' folder.
    """

    kind: ClassVar[str] = "fitted"
    fits: tuple[Fit, ...]
    machine: str = ""
    free_bytes: int = 0


@dataclass(frozen=True)
class Found:
    """Answers `FindModels`.

    Attributes:
        models: what was found, and why some of it cannot be imported.
        has_ollama: whether Ollama's folder is on this computer.
    """

    kind: ClassVar[str] = "found"
    models: tuple[FoundModel, ...]
    has_ollama: bool = False


@dataclass(frozen=True)
class TokenState:
    """Answers `KeepToken`: whether there is a token; never the token."""

    kind: ClassVar[str] = "token-state"
    is_kept: bool


@dataclass(frozen=True)
class Stopped:
    """The job was stopped."""

    kind: ClassVar[str] = "stopped"


@dataclass(frozen=True)
class Failed:
    """The job cannot be done.

    Attributes:
        sentence: what is wrong and the way out.
        way_out: what a button can offer: `licence` (open the model's page and accept it), `token` (sign in), `retry`
            (network or server), `wait` (too many requests), `room` (disk full), `offline`, `other` (nothing special),
            or `bug`.
        url: the page to open, for `licence`; else empty.
    """

    kind: ClassVar[str] = "failed"
    sentence: str
    way_out: str = "other"
    url: str = ""


Pulse = pulse.Pulse
"""A sign of life, each second while there is work, that says how far it is."""


Job = (
    PlanGet
    | GetModel
    | ImportModel
    | ConvertModel
    | VerifyModel
    | ListModels
    | FitModels
    | FindModels
    | KeepToken
    | RenameModel
    | RemoveModel
    | DiscardPartial
)
Result = Planned | Finished | Verified | Listed | Fitted | Found | TokenState
ToJob = Hello | Job | Stop
"""What the parent may send."""
FromJob = Hello | Progress | Result | Stopped | Failed | Pulse
"""What the process may send."""
Message = ToJob | FromJob
"""Whatever travels."""


def encode(message: Message) -> list[bytes]:
    """The frame of a message.

    Raises:
        ProtocolError: it is too large to send.
    """
    return framing.encode(message)


MAX_ANSWER_HEADER_BYTES = 8 * 2**20
"""Of a message from the process: a library of thousands of models."""


class FrameReader(framing.FrameReader[Message]):
    """Turns bytes, in whatever pieces they come, into messages: of both sides, or only those that one may send."""

    def __init__(self, sent: Any = Message) -> None:
        """`sent`: `Message`, `ToJob` or `FromJob`."""
        if sent is FromJob:
            super().__init__(get_args(sent), most_header_bytes=MAX_ANSWER_HEADER_BYTES, most_blob_bytes=0)
        else:
            super().__init__(get_args(sent))

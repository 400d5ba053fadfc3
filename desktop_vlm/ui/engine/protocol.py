"""The engine as the window knows it. `LocalEngine` is one; the tests' fake is another, and both keep to one suite.

No process and no pipe here: whatever loads models and answers questions can stand behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef


class EngineState(Enum):
    """What the engine is doing.

    STOPPED: no model is loaded. STARTING: the process starts. LOADING, READY, ANSWERING: as they say. STOPPING: the
    person stopped a load or an answer, and it is about to end. FAILED: the last load failed.
    """

    STOPPED = "stopped"
    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    ANSWERING = "answering"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class ChatRequest:
    """A conversation to answer.

    Attributes:
        messages: the conversation; its images are the SHA-256s of their files.
        images: files of the images that the messages name.
        max_tokens: longest answer.
        sampling: fields of `SamplingOptions`.
        json_schema: schema that the answer must follow, as JSON text.
        grammar: grammar that it must follow, or the name of one that comes with the program; not with a schema.
        stop: texts that end the answer.
        drop_oldest: leave out the oldest turns when the conversation outgrows the context.
        repeatable: texts that the answer may repeat, such as those in its images, which makes it quicker; the model
            does not see them.
    """

    messages: Sequence[ChatMessage]
    images: Mapping[str, bytes] = field(default_factory=dict)
    max_tokens: int = 512
    sampling: Mapping[str, Any] = field(default_factory=dict)
    json_schema: str | None = None
    grammar: str | None = None
    stop: Sequence[str] = ()
    drop_oldest: bool = True
    repeatable: Sequence[str] = ()

    @property
    def image_keys(self) -> tuple[str, ...]:
        """The images that the messages name, each once."""
        return tuple(dict.fromkeys(image for message in self.messages for image in message.images))


STAGES = ("load", "encode", "prefill")
"""Of the engine's work."""


@dataclass(frozen=True)
class Progress:
    """How far a load or a question is.

    Attributes:
        stage: "load", "encode" (looking at an image) or "prefill" (reading the conversation); "text" (reading the text
            in images) is no stage of the engine, and how far it is is not known.
        fraction: 0 to 1.
        seconds_left: until the stage is over, by its pace so far; None while that is not known.
    """

    stage: str
    fraction: float
    seconds_left: float | None


@dataclass(frozen=True)
class Answer:
    """How an answer ended: "stop", "length" or "cancelled". `usage` is None when it was stopped before it began."""

    finish_reason: str
    usage: Usage | None = None


class Engine(Protocol):
    """Loads a model and answers questions. Nothing here waits, except `close`; what comes of it arrives as signals.

    Each question gets `answered` or `failed`, exactly once and after `ask` returned, whatever happens meanwhile.

    Signals:
        state_changed(EngineState)
        progressed(Progress)
        loaded(LoadedModel)
        text_arrived(int, str): more text of the answer to a question.
        answered(int, Answer): the answer is complete, or was stopped.
        failed(int, str, str): question (0 for a load), whose turn it is ("user", "engine", "bug"), a plain sentence.
        crashed(str): the engine ended by itself; what it was doing has failed before this comes.
        stats_changed(Stats): memory after a load or an answer.
    """

    @property
    def state_changed(self) -> SignalInstance: ...
    @property
    def progressed(self) -> SignalInstance: ...
    @property
    def loaded(self) -> SignalInstance: ...
    @property
    def text_arrived(self) -> SignalInstance: ...
    @property
    def answered(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    @property
    def crashed(self) -> SignalInstance: ...
    @property
    def stats_changed(self) -> SignalInstance: ...

    @property
    def state(self) -> EngineState:
        """What it is doing."""

    @property
    def model(self) -> LoadedModel | None:
        """What is loaded; None while nothing is."""

    @property
    def source(self) -> tuple[ModelRef, LoadOptions] | None:
        """What was last asked to be loaded; None before the first `load`."""

    def load(self, model: ModelRef, options: LoadOptions) -> None:
        """Load a model instead of what is there; work under way is stopped. `loaded` or `failed(0, ...)` follows."""

    def ask(self, request: ChatRequest) -> int:
        """Have a conversation answered; returns the id that the signals about it carry.

        Where no model is loaded, the last one is loaded first. One question can wait for a load or for a stopped
        answer; a second is refused with `failed`, as are images for a model that sees none.
        """

    def stop(self) -> None:
        """End the load, the answer and a waiting question; what arrived of an answer stays."""

    def restart(self) -> None:
        """Start again and load the last model; where there was none, `failed(0, ...)` says so."""

    def unload(self) -> None:
        """Free all memory; the next question loads the model again."""

    def forget_images(self) -> None:
        """Have it let go of the files and pixels of images, since one is to be gone; later questions send theirs."""

    def close(self) -> None:
        """End it for good; the only call that may wait, at most a second."""

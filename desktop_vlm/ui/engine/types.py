"""What the window hands to its engine client, and what it gets back; no Qt and no process here."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from desktop_vlm.service import frames
from desktop_vlm.service.frames import Usage

NO_MEMORY = "memory ran out"
"""The reason of a death that people can do something about."""


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
class ModelSpec:
    """Which model to load, and how; see `backend.load`."""

    text: Path
    mmproj: Path | None
    n_ctx: int = 4096
    n_gpu_layers: int = -1
    n_threads: int | None = None
    kv_type: str = "auto"


@dataclass(frozen=True)
class ChatRequest:
    """A conversation to answer.

    Attributes:
        messages: `role` and `content` each; the content is text or a list of parts {"type": "text", "text": ...} and
            {"type": "image", "image": bytes of a picture file}.
        max_tokens: longest answer.
        sampling: fields of `SamplingOptions`.
        json_schema: schema that the answer must follow, as JSON text.
        stop: texts that end the answer.
        drop_oldest: leave out the oldest turns when the conversation outgrows the context.
    """

    messages: Sequence[Mapping[str, Any]]
    max_tokens: int = 512
    sampling: Mapping[str, Any] = field(default_factory=dict)
    json_schema: str | None = None
    stop: Sequence[str] = ()
    drop_oldest: bool = True


@dataclass(frozen=True)
class Progress:
    """How far a load or a question is.

    Attributes:
        stage: "load", "encode" (looking at a picture) or "prefill" (reading the conversation).
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
    dropped_messages: int = 0


class Pace:
    """Estimates how long a stage will still take."""

    _LEAST_S = 0.5
    _LEAST_FRACTION = 0.02

    def __init__(self) -> None:
        self._stage = ""
        self._first_s = self._first_fraction = 0.0

    def seconds_left(self, stage: str, fraction: float) -> float | None:
        """By the pace since the stage began; None before there is one."""
        now_s = time.monotonic()
        if stage != self._stage or fraction < self._first_fraction:  # another picture is encoded from 0 again
            self._stage, self._first_s, self._first_fraction = stage, now_s, fraction
        took_s, done = now_s - self._first_s, fraction - self._first_fraction
        if took_s < self._LEAST_S or done < self._LEAST_FRACTION:
            return None
        return (1 - fraction) * took_s / done


class Deaths:
    """Counts how often the engine's process ended by itself lately.

    Attributes:
        too_many: empty, or why starting it again by itself would not help, as a sentence.
    """

    def __init__(self, most: int, within_s: float) -> None:
        self._most = most
        self._within_s = within_s
        self._times: deque[float] = deque()
        self.too_many = ""

    def count(self, reason: str) -> str:
        """Note a death; returns what to say of it."""
        now_s = time.monotonic()
        self._times.append(now_s)
        while now_s - self._times[0] > self._within_s:
            self._times.popleft()
        if len(self._times) >= self._most:
            self.too_many = (
                f"The engine stopped {len(self._times)} times within {self._within_s:g} seconds (the last time "
                f"{reason}); restart it by hand, or choose other settings or another model."
            )
            return self.too_many
        if reason == NO_MEMORY:
            return (
                "The engine stopped because memory ran out; choose a shorter context, fewer layers on the GPU or a "
                "smaller quantisation, and ask again."
            )
        return f"The engine stopped: {reason}; your conversation is safe, so ask again."

    def forget(self) -> None:
        """Start anew, because a person decided to."""
        self._times.clear()
        self.too_many = ""


def chat_message(question: int, request: ChatRequest) -> frames.Chat:
    """The message for a question; a picture that appears several times travels once."""
    indices: dict[bytes, int] = {}
    messages = []
    for message in request.messages:
        content = message["content"]
        if not isinstance(content, str):
            content = [
                {**part, "image": indices.setdefault(part["image"], len(indices))} if "image" in part else dict(part)
                for part in content
            ]
        messages.append({"role": message["role"], "content": content})
    return frames.Chat(
        id=question,
        messages=tuple(messages),
        max_tokens=request.max_tokens,
        drop_oldest=request.drop_oldest,
        sampling=dict(request.sampling),
        json_schema=request.json_schema,
        stop=tuple(request.stop),
        blobs=tuple(indices),
    )

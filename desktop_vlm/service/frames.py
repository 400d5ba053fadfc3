"""What the window and the engine's process say to each other; `framing` tells how it becomes bytes on a pipe.

Images are distinguished by the SHA-256 of their files, which travels in the messages; the files themselves travel once:
a `Chat` carries those that the process has not had yet, and the process answers with `Missing` when it has let go of
one meanwhile.

This module is all that the two processes share, so it imports neither Qt nor the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, get_args

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.loaded_model import DeviceMemory, LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.service import framing, pulse
from desktop_vlm.service.child import one_sentence

PROTOCOL = 5
"""Raised when a message changes so that an older other side would misread it."""

ProtocolError = framing.ProtocolError
"""The other side sent something that is not one of our frames."""


# Messages of both sides


@dataclass(frozen=True)
class Hello:
    """The first message of each side; both must carry the same numbers.

    Attributes:
        version: of the program.
        protocol: `PROTOCOL`.
        files: all that the engine will ever be asked to open; it gives up the right to open others. For others there
            is another process.
        gpus: whether it may use GPUs.
    """

    kind: ClassVar[str] = "hello"
    version: str
    protocol: int
    files: tuple[Path, ...] = ()
    gpus: bool = True


# Messages to the engine


@dataclass(frozen=True)
class Load:
    """Load a model instead of what is there; answered by `Loaded`, `Error`, or `Unloaded` after a stop.

    Attributes:
        model: its files, with absolute paths.
        options: how to load it.
    """

    kind: ClassVar[str] = "load"
    id: int
    model: ModelRef
    options: LoadOptions


@dataclass(frozen=True)
class Chat:
    """Answer a conversation; replied to by `Chunk`s and one `Done`, by `Error`, or by `Missing`.

    Attributes:
        messages: the conversation; its images are the SHA-256s of their files.
        json_schema: schema that the answer must follow, as JSON text.
        grammar: grammar that it must follow, or the name of one; not with a schema.
        stop: texts that end the answer.
        sampling: fields of `SamplingOptions`.
        images: which of the images the blobs are, in order; the process has had the others before.
        blobs: image files.
        repeatable: texts that the answer may repeat; the model does not see them.
    """

    kind: ClassVar[str] = "chat"
    id: int
    messages: tuple[ChatMessage, ...]
    max_tokens: int
    drop_oldest: bool
    sampling: dict[str, Any]
    json_schema: str | None
    stop: tuple[str, ...]
    images: tuple[str, ...] = ()
    blobs: tuple[bytes, ...] = ()
    grammar: str | None = None
    repeatable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """End the load or chat `id` soon; nothing happens when it has ended already."""

    kind: ClassVar[str] = "stop"
    id: int


@dataclass(frozen=True)
class Forget:
    """Let go of all images that are kept for the next question; they are sent again where one needs them."""

    kind: ClassVar[str] = "forget"


# Messages from the engine


@dataclass(frozen=True)
class Progress:
    """How far the work `id` is: `stage` is "load", "encode" or "prefill", `fraction` 0 to 1."""

    kind: ClassVar[str] = "progress"
    id: int
    stage: str
    fraction: float

    @property
    def extent(self) -> tuple[str, float]:
        """The stage, and how far it is; another image begins at 0 again."""
        return self.stage, self.fraction


@dataclass(frozen=True)
class Loaded:
    """The load `id` is done."""

    kind: ClassVar[str] = "loaded"
    id: int
    model: LoadedModel


@dataclass(frozen=True)
class Unloaded:
    """The load `id` was stopped; there is no model now."""

    kind: ClassVar[str] = "unloaded"
    id: int


@dataclass(frozen=True)
class Chunk:
    """More text of the answer `id`."""

    kind: ClassVar[str] = "chunk"
    id: int
    text: str


@dataclass(frozen=True)
class Done:
    """The answer `id` is complete.

    Attributes:
        finish_reason: "stop", "length" or "cancelled".
        usage: None when it was stopped before it began.
    """

    kind: ClassVar[str] = "done"
    id: int
    finish_reason: str
    usage: Usage | None


@dataclass(frozen=True)
class Missing:
    """The chat `id` names images that the process does not have (any more): it is to be sent again with them."""

    kind: ClassVar[str] = "missing"
    id: int
    images: tuple[str, ...]


@dataclass(frozen=True)
class Error:
    """The work `id` failed; `blame` is "user", "engine" or "bug", `message` one plain sentence. 0 is the start."""

    kind: ClassVar[str] = "error"
    id: int
    blame: str
    message: str


_BLAMES = ("user", "engine", "bug")


def blame_and_sentence(error: Error) -> tuple[str, str]:
    """Of an error, for people: it may say anything."""
    return error.blame if error.blame in _BLAMES else "bug", one_sentence(error.message)


@dataclass(frozen=True)
class Stats:
    """Memory after a load or an answer; `rss_bytes` is the engine's own main memory, None where not known."""

    kind: ClassVar[str] = "stats"
    devices: tuple[DeviceMemory, ...]
    rss_bytes: int | None


Pulse = pulse.Pulse
"""A sign of life, each second while there is work, that says how far it is."""


ToEngine = Hello | Load | Chat | Stop | Forget
"""What the window may send."""
FromEngine = Hello | Progress | Loaded | Unloaded | Chunk | Done | Missing | Error | Stats | Pulse
"""What the engine's process may send."""
Message = ToEngine | FromEngine
"""Whatever travels."""


def encode(message: Message) -> list[bytes]:
    """The frame of a message, in pieces to be written one after the other; blobs are not copied.

    Raises:
        ProtocolError: it is too large to send, or a field holds what JSON cannot say.
    """
    return framing.encode(message)


MAX_ANSWER_HEADER_BYTES = 2**20
"""Of a message from the process: the names of the images of a long conversation, or the text of some tokens."""


class FrameReader(framing.FrameReader[Message]):
    """Turns bytes, in whatever pieces they come, into messages: of both sides, or only those that one may send."""

    def __init__(self, sent: Any = Message) -> None:
        """`sent`: `Message`, `ToEngine` or `FromEngine`."""
        if sent is FromEngine:
            super().__init__(get_args(sent), most_header_bytes=MAX_ANSWER_HEADER_BYTES, most_blob_bytes=0)
        else:
            super().__init__(get_args(sent))

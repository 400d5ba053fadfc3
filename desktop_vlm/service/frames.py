"""What the window and the engine's process say to each other, as bytes on a pipe.

A frame is a 4-byte big-endian length, that many bytes of JSON (`kind`, the fields of one of the messages below, and
`blobs`, the lengths of what follows), and the blobs themselves. Every length has a limit, every field a type; what
does not fit raises `ProtocolError`, after which the pipe is of no more use.

Images are distinguished by the SHA-256 of their files, which travels in the messages; the files themselves travel once:
a `Chat` carries those that the process has not had yet, and the process answers with `Missing` when it has let go of
one meanwhile.

This module is all that the two processes share, so it imports neither Qt nor the engine.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.loaded_model import DeviceMemory, LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef

PROTOCOL = 3
"""Raised when a message changes so that an older other side would misread it."""

MAX_HEADER_BYTES = 32 * 2**20
MAX_BLOBS = 1024
MAX_BLOB_BYTES = 256 * 2**20
MAX_FRAME_BYTES = 1024 * 2**20
"""Of all blobs of one frame together."""

_LENGTH = struct.Struct(">I")


class ProtocolError(Exception):
    """The other side sent something that is not one of our frames."""


# Messages of both sides


@dataclass(frozen=True)
class Hello:
    """The first message of each side; both must carry the same numbers."""

    kind: ClassVar[str] = "hello"
    version: str
    protocol: int


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


@dataclass(frozen=True)
class Stop:
    """End the load or chat `id` soon; nothing happens when it has ended already."""

    kind: ClassVar[str] = "stop"
    id: int


# Messages from the engine


@dataclass(frozen=True)
class Progress:
    """How far the work `id` is: `stage` is "load", "encode" or "prefill", `fraction` 0 to 1."""

    kind: ClassVar[str] = "progress"
    id: int
    stage: str
    fraction: float


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


@dataclass(frozen=True)
class Stats:
    """Memory after a load or an answer; `rss_bytes` is the engine's own main memory, None where not known."""

    kind: ClassVar[str] = "stats"
    devices: tuple[DeviceMemory, ...]
    rss_bytes: int | None


@dataclass(frozen=True)
class Pulse:
    """A sign of life, each second while there is work."""

    kind: ClassVar[str] = "pulse"


Message = Hello | Load | Chat | Stop | Progress | Loaded | Unloaded | Chunk | Done | Missing | Error | Stats | Pulse
"""Whatever travels."""

_KINDS: dict[str, type[Message]] = {kind.kind: kind for kind in get_args(Message)}

_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    """The fields of something that travels, with their types."""
    if kind not in _HINTS:
        hints = get_type_hints(kind)
        _HINTS[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _HINTS[kind]


# To bytes


def encode(message: Message) -> list[bytes]:
    """The frame of a message, in pieces to be written one after the other; blobs are not copied.

    Raises:
        ProtocolError: it is too large to send, or a field holds what JSON cannot say.
    """
    header = _plain(message)
    blobs = header.pop("blobs", ())
    header |= {"kind": message.kind, "blobs": [len(blob) for blob in blobs]}
    try:
        text = json.dumps(header, ensure_ascii=False, allow_nan=False, default=_for_json)
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"a {message.kind} message cannot be written ({error})") from error
    raw = text.encode("utf-8", "replace")  # half a surrogate pair, which a text field can hold, becomes "?"
    _check_sizes(len(raw), header["blobs"])
    return [_LENGTH.pack(len(raw)) + raw, *blobs]


def _for_json(value: Any) -> object:
    return str(value) if isinstance(value, Path) else _plain(value)


def _plain(value: Any) -> dict[str, Any]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no message")
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _check_sizes(header_bytes: int, blobs: list[int]) -> None:
    if not 0 < header_bytes <= MAX_HEADER_BYTES:
        raise ProtocolError(f"a header of {header_bytes:,} bytes; the limit is {MAX_HEADER_BYTES:,}")
    if len(blobs) > MAX_BLOBS:
        raise ProtocolError(f"{len(blobs):,} blobs in a frame; the limit is {MAX_BLOBS:,}")
    if max(blobs, default=0) > MAX_BLOB_BYTES or sum(blobs) > MAX_FRAME_BYTES:
        raise ProtocolError(f"{sum(blobs):,} bytes of blobs in a frame; the limit is {MAX_FRAME_BYTES:,}")


# From bytes


class FrameReader:
    """Turns bytes, in whatever pieces they come, into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._header: tuple[dict[str, Any], list[int]] | None = None  # of the frame whose blobs are still to come

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes.

        Raises:
            ProtocolError: this is not one of our frames; the reader is of no more use.
        """
        self._buffer += data
        while (message := self._take()) is not None:
            yield message

    def _take(self) -> Message | None:
        if self._header is None:
            self._header = self._take_header()
        if self._header is None:
            return None
        header, lengths = self._header
        if len(self._buffer) < sum(lengths):
            return None
        self._header = None
        return _message(header, tuple(self._cut(length) for length in lengths))

    def _take_header(self) -> tuple[dict[str, Any], list[int]] | None:
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        _check_sizes(length, [])  # before waiting for bytes that will never come
        if len(self._buffer) < _LENGTH.size + length:
            return None
        self._cut(_LENGTH.size)
        try:
            header = json.loads(self._cut(length), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ProtocolError(f"a header that is not JSON ({error})") from error
        if not isinstance(header, dict):
            raise ProtocolError("a header that is not an object")
        lengths = header.pop("blobs", None)
        if not isinstance(lengths, list) or not all(type(n) is int and n >= 0 for n in lengths):
            raise ProtocolError("a header without the lengths of its blobs")
        _check_sizes(length, lengths)
        return header, lengths

    def _cut(self, length: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:length])
        del self._buffer[:length]
        return taken


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _message(header: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
    kind = _KINDS.get(str(header.pop("kind", None)))
    if kind is None:
        raise ProtocolError("a message of an unknown kind")
    if "blobs" in _hints(kind):
        return kind(**_fields(header, kind, without=("blobs",)), blobs=blobs)  # type: ignore[call-arg]
    if blobs:
        raise ProtocolError(f"a {kind.kind} message with blobs")
    return kind(**_fields(header, kind))


def _fields(values: Mapping[str, Any], kind: type[Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    hints = {name: hint for name, hint in _hints(kind).items() if name not in without}
    if set(values) != set(hints):
        raise ProtocolError(f"the fields of {kind.__name__} are {sorted(hints)}, not {sorted(values)}")
    return {name: _value(values[name], hint, f"{kind.__name__}.{name}") for name, hint in hints.items()}


def _value(value: Any, hint: Any, where: str) -> Any:
    """`value` as the type that a field is declared with: the types of the messages above and no others."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        return None if value is None else _value(value, inner, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(one, get_args(hint)[0], where) for one in value)
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, dict):
        return hint(**_fields(value, hint))
    if hint is float and type(value) is int:
        return float(value)
    if hint is Path and type(value) is str:
        return Path(value)
    if type(value) is (origin or hint):  # exactly: True is no number
        return value
    raise ProtocolError(f"{where} is a {type(value).__name__}")

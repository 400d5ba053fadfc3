"""Frames: typed messages as bytes on a pipe, between two processes of this program.

A frame is a 4-byte big-endian length, that many bytes of JSON (`kind`, the fields of a message, and `blobs`, the
lengths of what follows), and the blobs themselves. Every length has a limit, every field a type; what does not fit
raises `ProtocolError`, after which the pipe is of no more use.

Which messages there are is said by whoever makes a `Codec`: `frames` for the engine, `job_frames` for long jobs.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Generic, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

MAX_HEADER_BYTES = 32 * 2**20
MAX_BLOBS = 1024
MAX_BLOB_BYTES = 256 * 2**20
MAX_FRAME_BYTES = 1024 * 2**20
"""Of all blobs of one frame together."""

_LENGTH = struct.Struct(">I")


class ProtocolError(Exception):
    """The other side sent something that is not one of our frames."""


class Framed(Protocol):
    """A message: a frozen dataclass with a name of its own."""

    kind: ClassVar[str]


@dataclass(frozen=True)
class Hello:
    """The first message of each side; both must carry the same numbers. Where it says more, its own replaces it."""

    kind: ClassVar[str] = "hello"
    version: str
    protocol: int


_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    """The fields of something that travels, with their types."""
    if kind not in _HINTS:
        hints = get_type_hints(kind)
        _HINTS[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _HINTS[kind]


# To bytes


def encode(message: Framed) -> list[bytes]:
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
    return _path_for_json(value) if isinstance(value, Path) else _plain(value)


def _path_for_json(path: Path) -> object:
    """A path as text, or as its bytes where it is none: half a surrogate pair would not survive."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return {"bytes": os.fsencode(path).hex()}
    return text


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


MessageT = TypeVar("MessageT", bound=Framed)


class FrameReader(Generic[MessageT]):
    """Turns bytes, in whatever pieces they come, into messages of the kinds that it is made with."""

    def __init__(self, kinds: Iterable[type[MessageT]]) -> None:
        self._kinds = {kind.kind: kind for kind in kinds}
        self._buffer = bytearray()
        self._header: tuple[dict[str, Any], list[int]] | None = None  # of the frame whose blobs are still to come

    def feed(self, data: bytes) -> Iterator[MessageT]:
        """The messages that `data` completes.

        Raises:
            ProtocolError: this is not one of our frames; the reader is of no more use.
        """
        self._buffer += data
        while (message := self._take()) is not None:
            yield message

    def _take(self) -> MessageT | None:
        if self._header is None:
            self._header = self._take_header()
        if self._header is None:
            return None
        header, lengths = self._header
        if len(self._buffer) < sum(lengths):
            return None
        self._header = None
        return _message(self._kinds, header, tuple(self._cut(length) for length in lengths))

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


def _message(kinds: Mapping[str, type[MessageT]], header: dict[str, Any], blobs: tuple[bytes, ...]) -> MessageT:
    kind = kinds.get(str(header.pop("kind", None)))
    if kind is None:
        raise ProtocolError("a message of an unknown kind")
    if "blobs" in _hints(kind):
        return kind(**_fields(header, kind, without=("blobs",)) | {"blobs": blobs})
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
    if hint is Path:
        return _path(value, where)
    if type(value) is (origin or hint):  # exactly: True is no number
        return value
    raise ProtocolError(f"{where} is a {type(value).__name__}")


def _path(value: Any, where: str) -> Path:
    if type(value) is str:
        return Path(value)
    try:
        (raw,) = value.values()
        return Path(os.fsdecode(bytes.fromhex(raw)))
    except (AttributeError, TypeError, ValueError):
        raise ProtocolError(f"{where} is no path") from None

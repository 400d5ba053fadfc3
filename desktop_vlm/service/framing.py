"""Frames: typed messages as bytes on a pipe, between two processes of this program.

A frame is a 4-byte big-endian length, that many bytes of JSON (`kind`, the fields of a message, and `blobs`, the
lengths of what follows), and the blobs themselves. Every length has a limit, every field a type; what does not fit
raises `ProtocolError`, after which the pipe is of no more use.

Which messages a side may send, and how large they may be, is said by whoever makes a `FrameReader`: `frames` for the
engine, `job_frames` for long jobs. All that a header says is checked before anything of its blobs is waited for, so
that whoever sends something else costs no memory.
"""

from __future__ import annotations

import json
import math
import os
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from desktop_vlm.api.errors import UserError

MAX_HEADER_BYTES = 32 * 2**20
MAX_BLOBS = 1024
MAX_BLOB_BYTES = 256 * 2**20
MAX_FRAME_BYTES = 1024 * 2**20
"""Of all blobs of one frame together."""

MAX_INTEGER = 2**63
"""Below which every number lies; what Qt, SQLite and C take."""

_LENGTH = struct.Struct(">I")
_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


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

    def __init__(
        self,
        kinds: Iterable[type[MessageT]],
        *,
        most_header_bytes: int = MAX_HEADER_BYTES,
        most_blob_bytes: int = MAX_FRAME_BYTES,
    ) -> None:
        """Make one.

        Args:
            kinds: that the other side may send.
            most_header_bytes: of a message without its blobs; decoded it takes up to 30 times as much.
            most_blob_bytes: of all blobs of a message together.
        """
        self._kinds = {kind.kind: kind for kind in kinds}
        self._most_header_bytes = min(most_header_bytes, MAX_HEADER_BYTES)
        self._most_blob_bytes = min(most_blob_bytes, MAX_FRAME_BYTES)
        self._buffer = bytearray()
        self._header: _Header[MessageT] | None = None  # of the frame whose blobs are still to come

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
        kind, values, lengths = self._header
        if len(self._buffer) < sum(lengths):
            return None
        self._header = None
        if _has_blobs(kind):
            values["blobs"] = tuple(self._cut(length) for length in lengths)
        message: MessageT = _made(kind, values)
        return message

    def _take_header(self) -> _Header[MessageT] | None:
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        self._check_sizes(length, [])  # before waiting for bytes that will never come
        if len(self._buffer) < _LENGTH.size + length:
            return None
        self._cut(_LENGTH.size)
        header = _object(self._cut(length))
        lengths = header.pop("blobs", None)
        if not isinstance(lengths, list) or not all(type(n) is int and n >= 0 for n in lengths):
            raise ProtocolError("a header without the lengths of its blobs")
        self._check_sizes(length, lengths)
        name = header.pop("kind", None)
        kind = self._kinds.get(name) if isinstance(name, str) else None
        if kind is None:
            raise ProtocolError("a message of an unknown kind")
        if lengths and not _has_blobs(kind):
            raise ProtocolError(f"a {kind.kind} message with blobs")
        return kind, _fields(header, kind, without=("blobs",)), lengths

    def _check_sizes(self, header_bytes: int, blobs: list[int]) -> None:
        _check_sizes(header_bytes, blobs)
        if header_bytes > self._most_header_bytes:
            raise ProtocolError(f"a header of {header_bytes:,} bytes; the limit is {self._most_header_bytes:,}")
        if sum(blobs) > self._most_blob_bytes:
            raise ProtocolError(f"{sum(blobs):,} bytes of blobs in a frame; the limit is {self._most_blob_bytes:,}")

    def _cut(self, length: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:length])
        del self._buffer[:length]
        return taken


_Header: TypeAlias = tuple[type[MessageT], dict[str, Any], list[int]]
"""The kind of a message, its fields but for the blobs, and the blobs' lengths."""


def _object(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8")
        header = json.loads(text, parse_constant=_no_constant)
        if _HALF_A_PAIR.search(text):
            json.dumps(header, ensure_ascii=False).encode()  # raises for half a surrogate pair
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a header that is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise ProtocolError("a header that is not an object")
    return header


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _has_blobs(kind: Any) -> bool:
    return "blobs" in _hints(kind)


def _made(kind: Any, values: Mapping[str, Any]) -> Any:
    """A dataclass of these values, which it may find wrong itself."""
    try:
        return kind(**values)
    except (TypeError, ValueError, OverflowError, UserError) as error:
        raise ProtocolError(f"{kind.__name__} of values that do not go together ({error})") from error


def _fields(values: Mapping[str, Any], kind: type[Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    hints = {name: hint for name, hint in _hints(kind).items() if name not in without}
    if set(values) != set(hints):
        raise ProtocolError(f"the fields of {kind.__name__} are {sorted(hints)}, not {str(sorted(values))[:200]}")
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
        return _made(hint, _fields(value, hint))
    if hint is Path:
        return _path(value, where)
    if hint is float and type(value) is int:
        return float(_bounded(value, where))
    if type(value) is (origin or hint):  # exactly: True is no number
        return _bounded(value, where)
    raise ProtocolError(f"{where} is a {type(value).__name__}")


def _bounded(value: Any, where: str) -> Any:
    """The value, if all numbers within it are finite and not too large: JSON can say 1e999."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, float) and not math.isfinite(one):
            raise ProtocolError(f"{where} is not finite")
        if isinstance(one, int) and abs(one) >= MAX_INTEGER:
            raise ProtocolError(f"{where} is a number of {one.bit_length()} bits")
        if isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one
    return value


def _path(value: Any, where: str) -> Path:
    path = _unchecked_path(value, where)
    if "\0" in str(path):
        raise ProtocolError(f"{where} is no path")
    return path


def _unchecked_path(value: Any, where: str) -> Path:
    if type(value) is str:
        return Path(value)
    try:
        (raw,) = value.values()
        return Path(os.fsdecode(bytes.fromhex(raw)))
    except (AttributeError, TypeError, ValueError):
        raise ProtocolError(f"{where} is no path") from None

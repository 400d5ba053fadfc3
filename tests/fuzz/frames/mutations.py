"""Damage to frames, by what they are made of: lengths, JSON, fields, types, blobs, order."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_vlm.service import framing
from desktop_vlm.service.framing import Framed

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    10**400,
    -(10**30),
    1.5,
    "",
    "\x00",
    "x" * 5000,
    [],
    [[]],
    {},
    {"a": []},
    [None] * 2000,
    {"bytes": "zz"},
    {"bytes": "00ff"},
)
"""Values that are of the wrong type for most fields, or too large."""
RAW = ("1e999", "-1e999", "NaN", "Infinity", "1e-999", "9" * 5000, '"\\ud800"', '"\\udfff\\ud800"', "[" * 3000, "0x1")
"""What stands for a value in JSON that Python would not write."""


KINDS = ("hello", "chat", "chunk", "progress", "pulse", "stop", "strip", "image", "done", "failed", "listed", "read")


@dataclass
class Frame:
    """A frame in parts, which need not fit together.

    Attributes:
        header: as an object; `raw` replaces it.
        blobs: that follow it.
        said_bytes: what the length in front says; None for the truth.
    """

    header: dict[str, Any]
    blobs: list[bytes]
    raw: bytes | None = None
    said_bytes: int | None = None

    @classmethod
    def of(cls, message: Framed) -> Frame:
        head, *blobs = framing.encode(message)
        return cls(json.loads(head[4:]), list(blobs))

    def to_bytes(self) -> bytes:
        raw = self.raw
        if raw is None:
            raw = json.dumps(self.header, ensure_ascii=False).encode("utf-8", "replace")
        length = len(raw) if self.said_bytes is None else self.said_bytes
        return struct.pack(">I", length & 0xFFFFFFFF) + raw + b"".join(self.blobs)


Mutation = Callable[[Frame, random.Random], None]
MUTATIONS: list[Mutation] = []


def mutation(function: Mutation) -> Mutation:
    MUTATIONS.append(function)
    return function


def _field(frame: Frame, rng: random.Random) -> str:
    return rng.choice(sorted(frame.header))


@mutation
def drop_field(frame: Frame, rng: random.Random) -> None:
    del frame.header[_field(frame, rng)]


@mutation
def add_field(frame: Frame, rng: random.Random) -> None:
    frame.header[rng.choice(("more", "id", "blobs", "text", "__class__", "self", ""))] = rng.choice(WRONG)


@mutation
def wrong_value(frame: Frame, rng: random.Random) -> None:
    frame.header[_field(frame, rng)] = rng.choice(WRONG)


@mutation
def wrong_value_within(frame: Frame, rng: random.Random) -> None:
    """Somewhere in the depth of a field."""
    at: Any = frame.header
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(at[key], dict | list) and at[key] and rng.random() < 0.8:
            at = at[key]
            continue
        at[key] = rng.choice(WRONG)
        return


@mutation
def raw_value(frame: Frame, rng: random.Random) -> None:
    frame.header[_field(frame, rng)] = "@@"
    text = json.dumps(frame.header, ensure_ascii=False)
    frame.raw = text.replace('"@@"', rng.choice(RAW), 1).encode("utf-8", "replace")


@mutation
def other_kind(frame: Frame, rng: random.Random) -> None:
    frame.header["kind"] = rng.choice((*KINDS, "no such", "", ["pulse"], {"a": 1}, None))


@mutation
def wrong_lengths(frame: Frame, rng: random.Random) -> None:
    frame.header["blobs"] = rng.choice(
        ([2**40], [2**28] * 4, [2**26], [0] * 1025, [-1], [1.0], [True], ["1"], "1", None, {}, [1], [0], [2**31])
    )


@mutation
def other_blobs(frame: Frame, rng: random.Random) -> None:
    frame.blobs = [rng.randbytes(rng.choice((0, 1, 50))) for _ in range(rng.randrange(4))]
    if rng.random() < 0.7:
        frame.header["blobs"] = [len(blob) for blob in frame.blobs]


@mutation
def wrong_header_length(frame: Frame, rng: random.Random) -> None:
    frame.said_bytes = rng.choice((0, 1, 2**32 - 1, 2**31, 32 * 2**20, 2**20, 2**20 + 1, 5))


@mutation
def cut_off(frame: Frame, rng: random.Random) -> None:
    data = frame.to_bytes()
    frame.raw, frame.blobs = data[4 : rng.randrange(4, len(data) + 1)], []
    frame.said_bytes = len(data) - 4


@mutation
def flip_bytes(frame: Frame, rng: random.Random) -> None:
    raw = bytearray(frame.to_bytes()[4:])
    for _ in range(rng.randrange(1, 4)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    frame.raw, frame.blobs = bytes(raw), []


@mutation
def not_json(frame: Frame, rng: random.Random) -> None:
    text = json.dumps(frame.header)
    frame.raw = rng.choice(
        (
            b"{",
            b"\xff\xfe",
            b"\x00" * 9,
            b"[" * 50_000,
            b"{" * 2000,
            b"[1]",
            b"null",
            b'"pulse"',
            text.encode("utf-16"),
            text.encode("utf-32"),
            b"\xef\xbb\xbf" + text.encode(),
            text.encode() + b" ",
            text.encode() * 2,
            text.replace("}", ',"kind":"pulse"}', 1).encode(),
            b"[" * 900 + b"]" * 900,
            b'{"kind":' + b"[" * 800 + b"]" * 800 + b',"blobs":[]}',
        )
    )


@mutation
def many_values(frame: Frame, rng: random.Random) -> None:
    """As much as a header can hold, in the smallest pieces."""
    name = _field(frame, rng)
    frame.header[name] = rng.choice(([[]] * 100_000, [0] * 200_000, {str(n): n for n in range(20_000)}))


@mutation
def nested(frame: Frame, rng: random.Random) -> None:
    deep: Any = []
    for _ in range(rng.choice((50, 400))):
        deep = [deep] if rng.random() < 0.5 else {"a": deep}
    frame.header[_field(frame, rng)] = deep


def damaged(messages: list[Framed], rng: random.Random) -> bytes:
    """A conversation's frames, some of them damaged, in some order."""
    parts: list[bytes] = []
    worst = rng.choice((0, 0, 1, 2))  # without damage, what is said is only not to be expected
    for message in messages:
        frame = Frame.of(message)
        for _ in range(rng.randrange(worst + 1)):
            try:
                rng.choice(MUTATIONS)(frame, rng)
            except (IndexError, KeyError, TypeError, ValueError, AttributeError):
                continue  # an earlier one left nothing to damage in this way
        parts.append(frame.to_bytes())
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        _disorder(parts, rng)
    return b"".join(parts)


def _disorder(parts: list[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(parts))
    match rng.randrange(6):
        case 0:
            rng.shuffle(parts)
        case 1:
            parts[at:at] = [parts[at]] * rng.choice((1, 3, 200))
        case 2:
            del parts[at]
            parts.append(b"")
        case 3:
            parts.insert(at, rng.randbytes(rng.randrange(1, 40)))
        case 4:
            parts.insert(at, b"llama_model_load: error\n")
        case _:
            parts[at] = parts[at][: rng.randrange(len(parts[at]) + 1)]


def pieces(data: bytes, rng: random.Random) -> list[bytes]:
    """The bytes as a pipe may deliver them."""
    if rng.random() < 0.5:
        return [data]
    size = rng.choice((7, 100, 4096, 65536))
    return [data[at : at + size] for at in range(0, len(data), size)] if len(data) < 400 * size else [data]

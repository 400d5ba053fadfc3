"""How the hub on this computer answers: what is sent, and which part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PIECE_BYTES = 64 * 1024


@dataclass
class Answer:
    """How a request is about to be answered; faults change it.

    Attributes:
        content: whole; a file where it is large.
        first: of the bytes that are sent.
        end: of them.
        stop_after: bytes of content after which the connection ends; `None` for all.
        is_reset: it ends as if the cable had been cut.
        stall_s: how long it says nothing before that.
        bytes_per_s: how slow it is; 0 for as fast as it can.
        flipped: offsets in the file whose byte is changed.
        extra: content behind the end.
        is_chunked: its length is not said.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | Path = b""
    first: int = 0
    end: int = 0
    asked_range: str = ""
    stop_after: int | None = None
    is_reset: bool = False
    stall_s: float = 0.0
    bytes_per_s: float = 0.0
    flipped: tuple[int, ...] = ()
    extra: bytes = b""
    is_chunked: bool = False

    @property
    def size(self) -> int:
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def pieces(self) -> Iterator[bytes]:
        """The bytes to send."""
        position = self.first
        while position < self.end:
            until = min(self.end, position + _PIECE_BYTES)
            piece = bytearray(read(self.content, position, until))
            for offset in self.flipped:
                if position <= offset < until:
                    piece[offset - position] ^= 0x10
            yield bytes(piece)
            position = until
        if self.extra:
            yield self.extra


def read(content: bytes | Path, first: int, end: int) -> bytes:
    if isinstance(content, bytes):
        return content[first:end]
    with content.open("rb") as file:
        file.seek(first)
        return file.read(end - first)


def json_answer(found: Any) -> Answer:
    content = json.dumps(found).encode()
    return Answer(200, {"Content-Type": "application/json"}, content, 0, len(content))


def set_part(answer: Answer, content: bytes | Path, asked: str) -> None:
    """The part of `content` that a `Range` header asks for, or all of it."""
    answer.content, answer.asked_range = content, asked
    size = answer.size
    answer.status, answer.first, answer.end = 200, 0, size
    if not asked:
        return
    first, _, last = asked.partition("-")
    begin, end = int(first), min(size, int(last) + 1 if last else size)
    if begin >= size:
        answer.status, answer.end = 416, 0
        answer.headers["Content-Range"] = f"bytes */{size}"
        return
    answer.status, answer.first, answer.end = 206, begin, end
    answer.headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"

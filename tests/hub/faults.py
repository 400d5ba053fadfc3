"""What can go wrong with an answer of the hub on this computer; `HubServer.misbehave` has it happen."""

from __future__ import annotations

import gzip as gzip_format
from collections.abc import Callable

from tests.hub.answers import Answer, read, set_part

Fault = Callable[[Answer], None]


def answer_with(status: int, **headers: str) -> Fault:
    """Another status, without content; `retry_after="3"` is the header `Retry-After`."""

    def change(answer: Answer) -> None:
        answer.status = status
        answer.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer.content, answer.first, answer.end = b"", 0, 0

    return change


def cut(after: int) -> Fault:
    """The connection ends after some bytes of content."""

    def change(answer: Answer) -> None:
        answer.stop_after = after

    return change


def reset(after: int) -> Fault:
    """As `cut`, but with a reset."""

    def change(answer: Answer) -> None:
        answer.stop_after, answer.is_reset = after, True

    return change


def stall(after: int, seconds: float = 60.0) -> Fault:
    """Nothing more comes after some bytes of content; with -1, not even a status."""

    def change(answer: Answer) -> None:
        answer.stop_after, answer.stall_s = after, seconds

    return change


def slow(bytes_per_s: float) -> Fault:
    def change(answer: Answer) -> None:
        answer.bytes_per_s = bytes_per_s

    return change


def flip(*offsets: int) -> Fault:
    """Bytes of the file are changed on the way."""

    def change(answer: Answer) -> None:
        answer.flipped = offsets

    return change


def ignore_range(answer: Answer) -> None:
    """The whole file comes, whatever was asked for."""
    if answer.status == 206:
        answer.status = 200
        answer.first, answer.end = 0, answer.size
        answer.headers.pop("Content-Range", None)
        answer.headers["Accept-Ranges"] = "none"


def shift_range(by: int) -> Fault:
    """Another part comes than was asked for, and it is said."""

    def change(answer: Answer) -> None:
        if answer.status == 206:
            answer.first = max(0, answer.first + by)
            answer.headers["Content-Range"] = f"bytes {answer.first}-{answer.end - 1}/{answer.size}"

    return change


def header(name: str, value: str) -> Fault:
    """A header with another value; "" for none."""

    def change(answer: Answer) -> None:
        answer.headers.pop(name, None)
        if value:
            answer.headers[name] = value

    return change


def gzip(answer: Answer) -> None:
    """The content comes compressed although nobody asked for it."""
    packed = gzip_format.compress(read(answer.content, answer.first, answer.end))
    answer.content, answer.first, answer.end = packed, 0, len(packed)
    answer.headers["Content-Encoding"] = "gzip"


def longer(by: int) -> Fault:
    """More comes than the listing says, and its length is not said."""

    def change(answer: Answer) -> None:
        answer.extra, answer.is_chunked = b"\0" * by, True

    return change


def other_content(content: bytes) -> Fault:
    """The server has another file under this name."""

    def change(answer: Answer) -> None:
        if answer.status in {200, 206}:
            set_part(answer, content, answer.asked_range)

    return change

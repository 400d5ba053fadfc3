"""What the hub's client reads of an answer: never more than a list of files can have, whatever the server sends."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2

MOST_BYTES = 32 << 20
"""The list of a repository with 100,000 files is half as long."""
MOST_PACKED_BYTES = 256 << 10
"""Of an answer that is compressed although nobody asked for that: it may become a thousand times as long."""


def bound_answers() -> None:
    """Have the client that all of `huggingface_hub` shares stop reading at these limits; once is enough."""
    from huggingface_hub import get_session  # loads an HTTP client, for which work on files should not wait

    client = get_session()
    hooks = client.event_hooks
    if _bound not in hooks["response"]:
        client.headers["Accept-Encoding"] = "identity"
        client.event_hooks = {**hooks, "response": [*hooks["response"], _bound]}


def _bound(response: httpx2.Response) -> None:
    is_packed = response.headers.get("content-encoding", "identity").lower() != "identity"
    stream = response.stream
    if isinstance(stream, httpx2.SyncByteStream):
        response.stream = _Bounded(stream, MOST_PACKED_BYTES if is_packed else MOST_BYTES)


class _Bounded(httpx2.SyncByteStream):
    """A stream that ends with an error behind `most_bytes`."""

    def __init__(self, stream: httpx2.SyncByteStream, most_bytes: int) -> None:
        self._stream = stream
        self._left = most_bytes

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._left -= len(piece)
            if self._left < 0:
                raise ValueError("the answer is longer than any list of files")
            yield piece

    def close(self) -> None:
        self._stream.close()

"""How much may be on its way at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bytes of the repository, on the disk and in requests.

    Attributes:
        piece_bytes: the most that is fetched with one request and kept in one file.
        window_bytes: of pieces that may lie on the disk; small tensors that are needed elsewhere come on top.
        save_bytes: after so many, what was made of them is flushed, and they are dropped.
        connections: pieces that are fetched at once.
    """

    piece_bytes: int = 32 << 20
    window_bytes: int = 384 << 20
    save_bytes: int = 96 << 20
    connections: int = 4


LIMITS = Limits()

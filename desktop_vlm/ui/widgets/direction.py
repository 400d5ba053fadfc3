"""Which way a text reads, for what Qt lays out in the window's direction."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import bidirectional


def is_right_to_left(text: Iterable[str]) -> bool:
    """Whether it reads from right to left, by its first letter."""
    for char in text:
        kind = bidirectional(char)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False

"""How much text the engine's process may still send: whatever it is, it cannot fill this process's memory."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.api.answer import most_characters

_STRAY = 1000
"""Pieces of an earlier answer that may still come."""


class AnswerLimit:
    """Counts the text of one answer."""

    def __init__(self, max_tokens: int = 0, stop: Sequence[str] = ()) -> None:
        """Of an answer of at most `max_tokens` that ends before one of the texts `stop`; of none."""
        held_back = max(map(len, stop), default=0)
        self._left = (most_characters(max_tokens) if max_tokens else 0) + held_back + _STRAY

    def take(self, text: str) -> bool:
        """Count a piece, however small; False where it is too much."""
        self._left -= max(1, len(text))
        return self._left >= 0

"""How much is laid out in one turn of the event loop, over all answers on the screen."""

from __future__ import annotations

from time import perf_counter, thread_time

from PySide6.QtCore import QTimer

MOST_S = 0.009
"""Of the thread's time, from the first such work in a turn on."""

MOST_CHARACTERS = 6_500
"""Of short answers that are laid out at once however long it takes: who opened one need not wait for a second turn."""

MOST_PARTS = 6
"""Of short answers, likewise: each is a widget or several."""

_FORGOTTEN_S = 1.0
"""By the clock: a turn that seems to take longer is over, and nobody said so."""


class Turn:
    """Work that can wait asks for time before each small part of it; who gets none asks again in the next turn.

    Who was refused starts a timer of 0 ms, and who had its share one of 1 ms, so that everybody's turn comes.
    """

    _begun: float | None = None
    _begun_by_clock = 0.0
    _characters = 0
    _parts = 0

    @classmethod
    def has_time(cls) -> bool:
        """Whether something more is done in this turn; the first who asks is never refused."""
        if cls._begun is None or perf_counter() - cls._begun_by_clock > _FORGOTTEN_S:
            cls.begin()
            return True
        return thread_time() - cls._begun < MOST_S

    @classmethod
    def begin(cls) -> None:
        """Count from now: for what a person asked for."""
        if cls._begun is None:
            QTimer.singleShot(0, cls._end)
        cls._begun, cls._begun_by_clock, cls._characters = thread_time(), perf_counter(), 0
        cls._parts = 0

    @classmethod
    def takes(cls, characters: int, parts: int = 1) -> bool:
        """Whether so much of a short answer is laid out in this turn, be there time or not."""
        if cls._begun is None:
            cls.begin()
        if cls._characters + characters > MOST_CHARACTERS or cls._parts + parts > MOST_PARTS:
            return False
        cls._characters += characters
        cls._parts += parts
        return True

    @classmethod
    def _end(cls) -> None:
        cls._begun = None

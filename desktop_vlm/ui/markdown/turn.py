"""How much is laid out in one turn of the event loop, over all answers on the screen."""

from __future__ import annotations

from PySide6.QtCore import QTimer

MOST = 12_000
"""Characters."""


class Turn:
    """Counts characters, and begins again with the next turn."""

    _taken = 0

    @classmethod
    def takes(cls, characters: int) -> bool:
        """Whether so many more are laid out in this turn; the first to ask always are."""
        if cls._taken and cls._taken + characters > MOST:
            return False
        if not cls._taken:
            QTimer.singleShot(0, cls._begin)
        cls._taken += characters
        return True

    @classmethod
    def _begin(cls) -> None:
        cls._taken = 0

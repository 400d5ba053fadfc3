"""How much is laid out in one turn of the event loop, over all answers on the screen."""

from __future__ import annotations

from PySide6.QtCore import QTimer

MOST = 6_500
"""Characters, or what takes as long as they do; see `chunks.effort`."""


class Turn:
    """Counts effort, and begins again with the next turn."""

    _taken = 0

    @classmethod
    def takes(cls, effort: int) -> bool:
        """Whether so much more is done in this turn."""
        if cls._taken + effort > MOST:
            return False
        if not cls._taken:
            QTimer.singleShot(0, cls._begin)
        cls._taken += effort
        return True

    @classmethod
    def _begin(cls) -> None:
        cls._taken = 0

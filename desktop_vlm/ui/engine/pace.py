"""How long a stage of the engine's work will still take."""

from __future__ import annotations

import time


class Pace:
    """Estimates how long a stage will still take."""

    _LEAST_S = 0.5
    _LEAST_FRACTION = 0.02

    def __init__(self) -> None:
        self._stage = ""
        self._first_s = self._first_fraction = 0.0

    def seconds_left(self, stage: str, fraction: float) -> float | None:
        """By the pace since the stage began; None before there is one."""
        now_s = time.monotonic()
        if stage != self._stage or fraction < self._first_fraction:  # another image is encoded from 0 again
            self._stage, self._first_s, self._first_fraction = stage, now_s, fraction
        took_s, done = now_s - self._first_s, fraction - self._first_fraction
        if took_s < self._LEAST_S or done < self._LEAST_FRACTION:
            return None
        return (1 - fraction) * took_s / done

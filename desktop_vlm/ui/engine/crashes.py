"""How often the engine's process crashed, and what to say of it."""

from __future__ import annotations

import time
from collections import deque

from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY


class Crashes:
    """Counts how often the engine's process ended by itself lately.

    Attributes:
        too_many: empty, or why starting it again by itself would not help, as a sentence.
    """

    def __init__(self, most: int, within_s: float) -> None:
        self._most = most
        self._within_s = within_s
        self._times: deque[float] = deque()
        self.too_many = ""

    def count(self, reason: str) -> str:
        """Note a crash; returns what to say of it."""
        now_s = time.monotonic()
        self._times.append(now_s)
        while now_s - self._times[0] > self._within_s:
            self._times.popleft()
        if len(self._times) >= self._most:
            self.too_many = (
                f"The engine stopped {len(self._times)} times within {self._within_s:g} seconds (the last time "
                f"{reason}); choose other settings or another model, or try again."
            )
            return self.too_many
        if reason == NO_MEMORY:
            return (
                "The engine stopped because memory ran out; choose a shorter context, fewer layers on the GPU or a "
                "smaller quantisation, and ask again."
            )
        if reason == DEVICE_LOST:
            return (
                "The engine stopped because the GPU's driver gave the GPU up; ask again, and if it stays so, choose "
                "fewer layers on the GPU or update its driver."
            )
        return f"The engine stopped: {reason}; your conversation is safe, so ask again."

    def forget(self) -> None:
        """Begin again at zero, because a person decided to."""
        self._times.clear()
        self.too_many = ""

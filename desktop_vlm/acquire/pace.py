"""How fast work goes and how long it still takes, from how far it was lately."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW_S = 10.0
_SAMPLE_S = 0.2


class Pace:
    """Remembers where the work was in the last seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, done_bytes: int, total_bytes: int) -> tuple[float, float | None]:
        """Bytes a second lately, and the seconds that are left at that rate; 0 and None where nobody can tell."""
        now_s = self._clock()
        if not self._seen or now_s - self._seen[-1][0] >= _SAMPLE_S:
            self._seen.append((now_s, done_bytes))
        while len(self._seen) > 1 and now_s - self._seen[0][0] > _WINDOW_S:
            self._seen.popleft()
        first_s, first_bytes = self._seen[0]
        if now_s - first_s < _SAMPLE_S or done_bytes <= first_bytes:
            return 0.0, None
        rate = (done_bytes - first_bytes) / (now_s - first_s)
        return rate, max(0, total_bytes - done_bytes) / rate

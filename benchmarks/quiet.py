"""Waiting until nobody else computes: on a few cores a second program makes every figure worthless.

Threads that wait for each other by spinning, as ggml's and torch's do, lose a hundred times what the other
program takes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

_LOOK_S = 0.1
_BUSY_CORES = 0.15
_ATTEMPTS = 5


class Quiet:
    """Measures while the machine is at rest, and counts when it was not.

    Attributes:
        disturbed: measurements after which somebody else was at work; they count all the same.
    """

    def __init__(self, patience_s: float) -> None:
        """Wait for at most `patience_s` in all; 0 never looks, as for work on a GPU."""
        self._patience_s = patience_s
        self.disturbed = 0

    def measure(self, run: Callable[[], float]) -> float:
        """What `run` returns, once it began and ended on a machine at rest; its last answer without patience."""
        seconds = 0.0
        for _ in range(_ATTEMPTS):
            self._wait()
            seconds = run()
            if self._patience_s <= 0 or busy_cores() < _BUSY_CORES:
                return seconds
        self.disturbed += 1
        return seconds

    def _wait(self) -> None:
        started = time.monotonic()
        while self._patience_s > 0 and busy_cores() >= _BUSY_CORES:
            self._patience_s -= time.monotonic() - started
            started = time.monotonic()


def busy_cores() -> float:
    """How many cores were at work over the last tenth of a second; 0 where the system does not tell."""
    time.sleep(_LOOK_S / 2)  # threads of the work before spin for a while before they sleep
    before, started = _busy_s(), time.monotonic()
    time.sleep(_LOOK_S)
    return (_busy_s() - before) / (time.monotonic() - started)


def _busy_s() -> float:
    """Seconds of processor time spent so far, over all cores."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    ticks = [int(field) for field in fields]
    idle = ticks[3] + ticks[4]
    return (sum(ticks[:8]) - idle) / os.sysconf("SC_CLK_TCK")

"""How long something takes at best: other programs have the machine, too, so one long try says nothing.

What waits, or computes for long, does so in every try. Where all tries are long, as much is taken off as computing
takes longer than its processor time at that moment: seven of eight seconds where eight programs share a processor.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf


def best_s(measure: Callable[[], float], within_s: float, *, tries: int = 5) -> float:
    """The fewest seconds that `measure` returned; the first within `within_s` are the last it is asked for."""
    best = inf
    while tries > 0 and best >= within_s:
        took_s = measure()
        best = min(best, took_s if took_s < within_s else took_s / slowdown())
        tries -= 1
    return best


def quickest_s(
    action: Callable[[], object],
    within_s: float,
    *,
    tries: int = 8,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds of the quickest of some tries; the first within `within_s` is the last.

    `clock`: `time.thread_time` for what only computes and never waits.
    """

    def measure() -> float:
        began_s = clock()
        action()
        return clock() - began_s

    return best_s(measure, within_s, tries=tries)


def slowdown(computing_s: float = 0.05) -> float:
    """How many times its processor time computing takes now; 1 where nobody else wants the processor."""
    began_s, began_cpu_s = time.perf_counter(), time.thread_time()
    while time.thread_time() - began_cpu_s < computing_s:
        pass
    return max(1.0, (time.perf_counter() - began_s) / (time.thread_time() - began_cpu_s))

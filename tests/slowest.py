"""Which test files take long: printed after a long run, so that `make test` stays short.

Beside the seconds that passed stands the processor time, of the test's own process and of those that it started and
waited for: on a machine that does something else meanwhile only that can be compared.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

BUDGET_S = 15.0
"""Processor time that one file may take; more is worth a look: what is made twice, or larger than it has to be?"""

_WORTH_A_REPORT_S = 60.0
_SHOWN = 12


class Timed(Protocol):
    """What is used of pytest's reports: one each for setup, call and teardown of a test."""

    nodeid: str
    duration: float
    processor_s: float


class Stopwatch:
    """Processor time since the last look."""

    def __init__(self) -> None:
        self._seen = _processor_s()

    def lap(self) -> float:
        """Seconds since the last call."""
        before, self._seen = self._seen, _processor_s()
        return self._seen - before


def _processor_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def lines(reports: Iterable[Timed]) -> Iterator[str]:
    """The slowest files; nothing after a short run."""
    files: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for report in reports:
        sums = files[report.nodeid.partition("::")[0]]
        sums[0] += report.duration
        sums[1] += report.processor_s
    total, processor = (sum(one[i] for one in files.values()) for i in (0, 1))
    if total < _WORTH_A_REPORT_S:
        return
    yield f"passed {total:7.1f} s, processor {processor:7.1f} s: all {len(files)} files"
    for name, (passed, used) in sorted(files.items(), key=lambda item: -max(item[1]))[:_SHOWN]:
        warning = f"  over the {BUDGET_S:.0f} s of processor time that a file should take" if used > BUDGET_S else ""
        yield f"passed {passed:7.1f} s, processor {used:7.1f} s: {name}{warning}"

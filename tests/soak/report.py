"""What a program of this folder found."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.processes import is_running


@dataclass
class Report:
    """Figures for people, and what must not be.

    Attributes:
        figures: in the order in which they were found.
        bad: a sentence for each thing that is not as promised.
    """

    figures: dict[str, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    def expect(self, is_so: bool, otherwise: str) -> None:
        """Note it where something is not so."""
        if not is_so:
            self.bad.append(otherwise)


Soak = Callable[[Path, bool], Report]
"""Given an empty folder, and whether it is to be short."""
SOAKS: dict[str, Soak] = {}


def soak(function: Soak) -> Soak:
    """Enter a program under its name."""
    SOAKS[function.__name__] = function
    return function


def rss_mib(pid: int | str = "self") -> float:
    """Main memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def n_files() -> int:
    """Files that this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def n_children(within_s: float = 10.0) -> int:
    """Processes that this one started and that still run; those that were just ended are given a while."""
    until_s = time.monotonic() + within_s
    while (n_running := sum(map(is_running, _children()))) and time.monotonic() < until_s:
        time.sleep(0.05)
    return n_running


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]


def slope(values: Sequence[float]) -> float:
    """How much each value is more than the one before it, by the least squares."""
    n = len(values)
    middle, mean = (n - 1) / 2, sum(values) / n
    over = sum((i - middle) * (value - mean) for i, value in enumerate(values))
    return over / sum((i - middle) ** 2 for i in range(n))

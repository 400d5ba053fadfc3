"""How many processor cores there are to use, and work that is spread over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST_THREADS = 8
"""Beyond them memory is the limit of what is done here."""


def usable_cores() -> int:
    """The cores that this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results of a function that leaves Python's lock for long, in order; an error of one is raised.

    The threads end with the call.
    """
    waiting = list(items)
    n_threads = min(len(waiting), usable_cores(), _MOST_THREADS)
    if n_threads < 2:
        return [function(item) for item in waiting]
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(function, waiting))

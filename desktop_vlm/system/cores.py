"""How many processor cores there are to use, and work that is spread over them."""

from __future__ import annotations

import _thread
import os
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
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

    The caller works, too, and does not wait for the others to begin: for work of a millisecond, threads that have to
    say that they are there (those of `threading`) would take longer than they save. They end with the call.
    """
    waiting = list(items)
    n_threads = min(len(waiting), usable_cores(), _MOST_THREADS)
    if n_threads < 2:
        return [function(item) for item in waiting]
    left = deque(range(len(waiting)))
    results: dict[int, Result] = {}
    errors: dict[int, BaseException] = {}

    def work() -> None:
        with suppress(IndexError):  # nothing is left
            while True:
                place = left.popleft()
                try:
                    results[place] = function(waiting[place])
                except BaseException as error:  # noqa: BLE001 - raised by the caller
                    errors[place] = error
                    left.clear()

    ended = [end for _ in range(n_threads - 1) if (end := _begin(work))]
    work()
    for end in ended:
        end.acquire()
    if errors:
        raise errors[min(errors)]
    return [results[place] for place in range(len(waiting))]


def _begin(work: Callable[[], None]) -> _thread.LockType | None:
    """Have a thread do it: a lock that is released at its end; None where the system has no thread."""
    end = _thread.allocate_lock()
    end.acquire()

    def run() -> None:
        try:
            work()
        finally:
            end.release()

    try:
        _thread.start_new_thread(run, ())
    except RuntimeError:
        return None
    return end

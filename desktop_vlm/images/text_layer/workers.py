"""Doing the same to many things on all cores, in a way that can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

from desktop_vlm.system.cores import usable_cores

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def each(work: Callable[[_Item], _Result], items: Sequence[_Item], check: Callable[[], None]) -> list[_Result]:
    """The results in the items' order. The work's native code runs without Python's lock, a thread on each core.

    Args:
        work: of one item, a fraction of a second.
        items: what it is done to.
        check: called in this thread after each, and so it is a sign of progress; where it raises, what has not begun is
            not done.
    """
    check()
    with ThreadPoolExecutor(usable_cores(), "read-text") as pool:
        waiting = set(futures := [pool.submit(work, item) for item in items])
        try:
            while waiting:
                waiting = wait(waiting, return_when=FIRST_COMPLETED).not_done
                check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]

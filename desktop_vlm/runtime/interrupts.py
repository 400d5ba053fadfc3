"""Ctrl-C while C code runs.

Python would raise KeyboardInterrupt in whatever Python code runs next, which during a computation is one of
our callbacks: there it cannot travel on, and would be lost. So around calls into C the interrupt is only
noted, ends the computation, and is raised when the call has returned. A call that only logs a line has a callback, too
(`llama_log`), and `llama_set_abort_callback` does so before every token.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_noted: list[tuple[int, FrameType | None]] = []


def interrupted() -> bool:
    """Whether an interrupt waits to be raised; callbacks that can end a computation ask this."""
    return bool(_noted)


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Note an interrupt that comes inside, and hand it to the usual handler at the end.

    Other threads than the main one never receive signals, so there this does nothing.
    """
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual) or usual is _note:
        yield
        return
    signal.signal(signal.SIGINT, _note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if _noted:
            number, frame = _noted[0]
            _noted.clear()
            usual(number, frame)


def _note(number: int, frame: FrameType | None) -> None:
    _noted.append((number, frame))

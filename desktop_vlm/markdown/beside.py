"""Work in a thread beside the window's: laying out formulas, and making lexers ready."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Hashable, Iterable
from threading import Lock, Thread

_MOST = 256
_SWITCH_S = 0.0005
"""Each time the window's thread is to go on it waits so long for this one."""

_log = logging.getLogger(__name__)
_asked: dict[Hashable, Callable[[], object]] = {}
_lock = Lock()
_at_work: list[Thread] = []


def do_beside(work: Iterable[tuple[Hashable, Callable[[], object]]]) -> None:
    """Have work done, by its keys; what was asked for last comes first, and of very much the oldest is forgotten.

    Whoever needs it looks again whether it is done, and asks again. The program's end waits for none of it.
    """
    with _lock:
        asked = dict(work) | _asked
        _asked.clear()
        _asked.update(list(asked.items())[:_MOST])
        if _at_work or not _asked:
            return
        thread = Thread(target=_work, name="beside", daemon=True)
        thread.start()  # its first piece waits for the lock
        _at_work.append(thread)


def _work() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        while (one := _next()) is not None:
            try:
                one()
            except Exception:  # noqa: BLE001 - the others are still to be done
                _log.exception("Work beside the window failed")
    finally:
        sys.setswitchinterval(usual)


def _next() -> Callable[[], object] | None:
    with _lock:
        if not _asked:
            _at_work.clear()
            return None
        return _asked.pop(next(iter(_asked)))

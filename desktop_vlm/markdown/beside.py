"""Work in threads beside the window's: making lexers ready, and waiting for formulas."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Hashable, Iterable
from threading import Lock, Thread

_MOST = 256
_SWITCH_S = 0.0005
"""Each time the window's thread is to go on it waits so long for another one."""

_log = logging.getLogger(__name__)


class Beside:
    """One thread, which is there while there is something to do."""

    def __init__(self, name: str, *, computes: bool = True) -> None:
        """`computes`: in Python, and does not only wait for another process."""
        self._name = name
        self._computes = computes
        self._asked: dict[Hashable, Callable[[], object]] = {}
        self._lock = Lock()
        self._is_at_work = False

    def do(self, work: Iterable[tuple[Hashable, Callable[[], object]]]) -> None:
        """Have work done, by its keys; what was asked for last comes first, and of very much the oldest is forgotten.

        Whoever needs it looks again whether it is done, and asks again. The program's end waits for none of it.
        """
        with self._lock:
            asked = dict(work) | self._asked
            self._asked = dict(list(asked.items())[:_MOST])
            if self._is_at_work or not self._asked:
                return
            self._is_at_work = True
            Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        usual = sys.getswitchinterval()
        if self._computes:
            sys.setswitchinterval(_SWITCH_S)
        try:
            while (one := self._next()) is not None:
                try:
                    one()
                except Exception:  # noqa: BLE001 - the others are still to be done
                    _log.exception("Work beside the window failed")
        finally:
            if self._computes:
                sys.setswitchinterval(usual)

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            if not self._asked:
                self._is_at_work = False
                return None
            return self._asked.pop(next(iter(self._asked)))


do_beside = Beside("beside").do
"""Have work done in the thread that all share who do not wait for others; see `Beside.do`."""

"""Work on pictures away from the user interface's thread: decoding, scaling, composing, saving."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.widgets.turn import Turn

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_busy: set[Background] = set()
"""Those with work under way: kept alive here, so that none is ever destroyed by a worker thread."""


class StoppedError(UserError):
    """The person has stopped the work, and waits for nothing of it."""


class Stop:
    """Tells work in other threads to end: it calls `check` between its parts."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """From now on, whatever checks ends there."""
        self._event.set()

    def check(self) -> None:
        """Raises StoppedError once it is set."""
        if self._event.is_set():
            raise StoppedError("The work was stopped.")


@lru_cache(maxsize=1)
def pool() -> QThreadPool:
    """Two threads: a picture that takes long does not hold up thumbnails, and the engine keeps its cores."""
    made = QThreadPool()
    made.setMaxThreadCount(2)

    def end() -> None:  # a thread that is still in Python when the interpreter goes away would crash it
        made.clear()
        made.waitForDone(5000)

    atexit.register(end)
    return made


def free_elsewhere(things: list[Any]) -> None:
    """Let large things go in a picture thread; nobody else may hold them. The list is empty afterwards.

    To give 256 MB of pixels back to the system takes 40 ms.
    """
    pool().start(things.clear)


@dataclass(frozen=True)
class _Job:
    each: Callable[[Any], None] | None
    done: Callable[[Any], None] | None
    failed: Callable[[str], None] | None


class Background(QObject):
    """Runs functions in the picture threads and calls back on the thread it was made on.

    Nothing is called back once the owner is gone. What comes while a turn of the event loop has no time left waits for
    the next: hundreds of thumbnails are ready at once. Functions given as `work` run elsewhere: they must not touch
    widgets, and must not hold their owner (a bound method would), lest a worker thread destroys it.
    """

    _came = Signal(object)

    def __init__(self, owner: QObject) -> None:
        super().__init__()  # no parent: the owner's end must not destroy what a thread still uses
        self._owner = owner
        self._jobs: dict[int, _Job] = {}
        self._tickets = itertools.count()
        self._news: deque[tuple[int, str, Any]] = deque()
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def run(
        self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[str], None] | None = None
    ) -> None:
        """`done(work())`, or `failed(sentence)` if it raises; bugs are logged with their traceback."""
        self._start(lambda _report: work(), _Job(None, done, failed))

    def stream(
        self,
        work: Callable[[], Iterable[_T]],
        each: Callable[[_T], None],
        done: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        """`each` thing that `work` yields as soon as it is there, then `done` or `failed`."""

        def consume(report: Callable[[object], None]) -> None:
            for item in work():
                report(item)

        self._start(consume, _Job(each, lambda _none: done(), failed))

    def _start(self, work: Callable[[Callable[[object], None]], object], job: _Job) -> None:
        ticket = next(self._tickets)
        self._jobs[ticket] = job
        _busy.add(self)
        came = self._came

        def report(kind: str, value: object) -> None:
            with contextlib.suppress(RuntimeError):  # at the end of the program, nobody is there any more
                came.emit((ticket, kind, value))

        def task() -> None:
            try:
                result = work(lambda item: report("each", item))
            except UserError as error:
                report("failed", str(error))
            except Exception:  # noqa: BLE001 - a bug here must not leave the window waiting
                _log.exception("Work on a picture failed by a bug.")
                report("failed", _bug())
            else:
                report("done", result)

        pool().start(task)

    def _take(self, news: tuple[int, str, Any]) -> None:
        self._news.append(news)
        if len(self._news) == 1:  # else it is waited for already
            self._deliver_some()

    def _deliver_some(self) -> None:
        """In their order, while there is time."""
        while self._news:
            if not Turn.has_time():
                QTimer.singleShot(0, self, self._deliver_some)
                return
            self._deliver(*self._news.popleft())

    def _deliver(self, ticket: int, kind: str, value: Any) -> None:
        job = self._jobs[ticket] if kind == "each" else self._jobs.pop(ticket)
        if not self._jobs:
            _busy.discard(self)
        callback = {"each": job.each, "done": job.done, "failed": job.failed}[kind]
        if callback is not None and isValid(self._owner):
            callback(value)


def _bug() -> str:
    return QCoreApplication.translate(
        "Pictures", "Something went wrong with a picture; the log has the details. Try again, or save it as PNG first."
    )

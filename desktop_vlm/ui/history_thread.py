"""The history lives in a thread of its own: its writes wait for the disk, the window must not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.store import History

_LOG = logging.getLogger(__name__)

Result = TypeVar("Result")


class HistoryThread(QObject):
    """Runs calls on the history one after the other and brings their results back to the window's thread.

    Signals:
        opened: the database is open; carries a notice for the person, or "".
        failed: a call failed; one sentence.
    """

    opened = Signal(str)
    failed = Signal(str)
    _returned = Signal(object, object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._history: History | None = None
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        # Queued: the results arrive in this object's thread, whichever thread emits them.
        self._returned.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Open the database; calls made meanwhile wait."""

        def work() -> str:
            self._history = History(self._path)
            return self._history.notice

        self._submit(work, self._tell_opened, None)

    def _tell_opened(self, notice: str) -> None:
        self.opened.emit(notice)
        # After whoever listens has asked for the list: removing a long conversation takes a second or two.
        self.call(lambda history: history.purge_deleted())

    def call(
        self,
        work: Callable[[History], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[str], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Run `work` on the history.

        Args:
            work: gets the history, in its thread.
            then: gets what `work` returned, in the window's thread.
            failed: gets the sentence of what went wrong, besides the signal.
            quiet: without the signal: nobody asked for this.
        """

        def run() -> Result:
            if self._history is None:
                raise UserError("The history could not be opened, so nothing of this conversation is kept.")
            return work(self._history)

        self._submit(run, then, failed, quiet=quiet)

    def fetch(self, work: Callable[[History], Result]) -> Result:
        """Run `work` and wait for its result: for threads in the background, never for the window's."""

        def run() -> Result:
            if self._history is None:
                raise UserError("The history could not be opened.")
            return work(self._history)

        if self._closed:
            raise UserError("The history is closed.")
        return self._pool.submit(run).result()

    def close(self) -> None:
        """Finish what was asked for, then close the database."""

        def work() -> None:
            if self._history:
                self._history.close()

        if not self._closed:
            self._pool.submit(work)
            self._closed = True
            self._pool.shutdown(wait=True)

    def _submit(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] | None,
        failed: Callable[[str], None] | None,
        *,
        quiet: bool = False,
    ) -> None:
        if self._closed:  # a picture or a message that came too late
            return
        future: Future[Any] = self._pool.submit(work)
        future.add_done_callback(lambda done: self._returned.emit(done, (then, failed, quiet)))

    def _deliver(
        self,
        done: Future[Any],
        receivers: tuple[Callable[[Any], None] | None, Callable[[str], None] | None, bool],
    ) -> None:
        then, failed, quiet = receivers
        error = done.exception()
        if error is None:
            if then:
                then(done.result())
            return
        if isinstance(error, UserError):
            sentence = str(error)
        else:
            _LOG.error("the history failed", exc_info=error)
            sentence = self.tr("The history failed unexpectedly; the log says where.")
        if not quiet:
            self.failed.emit(sentence)
        if failed:
            failed(sentence)

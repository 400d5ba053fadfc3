"""Short questions to child processes, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.service import job_frames as frames
from desktop_vlm.ui.models.job_process import JobProcess

Answered = Callable[[Any], object]


class Questions(QObject):
    """Asks; nobody waits.

    Signals:
        failed(str): a question has no answer, and why, in one sentence.
    """

    failed = Signal(str)

    def __init__(self, command: Sequence[str], parent: QObject) -> None:
        """`command` runs the process of a question."""
        super().__init__(parent)
        self._command = command
        self._waiting: deque[tuple[frames.Job, list[Answered]]] = deque()
        self._asking: JobProcess | None = None
        self._is_closed = False

    def ask(self, question: frames.Job, answered: Answered) -> None:
        """Call `answered` with the result; a question that waits already is not asked twice."""
        for waiting, listeners in self._waiting:
            if waiting == question:
                listeners.append(answered)
                return
        self._waiting.append((question, [answered]))
        QTimer.singleShot(0, self, self._ask_next)

    def close(self) -> None:
        """Ask nothing more, and hear no answer."""
        self._is_closed = True
        if self._asking:
            self._asking.close()

    def _ask_next(self) -> None:
        if self._asking is not None or not self._waiting or self._is_closed:
            return
        question, listeners = self._waiting.popleft()
        self._asking = JobProcess(self._command, question, self)
        self._asking.ended.connect(lambda answer: self._end(answer, listeners))
        self._asking.start()

    def _end(self, answer: frames.Result | frames.Stopped | frames.Failed, listeners: list[Answered]) -> None:
        self._asking = None
        if isinstance(answer, frames.Failed):
            self.failed.emit(answer.sentence)
        elif not isinstance(answer, frames.Stopped):
            for answered in listeners:
                answered(answer)
        self._ask_next()

"""Short questions to child processes, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.service import job_frames as frames
from desktop_vlm.ui.models.job_process import JobProcess

Answered = Callable[[Any], object]
Refused = Callable[[str], object]


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
        self._waiting: deque[tuple[frames.Job, Answered, Refused]] = deque()
        self._asking: JobProcess | None = None
        self._is_closed = False

    def ask(self, question: frames.Job, answered: Answered, refused: Refused | None = None) -> None:
        """Call `answered` with the result, or `refused` with the sentence why there is none.

        Without `refused`, the signal says it. What waits already, for the same listener, is not asked twice.
        """
        if all((question, answered) != waiting[:2] for waiting in self._waiting):
            self._waiting.append((question, answered, refused or self.failed.emit))
            QTimer.singleShot(0, self, self._ask_next)

    def close(self) -> None:
        """Ask nothing more, and hear no answer."""
        self._is_closed = True
        if self._asking:
            self._asking.close()

    def _ask_next(self) -> None:
        if self._asking is not None or not self._waiting or self._is_closed:
            return
        question, answered, refused = self._waiting.popleft()
        self._asking = JobProcess(self._command, question, self)
        self._asking.ended.connect(lambda answer: self._end(answer, answered, refused))
        self._asking.start()

    def _end(
        self, answer: frames.Result | frames.Stopped | frames.Failed, answered: Answered, refused: Refused
    ) -> None:
        self._asking = None
        if isinstance(answer, frames.Failed):
            refused(answer.sentence)
        elif not isinstance(answer, frames.Stopped):
            answered(answer)
        self._ask_next()

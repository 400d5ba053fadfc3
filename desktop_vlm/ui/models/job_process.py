"""The process of one long job, as seen from the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm import __version__
from desktop_vlm.service import job_frames as frames
from desktop_vlm.service.child import child_command, one_sentence
from desktop_vlm.service.watchdog import Patience
from desktop_vlm.ui.child_process import ChildProcess

_START_S = 60.0
_PATIENCE = Patience(30.0, idle_s=300.0, computing_s=600.0)
"""A disk that takes what was written, and a server that does not answer, may hold a job up for a while."""
_OF_A_PERSON = Patience(30.0, idle_s=3600.0)
"""A keyring may ask for its password first."""
_STOP_MS = 1500
"""A job ends within a second of its stop; one that does not is ended."""


def job_command() -> tuple[str, ...]:
    """The program and arguments that run `desktop_vlm.service.job`."""
    return child_command("desktop_vlm.service.job")


class JobProcess(QObject):
    """Runs one job; its last signal is `ended`, whatever happens.

    Signals:
        progressed(JobProgress): how far it is.
        ended(object): its result, `Stopped`, or `Failed`, as `job_frames` has them.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, command: Sequence[str], job: frames.Job, parent: QObject) -> None:
        super().__init__(parent)
        self._job = job
        self._answer: frames.Result | frames.Stopped | frames.Failed | None = None
        self._is_stopped = False
        self._process = ChildProcess(
            command, frames.FrameReader(frames.FromJob), start_s=_START_S, patience=_patience(job), parent=self
        )
        self._process.received.connect(self._receive)
        self._process.ended.connect(self._on_ended)

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return self._process.pid

    def start(self) -> None:
        """Begin."""
        self._process.start()
        self._process.send(frames.Hello(__version__, frames.PROTOCOL))
        self._process.send(self._job)

    def stop(self) -> None:
        """End it soon; what it has stays."""
        if not self._is_stopped:
            self._is_stopped = True
            self._process.send(frames.Stop())
            QTimer.singleShot(_STOP_MS, self, lambda: self._process.kill("the window ended it"))

    def close(self) -> None:
        """End it now, without a signal."""
        self._process.close()

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello):
            self._process.watch(working=True)  # until then it may take its time to start
        elif isinstance(message, frames.Progress):
            self.progressed.emit(message.progress)
        elif isinstance(message, frames.Result | frames.Stopped | frames.Failed):
            self._answer = _for_people(message) if isinstance(message, frames.Failed) else message

    def _on_ended(self, reason: str) -> None:
        answer = self._answer
        if answer is None:
            sentence = f"This work stopped: {reason}; what it has is kept, so try again."
            answer = frames.Stopped() if self._is_stopped else frames.Failed(sentence, "retry")
        self.ended.emit(answer)
        self.deleteLater()


def _for_people(failed: frames.Failed) -> frames.Failed:
    """With what a page of the web may be, and a sentence that fits."""
    url = failed.url if failed.url.startswith(("https://", "http://")) else ""
    return frames.Failed(one_sentence(failed.sentence), failed.way_out, url)


def _patience(job: frames.Job) -> Patience:
    return _OF_A_PERSON if isinstance(job, frames.KeepToken) else _PATIENCE

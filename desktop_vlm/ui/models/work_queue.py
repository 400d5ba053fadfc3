"""Long work, one job after the other, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import job_frames as frames
from desktop_vlm.ui.models.job_process import JobProcess
from desktop_vlm.ui.models.protocol import Job, JobKind, JobState, Remedy

_REMEDIES = {
    "token": Remedy.TOKEN,
    "licence": Remedy.LICENCE,
    "room": Remedy.FOLDER,
    "offline": Remedy.ONLINE,
}
"""By what `Failed.way_out` says; for the others, trying again is all there is."""


Order = Callable[[], frames.Job]


class WorkQueue(QObject):
    """The jobs and their processes.

    Signals:
        job_changed(Job), job_removed(int): as `protocol.Models` has them.
        cancelled(Job): a job is gone, and its process has ended; what it left may be removed.
        finished(Job): a job is done; it stays among the jobs until `drop`.
    """

    job_changed = Signal(object)
    job_removed = Signal(int)
    cancelled = Signal(object)
    finished = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject) -> None:
        """`command` runs the process of a job."""
        super().__init__(parent)
        self._command = command
        self._jobs: dict[int, Job] = {}
        self._orders: dict[int, Order] = {}
        self._process: JobProcess | None = None
        self._running: Job | None = None  # what the process was started for, even if the job is gone meanwhile
        self._ids = 0
        self._is_closed = False

    @property
    def jobs(self) -> Sequence[Job]:
        """Those that are open, in the order in which they came."""
        return list(self._jobs.values())

    def find(self, kind: JobKind, subject: str) -> Job | None:
        """The open job about something."""
        return next((job for job in self._jobs.values() if (job.kind, job.subject) == (kind, subject)), None)

    def add(self, job: Job, order: Order) -> int:
        """Take on a job, which gets an id; one that is paused stays so. Work that is open already goes on instead.

        `order` is called at each start of the job's process: settings may have changed.
        """
        if (known := self.find(job.kind, job.subject)) is not None:
            self._orders[known.id] = order
            self._jobs[known.id] = replace(known, type_name=job.type_name)
            self.resume(known.id)
            return known.id
        self._ids += 1
        self._jobs[self._ids] = replace(job, id=self._ids)
        self._orders[self._ids] = order
        self.job_changed.emit(self._jobs[self._ids])
        QTimer.singleShot(0, self, self._start_next)
        return self._ids

    def pause(self, job: int) -> None:
        """Stop a job and keep what it has."""
        if job in self._jobs and self._jobs[job].state in {JobState.WAITING, JobState.RUNNING}:
            self._update(job, state=JobState.PAUSED, bytes_per_s=None, seconds_left=None)
            self._stop(job)

    def resume(self, job: int) -> None:
        """Go on with a paused or failed job."""
        if job in self._jobs and self._jobs[job].state in {JobState.PAUSED, JobState.FAILED}:
            self._update(job, state=JobState.WAITING, problem="", remedy=Remedy.NONE, url="")
            QTimer.singleShot(0, self, self._start_next)

    def cancel(self, job: int) -> None:
        """Forget a job; `cancelled` follows once its process has ended."""
        if job not in self._jobs:
            return
        gone = self._jobs.pop(job)
        self._orders.pop(job)
        self.job_removed.emit(job)
        if not self._stop(job):
            self.cancelled.emit(gone)

    def drop(self, job: Job) -> None:
        """Forget a job that is done, and tell of it."""
        self._jobs.pop(job.id, None)
        self._orders.pop(job.id, None)
        self.job_changed.emit(job)

    def close(self) -> None:
        """End all work, keeping what it has."""
        self._is_closed = True
        if self._process:
            self._process.close()

    def _stop(self, job: int) -> bool:
        is_running = self._process is not None and self._running is not None and self._running.id == job
        if is_running and self._process:
            self._process.stop()
        return is_running

    def _start_next(self) -> None:
        if self._process is not None or self._is_closed:
            return
        for job in self._jobs.values():
            if job.state is JobState.WAITING:
                self._start(job)
                return

    def _start(self, job: Job) -> None:
        self._running = job
        self._process = JobProcess(self._command, self._orders[job.id](), self)
        self._process.progressed.connect(self._show_progress)
        self._process.ended.connect(self._end)
        self._update(job.id, state=JobState.RUNNING, stage="", bytes_per_s=None, seconds_left=None)
        self._process.start()

    def _show_progress(self, progress: JobProgress) -> None:
        job = self._jobs.get(self._running.id) if self._running else None
        if job is not None and job.state is JobState.RUNNING:
            self._update(
                job.id,
                stage=progress.stage,
                done_bytes=progress.done_bytes,
                total_bytes=progress.total_bytes,
                bytes_per_s=progress.rate or None,
                seconds_left=progress.seconds_left,
            )

    def _end(self, answer: frames.Result | frames.Stopped | frames.Failed) -> None:
        started, self._running, self._process = self._running, None, None
        assert started is not None
        job = self._jobs.get(started.id)
        if job is None:
            self.cancelled.emit(started)
        elif isinstance(answer, frames.Failed) and job.state is JobState.RUNNING:
            self._fail(job, answer.sentence, _REMEDIES.get(answer.way_out, Remedy.NONE), answer.url)
        elif isinstance(answer, frames.Verified) and answer.result.problems:
            self._fail(job, answer.result.problems[0])
        elif isinstance(answer, frames.Finished | frames.Verified):  # perhaps a moment before it was to pause
            self._finish(job, answer.model.id if isinstance(answer, frames.Finished) else answer.result.id)
        elif job.state is JobState.RUNNING:
            self._update(job.id, state=JobState.PAUSED)
        self._start_next()

    def _fail(self, job: Job, sentence: str, remedy: Remedy = Remedy.NONE, url: str = "") -> None:
        self._update(job.id, state=JobState.FAILED, problem=sentence, remedy=remedy, url=url)

    def _finish(self, job: Job, result: str) -> None:
        self.finished.emit(replace(job, state=JobState.DONE, result=result))

    def _update(self, job: int, **changes: Any) -> None:
        self._jobs[job] = replace(self._jobs[job], **changes)
        self.job_changed.emit(self._jobs[job])

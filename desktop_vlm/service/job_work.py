"""What each job of `job_frames` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import Library
from desktop_vlm.api.progress import JobListener
from desktop_vlm.service import job_frames as frames


def work(job: frames.Job, progress: JobListener) -> frames.Result:
    """Do a job and return its result.

    Raises:
        UserError: what the person has to put right.
        EngineError: the machine failed.
        Cancelled: `progress` raised it.
    """
    return _WORK[type(job)](job, progress)


def _not_yet(job: frames.Job, _progress: JobListener) -> frames.Result:
    raise UserError(f"This version cannot do that yet ({job.kind}).")


def _list(_job: frames.ListModels, _progress: JobListener) -> frames.Result:
    return frames.Listed(Library())


_WORK: dict[type[frames.Job], Callable[[Any, JobListener], frames.Result]] = {
    frames.PlanGet: _not_yet,
    frames.GetModel: _not_yet,
    frames.ImportModel: _not_yet,
    frames.ConvertModel: _not_yet,
    frames.VerifyModel: _not_yet,
    frames.ListModels: _list,
    frames.FitModels: _not_yet,
    frames.FindModels: _not_yet,
    frames.KeepToken: _not_yet,
    frames.RenameModel: _not_yet,
    frames.RemoveModel: _not_yet,
    frames.DiscardPartial: _not_yet,
}

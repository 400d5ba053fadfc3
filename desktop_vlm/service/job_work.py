"""What each job of `job_frames` does.

Whatever brings the engine or an HTTP client along is imported where it is needed: listing models has to be quick.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_vlm.acquire.scan import remove, scan
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.library import InstalledModel
from desktop_vlm.api.progress import JobListener
from desktop_vlm.hub.access import OFFLINE_SETTING, Access
from desktop_vlm.hub.refusals import Kind, Refusal
from desktop_vlm.hub.tokens import find_token, forget_token, store_token
from desktop_vlm.models import catalogue
from desktop_vlm.models.library import ModelsFolder, free_bytes, installed
from desktop_vlm.models.ollama_folder import find_folders
from desktop_vlm.models.usage import read_usage
from desktop_vlm.service import job_frames as frames

if TYPE_CHECKING:
    from desktop_vlm.acquire.target import Target

_WAYS_OUT = {
    Kind.GATED: "licence",
    Kind.TOKEN: "token",
    Kind.BUSY: "wait",
    Kind.SERVER: "retry",
    Kind.NETWORK: "retry",
    Kind.DAMAGED: "retry",
    Kind.TAKEN: "retry",
    Kind.OFFLINE: "offline",
    Kind.DISK: "room",
}


def work(job: frames.Job, progress: JobListener) -> frames.Result:
    """Do a job and return its result.

    Raises:
        UserError: what the person has to put right; `failure` tells the way out.
        EngineError: the machine failed.
        Cancelled: `progress` raised it.
    """
    try:
        return _WORK[type(job)](job, progress)
    except ImportError as error:
        raise EngineError(f"The engine cannot be loaded ({error}); `desktop-vlm doctor` says more.") from error


def failure(error: UserError, job: frames.Job) -> frames.Failed:
    """The sentence of an error, and what a button can offer."""
    if isinstance(error, Refusal):
        way_out = _WAYS_OUT.get(error.kind, "other")
        return frames.Failed(str(error), way_out, _page(job) if way_out == "licence" else "")
    return frames.Failed(str(error), getattr(error, "way_out", "other"))


def _page(job: frames.Job) -> str:
    """Where a licence is accepted."""
    if not isinstance(job, (frames.PlanGet, frames.GetModel)):
        return ""
    target = _target(job)
    return f"{_access(job.settings).endpoint}/{target.repo}"


# Getting


def _target(job: frames.PlanGet | frames.GetModel) -> Target:
    from desktop_vlm.acquire.target import read_target

    return read_target(job.source, job.text_type, job.vision_type, job.settings.endpoint)


def _access(settings: frames.JobSettings) -> Access:
    found = Access.of_user(endpoint=settings.endpoint, offline=settings.is_offline)
    return replace(found, forbidden_by=OFFLINE_SETTING) if settings.is_offline else found


def _plan_get(job: frames.PlanGet, progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.pull_plan import prepare

    return frames.Planned(prepare(_target(job), _folder(job), _access(job.settings), progress).plan)


def _get(job: frames.GetModel, progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.pull import pull

    model, _ = pull(_target(job), _folder(job), _access(job.settings), progress)
    return frames.Finished(model)


def _fit(job: frames.FitModels, _progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.fit import fit_models, machine

    named = [one for one in catalogue.catalogue() if not job.names or one.name in job.names]
    return frames.Fitted(fit_models(named, job.options), machine(), free_bytes(_folder(job).path))


def _token(job: frames.KeepToken, _progress: JobListener) -> frames.Result:
    endpoint = Access.of_user(endpoint=job.settings.endpoint, offline=True).endpoint
    if job.token:
        store_token(job.token, endpoint)
    elif job.token == "":
        forget_token(endpoint)
    return frames.TokenState(find_token(endpoint, os.environ) is not None)


def _convert(job: frames.ConvertModel, progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.checkpoint_folder import convert_folder

    return frames.Finished(convert_folder(job.source, _folder(job), job.text_type, job.vision_type, progress))


def _verify(job: frames.VerifyModel, progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.verify import verify

    return frames.Verified(verify(_folder(job), _one_of(job), progress))


# What is here


def _folder(job: Any) -> ModelsFolder:
    return ModelsFolder(job.settings.models_folder)


def _listed(job: frames.Job) -> frames.Listed:
    return frames.Listed(scan(_folder(job), job.settings.references))


def _one_of(job: frames.VerifyModel | frames.RemoveModel) -> InstalledModel:
    """The model that a job is about."""
    found = next((one for one in _listed(job).library.models if one.id == job.id), None)
    if found is None:
        raise UserError(f"There is no model {job.id} any more.")
    return found


def _list(job: frames.ListModels, _progress: JobListener) -> frames.Result:
    return _listed(job)


def _find(job: frames.FindModels, _progress: JobListener) -> frames.Result:
    if not job.paths and not find_folders():
        return frames.Found((), False)  # what is found could not be read without the engine
    from desktop_vlm.acquire.found_checkpoints import find_checkpoints, is_checkpoint
    from desktop_vlm.acquire.found_models import find_importable

    checkpoints = find_checkpoints(job.paths, job.settings.models_folder)
    others = tuple(path for path in job.paths if not is_checkpoint(path))
    found, has_ollama = find_importable(others) if others or not job.paths else ((), False)
    return frames.Found((*checkpoints, *found), has_ollama)


def _import(job: frames.ImportModel, progress: JobListener) -> frames.Result:
    from desktop_vlm.acquire.importing import import_model

    source = job.name if job.source == Path() else job.source
    return frames.Finished(import_model(source, _folder(job), name=job.name, progress=progress))


def _rename(job: frames.RenameModel, _progress: JobListener) -> frames.Result:
    folder = _folder(job)
    return frames.Finished(installed(folder.rename(job.id, job.name), read_usage(folder.path)))


def _remove(job: frames.RemoveModel, _progress: JobListener) -> frames.Result:
    found = _one_of(job)
    remove(_folder(job), found)
    return _listed(job)


def _discard(job: frames.DiscardPartial, _progress: JobListener) -> frames.Result:
    _folder(job).discard(job.id)
    return _listed(job)


_WORK: dict[type[frames.Job], Callable[[Any, JobListener], frames.Result]] = {
    frames.PlanGet: _plan_get,
    frames.GetModel: _get,
    frames.ImportModel: _import,
    frames.ConvertModel: _convert,
    frames.VerifyModel: _verify,
    frames.ListModels: _list,
    frames.FitModels: _fit,
    frames.FindModels: _find,
    frames.KeepToken: _token,
    frames.RenameModel: _rename,
    frames.RemoveModel: _remove,
    frames.DiscardPartial: _discard,
}

"""Models of this computer and of the catalogue: `protocol.Models` over a child process for each piece of work.

This process reads the catalogue and nothing else: what strangers made (folders, headers, the hub's answers) is read by
the children. Short questions wait for each other, and so does long work; the two do not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import FoundModel, InstalledModel, Library, Origin, PartialModel, Speed
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models.catalogue import catalogue
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.library import now
from desktop_vlm.models.usage import note_usage, read_usage
from desktop_vlm.service import job_frames as frames
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.models.job_process import job_command
from desktop_vlm.ui.models.offers import Fits, offers
from desktop_vlm.ui.models.protocol import DEMO, Job, JobKind, JobState, Survey
from desktop_vlm.ui.models.questions import Questions
from desktop_vlm.ui.models.sentences import tr
from desktop_vlm.ui.models.work_queue import WorkQueue

_LOG = logging.getLogger(__name__)


class LocalModels(QObject):
    """See `protocol.Models`."""

    changed = Signal(object)
    job_changed = Signal(object)
    job_removed = Signal(int)
    failed = Signal(str)

    def __init__(self, paths: Paths, settings: SettingsStore, command: Sequence[str] | None = None) -> None:
        """`command` runs a job's process; without one, the program's own."""
        super().__init__()
        self._paths = paths
        self._settings = settings
        self._library = Library()
        self._found: tuple[FoundModel, ...] = ()
        self._pointed_at: tuple[FoundModel, ...] = ()
        self._fits: Fits = {}
        self._listed_folder = self._models_folder
        self._cancelled: set[str] = set()
        """Models whose download was cancelled, until what it left is removed."""
        self.survey = Survey()
        command = tuple(command or job_command())
        self._questions = Questions(command, self)
        self._questions.failed.connect(self.failed)
        self._work = WorkQueue(command, self)
        self._work.job_changed.connect(self.job_changed)
        self._work.job_removed.connect(self.job_removed)
        self._work.cancelled.connect(self._discard)
        self._work.finished.connect(self._finish)

    @property
    def jobs(self) -> Sequence[Job]:
        return self._work.jobs

    # Short questions

    def refresh(self) -> None:
        self.refresh_installed()
        self._questions.ask(frames.KeepToken(self._job_settings()), self._take_token, _log)
        self.refresh_advice()  # it takes longest

    def refresh_installed(self) -> None:
        self._keep_models_of_old_folder()
        self._questions.ask(frames.ListModels(self._job_settings()), self._take_library)

    def refresh_advice(self) -> None:
        settings = self._job_settings()
        self._questions.ask(frames.FindModels(settings), self._take_found, _log)
        options = self._settings.current.model.options
        self._questions.ask(frames.FitModels(settings, options), self._take_fits, _log)

    def look_in(self, paths: Sequence[Path]) -> None:
        absolute = tuple(path.absolute() for path in paths)
        self._questions.ask(frames.FindModels(self._job_settings(), absolute), self._take_pointed_at)

    def remove(self, installed: str) -> None:
        self._questions.ask(frames.RemoveModel(self._job_settings(), installed), self._take_library)

    def set_token(self, token: str) -> None:
        self._questions.ask(frames.KeepToken(self._job_settings(), token), self._take_token)

    def note_use(self, text: Path, tokens_per_s: float | None) -> None:
        folder, speed = self._models_folder, Speed(tokens_per_s or 0.0)
        QThreadPool.globalInstance().start(lambda: note_usage(folder, text, now(), speed))  # it waits for a lock

    def _take_library(self, listed: frames.Listed) -> None:
        self._library = listed.library
        for one in listed.library.partial:
            if self._work.find(JobKind.GET, one.source) is None and one.source not in self._cancelled:
                self._work.add(_paused(one), partial(self._get_order, one.source, one.text_type))
        self._show()

    def _take_found(self, found: frames.Found) -> None:
        self._found = found.models
        self._show(has_ollama=found.has_ollama)

    def _take_pointed_at(self, found: frames.Found) -> None:
        ids = {one.id for one in found.models}
        self._pointed_at = (*found.models, *(one for one in self._pointed_at if one.id not in ids))
        self._show()
        if not found.models:
            self.failed.emit(self.tr("There is no model in this."))

    def _take_fits(self, fitted: frames.Fitted) -> None:
        self._fits = {(one.name, one.text_type): one for one in fitted.fits}
        self._show(machine=fitted.machine, free_bytes=fitted.free_bytes)

    def _take_token(self, state: frames.TokenState) -> None:
        self._show(has_token=state.is_kept)

    def _show(self, **changes: Any) -> None:
        """Make a survey of all that is known, and tell of it."""
        pointed_at = {one.id for one in self._pointed_at}
        installed = (*_demo(self._models_folder), *self._library.models)
        self.survey = replace(
            self.survey,
            installed=installed,
            found=(*self._pointed_at, *(one for one in self._found if one.id not in pointed_at)),
            available=offers(catalogue(), self._fits, installed),
            is_offline=self._settings.current.downloads.offline,
            **changes,
        )
        self.changed.emit(self.survey)

    # Long work

    def get(self, model: str, type_name: str) -> int:
        name = next(one.name for one in self.survey.available if one.id == model)
        self._cancelled.discard(model)
        return self._work.add(Job(0, JobKind.GET, model, name, type_name), partial(self._get_order, model, type_name))

    def import_(self, found: str) -> int:
        model = next(one for one in self.survey.found if one.id == found)
        return self._work.add(Job(0, JobKind.IMPORT, found, model.name), partial(self._import_order, model))

    def verify(self, installed: str) -> int:
        model = next(one for one in self.survey.installed if one.id == installed)
        job = Job(0, JobKind.VERIFY, installed, model.name)
        return self._work.add(job, lambda: frames.VerifyModel(self._job_settings(), installed))

    def pause(self, job: int) -> None:
        self._work.pause(job)

    def resume(self, job: int) -> None:
        self._work.resume(job)

    def cancel(self, job: int) -> None:
        self._cancelled |= {one.subject for one in self.jobs if one.id == job and one.kind is JobKind.GET}
        self._work.cancel(job)

    def close(self) -> None:
        self._questions.close()
        self._work.close()

    def _get_order(self, source: str, type_name: str) -> frames.Job:
        return frames.GetModel(self._job_settings(), source, type_name)

    def _import_order(self, model: FoundModel) -> frames.Job:
        if model.is_checkpoint:
            return frames.ConvertModel(self._job_settings(), model.source)
        return frames.ImportModel(self._job_settings(), model.source, model.name)

    def _finish(self, job: Job) -> None:
        """Tell of it once the library is read again, so that what it made can be found there."""

        def listed(answer: frames.Listed) -> None:
            self._take_library(answer)
            self._work.drop(job)

        if job.kind is JobKind.IMPORT:
            self._pointed_at = tuple(one for one in self._pointed_at if one.id != job.subject)
        self._questions.ask(frames.ListModels(self._job_settings()), listed, lambda _sentence: self._work.drop(job))

    def _discard(self, job: Job) -> None:
        """Remove what a cancelled download left, unless it was asked for again meanwhile."""

        def listed(answer: frames.Listed) -> None:
            left = [one for one in answer.library.partial if one.source == job.subject]
            for one in left if job.subject in self._cancelled else []:
                self._questions.ask(frames.DiscardPartial(self._job_settings(), one.id), discarded)
            if not left:
                self._cancelled.discard(job.subject)

        def discarded(answer: frames.Listed) -> None:
            self._cancelled.discard(job.subject)
            self._take_library(answer)

        if job.kind is JobKind.GET:
            self._questions.ask(frames.ListModels(self._job_settings()), listed)

    # Where

    @property
    def _models_folder(self) -> Path:
        folder = self._settings.current.downloads.folder
        return Path(folder).expanduser().absolute() if folder else self._paths.models_folder

    def _keep_models_of_old_folder(self) -> None:
        """Another folder was chosen: the models in the one before stay in the list."""
        if self._listed_folder == self._models_folder:
            return
        self._listed_folder = self._models_folder
        known = self._settings.current.downloads.elsewhere
        old = [str(one.files.text) for one in self._library.models if str(one.files.text) not in known]
        try:
            self._settings.update("downloads", elsewhere=(*known, *old))
        except UserError as error:
            self.failed.emit(str(error))

    def _job_settings(self) -> frames.JobSettings:
        settings = self._settings.current
        chosen = settings.model
        named = (*settings.downloads.elsewhere, *settings.recent.models)
        references = {text: ModelRef(Path(text), None) for text in named if text}
        if chosen.text:
            references[chosen.text] = ModelRef(Path(chosen.text), Path(chosen.mmproj) if chosen.mmproj else None)
        downloads = settings.downloads
        return frames.JobSettings(
            self._models_folder, tuple(references.values()), downloads.endpoint, downloads.offline
        )


def _log(sentence: str) -> None:
    """What went wrong although nobody asked for it."""
    _LOG.warning("Models: %s", sentence)


def _paused(partial: PartialModel) -> Job:
    return Job(
        0,
        JobKind.GET,
        partial.source,
        partial.name,
        partial.text_type,
        state=JobState.PAUSED,
        done_bytes=partial.done_bytes,
        total_bytes=partial.total_bytes,
    )


def _demo(models_folder: Path) -> list[InstalledModel]:
    """The bundled demo among the installed models, where it is installed."""
    try:
        text, mmproj = demo_model()
        sizes = text.stat().st_size, mmproj.stat().st_size
    except (UserError, OSError):
        return []
    usage = read_usage(models_folder).get(str(text))
    files = ModelRef(text, mmproj)
    model = InstalledModel(DEMO, tr("Bundled demo"), "", files, "", "", *sizes, Origin(), is_owned=False)
    return [replace(model, last_used=usage.last_used, speed=usage.speed) if usage else model]

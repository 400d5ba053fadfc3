"""Models in the main window: the page and the way to it, what becomes of work on them, and loading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.engine.protocol import Answer, EngineState
from desktop_vlm.ui.models.page import ModelsPage
from desktop_vlm.ui.models.protocol import DEMO, Job, JobKind, JobState
from desktop_vlm.ui.models.sentences import job_text, job_title
from desktop_vlm.ui.widgets.file_dialogs import ask_folder
from desktop_vlm.ui.widgets.toast import Toast

_ENOUGH_TOKENS = 16
"""Fewer say little about a model's speed."""


class ModelActions(QObject):
    """Opens and closes the model page over the conversation, and does what it asks of the window.

    Signals:
        load_requested: the model that the settings name now.
        settings_requested(str): a page of the settings.
        closed: the page is gone, and the conversation is seen again.
    """

    load_requested = Signal()
    settings_requested = Signal(str)
    closed = Signal()

    def __init__(self, views: QStackedWidget, services: Services, toast: Toast) -> None:
        """`views` shows the conversation; the page is put over it."""
        super().__init__(views)
        self._views = views
        self._services = services
        self._models = services.models
        self._toast = toast
        self._page: ModelsPage | None = None
        self._is_surveyed = self._is_advised = False
        self._has_offered_to_resume = False
        self._models.changed.connect(self._survey_changed)
        self._models.failed.connect(toast.say)
        self._models.job_changed.connect(self._job_changed)
        engine = services.engine
        services.model_status.changed.connect(self._show_engine)
        engine.loaded.connect(lambda _model: self._after_load())
        engine.failed.connect(lambda *_: self._survey())
        engine.answered.connect(self._answered)

    @property
    def is_open(self) -> bool:
        """Whether the page is seen."""
        return self._page is not None

    @property
    def name_of_loaded(self) -> str:
        """What the library calls the model that is loaded; "" where it does not know it."""
        return next((one.name for one in self._models.survey.installed if one.files.text == self._loaded_text), "")

    # The page

    def open_page(self, model: str = "") -> None:
        """Show the page, with the details of a model that can be had."""
        if self._page is None:
            page = self._page = ModelsPage(self._services.theme, self._models)
            page.closed.connect(self.close_page)
            page.load_requested.connect(self.load)
            page.remove_requested.connect(self.remove)
            page.folder_requested.connect(self.choose_folder)
            page.settings_requested.connect(lambda: self.settings_requested.emit("downloads"))
            self._views.addWidget(page)
            self._views.setCurrentWidget(page)
            page.setFocus()
            self._show_engine()
            self._models.refresh()
        if model:
            self._page.open_model(model)

    def close_page(self) -> None:
        """Show the conversation again."""
        if self._page is not None:
            page, self._page = self._page, None
            self._views.removeWidget(page)
            page.deleteLater()
            self.closed.emit()

    def close_if_open(self) -> bool:
        """Show the conversation again; whether something else was shown."""
        was_open = self.is_open
        self.close_page()
        return was_open

    def toggle_page(self) -> None:
        """Show the page, or the conversation."""
        if self.is_open:
            self.close_page()
        else:
            self.open_page()

    def look_in(self, paths: Sequence[Path]) -> None:
        """Look for models in what was dropped, and show the page."""
        self.open_page()
        self._models.look_in(paths)

    def choose_folder(self) -> None:
        """Have the person choose where new models are kept."""
        folder = self._services.settings.current.downloads.folder or str(self._services.paths.models_folder)
        chosen = ask_folder(self._views, self.tr("Keep new models in"), folder)
        if chosen is not None:
            try:
                self._services.settings.update("downloads", folder=str(chosen))
            except UserError as error:
                self._toast.say(str(error))
            self._models.refresh()

    # Loading

    def load(self, model: InstalledModel) -> None:
        """Load an installed model, with the options that the settings have."""
        is_demo = model.id == DEMO
        mmproj, before = model.files.mmproj, self._services.settings.current.model
        text = "" if is_demo else str(model.files.text)
        try:
            self._services.settings.update(
                "model",
                text=text,
                mmproj="" if is_demo or mmproj is None else str(mmproj),
                draft=before.draft if before.text == text else "",  # which belongs to one model
            )
        except UserError as error:
            self._toast.say(str(error))
        self.load_requested.emit()

    def remove(self, model: InstalledModel) -> None:
        """Remove an installed model; where it is the one in use, the demo takes its place first."""
        if self._services.settings.current.model.text == str(model.files.text):
            self._services.engine.unload()
            for demo in self._models.survey.installed:
                if demo.id == DEMO:
                    self.load(demo)
        self._models.remove(model.id)

    def _load_made(self, made: str) -> None:
        for model in self._models.survey.installed:
            if model.id == made:
                self.load(model)

    def _after_load(self) -> None:
        self._survey()
        if self._loaded_text:
            self._models.note_use(self._loaded_text, None)

    def _survey(self) -> None:
        """Look once what is installed, after the first load: until then, this machine has better things to do.

        The page asks for everything when it is opened; while the demo is in use, the welcome screen gives advice.
        """
        if not self._is_surveyed:
            self._is_surveyed = True
            self._models.refresh_installed()
        if not self._is_advised and not self._services.settings.current.model.text:
            self._is_advised = True
            self._models.refresh_advice()

    def _answered(self, _request: int, answer: Answer) -> None:
        usage, text = answer.usage, self._loaded_text
        if text and usage and usage.decode_s and usage.generated_tokens >= _ENOUGH_TOKENS:
            self._models.note_use(text, usage.generated_tokens / usage.decode_s)

    def _show_engine(self) -> None:
        if self._page is None:
            return
        engine = self._services.engine
        found = next((one.id for one in self._models.survey.installed if one.files.text == self._loaded_text), "")
        is_loading = engine.state in {EngineState.STARTING, EngineState.LOADING}
        status = self._services.model_status
        problem = status.problem if status.kind is ModelKind.FAILED else ""
        self._page.show_engine(
            found if engine.model else "", found if is_loading else "", found if problem else "", problem
        )

    @property
    def _loaded_text(self) -> Path | None:
        source = self._services.engine.source
        return source[0].text if source else None

    # Work

    def _job_changed(self, job: Job) -> None:
        if job.state is JobState.DONE:
            self._job_done(job)
        elif job.state is JobState.FAILED and not self.is_open:
            self._toast.say(f"{job_title(job)}: {job.problem}", self.tr("Show"), self.open_page)

    def _survey_changed(self, _survey: object) -> None:
        self._show_engine()  # what is loaded may be in the list now
        self._offer_to_resume()

    def _offer_to_resume(self) -> None:
        """What the end of the program stopped last time goes on with a click."""
        paused = [job for job in self._models.jobs if job.state is JobState.PAUSED]
        if paused and not self._has_offered_to_resume and not self.is_open:
            job = paused[0]
            resume = partial(self._models.resume, job.id)
            self._toast.say(f"{job_title(job)}: {job_text(job)}", self.tr("Resume"), resume)
        self._has_offered_to_resume = True

    def _job_done(self, job: Job) -> None:
        if job.kind is JobKind.VERIFY:
            self._toast.say(self.tr("The files of {0} are whole.").format(job.name))
        elif self._has_no_real_model:
            self._toast.say(self.tr("{0} is here, and is being loaded.").format(job.name))
            self._load_made(job.result)
        else:
            self._toast.say(
                self.tr("{0} is ready.").format(job.name), self.tr("Load"), lambda: self._load_made(job.result)
            )

    @property
    def _has_no_real_model(self) -> bool:
        """Whether nobody would miss the model that is loaded: there is none, or it is the demo and it is idle."""
        is_demo = not self._services.settings.current.model.text
        return not self._services.assistant.busy and (is_demo or self._services.engine.model is None)

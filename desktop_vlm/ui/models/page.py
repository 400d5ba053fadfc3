"""The model page: what is installed, what was found on this computer, and what can be had."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_vlm.api.library import FoundModel, InstalledModel
from desktop_vlm.ui.models.available_row import AvailableRow
from desktop_vlm.ui.models.found_row import FoundRow
from desktop_vlm.ui.models.installed_row import InstalledRow
from desktop_vlm.ui.models.job_strip import JobStrip
from desktop_vlm.ui.models.model_row import ModelRow
from desktop_vlm.ui.models.parts import Icons, push_button, tool_button
from desktop_vlm.ui.models.protocol import JobKind, Models, Remedy, Survey
from desktop_vlm.ui.models.row_list import RowList
from desktop_vlm.ui.models.sentences import in_one_line, job_title, size_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.file_dialogs import ask_folder, ask_open

_WIDTH = 880
_BAR_BUTTON_PX = 30
_SETTLE_MS = 250
_TAKEN_OVER = {"import", "reference", "convert"}
"""Origins of models that were found before they were installed."""


class ModelsPage(QWidget):
    """Shows a `Survey` and the jobs. What is asked goes to `Models`; loading and settings are the window's.

    Attributes:
        installed, found, available, others: the lists; the last holds work on what is in no list any more.

    Signals:
        closed: the person goes back to the conversation.
        load_requested, remove_requested: an `InstalledModel`.
        folder_requested: the person wants to choose where models are kept.
        settings_requested: the person wants the settings of downloads.
    """

    closed = Signal()
    load_requested = Signal(object)
    remove_requested = Signal(object)
    folder_requested = Signal()
    settings_requested = Signal()

    def __init__(self, theme: Theme, models: Models) -> None:
        super().__init__()
        self._theme = theme
        self._models = models
        self._loaded: str = ""
        self._loading: str = ""
        self._failed = "", ""
        self._in_sight: AvailableRow | None = None
        self.installed = RowList(self._make_installed)
        self.found = RowList(self._make_found)
        self.available = RowList(self._make_available)
        self.others = RowList(self._make_other)
        self._lists: dict[JobKind, RowList[ModelRow]] = {
            JobKind.VERIFY: self.installed,  # type: ignore[dict-item] # rows of a subclass
            JobKind.IMPORT: self.found,  # type: ignore[dict-item]
            JobKind.GET: self.available,  # type: ignore[dict-item]
        }
        self.available.grown.connect(self._scroll_soon)
        self._lay_out()
        models.changed.connect(self.show_survey)
        # Methods and no lambdas: these connections end with the page, while `models` lives on.
        models.job_changed.connect(self._show_jobs)
        models.job_removed.connect(self._show_jobs)
        self.show_survey(models.survey)

    def claim_escape(self) -> Claim:
        self.closed.emit()
        return Claim.LEAVE

    # What is shown

    def show_survey(self, survey: Survey) -> None:
        """Show what there is."""
        self.installed.set_keys(one.id for one in survey.installed)
        self.found.set_keys(one.id for one in survey.found)
        self.available.set_keys(one.id for one in survey.available)
        with self.installed.changing(), self.found.changing(), self.available.changing():
            for found in survey.found:
                if found.id in self.found.rows:
                    self._show_found(self.found.rows[found.id], found)
            for available in survey.available:
                if available.id in self.available.rows:
                    self.available.rows[available.id].show_model(available, survey)
            self._show_installed()
        self._found_section.setVisible(bool(survey.found))
        self._available_section.setVisible(bool(survey.available))
        self._empty.setVisible(not survey.installed)
        self._offline.setVisible(survey.is_offline)
        self._machine.setText(
            in_one_line(survey.machine, self.tr("{0} free on the disk").format(size_text(survey.free_bytes)))
            if survey.machine
            else ""
        )
        self._show_jobs()

    def show_engine(self, loaded: str, loading: str, failed: str = "", problem: str = "") -> None:
        """Say which installed model answers, is being loaded or could not be, and why: their ids, "" for none."""
        self._loaded, self._loading, self._failed = loaded, loading, (failed, problem)
        self._show_installed()

    def open_model(self, model: str) -> None:
        """Bring an available model's details into sight."""
        row = self.available.row(model)
        if row is not None:
            row.open_details()
            self._in_sight = row
            self._scroll_soon()

    def _scroll_soon(self) -> None:
        if self._in_sight is not None:
            QTimer.singleShot(0, self._in_sight, self._scroll)

    def _scroll(self) -> None:
        """Bring a row into sight, again while rows are added above it and until their heights are settled."""
        if self._in_sight is None:
            return
        top = self._in_sight.mapTo(self._content, QPoint(0, 0)).y()
        self.area.verticalScrollBar().setValue(max(0, top - 2 * self._theme.text_px))
        if self.available.is_complete:
            QTimer.singleShot(_SETTLE_MS, self, self._leave_in_peace)

    def _leave_in_peace(self) -> None:
        self._in_sight = None

    def _show_installed(self) -> None:
        for one in self._models.survey.installed:
            if one.id in self.installed.rows:
                self._show_model(self.installed.rows[one.id], one)

    def _show_model(self, row: InstalledRow, model: InstalledModel) -> None:
        row.show_model(model, is_loaded=model.id == self._loaded, is_loading=model.id == self._loading)
        failed, problem = self._failed
        if failed == model.id and not model.problem:
            row.show_failure(problem)

    def _show_found(self, row: FoundRow, model: FoundModel) -> None:
        taken = (one for one in self._models.survey.installed if one.origin.kind in _TAKEN_OVER)
        row.show_model(model, is_installed=any(one.name == model.name for one in taken))

    def _show_jobs(self, _job: object = None) -> None:
        jobs = {(job.kind, job.subject): job for job in self._models.jobs}
        for kind, rows in self._lists.items():
            for key, row in rows.rows.items():
                row.show_job(jobs.pop((kind, key), None))
        survey = self._models.survey
        listed = {one.id for lists in (survey.installed, survey.found, survey.available) for one in lists}
        left = {str(job.id): job for job in jobs.values() if job.subject not in listed}
        self.others.set_keys(left)
        for key, row in self.others.rows.items():
            row.show_job(left[key])
        self._others_section.setVisible(bool(left))

    # Rows

    def _make_installed(self, key: str) -> InstalledRow:
        model = next(one for one in self._models.survey.installed if one.id == key)
        row = InstalledRow(self._theme, model)
        row.load_requested.connect(lambda: self.load_requested.emit(row.model))
        row.verify_requested.connect(partial(self._models.verify, key))
        row.folder_requested.connect(lambda: _open_folder(row.model.files.text.parent))
        row.remove_requested.connect(lambda: self.remove_requested.emit(row.model))
        self._connect_strip(row, JobKind.VERIFY, key)
        self._show_model(row, model)
        return row

    def _make_found(self, key: str) -> FoundRow:
        model = next(one for one in self._models.survey.found if one.id == key)
        row = FoundRow(self._theme, model)
        row.import_requested.connect(partial(self._models.import_, key))
        self._connect_strip(row, JobKind.IMPORT, key)
        self._show_found(row, model)
        return row

    def _make_available(self, key: str) -> AvailableRow:
        model = next(one for one in self._models.survey.available if one.id == key)
        row = AvailableRow(self._theme, model)
        row.get_requested.connect(partial(self._models.get, key))
        row.link_requested.connect(lambda url: QDesktopServices.openUrl(QUrl(url)))
        row.token_entered.connect(self._models.set_token)
        row.folder_requested.connect(self.folder_requested)
        self._connect_strip(row, JobKind.GET, key)
        row.show_model(model, self._models.survey)
        return row

    def _make_other(self, key: str) -> ModelRow:
        job = next(one for one in self._models.jobs if str(one.id) == key)
        row = ModelRow(self._theme, job.name)
        row.about.setText(job_title(job))
        self._connect_strip(row, job.kind, job.subject)
        return row

    def _connect_strip(self, row: ModelRow, kind: JobKind, subject: str) -> None:
        def connect(strip: JobStrip) -> None:
            strip.paused.connect(partial(self._with_job, kind, subject, self._models.pause))
            strip.resumed.connect(partial(self._with_job, kind, subject, self._models.resume))
            strip.cancelled.connect(partial(self._with_job, kind, subject, self._models.cancel))
            strip.remedy_requested.connect(partial(self._help, row, strip))

        row.strip_made.connect(connect)
        QTimer.singleShot(0, row, self._show_jobs)  # there may be work on it already

    # What a person does

    def _with_job(self, kind: JobKind, subject: str, do: Callable[[int], None]) -> None:
        for job in self._models.jobs:
            if (job.kind, job.subject) == (kind, subject):
                do(job.id)

    def _help(self, row: ModelRow, strip: JobStrip, remedy: Remedy) -> None:
        if remedy is Remedy.TOKEN and isinstance(row, AvailableRow):
            row.enter_token()
        elif remedy is Remedy.LICENCE:
            QDesktopServices.openUrl(QUrl(strip.url))
        elif remedy is Remedy.FOLDER:
            self.folder_requested.emit()
        elif remedy is not Remedy.NONE:
            self.settings_requested.emit()

    def _choose_files(self) -> None:
        title, pattern = self.tr("Choose a model"), self.tr("Models (*.gguf)")
        if files := ask_open(self, title, "", pattern, several=True):
            self._models.look_in(files)

    def _choose_folder(self) -> None:
        if folder := ask_folder(self, self.tr("Choose a folder with a model"), ""):
            self._models.look_in([folder])

    # What it is made of

    def _lay_out(self) -> None:
        self._content = QWidget()
        self._content.setProperty("kind", "clear")
        column = QVBoxLayout()
        column.setContentsMargins(24, 16, 24, 32)
        column.setSpacing(10)
        self._machine = text_label("", "caption")
        self._offline = text_label(self.tr("Models cannot be downloaded: the settings say to stay offline."), "warning")
        self._empty = text_label(self.tr("Looking for models…"), "muted")
        self._others_section = _section(self.tr("In progress"), self.others)
        self._found_section = _section(self.tr("Found on this computer"), self.found)
        self._available_section = _section(self.tr("To get"), self._machine, self._offline, self.available)
        for widget in (
            self._others_section,
            _section(self.tr("Installed"), self._empty, self.installed),
            self._found_section,
            self._available_section,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        middle.setLayout(column)
        centre = QHBoxLayout(self._content)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.addStretch(1)
        centre.addWidget(middle, 1000)
        centre.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._content)
        self.area.verticalScrollBar().rangeChanged.connect(self._scroll_soon)
        line = QFrame()
        line.setProperty("kind", "line")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._bar())
        outer.addWidget(line)
        outer.addWidget(self.area, 1)

    def _bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 8, 12, 8)
        row.setSpacing(6)
        icons = Icons(self._theme, self)
        self.back = tool_button(self.tr("Back to the conversation (Esc)"), self.closed.emit)
        icons.put(self.back, "arrow-left")
        self.back.setFixedHeight(_BAR_BUTTON_PX)  # the bar above a conversation is as high
        title = QLabel(self.tr("Models"))
        title.setProperty("kind", "heading")
        self.add_file = push_button(f" {self.tr('From a file')}", self.tr("Look in a file"), self._choose_files, "chip")
        self.add_folder = push_button(
            f" {self.tr('From a folder')}", self.tr("Look in a folder"), self._choose_folder, "chip"
        )
        icons.put(self.add_file, "file-input")
        icons.put(self.add_folder, "folder-open")
        row.addWidget(self.back)
        row.addWidget(title, 1)
        row.addWidget(self.add_file)
        row.addWidget(self.add_folder)
        return bar


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _section(title: str, *widgets: QWidget) -> QWidget:
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 12)
    column.setSpacing(8)
    heading = text_label(title, "heading")
    column.addWidget(heading)
    for widget in widgets:
        column.addWidget(widget)
    return section

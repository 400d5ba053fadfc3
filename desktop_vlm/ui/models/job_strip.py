"""How far the work on a model is, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_vlm.ui.models.parts import push_button, set_shown
from desktop_vlm.ui.models.protocol import Job, JobKind, JobState, Remedy
from desktop_vlm.ui.models.sentences import breakable, job_text
from desktop_vlm.ui.theme import set_kind
from desktop_vlm.ui.widgets.cards import text_label


class JobStrip(QWidget):
    """A bar, a line of figures or the sentence of a failure, and the buttons that suit.

    Signals:
        paused, resumed, cancelled: a button was pressed.
        remedy_requested: the person wants to do what would help (`Remedy`).
    """

    paused = Signal()
    resumed = Signal()
    cancelled = Signal()
    remedy_requested = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._job: Job | None = None
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(name))
        self.figures = text_label("", "caption")
        self.problem = text_label("", "error")
        self.remedy = push_button("", "", self._ask_for_remedy)
        self.pause = push_button(self.tr("Pause"), self.tr("Pause {0}").format(name), self.paused.emit)
        self.resume = push_button("", "", self.resumed.emit, "primary")
        self.cancel = push_button(self.tr("Cancel"), self.tr("Cancel {0}").format(name), self.cancelled.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.problem)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.figures, 1)
        for button in (self.remedy, self.resume, self.pause, self.cancel):
            row.addWidget(button)
        column.addLayout(row)
        self.hide()

    @property
    def url(self) -> str:
        """The page that would help."""
        return self._job.url if self._job else ""

    def show_job(self, job: Job | None) -> None:
        """Show how far a job is; None and a job that is done show nothing."""
        self._job = job
        if job is None or not job.is_open:
            self._leave_focus()
            self.hide()
            return
        self.show()
        failed, paused = job.state is JobState.FAILED, job.state is JobState.PAUSED
        self.problem.setText(breakable(job.problem))
        self.problem.setVisible(failed)
        self.bar.setVisible(not failed or job.total_bytes > 0)
        self._show_fraction(job)
        self.figures.setText("" if failed else job_text(job))
        had_focus = self.pause.hasFocus() or self.resume.hasFocus()
        set_shown(self.pause, job.state is JobState.RUNNING and job.kind is JobKind.GET)
        set_shown(self.resume, failed or paused)
        if had_focus:
            (self.resume if failed or paused else self.pause).setFocus()  # one takes the place of the other
        self.resume.setText(self.tr("Try again") if failed else self.tr("Resume"))
        heard = self.tr("Try {0} again") if failed else self.tr("Resume {0}")
        self.resume.setAccessibleName(heard.format(self._name))
        words = self._remedy_words(job.remedy) if failed else ""
        self.remedy.setText(words)
        self.remedy.setAccessibleName(words)
        set_shown(self.remedy, bool(words))

    def _leave_focus(self) -> None:
        parent = self.parentWidget()
        if parent is not None and self.isAncestorOf(QApplication.focusWidget() or parent):
            parent.setFocus()

    def _show_fraction(self, job: Job) -> None:
        is_unknown = job.state is JobState.RUNNING and not job.total_bytes
        self.bar.setRange(0, 0 if is_unknown else 1000)
        self.bar.setValue(round(job.fraction * 1000))
        kind = "" if job.state is JobState.RUNNING else "resting"
        if self.bar.property("kind") != kind:
            set_kind(self.bar, kind)

    def _remedy_words(self, remedy: Remedy) -> str:
        return {
            Remedy.NONE: "",
            Remedy.TOKEN: self.tr("Enter a token"),
            Remedy.LICENCE: self.tr("Open the model's page"),
            Remedy.FOLDER: self.tr("Choose another folder"),
            Remedy.ONLINE: self.tr("Open the settings"),
        }[remedy]

    def _ask_for_remedy(self) -> None:
        if self._job is not None:
            self.remedy_requested.emit(self._job.remedy)

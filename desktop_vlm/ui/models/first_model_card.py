"""The card on the welcome screen that leads from the demo to a real model."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from desktop_vlm.ui.models.parts import Icons, push_button
from desktop_vlm.ui.models.protocol import AvailableModel, Fit, Job, Survey
from desktop_vlm.ui.models.sentences import job_text, job_title, size_text
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import text_label


class FirstModelCard(QFrame):
    """Says which model suits this computer, or how far it is.

    Signals:
        models_requested(str): the model page shall be shown, with the details of this model; "" for none.
    """

    models_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        set_kind(self, "card")
        self._best: AvailableModel | None = None
        icons = Icons(theme, self)
        self.heading = text_label(self.tr("Get a real model"), "heading")
        self.about = text_label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.get = push_button("", "", lambda: self.models_requested.emit(self._best.id if self._best else ""))
        self.ollama = push_button(
            f" {self.tr('Import from Ollama')}",
            self.tr("Import from Ollama"),
            lambda: self.models_requested.emit(""),
            "quiet",
        )
        icons.put(self.get, "download", "text")
        icons.put(self.ollama, "import", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for widget in (self.heading, self.about, self.bar):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.get)
        row.addWidget(self.ollama)
        row.addStretch(1)
        column.addLayout(row)
        self.show_models(Survey(), None)

    def show_models(self, survey: Survey, job: Job | None) -> None:
        """Show what would suit, or the work under way."""
        self._best = next((one for one in survey.available if one.is_recommended), None)
        self.heading.setText(job_title(job) if job else self.tr("Get a real model"))
        self.about.setText(job_text(job) if job else self._advice())
        self.bar.setVisible(job is not None)
        self.bar.setValue(round(job.fraction * 1000) if job else 0)
        words = self.tr("Show") if job else self.tr("See the models")
        if self._best and not job:
            words = self.tr("Get {0}…").format(self._best.name)
        self.get.setText(f" {words}")
        self.get.setAccessibleName(words.rstrip("…"))
        self.ollama.setVisible(job is None and any(not one.problem and one.place == "Ollama" for one in survey.found))

    def _advice(self) -> str:
        demo = self.tr("The small demo that came along reads simple windows and knows little else.")
        best = self._best
        if best is None:
            return demo
        kind = best.recommended_type
        fits = {
            Fit.GPU: self.tr("{0} fits your GPU; it takes {1} to download."),
            Fit.PARTLY: self.tr("{0} runs partly on your GPU; it takes {1} to download."),
            Fit.CPU: self.tr("{0} is quick enough for this computer's processor; it takes {1} to download."),
        }
        sentence = fits.get(kind.fit) if kind.fit else None
        return f"{demo} {sentence.format(best.name, size_text(kind.download_bytes))}" if sentence else demo

"""Files of another program that may become a model here."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop_vlm.api.library import FoundModel
from desktop_vlm.ui.models.model_row import ModelRow
from desktop_vlm.ui.models.parts import push_button, set_shown
from desktop_vlm.ui.models.protocol import Job
from desktop_vlm.ui.models.sentences import breakable, in_one_line, size_text
from desktop_vlm.ui.theme import Theme


class FoundRow(ModelRow):
    """One found model.

    Signals:
        import_requested: the button was pressed.
    """

    import_requested = Signal()

    def __init__(self, theme: Theme, model: FoundModel) -> None:
        super().__init__(theme, model.name)
        self._model = model
        self.import_ = push_button(
            self.tr("Import"), self.tr("Import {0}").format(model.name), self.import_requested.emit
        )
        self.buttons.addWidget(self.import_)

    def show_model(self, model: FoundModel) -> None:
        """Show where it is and what importing it does, or why that cannot be done."""
        self._model = model
        size = size_text(model.n_bytes) if model.n_bytes else ""
        # What cannot be imported is somebody else's file and no failure, so its explanation is no red sentence.
        self.about.setText(breakable(in_one_line(model.place, size, model.problem or model.note)))
        self.import_.setText(self.tr("Import") if model.n_bytes else self.tr("Add"))  # that writes nothing
        self.import_.setVisible(not model.problem)
        self.setAccessibleDescription(self.about.text())

    def show_job(self, job: Job | None) -> None:
        super().show_job(job)
        set_shown(self.import_, not self._model.problem and (job is None or not job.is_open))

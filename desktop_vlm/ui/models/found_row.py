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
        self._can_import = False
        self._is_busy = False
        self.import_ = push_button(
            self.tr("Import"), self.tr("Import {0}").format(model.name), self.import_requested.emit
        )
        self.buttons.addWidget(self.import_)

    def show_model(self, model: FoundModel, *, is_installed: bool) -> None:
        """Show where it is and what importing it does, or why that cannot or need not be done."""
        self._can_import = not (model.problem or is_installed)
        size = size_text(model.n_bytes) if model.n_bytes else ""
        # What cannot be imported is somebody else's file and no failure, so its explanation is no red sentence.
        self.about.setText(breakable(in_one_line(model.place, size, model.problem or model.note)))
        self.import_.setText(self.tr("Import") if model.n_bytes else self.tr("Add"))  # that writes nothing
        self.show_badge(self.tr("Installed") if is_installed else "")
        set_shown(self.import_, self._can_import and not self._is_busy)
        self.setAccessibleDescription(self.about.text())

    def show_job(self, job: Job | None) -> None:
        super().show_job(job)
        self._is_busy = job is not None and job.is_open
        set_shown(self.import_, self._can_import and not self._is_busy)

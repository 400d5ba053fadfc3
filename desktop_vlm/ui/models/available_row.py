"""A model of the catalogue: what it is good at, what it takes, and the button that gets it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from desktop_vlm.ui.models.available_details import AvailableDetails
from desktop_vlm.ui.models.model_row import ModelRow
from desktop_vlm.ui.models.parts import Mark, push_button, set_shown, tool_button
from desktop_vlm.ui.models.protocol import AvailableModel, Job, Survey
from desktop_vlm.ui.models.sentences import FIT_TONES, fit_text, in_one_line, size_text
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.escape import Claim


class AvailableRow(ModelRow):
    """One model that can be had; its details open below.

    Signals:
        get_requested(str): download it in this type.
        link_requested(str): a page shall be opened in the browser.
        token_entered(str): keep this token, see `AccessForm`.
        folder_requested: the person wants to choose where models are kept.
    """

    get_requested = Signal(str)
    link_requested = Signal(str)
    token_entered = Signal(str)
    folder_requested = Signal()

    def __init__(self, theme: Theme, model: AvailableModel) -> None:
        super().__init__(theme, model.name)
        self._model = model
        self._survey = Survey()
        self._job: Job | None = None
        self.details: AvailableDetails | None = None
        self.fit = Mark(theme)
        self.get = push_button(self.tr("Get"), self.tr("Get {0}").format(model.name), self._get_or_open)
        self.toggle = tool_button(self.tr("Details of {0}").format(model.name), self.toggle_details)
        self.toggle.setCheckable(True)
        self.add_to_head(self.fit)
        self.buttons.addWidget(self.get)
        self.buttons.addWidget(self.toggle)
        self.pressed.connect(self.toggle_details)
        self._show_open()

    def show_model(self, model: AvailableModel, survey: Survey) -> None:
        """Show what is known of it."""
        self._model = model
        self._survey = survey
        taken = model.recommended_type
        self.about.setText(model.purpose)
        fit = fit_text(taken.fit) if taken.fit else ""
        download = self.tr("{0} to download").format(size_text(taken.download_bytes))
        self.fit.show_text(in_one_line(fit, download), FIT_TONES[taken.fit] if taken.fit else "faint")
        if model.installed_types:
            self.show_badge(self.tr("Installed"))
        else:
            self.show_badge(self.tr("Best for this computer") if model.is_recommended else "", "badge-success")
        self.setAccessibleDescription(f"{self.about.text()} {self.fit.text}")
        if self.details:
            self.details.show_model(model, survey)
        self._show_open()
        self._show_buttons()

    def show_job(self, job: Job | None) -> None:
        super().show_job(job)
        self._job = job
        self._show_buttons()

    def toggle_details(self) -> None:
        """Open the details, or close them."""
        self.open_details(not self._is_open)

    def open_details(self, yes: bool = True) -> None:
        """Show the details, or hide them."""
        if yes and self.details is None:
            self.details = self._make_details()
        if self.details:
            self.details.setVisible(yes)
        self._show_open()
        self._show_buttons()

    def claim_escape(self) -> Claim:
        if not self._is_open:
            return Claim.PASS
        self.toggle.setFocus(Qt.FocusReason.OtherFocusReason)
        self.open_details(False)
        return Claim.DONE

    def enter_token(self) -> None:
        """Open the details, with the focus where a token is entered."""
        self.open_details()
        if self.details and self.details.access:
            self.details.access.ask_for_token()

    @property
    def _is_open(self) -> bool:
        return self.details is not None and not self.details.isHidden()

    def _make_details(self) -> AvailableDetails:
        details = AvailableDetails(self.theme, self._model)
        details.show_model(self._model, self._survey)
        details.get_requested.connect(self.get_requested)
        details.link_requested.connect(self.link_requested)
        details.token_entered.connect(self.token_entered)
        details.folder_requested.connect(self.folder_requested)
        self.add_below(details)
        return details

    def _get_or_open(self) -> None:
        """Get it as recommended, unless there is something to know or to decide first."""
        wants_token = self._model.is_gated and not self._survey.has_token
        if wants_token or self._model.licence_note or self._lacks_room:
            self.open_details()
            assert self.details is not None
            self.details.go_on()
        else:
            self.get_requested.emit(self._model.recommended_type.name)

    @property
    def _lacks_room(self) -> bool:
        return bool(self._survey.free_bytes) and self._model.recommended_type.peak_bytes > self._survey.free_bytes

    def _show_open(self) -> None:
        self.toggle.setChecked(self._is_open)
        self.fit.setVisible(bool(self.fit.text) and not self._is_open)  # the details say more of it
        self.icons.put(self.toggle, "chevron-up" if self._is_open else "chevron-down")

    def _show_buttons(self) -> None:
        is_busy = self._job is not None and self._job.is_open
        set_shown(self.get, not is_busy and not self._is_open)
        self.get.setEnabled(not self._survey.is_offline)
        kind = "primary" if self._model.is_recommended and not self._model.installed_types else "secondary"
        if self.get.property("kind") != kind:
            set_kind(self.get, kind)
        if self.details:
            self.details.show_busy(is_busy)

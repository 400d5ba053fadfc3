"""What a person may want to know and to decide before a model is downloaded."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_vlm.api.fields import Choice
from desktop_vlm.ui.models.access_form import AccessForm
from desktop_vlm.ui.models.parts import Icons, Mark, line_of, push_button, set_shown
from desktop_vlm.ui.models.protocol import AvailableModel, ModelType, Survey
from desktop_vlm.ui.models.sentences import FIT_TONES, first_large, fit_text, size_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.choice_controls import Segments


class AvailableDetails(QWidget):
    """The types and what they take, the licence, access, and the button that begins.

    Signals:
        get_requested(str): download it in this type.
        link_requested(str): a page shall be opened in the browser.
        token_entered(str): keep this token; see `AccessForm`.
        folder_requested: the person wants to keep models elsewhere.
    """

    get_requested = Signal(str)
    link_requested = Signal(str)
    token_entered = Signal(str)
    folder_requested = Signal()

    def __init__(self, theme: Theme, model: AvailableModel) -> None:
        super().__init__()
        self._model = model
        self._survey = Survey()
        self._is_busy = False
        self.types = Segments(theme, [Choice(one.name, one.name) for one in model.types])
        self.types.name(self.tr("Type"), "")
        self.types.set_value(model.recommended_type.name)
        self.types.changed.connect(lambda _value: self._show_type())
        self.note = text_label("", "muted")
        self.fit = Mark(theme)
        self.sizes = text_label("", "caption")
        self.room = text_label("", "warning")
        self.choose_folder = push_button(
            self.tr("Choose another folder"), self.tr("Choose another folder"), self.folder_requested.emit
        )
        self._room_banner = _banner(self.room, self.choose_folder)
        self.licence = push_button("", "", lambda: self.link_requested.emit(self._model.licence_url), "link")
        self.licence_note = text_label("")
        self._licence_banner = _banner(self.licence_note)
        self.access = AccessForm(theme, model.page_url) if model.is_gated else None
        self.get = push_button("", "", lambda: self.get_requested.emit(self.type_name), "primary")
        Icons(theme, self).put(self.licence, "external-link", "link")
        self._lay_out()

    @property
    def type_name(self) -> str:
        """The chosen type."""
        return self.types.value()

    def show_model(self, model: AvailableModel, survey: Survey) -> None:
        """Show what is known of it now."""
        self._model = model
        self._survey = survey
        self.licence.setText(" " + self.tr("Licence: {0}").format(model.licence))
        self.licence.setAccessibleName(self.tr("Read the licence: {0}").format(model.licence))
        self.licence_note.setText(model.licence_note)
        self._licence_banner.setVisible(bool(model.licence_note))
        if self.access:
            self.access.show_token(is_kept=survey.has_token)
        self._show_type()

    def show_busy(self, is_busy: bool) -> None:
        """Whether it is being got already."""
        self._is_busy = is_busy
        self.types.setEnabled(not is_busy)
        self._show_get()

    def go_on(self) -> None:
        """Put the focus where the person goes on: at the token, if one is needed, or at the button."""
        wants_token = self.access is not None and not self._survey.has_token
        (self.access.field if wants_token and self.access else self.get).setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 4, 4)
        column.setSpacing(10)
        column.addWidget(line_of(self.types))
        column.addWidget(self.note)
        column.addWidget(line_of(self.fit))
        column.addWidget(self.sizes)
        column.addWidget(self._room_banner)
        column.addWidget(line_of(self.licence))
        column.addWidget(self._licence_banner)
        if self.access:
            column.addWidget(self.access)
            self.access.link_requested.connect(self.link_requested)
            self.access.token_entered.connect(self.token_entered)
        column.addWidget(line_of(self.get))

    def _show_type(self) -> None:
        chosen = self._chosen
        words = self.tr("Recommended: {0}.") if chosen.is_recommended else "{0}."
        self.note.setText(first_large(words.format(chosen.note)))
        if chosen.fit is not None:
            machine = f" ({self._survey.machine})" if self._survey.machine else ""
            self.fit.show_text(fit_text(chosen.fit) + machine, FIT_TONES[chosen.fit])
        self.fit.setToolTip(chosen.placement)
        self.fit.setVisible(chosen.fit is not None)
        words = self.tr("{0} to download, {1} on the disk")
        if chosen.peak_bytes > chosen.kept_bytes:
            words = self.tr("{0} to download, {1} on the disk afterwards and at most {2} meanwhile")
        sizes = (chosen.download_bytes, chosen.kept_bytes, chosen.peak_bytes)
        self.sizes.setText(words.format(*(size_text(n_bytes) for n_bytes in sizes)))
        lacks_room = 0 < self._survey.free_bytes < chosen.peak_bytes
        self.room.setText(
            self.tr("That is too much for the disk, where {0} are free.").format(size_text(self._survey.free_bytes))
        )
        self._room_banner.setVisible(lacks_room)
        self._show_get()

    def _show_get(self) -> None:
        wants_token = self.access is not None and not self._survey.has_token
        lacks_room = not self._room_banner.isHidden()
        is_installed = self.type_name in self._model.installed_types
        set_shown(self.get, not self._is_busy)
        self.get.setEnabled(not (wants_token or lacks_room or self._survey.is_offline or is_installed))
        words = self.tr("{0} is installed") if is_installed else self.tr("Get {0}")
        self.get.setText(words.format(self._model.name))
        self.get.setAccessibleName(self.get.text())

    @property
    def _chosen(self) -> ModelType:
        return next((one for one in self._model.types if one.name == self.type_name), self._model.recommended_type)


def _banner(*parts: QWidget) -> QFrame:
    """Something that a person should not miss."""
    frame = QFrame()
    frame.setProperty("kind", "banner-warning")
    row = QHBoxLayout(frame)
    row.setContentsMargins(14, 10, 10, 10)
    row.setSpacing(12)
    for number, part in enumerate(parts):
        row.addWidget(part, 0 if number else 1)
    return frame

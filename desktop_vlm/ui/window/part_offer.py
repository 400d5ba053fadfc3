"""A picture that is too large for the model: the part that holds what the question names, one click away."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.text_layer.cropping import Crop, crop_for
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.drafts import EMPTY
from desktop_vlm.ui.assistant.read_out import asks_for_text
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import PictureData, read_data
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.composer import Composer
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.model_view_panel import ModelViewPanel

_TYPING_PAUSE_MS = 300


@dataclass(frozen=True)
class Part:
    """A part of a picture that the model could read."""

    picture: VisiblePicture
    crop: Crop


class PartOffer(QObject):
    """Knows the part of the pictures that the question is about, where the model cannot read it in the whole picture.

    Signals:
        offered: a sentence, the words of a button, and what that does.
    """

    offered = Signal(str, str, object)

    def __init__(
        self, services: Services, draft: Draft, composer: Composer, model_view: ModelViewPanel, toast: Toast
    ) -> None:
        """Offers in a notice after a question was asked, and in the panel while one is written."""
        super().__init__(composer)
        self._assistant = services.assistant
        self._library = services.library
        self._draft = draft
        self._typed = composer.text.toPlainText
        self._model_view = model_view
        self._toast = toast
        self._part: Part | None = None
        self._offered_for = 0
        self._background = Background(self)
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        self._assistant.thread_changed.connect(self._look)
        self._assistant.texts.changed.connect(self._soon.start)
        self._assistant.pictures.changed.connect(self._soon.start)
        composer.text.textChanged.connect(self._soon.start)
        model_view.panel.part_asked.connect(self.add)
        self.offered.connect(toast.say)

    def add(self) -> None:
        """Put the part beside the pictures of the question being written, which is then about it alone."""
        if self._part:
            self._make(self._part, self._add_to_draft)

    # What is found

    def _look(self) -> None:
        question = self._last_question()
        asked = question.text if question else ""
        self._part = self._find(self._typed() or asked)
        self._model_view.name_part(self._part.crop.words if self._part else "")
        if question is None or question.id == self._offered_for:
            return
        if self._assistant.messages[-1].state is not MessageState.STREAMING:
            return
        if asks_for_text(question.details.get("options") or {}):
            return
        if part := self._find(asked):
            self._offered_for = question.id
            words = self.tr("The picture is too large for this model. The part with “{0}” can be read.")
            self.offered.emit(
                words.format(part.crop.words), self.tr("Ask about it"), partial(self._ask_about, part, asked)
            )

    def _find(self, question: str) -> Part | None:
        view = self._assistant.pictures.view
        sizing = view.capabilities.sizing if view.capabilities else None
        lost = set(self._assistant.lost_pictures()) if question.strip() and sizing else set()
        parts = []
        for picture in view.sent:
            layer = self._assistant.texts.layers.layer(picture.sha256)
            if picture.sha256 in lost and layer is not None and sizing is not None:
                crop = crop_for(layer, question, sizing.scale)
                parts += [Part(picture, crop)] if crop else []
        return max(parts, key=lambda part: part.crop.score, default=None)

    def _last_question(self) -> Message | None:
        return next((one for one in reversed(self._assistant.messages) if one.role == "user"), None)

    # What is done about it

    def _ask_about(self, part: Part, question: str) -> None:
        self._make(part, lambda new: self._ask(new, question))

    def _ask(self, new: NewPicture, question: str) -> None:
        """Ask once more, with the part as the latest picture; the whole one stays in the conversation."""
        if self._assistant.send(question, [new], draft=EMPTY, first=True):
            self._assistant.stop_shown()

    def _add_to_draft(self, new: NewPicture) -> None:
        part = self._part
        self._draft.add(new)
        view = self._assistant.pictures.view
        if part and view.capabilities and view.capabilities.composes_images:  # beside it the part would be small again
            self._assistant.include(part.picture.sha256, False)

    def _make(self, part: Part, then: Callable[[NewPicture], None]) -> None:
        name = self.tr("Part of {0}").format(part.picture.name)
        data = self._library.data(part.picture.sha256)
        self._background.run(partial(_cut_out, data, part.crop, name), then, self._toast.say)


def _cut_out(data: PictureData, crop: Crop, name: str) -> NewPicture:
    """The part as a picture of its own; slow, for a thread. Raises UserError."""
    image = open_image(read_data(data), name=name).crop(crop.box)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return NewPicture(buffer.getvalue(), name, *image.size)

"""The text of pictures, as far as questions and answers need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history.details import READ_IMAGES, is_read_out
from desktop_vlm.history.records import Message
from desktop_vlm.images.legibility import is_lost, is_too_small, ordinary_font_px, smallest_font_px
from desktop_vlm.images.text_layer.quoting import Excerpt, budget_of, quoted_answer
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant.quoted_text import QuotedText, scales, scales_of
from desktop_vlm.ui.assistant.text_wait import TextWait
from desktop_vlm.ui.assistant.visible_pictures import ModelView, pictures_of
from desktop_vlm.ui.pictures.composer import Prepared
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import TextLayers

_MOST_REPEATABLE_LINES = 400
_SOON_MS = 30
_SHOWN_TO_THE_PERSON = "[The person was shown the text of the image, read by a program.]"


class Texts(QObject):
    """What is read in pictures, and what of it goes along with questions.

    Attributes:
        layers: of all pictures.
        wait: for those that a question needs.
        quoted: what goes along with questions.

    Signals:
        changed: other text goes along.
    """

    changed = Signal()

    def __init__(
        self, layers: TextLayers, library: PictureLibrary, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.layers = layers
        self.wait = TextWait(layers, library, self)
        self.quoted = QuotedText(layers, settings)
        # A conversation that is opened brings the text of many pictures at once.
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.changed)
        layers.changed.connect(lambda _sha256: self._soon.isActive() or self._soon.start())

    def keep_back(self, sha256: str, kept_back: bool) -> None:
        """Switch whether a picture's text goes along with questions of the open conversation."""
        self.quoted.kept_back.discard(sha256)
        if kept_back:
            self.quoted.kept_back.add(sha256)
        self.changed.emit()

    def font_px(self, sha256: str) -> float | None:
        """Size of the smallest text of a picture, px; 0 where there is none, None while that is not known."""
        layer = self.layers.layer(sha256)
        return None if layer is None else smallest_font_px(layer)

    def lost_in(self, view: ModelView, along: Mapping[str, Excerpt]) -> list[str]:
        """SHA-256s of the pictures that have text which the model cannot read, nor gets in writing."""
        return self._lost(view, along, smallest_font_px)

    def unreadable_in(self, view: ModelView, along: Mapping[str, Excerpt]) -> list[str]:
        """The same where the model cannot read most of the text."""
        return self._lost(view, along, ordinary_font_px)

    def _lost(self, view: ModelView, along: Mapping[str, Excerpt], font_px: Callable[[TextLayer], float]) -> list[str]:
        if view.prepared is None:
            return []
        in_writing = {sha256 for sha256, one in along.items() if one.lines} - self.quoted.kept_back
        lost = []
        for sha256, scale in scales_of(view.sent, view.prepared).items():
            layer = self.layers.layer(sha256)
            is_so = is_too_small(scale) if layer is None else is_lost(font_px(layer), scale)
            lost += [sha256] if is_so and sha256 not in in_writing else []
        return lost

    def repeatable(self, thread: Sequence[Message]) -> tuple[str, ...]:
        """What stands in the pictures of a thread that are switched on, as far as it was read: an answer may repeat it.

        The latest comes last, and what is too much is left out from the start.
        """
        layers = (self.layers.layer(picture.sha256) for picture in pictures_of(thread).values() if picture.included)
        lines = [line.text for layer in layers if layer for line in layer.lines]
        return tuple(lines[-_MOST_REPEATABLE_LINES:])

    def for_prompt(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[int, str]:
        """By a message's id: the text that goes along with a question, or what the model gets of an answer that was
        read out.

        Whatever stood in a picture stays data, wherever in a conversation it stands; it is there once, where the model
        sees the picture or gets its text anyway.
        """
        made = self.quoted.quotations(thread, prepared, model)
        seen = set(scales(thread, prepared, model))
        for message in thread:
            if is_read_out(message):
                is_seen = seen.issuperset(message.details.get(READ_IMAGES, ()))
                is_needed = model.capabilities.uses_quoted_text and not is_seen
                text = quoted_answer(message.text, budget_of(model.n_ctx)) if is_needed else ""
                made[message.id] = text or _SHOWN_TO_THE_PERSON
        return made

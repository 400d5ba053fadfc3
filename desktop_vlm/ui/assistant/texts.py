"""The text of pictures, as far as questions and answers need it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message
from desktop_vlm.images.text_layer.quoting import budget_of, quoted_answer
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant.quoted_text import QuotedText
from desktop_vlm.ui.assistant.text_wait import TextWait
from desktop_vlm.ui.pictures.composer import Prepared
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import TextLayers

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
        layers.changed.connect(lambda _sha256: self.changed.emit())

    def keep_back(self, sha256: str, kept_back: bool) -> None:
        """Switch whether a picture's text goes along with questions of the open conversation."""
        self.quoted.kept_back.discard(sha256)
        if kept_back:
            self.quoted.kept_back.add(sha256)
        self.changed.emit()

    def for_prompt(self, thread: Sequence[Message], prepared: Prepared, model: LoadedModel) -> dict[int, str]:
        """By a message's id: the text that goes along with a question, or what the model gets of an answer that was
        read out.

        Whatever stood in a picture stays data, wherever in a conversation it stands.
        """
        made = self.quoted.quotations(thread, prepared, model)
        is_used = model.capabilities.uses_quoted_text
        for message in thread:
            if is_read_out(message):
                text = quoted_answer(message.text, budget_of(model.n_ctx)) if is_used else ""
                made[message.id] = text or _SHOWN_TO_THE_PERSON
        return made

"""Under an answer about a picture whose text is too small for the model: the way to crop it, one click away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.legibility import says_too_small
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.widgets.crop_button import crop_words

_TOGETHER_MS = 30
"""A conversation that is opened brings many changes at once."""


class CropOffer(QObject):
    """Keeps a button under the last answer as long as the picture that it is about could be read better when cropped.

    Attributes:
        picture: the one that is offered to be cropped; None where there is none.
    """

    def __init__(self, pane: ConversationPane, services: Services, crop: Callable[[str, bool], None]) -> None:
        """`crop`: has a picture cropped, by its SHA-256: to the places that are marked in it, or in the editor."""
        super().__init__(pane)
        self._pane = pane
        self._assistant = services.assistant
        self._crop = crop
        self.picture: VisiblePicture | None = None
        self._soon = QTimer(self, singleShot=True, interval=_TOGETHER_MS)
        self._soon.timeout.connect(self._show)
        for signal in (
            pane.answer_settled,
            self._assistant.thread_changed,
            self._assistant.pictures.changed,
            self._assistant.texts.changed,
        ):
            signal.connect(self._wait)
        pane.crop_asked.connect(self._take)

    def _wait(self, _what: object = None) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        answer = self._last_answer()
        self.picture = self._unreadable(answer) if answer else None
        for widget in self._pane.widgets():
            if isinstance(widget, AnswerWidget):
                is_last = answer is not None and widget.message.id == answer.id
                widget.offer_crop(self._words() if is_last else "")

    def _last_answer(self) -> Message | None:
        """The answer that a better picture would change; None where there is none."""
        last = self._assistant.messages[-1] if self._assistant.messages else None
        ended = {MessageState.COMPLETE, MessageState.STOPPED, MessageState.CUT}
        is_models = last is not None and last.role == "assistant" and not is_read_out(last)
        return last if last is not None and is_models and last.state in ended else None

    def _unreadable(self, answer: Message) -> VisiblePicture | None:
        """One that is marked before one that is not, then the latest; none while pictures are being added."""
        view = self._assistant.pictures.view
        if any(one.message_id is None for one in view.pictures):
            return None
        unreadable = set(self._assistant.unreadable_pictures())
        if not unreadable and says_too_small(answer.text):  # of what is smaller than most text there, or was not read
            unreadable = set(self._assistant.lost_pictures()) or {one.sha256 for one in view.sent}
        found = [one for one in view.sent if one.sha256 in unreadable]
        return max(found, key=lambda one: (bool(one.pointers), one.number), default=None)

    def _words(self) -> str:
        return "" if self.picture is None else crop_words(is_marked=bool(self.picture.pointers))

    def _take(self) -> None:
        if self.picture is not None:
            self._crop(self.picture.sha256, bool(self.picture.pointers))

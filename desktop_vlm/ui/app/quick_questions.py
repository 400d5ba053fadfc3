"""Questions that are asked in the quick window: to the assistant and back."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.legibility import says_too_small
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.placeholders import Placeholder
from desktop_vlm.ui.app.quick_picture import QuickPicture
from desktop_vlm.ui.app.quick_redaction import QuickRedaction
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.assistant import sight
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.drafts import EMPTY, DraftState
from desktop_vlm.ui.conversation.captions import cut_json_notice, progress_caption, queue_caption
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_actions.sentences import why_not
from desktop_vlm.ui.quick_window import QuickWindow


class QuickQuestions(QObject):
    """Has the quick window's questions answered, each picture in a conversation of its own.

    The main window goes on with what is open there, unless nothing was begun in it: then it shows that conversation.
    """

    def __init__(self, services: Services, access: WindowAccess, quick: QuickWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._assistant = assistant = services.assistant
        self._access = access
        self._quick = quick
        self._picture: NewPicture | None = None
        self._sent: NewPicture | None = None
        self._ref: ConversationRef | None = None
        self._answer: int | None = None
        self._about: NewPicture | None = None
        self._asked_text = ""
        self._is_waiting = self._expands = False
        self.redaction = QuickRedaction(services, quick, self._replace, self)
        self.picture = QuickPicture(services, quick, self._replace, quick.hiding_requested.emit, self)
        quick.asked.connect(self.ask)
        quick.hurried.connect(assistant.go_on)
        quick.stop_requested.connect(self._stop)
        quick.expand_requested.connect(self._expand)
        quick.close_requested.connect(self._close_json)
        quick.crop_requested.connect(self._crop)
        quick.hidden.connect(self._leave_picture)
        quick.chips.edit_requested.connect(self._edit_actions)
        quick.chips.value_chosen.connect(self._choose_value)
        assistant.asked.connect(self._asked)
        assistant.answering_changed.connect(self._show_queue)
        assistant.text_grew.connect(self._text_grew)
        assistant.progressed.connect(self._progressed)
        assistant.message_changed.connect(self._message_changed)

    def open_with(self, picture: NewPicture, text: str = "") -> None:
        """Show the quick window with a picture to ask about, and the beginning of a question."""
        self._leave_picture()
        self._picture, self._sent, self._about, self._ref, self._answer = picture, None, None, None, None
        self._is_waiting = self._expands = False
        self._services.text_layers.read_ahead(picture.sha256, picture.data)
        self._quick.set_actions(self._services.offered_actions)
        self._quick.open_with(picture, QImage.fromData(picture.data), text)
        self._follow(picture)

    def _follow(self, picture: NewPicture | None) -> None:
        self.redaction.follow(picture)
        self.picture.follow(picture)

    def _replace(self, picture: NewPicture) -> None:
        """Ask about this one instead: something is hidden, drawn or pointed at in it."""
        self._picture = picture
        self._quick.prompt.show_picture(picture)
        self._follow(picture)

    def ask(self, text: str, action: QuickAction | None) -> None:
        """Ask about the picture, or go on with its conversation; where another question is answered, it waits."""
        assistant = self._assistant
        question = action.question(text) if action else text.strip()
        pictures = [self._picture] if self._picture else []
        total = len(pictures) + (self._about is not None)
        if action and (problem := why_not(action, included=total, total=total, has_something=bool(total))):
            self._quick.show_error(problem)
            return
        if self._ref is None:
            self._ref = assistant.drafts.ref if assistant.is_untouched else ConversationRef(is_begun=True)
        self._answer = None
        self._is_waiting = assistant.send(question, pictures, action, ref=self._ref, draft=EMPTY, failed=self._not_kept)
        if not self._is_waiting:
            self._quick.show_error(sight.blind_sentence())
            return
        self._sent, self._picture = self._picture, None
        self._about = self._sent or self._about
        self._asked_text = text
        self._follow(None)

    def _asked(self, ref: ConversationRef, answer: Message) -> None:
        if ref is self._ref and self._is_waiting and self._answer is None:
            self._answer = answer.id
            if self._expands:
                self._expands = False
                self._assistant.open(answer.conversation_id)

    def _not_kept(self) -> None:
        self._take_back(self.tr("The question could not be kept, so it was not asked."))

    def _show_queue(self, _is_busy: bool) -> None:
        position = self._assistant.queue.position(self._answer) if self._answer is not None else None
        if self._is_waiting and position is not None:
            self._quick.show_progress(queue_caption(position, is_held=self._assistant.queue.is_held))

    def _stop(self) -> None:
        """End the answer; a question that waits is taken back."""
        queue = self._assistant.queue
        if self._answer is None:
            return
        if queue.position(self._answer) is not None:
            sentence = self.tr("The question was taken back.")
            self._assistant.withdraw(self._answer, lambda _draft: self._take_back(sentence))
        elif queue.current is not None and queue.current.answer_id == self._answer:
            self._assistant.stop()

    def _take_back(self, sentence: str) -> None:
        self._is_waiting = False
        self._answer = None
        if self._sent is not None:  # it was the first question
            self._picture, self._sent, self._about, self._ref = self._sent, None, None, None
            self._follow(self._picture)
        self._quick.show_error(sentence)

    def _edit_actions(self, action: str) -> None:
        self._access.show()
        self._quick.hide()
        self._access.window.open_settings("actions", action)

    def _choose_value(self, placeholder: Placeholder, value: str) -> None:
        try:
            self._services.settings.update(placeholder.section, **{placeholder.setting: value})
        except UserError as error:
            self._quick.show_error(str(error))
        self._quick.set_actions(self._services.offered_actions)

    def _leave_picture(self) -> None:
        """A picture that nothing was asked about is not read."""
        if self._picture is not None:
            self._services.text_layers.leave(self._picture.sha256)

    def _expand(self) -> None:
        picture, self._picture = self._picture, None
        self._follow(None)
        text = self._quick.text
        assistant = self._assistant
        self._access.show()
        if picture is not None:
            assistant.new_conversation(is_fresh=True)
            self._access.window.draft.add(picture)
        ref = assistant.drafts.ref if picture is not None or self._ref is None else self._ref
        if text:
            assistant.drafts.give_back(ref, DraftState(text))
        if not ref.is_same(assistant.drafts.ref):
            self._expands = ref.id is None
            if ref.id is not None:
                assistant.open(ref.id)

    def _text_grew(self, message: Message) -> None:
        if message.id == self._answer:
            self._quick.show_answer(message.text, True, verbatim=is_read_out(message))

    def _progressed(self, message_id: int, progress: Progress) -> None:
        if self._is_waiting and message_id == self._answer:
            self._quick.show_progress(progress_caption(progress))

    def _message_changed(self, message: Message) -> None:
        if message.id != self._answer or message.state in {MessageState.STREAMING, MessageState.QUEUED}:
            return
        if self._is_waiting and self._quick.isVisible():
            self._assistant.mark_read(message.conversation_id)
        self._is_waiting = False
        if message.text:
            self._quick.show_answer(message.text, False, verbatim=is_read_out(message))
        if self._about is not None and says_too_small(message.text):
            self._quick.offer_crop(is_marked=bool(self._about.pointers))
        if message.error:
            self._quick.show_error(message.error)
        if notice := cut_json_notice(message):
            self._quick.show_cut(*notice)

    def _crop(self) -> None:
        """Ask about the cropped picture, in a conversation of its own; the question is there again."""
        text = self._asked_text
        if self._about is not None:
            self.picture.crop(self._about, lambda cropped: self.open_with(cropped, text))

    def _close_json(self) -> None:
        if self._answer is not None:
            self._assistant.close_json(self._answer)

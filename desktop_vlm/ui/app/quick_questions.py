"""Questions that are asked in the quick window: to the assistant and back."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.placeholders import Placeholder
from desktop_vlm.ui.app.quick_redaction import QuickRedaction
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.conversation.captions import cut_json_notice, progress_caption
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_actions.sentences import why_not
from desktop_vlm.ui.quick_window import QuickWindow


class QuickQuestions(QObject):
    """Has the quick window's questions answered, each picture in a conversation of its own."""

    def __init__(self, services: Services, access: WindowAccess, quick: QuickWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._access = access
        self._quick = quick
        self._picture: NewPicture | None = None
        self._conversation: int | None = None
        self._is_waiting = False
        self._answer: int | None = None
        self.redaction = QuickRedaction(services, quick, self._replace, self)
        assistant = services.assistant
        quick.asked.connect(self.ask)
        quick.hurried.connect(assistant.go_on)
        quick.stop_requested.connect(assistant.stop)
        quick.expand_requested.connect(self._expand)
        quick.close_requested.connect(self._close_json)
        quick.hidden.connect(self._leave_picture)
        quick.chips.edit_requested.connect(self._edit_actions)
        quick.chips.value_chosen.connect(self._choose_value)
        assistant.opened.connect(self._opened)
        assistant.text_grew.connect(self._text_grew)
        assistant.progressed.connect(self._progressed)
        assistant.message_changed.connect(self._message_changed)

    def open_with(self, picture: NewPicture) -> None:
        """Show the quick window with a picture to ask about."""
        self._leave_picture()
        self._picture, self._conversation, self._answer = picture, None, None
        self._services.text_layers.read_ahead(picture.sha256, picture.data)
        self._quick.set_actions(self._services.offered_actions)
        self._quick.open_with(picture, QImage.fromData(picture.data))
        self.redaction.follow(picture)

    def _replace(self, picture: NewPicture) -> None:
        """Private text is hidden in this one; the other is gone."""
        self._picture = picture
        self._quick.prompt.show_picture(picture)
        self.redaction.follow(picture)

    def ask(self, text: str, action: QuickAction | None) -> None:
        """Ask about the picture, or go on with its conversation."""
        assistant = self._services.assistant
        if assistant.busy:
            self._quick.show_error(self.tr("The model is still answering another question."))
            return
        question = action.question(text) if action else text.strip()
        if self._conversation is None:
            assistant.new_conversation()
        elif assistant.conversation_id != self._conversation:
            self._quick.show_error(self.tr("Another conversation is open now; go on in the window."))
            return
        pictures = [self._picture] if self._picture else []
        view = assistant.pictures.view
        seen = len(pictures) + (0 if self._conversation is None else len(view.included))
        total = len(pictures) + (0 if self._conversation is None else len(view.pictures))
        if action and (problem := why_not(action, included=seen, total=total, has_something=bool(total))):
            self._quick.show_error(problem)
            return
        assistant.set_new_pictures(pictures)
        self._is_waiting = assistant.send(question, pictures, action)
        self._picture = None
        self.redaction.follow(None)

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

    def _opened(self, conversation_id: int | None) -> None:
        if self._is_waiting and conversation_id is not None:
            self._conversation = conversation_id

    def _expand(self) -> None:
        picture, self._picture = self._picture, None
        self.redaction.follow(None)
        text = self._quick.text
        self._access.show()
        window = self._access.window
        if picture is not None:
            self._services.assistant.new_conversation()
            window.draft.add(picture)
        if text:
            window.composer.text.setPlainText(text)

    def _is_ours(self, message: Message) -> bool:
        is_answer = message.role == "assistant"
        return self._is_waiting and is_answer and message.conversation_id == self._conversation

    def _text_grew(self, message: Message) -> None:
        if self._is_ours(message):
            self._quick.show_answer(message.text, True, verbatim=is_read_out(message))

    def _progressed(self, _message_id: int, progress: Progress) -> None:
        if self._is_waiting:
            self._quick.show_progress(progress_caption(progress))

    def _message_changed(self, message: Message) -> None:
        if self._is_ours(message) and message.state is not MessageState.STREAMING:
            self._is_waiting = False
            self._answer = message.id
        if self._is_waiting or message.id != self._answer:
            return
        if message.text:
            self._quick.show_answer(message.text, False, verbatim=is_read_out(message))
        if message.error:
            self._quick.show_error(message.error)
        if notice := cut_json_notice(message):
            self._quick.show_cut(*notice)

    def _close_json(self) -> None:
        if self._answer is not None:
            self._services.assistant.close_json(self._answer)

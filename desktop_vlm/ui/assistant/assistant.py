"""The one object that turns what a person does into history, engine requests and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary, Message, MessageState
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.history.store import History
from desktop_vlm.images.text_layer.quoting import Excerpt
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant import sight
from desktop_vlm.ui.assistant.answering import Answering
from desktop_vlm.ui.assistant.cut_json import as_it_was, can_close, closed, is_closed
from desktop_vlm.ui.assistant.prompt import UNSENT, title_of
from desktop_vlm.ui.assistant.read_out import READS, asks_for_text
from desktop_vlm.ui.assistant.texts import Texts
from desktop_vlm.ui.assistant.visible_pictures import VisiblePictures
from desktop_vlm.ui.engine.protocol import Engine
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.keeping import keep_picture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import TextLayers


class Assistant(QObject):
    """Conversations, questions and answers.

    Every question is in the history before the engine hears of it, and every piece of an answer soon after it
    arrives. All methods return at once; what they lead to is reported by signals.

    Attributes:
        conversation_id: the open conversation; None for a fresh one, which is kept from its first question on.
        messages: its active branch.
        pictures: which pictures the model sees.
        texts: what is read in pictures, and what of it goes along with questions.

    Signals:
        conversations_changed: the list of conversations is another; ask for it with `list_conversations`.
        opened: another conversation was opened; carries its id or None.
        thread_changed: messages came, went, or became other versions.
        message_changed: one message's state or pictures changed; carries it.
        text_grew: an answer's text grew; carries the message.
        progressed: what the engine does for an answer; carries the message's id and Progress.
        answering_changed: whether an answer is being made.
        answered: an answer is complete; carries the message.
        noticed: something the person should know; a sentence.
    """

    conversations_changed = Signal()
    opened = Signal(object)
    thread_changed = Signal()
    message_changed = Signal(object)
    text_grew = Signal(object)
    progressed = Signal(int, object)
    answering_changed = Signal(bool)
    answered = Signal(object)
    noticed = Signal(str)

    def __init__(
        self,
        history: HistoryThread,
        library: PictureLibrary,
        engine: Engine,
        settings: SettingsStore,
        text_layers: TextLayers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._engine = engine
        self._settings = settings
        self._asking = False
        self.conversation_id: int | None = None
        self.messages: list[Message] = []
        self.pictures = VisiblePictures(library, self)
        self.texts = Texts(text_layers, library, settings, self)
        self._answering = Answering(history, engine, self.pictures, self.texts, self)
        self._answering.question_changed.connect(self._question_changed)
        self._answering.text_grew.connect(self._answer_grew)
        self._answering.progressed.connect(self.progressed)
        self._answering.ended.connect(self._answer_ended)
        self._answering.kept.connect(self.conversations_changed)
        self._answering.noticed.connect(self.noticed)

    # Conversations

    @property
    def busy(self) -> bool:
        """Whether an answer is being made, or about to be."""
        return self._asking or self._answering.message is not None

    def new_conversation(self) -> None:
        """Begin a conversation; it is kept from its first question on."""
        self.conversation_id = None
        self.texts.quoted.open([])
        self._show_thread([])
        self.opened.emit(None)

    def open(self, conversation_id: int, at: int | None = None) -> None:
        """Show a kept conversation; where a message is given, the branch that it is in."""

        def then(thread: list[Message]) -> None:
            self.conversation_id = conversation_id
            self.texts.quoted.open(thread)
            self._show_thread(thread)
            self.opened.emit(conversation_id)

        answer = self._answering.message
        branch = None if answer and answer.conversation_id == conversation_id else at  # an answer keeps its own
        self._history.call(partial(_thread, conversation_id, branch), then)

    def list_conversations(
        self, search: str, then: Callable[[list[ConversationSummary]], None], *, limit: int = 500
    ) -> None:
        """The latest `limit` conversations outside the archive that contain `search`, given to `then`."""
        self._history.call(lambda history: history.conversations(search, limit, Scope.LISTED), then)

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        self._change_list(lambda history: history.rename(conversation_id, title))

    def set_pinned(self, conversation_id: int, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer."""
        self._change_list(lambda history: history.set_pinned(conversation_id, pinned))

    def delete(self, *conversation_ids: int) -> None:
        """Take conversations out of the list; `restore` brings them back until the program ends."""
        answer = self._answering.message
        if answer and answer.conversation_id in conversation_ids:
            self.stop()
        self._change_list(lambda history: history.delete(*conversation_ids))
        if self.conversation_id in conversation_ids:
            self.new_conversation()

    def restore(self, *conversation_ids: int) -> None:
        """Undo `delete`; one that comes back alone is opened."""
        self._change_list(lambda history: history.restore(*conversation_ids))
        if len(conversation_ids) == 1:
            self.open(*conversation_ids)

    def delete_everything(self) -> None:
        """Delete every conversation and picture, for good."""
        self.stop()
        self.new_conversation()
        self._change_list(lambda history: history.delete_everything())

    def replace_picture(
        self,
        sha256: str,
        new: NewFile,
        then: Callable[[list[Path]], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Put another picture in the place of a kept one, which is gone then; `then` gets what `History` returns."""
        open_id = self.conversation_id

        def work(history: History) -> tuple[list[Path], list[Message]]:
            beside = history.replace_picture(sha256, new)
            return beside, history.thread(open_id) if open_id is not None else []

        def replaced(result: tuple[list[Path], list[Message]]) -> None:
            beside, thread = result
            self.pictures.forget(sha256)
            self.texts.quoted.picture_replaced(sha256, new.sha256)
            self._engine.forget_images()
            if open_id == self.conversation_id:
                self._show_thread(thread)
                for message in thread:
                    self.message_changed.emit(message)
            self.conversations_changed.emit()
            then(beside)

        self._history.call(work, replaced, failed)

    # Questions

    def send(self, text: str, new: Sequence[NewPicture], action: QuickAction | None = None) -> bool:
        """Ask; False when that is not possible now, which is reported if it is not an answer under way."""
        if self.busy or not (text.strip() or new):
            return False
        options = self._options(action, text)
        excluded = {p.sha256 for p in self.pictures.view.pictures if p.message_id is None and not p.included}
        needs_sight = any(picture.sha256 not in excluded for picture in new) and not asks_for_text(options)
        if needs_sight and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())
            return False
        parent = self.messages[-1].id if self.messages else None
        conversation_id = self.conversation_id
        title = title_of(text, [picture.name for picture in new], action.name if action else "")
        action_name = action.name if action else ""

        def work(history: History) -> tuple[int, list[Message]]:
            kept = conversation_id if conversation_id is not None else history.create_conversation(title)
            sha256s = [keep_picture(history, picture) for picture in new]
            question = history.add_message(
                kept, parent, "user", text, pictures=sha256s, action=action_name, details={"options": options}
            )
            for sha256 in excluded & set(sha256s):
                history.set_included(question.id, sha256, False)
            return kept, self._add_answer(history, question)

        self._ask(work, options)
        return True

    def regenerate(self, message_id: int) -> None:
        """Have the model make another version of an answer; the old one stays."""
        answer = self._message(message_id)
        if self.busy or answer is None or answer.parent_id is None:
            return
        question = self._message(answer.parent_id)
        if question is None:
            return
        if any(picture.included for picture in question.pictures) and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())
            return
        options = {**(question.details.get("options") or self._options(None)), READS: ""}

        def work(history: History) -> tuple[int, list[Message]]:
            return question.conversation_id, self._add_answer(history, question)

        self._ask(work, options)

    def edit(self, message_id: int, text: str) -> None:
        """Ask a changed question with the same pictures, as another version of it."""
        old = self._message(message_id)
        if self.busy or old is None or not (text.strip() or old.pictures):
            return
        options = old.details.get("options") or self._options(None)
        if text != old.text:
            options = {**options, READS: ""}  # what a person adds only a model understands

        def work(history: History) -> tuple[int, list[Message]]:
            question = history.add_message(
                old.conversation_id,
                old.parent_id,
                "user",
                text,
                pictures=[picture.sha256 for picture in old.pictures],
                action=old.action,
                details={"options": options},
            )
            for picture in old.pictures:
                if not picture.included:
                    history.set_included(question.id, picture.sha256, False)
            return old.conversation_id, self._add_answer(history, question)

        self._ask(work, options)

    def close_json(self, message_id: int) -> None:
        """Show an answer that was to be JSON and was cut off in its last complete form; once more: as it was."""
        old = self._message(message_id)
        if old is None or not (is_closed(old) or can_close(old)):
            return
        new = as_it_was(old) if is_closed(old) else closed(old)

        def work(history: History) -> Message:
            return history.finish_message(new.id, new.state, error=new.error, details=new.details, text=new.text)

        self._history.call(work)
        self._replace(new)
        self.message_changed.emit(new)

    def switch_to(self, message_id: int) -> None:
        """Show the branch that goes through another version of a message."""
        if not self.busy:
            self._history.call(lambda history: history.switch_to(message_id), self._show_thread)

    def go_on(self) -> bool:
        """Ask without the text of pictures that are still being read; whether a question waited for it."""
        return self.texts.wait.end()

    def stop(self) -> None:
        """End the answer that is being made; what there is of it stays."""
        self._answering.stop()

    def stop_shown(self) -> bool:
        """End the answer that is being made if it is in the open conversation; whether it was."""
        answer = self._answering.message
        is_shown = answer is not None and any(message.id == answer.id for message in self.messages)
        if is_shown:
            self.stop()
        return is_shown

    def include(self, sha256: str, included: bool) -> None:
        """Show a picture to the model, or no longer."""
        picture = next((p for p in self.pictures.view.pictures if p.sha256 == sha256), None)
        if picture is None:
            return
        if picture.message_id is None:
            self.pictures.include_new(sha256, included)
            return
        holders = [m for m in self.messages if any(held.sha256 == sha256 for held in m.pictures)]
        for message in holders:
            self._history.call(partial(_set_included, message.id, sha256, included))
            pictures = tuple(replace(h, included=included) if h.sha256 == sha256 else h for h in message.pictures)
            self._replace(replace(message, pictures=pictures))
        self.pictures.set_thread(self.messages)

    def set_new_pictures(self, new: Sequence[NewPicture]) -> None:
        """The pictures of the question being written; earlier ones give way where text would get too small."""
        known = {p.sha256 for p in self.pictures.view.pictures if p.message_id is None}
        coming = [picture for picture in new if picture.sha256 not in known]
        leaving = self.pictures.to_leave_out(coming) if coming else []
        self.pictures.set_new(new)
        for picture in leaving:
            self.include(picture.sha256, False)
        if coming and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())
        elif leaving:
            self.noticed.emit(sight.left_out_sentence(self.pictures.view.capabilities, len(leaving)))

    def text_along(self) -> dict[str, Excerpt]:
        """SHA-256 of a picture -> the small text that goes along with a question that is asked now (`QuotedText`)."""
        return self.texts.quoted.along(self.messages, self.pictures.view, self._engine.model)

    def lost_pictures(self) -> list[str]:
        """SHA-256s of pictures of which text reaches the model neither readable nor in writing."""
        return self.texts.lost_in(self.pictures.view, self.text_along())

    # An answer, step by step

    def _ask(self, work: Callable[[History], tuple[int, list[Message]]], options: Mapping[str, Any]) -> None:
        """Keep the question, then have it answered."""
        self._asking = True
        self.answering_changed.emit(True)

        def then(result: tuple[int, list[Message]]) -> None:
            self._asking = False
            conversation_id, thread = result
            is_new = self.conversation_id != conversation_id
            self.conversation_id = conversation_id
            self.pictures.question_kept(thread)
            self._show_thread(thread)
            if is_new:
                self.opened.emit(conversation_id)
            self.conversations_changed.emit()
            self._answering.start(thread, options)

        def failed(_: str) -> None:
            self._asking = False
            self.answering_changed.emit(False)

        self._history.call(work, then, failed)

    @staticmethod
    def _add_answer(history: History, question: Message) -> list[Message]:
        history.add_message(question.conversation_id, question.id, "assistant", "", state=MessageState.STREAMING)
        return history.thread(question.conversation_id)

    def _question_changed(self, message: Message) -> None:
        self._replace(message)
        self.message_changed.emit(message)

    def _answer_grew(self, message: Message) -> None:
        self._replace(message)
        self.text_grew.emit(message)

    def _answer_ended(self, message: Message) -> None:
        self._replace(message)
        self.message_changed.emit(message)
        self.answering_changed.emit(False)
        if message.state is not MessageState.FAILED:
            self.answered.emit(message)

    def _options(self, action: QuickAction | None, text: str = "") -> dict[str, Any]:
        """What the question is asked with; kept with it, so that other versions are asked the same way."""
        settings = self._settings.current
        return {
            "sampling": {**settings.sampling_options, **(action.sampling if action else {})},
            "json_schema": action.json_schema if action else None,
            "grammar": action.grammar if action else None,
            READS: "text" if action and action.reads_text(text.removeprefix(action.prompt)) else "",
            UNSENT: action.prompt if action and not action.sends_prompt else "",
            "max_tokens": settings.answers.max_tokens,
            "drop_oldest": settings.answers.drop_oldest,
            "system_prompt": settings.system_prompt,
        }

    # The open conversation

    def _message(self, message_id: int) -> Message | None:
        return next((message for message in self.messages if message.id == message_id), None)

    def _replace(self, message: Message) -> None:
        for number, old in enumerate(self.messages):
            if old.id == message.id:
                self.messages[number] = message

    def _show_thread(self, thread: list[Message]) -> None:
        self.messages = thread
        if self._answering.message:  # its latest text may not be in the history yet
            self._replace(self._answering.message)
        self.pictures.set_thread(self.messages)
        self.thread_changed.emit()

    def _change_list(self, work: Callable[[History], object]) -> None:
        self._history.call(work, lambda _: self.conversations_changed.emit())


def _thread(conversation_id: int, branch: int | None, history: History) -> list[Message]:
    thread = history.thread(conversation_id)
    if branch is None or any(message.id == branch for message in thread):
        return thread
    return history.switch_to(branch)


def _set_included(message_id: int, sha256: str, included: bool, history: History) -> None:
    history.set_included(message_id, sha256, included)

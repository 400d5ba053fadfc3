"""The one object that turns what a person does into history, engine requests and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.history.records import ConversationSummary, Message, MessageState
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.history.store import History
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.action import Sampling
from desktop_vlm.settings import Settings, SettingsStore
from desktop_vlm.ui.assistant import sight
from desktop_vlm.ui.assistant.answering import Answering
from desktop_vlm.ui.assistant.asking import Asking
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.cut_json import as_it_was, can_close, closed, is_closed
from desktop_vlm.ui.assistant.drafts import EMPTY, AskedWith, DraftState
from desktop_vlm.ui.assistant.keeping import (
    Kept,
    NewQuestion,
    TakenBack,
    keep_answer,
    keep_question,
    keep_version,
    take_back,
)
from desktop_vlm.ui.assistant.open_conversation import OpenConversation
from desktop_vlm.ui.assistant.prompt import UNSENT, title_of
from desktop_vlm.ui.assistant.queue import QuestionQueue
from desktop_vlm.ui.assistant.read_out import READS, asks_for_text
from desktop_vlm.ui.engine.protocol import Engine
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import TextLayers


class Assistant(OpenConversation):
    """Conversations, questions and answers.

    Every question is in the history before the engine hears of it, and every piece of an answer soon after it
    arrives. All methods return at once; what they lead to is reported by signals.

    Signals:
        text_grew: an answer's text grew; carries the message.
        progressed: what the engine does for an answer; carries the message's id and Progress.
        answering_changed: what is answered, or what waits, may be another; carries whether an answer is being made.
        asked: a question is kept, wherever; carries its ConversationRef and the empty answer.
        version_withdrawn: a changed question was taken back; carries the id of the version that is shown now, and the
            text.
        answered: an answer is complete; carries the message.
    """

    text_grew = Signal(object)
    progressed = Signal(int, object)
    answering_changed = Signal(bool)
    asked = Signal(object, object)
    version_withdrawn = Signal(int, str)
    answered = Signal(object)

    def __init__(
        self,
        history: HistoryThread,
        library: PictureLibrary,
        engine: Engine,
        settings: SettingsStore,
        text_layers: TextLayers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(history, library, engine, settings, text_layers, parent)
        self._settings = settings
        self._answering = Answering(history, engine, self.pictures, self.texts, self)
        self._answering.question_changed.connect(self._question_changed)
        self._answering.text_grew.connect(self._answer_grew)
        self._answering.progressed.connect(self.progressed)
        self._answering.ended.connect(self._answer_ended)
        self._answering.kept.connect(self.conversations_changed)
        self._answering.noticed.connect(self.noticed)
        self._asking = Asking(history, engine, self._answering, self)
        self._asking.kept.connect(self._question_kept)
        self._asking.began.connect(self._answer_began)
        self._asking.changed.connect(self._tell_work)

    # Conversations

    @property
    def busy(self) -> bool:
        """Whether an answer is being made, or about to be."""
        return self._asking.is_busy

    @property
    def is_answering_here(self) -> bool:
        """Whether that answer is one of the open conversation, on the branch that is shown."""
        current = self.queue.current
        return current is not None and self._message(current.answer_id) is not None

    @property
    def queue(self) -> QuestionQueue:
        """What is answered, and what waits for it."""
        return self._asking.queue

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
        self.queue.remove_conversations(*conversation_ids)
        if self.queue.current and self.queue.current.conversation_id in conversation_ids:
            self.stop()
        self._change_list(lambda history: history.delete(*conversation_ids))
        if self.conversation_id in conversation_ids:
            self.new_conversation()

    def restore(self, *conversation_ids: int) -> None:
        """Undo `delete`; one that comes back alone is opened."""
        self._change_list(lambda history: history.restore(*conversation_ids))
        if len(conversation_ids) == 1:
            self.open(*conversation_ids)

    def leave_everything(self) -> None:
        """End all that is under way, and open a fresh conversation: those that are here are to be gone."""
        self.queue.clear()
        self.stop()
        self.drafts.forget_all()
        self.new_conversation()

    def delete_everything(self) -> None:
        """Delete every conversation and picture, for good."""
        self.leave_everything()
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
            self.drafts.replaced(sha256, new)
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

    def send(
        self,
        text: str,
        new: Sequence[NewPicture],
        action: QuickAction | None = None,
        *,
        ref: ConversationRef | None = None,
        draft: DraftState | None = None,
        first: bool = False,
        failed: Callable[[], object] | None = None,
    ) -> bool:
        """Ask; False when that is not possible, which is reported.

        Args:
            text: of the question.
            new: its pictures; those that were in the draft of the conversation leave it.
            action: the quick action that asks.
            ref: the conversation; the open one if none is given.
            draft: where it is asked from; that of the open conversation if none is given.
            first: before all other questions that wait.
            failed: called where the question could not be kept.
        """
        if not (text.strip() or new):
            return False
        ref = ref or self.drafts.ref
        is_here = ref.is_same(self.drafts.ref)
        draft = draft or (self.drafts.state if is_here else EMPTY)
        options_for, name = partial(_options, self._settings.current, action, text), action.name if action else ""
        if action is None and draft.asked is not None:
            options_for, name = partial(_asked_again, draft.asked, text), draft.asked.action
        is_for_text = asks_for_text(options_for(NOTHING_OWN, True))  # in every conversation alike
        needs_sight = any(one.sha256 not in draft.excluded for one in new) and not is_for_text
        if needs_sight and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())
            return False
        if is_here:
            self._leave_out(self.pictures.to_leave_out(coming) if (coming := self._unknown(new)) else [])
            if problem := self._too_many([one.sha256 for one in new if one.sha256 not in draft.excluded]):
                self.noticed.emit(problem)
                return False
        question = NewQuestion(
            *(text, new, name, options_for, draft.excluded),
            text_off=frozenset(self.texts.quoted.kept_back) if is_here else frozenset(),
            title=title_of(text, [picture.name for picture in new], name),
            own=self.own if is_here else ref.own,
            folder_id=self.folder_id if ref is self.drafts.ref else ref.folder_id,
        )
        keep = partial(keep_question, ref=ref, new=question, ends_new_draft=not ref.is_begun)
        self._asking.ask(ref, lambda history, state: keep(history, state=state), failed, first=first)
        if is_here:
            self.drafts.pictures_sent(new)
        return True

    def _too_many(self, new: Sequence[str]) -> str:
        """Why a question with these pictures cannot be asked here: they do not fit into one with the others."""
        view = self.pictures.view
        if view.capabilities is None or not view.capabilities.composes_images:
            return ""  # the latest are sent, which the window says
        return sight.too_many_sentence(view.capabilities, len({one.sha256 for one in view.included} | set(new)))

    def regenerate(self, message_id: int) -> None:
        """Have the model make another version of an answer; the old one stays."""
        answer = self._message(message_id)
        question = self._message(answer.parent_id) if answer is not None and answer.parent_id is not None else None
        if question is None:
            return
        if any(picture.included for picture in question.pictures) and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())
            return
        options = {**self._options_of(question), READS: ""}
        self._asking.ask(self.drafts.ref, lambda history, state: keep_answer(history, question, options, state))

    def edit(self, message_id: int, text: str) -> None:
        """Ask a changed question with the same pictures, as another version of it; one that waits is just changed."""
        old = self._message(message_id)
        if old is None or not (text.strip() or old.pictures):
            return
        options = self._options_of(old)
        if text != old.text:
            options = {**options, READS: ""}  # what a person adds only a model understands
        queued = self._queued_answer(message_id)
        if queued is None:
            self._asking.ask(self.drafts.ref, lambda history, state: keep_version(history, old, text, options, state))
            return
        self._history.call(lambda history: history.waiting.change(queued.id, text, {"options": options}))
        changed = replace(old, text=text, details={**old.details, "options": options})
        self._question_changed(changed)

    def withdraw(self, answer_id: int, to: Callable[[DraftState], object] | None = None) -> None:
        """Take a question back that waits: text and pictures go into the draft of its conversation, or to `to`."""

        def taken_back(taken: TakenBack) -> None:
            if taken.conversation_id == self.conversation_id:
                self._show_thread(taken.thread)
            if taken.draft is not None and taken.version_of is not None:
                self.version_withdrawn.emit(taken.version_of, taken.draft.text)
            elif taken.draft is not None and to is not None:
                if not taken.thread:  # it was begun for this question alone
                    self.delete(taken.conversation_id)
                to(taken.draft)
            elif taken.draft is not None:
                self.drafts.give_back(ConversationRef.of(taken.conversation_id), taken.draft)
            self.conversations_changed.emit()

        if self._asking.may_change(answer_id):
            self.queue.remove(answer_id)
            self._history.call(partial(_take_back, answer_id), taken_back)

    def ask_waiting(self, answer_id: int) -> None:
        """Have a question answered that waited when the program ended."""
        answer = self._message(answer_id)
        if answer is not None:
            self._asking.ask_again(answer)

    def waits(self, question_id: int) -> bool:
        """Whether a question of the open conversation was not asked yet."""
        return self._queued_answer(question_id) is not None

    def _queued_answer(self, question_id: int) -> Message | None:
        answers = (one for one in self.messages if one.parent_id == question_id)
        queued = (one for one in answers if one.state is MessageState.QUEUED and self._asking.may_change(one.id))
        return next((one for one in queued if len(one.siblings) == 1), None)

    def close_json(self, message_id: int) -> None:
        """Show an answer that was to be JSON and was cut off in its last complete form; once more: as it was."""
        old = self._message(message_id)
        if old is not None:
            self._close_json(old)
        else:
            self._history.call(lambda history: history.message(message_id), self._close_json)

    def _close_json(self, old: Message) -> None:
        if is_closed(old) or can_close(old):
            new = as_it_was(old) if is_closed(old) else closed(old)
            self._history.call(
                lambda history: history.finish_message(
                    new.id, new.state, error=new.error, details=new.details, text=new.text
                )
            )
            self._replace(new)
            self.message_changed.emit(new)

    def go_on(self) -> bool:
        """Ask without the text of pictures that are still being read; whether a question waited for it."""
        return self.texts.wait.end()

    def stop(self) -> None:
        """End the answer that is being made; what there is of it stays."""
        self._asking.stop()

    def stop_shown(self) -> bool:
        """End the answer that is being made if it is in the open conversation; whether it was."""
        is_shown = self.is_answering_here
        if is_shown:
            self.stop()
        return is_shown

    def close(self) -> None:
        """The program ends: what is written and what waits is kept."""
        self.drafts.save()
        self._asking.close()

    def mark_read(self, conversation_id: int) -> None:
        """The last answer of a conversation was seen elsewhere than in the window."""
        self._change_list(lambda history: history.set_unread(conversation_id, False))

    # An answer, step by step

    def _question_kept(self, ref: ConversationRef, kept: Kept) -> None:
        if ref.is_same(self.drafts.ref):
            is_new = self.conversation_id != kept.conversation_id
            self.conversation_id = self.texts.quoted.conversation_id = kept.conversation_id
            draft = self.drafts.state
            self.pictures.question_kept(kept.thread, draft.pictures, draft.excluded)
            self._show_thread(kept.thread)
            if is_new:
                self.opened.emit(kept.conversation_id)
        self.asked.emit(ref, kept.answer)
        self.conversations_changed.emit()

    def _answer_began(self, message: Message) -> None:
        self._replace(message)
        self.message_changed.emit(message)

    def _running_answer(self) -> Message | None:
        return self._answering.message

    def _tell_work(self) -> None:
        self.answering_changed.emit(self.busy)

    def _question_changed(self, message: Message) -> None:
        self._replace(message)
        self.message_changed.emit(message)

    def _answer_grew(self, message: Message) -> None:
        self._replace(message)
        self.text_grew.emit(message)

    def _answer_ended(self, message: Message) -> None:
        if message.conversation_id != self.conversation_id:
            self._change_list(lambda history: history.set_unread(message.conversation_id, True))
        self._replace(message)
        self.message_changed.emit(message)
        self._asking.end(message)
        if message.state is not MessageState.FAILED:
            self.answered.emit(message)

    def _options_of(self, question: Message) -> dict[str, Any]:
        """What a question was asked with, or would be now where that was not kept."""
        kept: dict[str, Any] | None = question.details.get("options")
        return kept or _options(self._settings.current, None, "", self.own, bool(question.pictures))


def _options(
    settings: Settings, action: QuickAction | None, text: str, own: OwnSettings, has_pictures: bool
) -> dict[str, Any]:
    """What a question is asked with; kept with it, so that other versions are asked the same way."""
    usual = settings.sampling_for(reads=has_pictures)
    return {
        "sampling": {**usual, **usable_sampling(own), **(action.sampling if action else {})},
        "json_schema": action.json_schema if action else None,
        "grammar": action.grammar if action else None,
        READS: "text" if action and action.reads_text(text.removeprefix(action.prompt)) else "",
        UNSENT: action.prompt if action and not action.sends_prompt else "",
        "max_tokens": settings.answers.max_tokens,
        "drop_oldest": settings.answers.drop_oldest,
        "system_prompt": settings.system_prompt if own.instructions is None else own.instructions,
    }


def usable_sampling(own: OwnSettings) -> dict[str, float | int]:
    """A conversation's own sampling, where all of it is allowed: the file that keeps it may be another's."""
    try:
        return Sampling().read(own.sampling)
    except ValueError:
        return {}


def _take_back(answer_id: int, history: History) -> TakenBack:
    return take_back(history, answer_id)


def _asked_again(asked: AskedWith, text: str, _own: OwnSettings, _has_pictures: bool) -> dict[str, Any]:
    """The options of a question that came back, which are kept; another text is for a model."""
    return dict(asked.options) if text == asked.text else {**asked.options, READS: ""}

"""The conversation that is open: its messages, its pictures, and what is being written in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.history.records import Message
from desktop_vlm.history.store import History
from desktop_vlm.images.text_layer.quoting import Excerpt
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant import sight
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.drafts import Drafts, DraftState
from desktop_vlm.ui.assistant.drafts import load as load_draft
from desktop_vlm.ui.assistant.prompt import title_of
from desktop_vlm.ui.assistant.texts import Texts
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture, VisiblePictures
from desktop_vlm.ui.engine.protocol import Engine
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.text_layer.layers import TextLayers


class OpenConversation(QObject):
    """Opens conversations, and changes what is shown of the open one. All methods return at once.

    Attributes:
        conversation_id: the open conversation; None for a fresh one, which is kept from its first question on.
        messages: its active branch.
        pictures: which pictures the model sees.
        drafts: what is being written, here and in other conversations.
        texts: what is read in pictures, and what of it goes along with questions.
        own: what is asked differently here than the settings say.
        folder_id: the folder that a conversation is kept in which begins here; None for none.

    Signals:
        own_changed: `own` is another.
        conversations_changed: the list of conversations is another; ask for it with `list_conversations`.
        opened: another conversation was opened; carries its id or None.
        thread_changed: messages came, went, or became other versions.
        message_changed: one message's state or pictures changed; carries it.
        noticed: something the person should know; a sentence.
    """

    conversations_changed = Signal()
    opened = Signal(object)
    thread_changed = Signal()
    message_changed = Signal(object)
    noticed = Signal(str)
    own_changed = Signal()

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
        self.conversation_id: int | None = None
        self.messages: list[Message] = []
        self.own = NOTHING_OWN
        self.folder_id: int | None = None
        self.pictures = VisiblePictures(library, self)
        self.texts = Texts(text_layers, library, settings, self)
        self.drafts = Drafts(history, self)
        self.drafts.shown.connect(lambda state: self.pictures.set_new(state.pictures, state.excluded))
        self.drafts.noticed.connect(self.noticed)

    # Which one is open

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was asked, written or added yet in what is open."""
        return not self.drafts.ref.is_begun and self.drafts.state.is_empty

    def new_conversation(self, *, is_fresh: bool = False) -> None:
        """Begin a conversation; it is kept from its first question on.

        `is_fresh`: what was written for a new one before gets a conversation of its own.
        """
        self.conversation_id = None
        self._show_own(NOTHING_OWN)
        self.texts.quoted.open(None, [])
        if is_fresh:
            self.drafts.set_aside(_title_of_draft, self.conversations_changed.emit)
        self._show_thread([])
        if self.drafts.ref.is_begun:
            self.drafts.switch(ConversationRef())
        self.drafts.ref.own = NOTHING_OWN
        self.opened.emit(None)
        self._tell_work()

    def open(self, conversation_id: int, at: int | None = None) -> None:
        """Show a kept conversation; where a message is given, the branch that it is in."""

        def then(opened: _Opened) -> None:
            self.conversation_id = conversation_id
            self._show_own(opened.own)
            self.texts.quoted.open(conversation_id, opened.thread)
            ref = ConversationRef.of(conversation_id)
            if not ref.is_same(self.drafts.ref):  # else what is written there is newer than what is kept
                self.drafts.switch(ref, opened.draft)
                self.drafts.tell(opened.problems)
            self._show_thread(opened.thread)
            self.opened.emit(conversation_id)
            self._tell_work()
            if opened.was_unread:
                self.conversations_changed.emit()

        answer = self._running_answer()
        branch = None if answer and answer.conversation_id == conversation_id else at  # an answer keeps its own
        self._history.call(partial(_open, conversation_id, branch), then)

    def set_own(self, own: OwnSettings) -> None:
        """Ask differently here, from the next question on; a conversation that is not there yet comes with it."""
        ref = self.drafts.ref
        ref.own = own
        self._history.call(lambda history: None if ref.id is None else history.set_own(ref.id, own))
        self._show_own(own)

    def _show_own(self, own: OwnSettings) -> None:
        if own != self.own:
            self.own = own
            self.own_changed.emit()

    def switch_to(self, message_id: int) -> None:
        """Show the branch that goes through another version of a message."""
        self._history.call(lambda history: history.switch_to(message_id), self._show_switched)

    # Its pictures

    def include(self, sha256: str, included: bool) -> None:
        """Show a picture to the model, or no longer."""
        picture = next((p for p in self.pictures.view.pictures if p.sha256 == sha256), None)
        if picture is None:
            return
        if picture.message_id is None:
            self.pictures.include_new(sha256, included)
            others = self.drafts.state.excluded - {sha256}
            self.drafts.change(excluded=others if included else others | {sha256})
            return
        holders = [m for m in self.messages if any(held.sha256 == sha256 for held in m.pictures)]
        for message in holders:
            self._history.call(partial(_set_included, message.id, sha256, included))
            pictures = tuple(replace(h, included=included) if h.sha256 == sha256 else h for h in message.pictures)
            changed = replace(message, pictures=pictures)
            self._replace(changed)
            self.message_changed.emit(changed)
        self.pictures.set_thread(self.messages)

    def set_new_pictures(self, new: Sequence[NewPicture]) -> None:
        """The pictures of the question being written; earlier ones give way where text would get too small."""
        excluded = self.drafts.state.excluded & {picture.sha256 for picture in new}
        coming = self._unknown(new)
        leaving = self.pictures.to_leave_out(coming) if coming else []
        self.drafts.change(pictures=tuple(new), excluded=excluded)
        self.pictures.set_new(new, excluded)
        self._leave_out(leaving)
        if coming and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.blind_sentence())

    def _unknown(self, new: Sequence[NewPicture]) -> list[NewPicture]:
        known = {one.sha256 for one in self.pictures.view.pictures if one.message_id is None}
        return [picture for picture in new if picture.sha256 not in known]

    def _leave_out(self, leaving: Sequence[VisiblePicture]) -> None:
        for picture in leaving:
            self.include(picture.sha256, False)
        if leaving:
            self.noticed.emit(sight.left_out_sentence(self.pictures.view.capabilities, len(leaving)))

    def text_along(self) -> dict[str, Excerpt]:
        """SHA-256 of a picture -> the small text that goes along with a question that is asked now (`QuotedText`)."""
        return self.texts.quoted.along(self.messages, self.pictures.view, self._engine.model)

    def lost_pictures(self) -> list[str]:
        """SHA-256s of pictures of which text reaches the model neither readable nor in writing."""
        return self.texts.lost_in(self.pictures.view, self.text_along())

    def unreadable_pictures(self) -> list[str]:
        """SHA-256s of those of which even the ordinary text does not."""
        return self.texts.unreadable_in(self.pictures.view, self.text_along())

    # What is shown

    def _running_answer(self) -> Message | None:
        """The answer that is being made, wherever; it knows more than the history."""
        return None

    def _tell_work(self) -> None:
        """What is shown has changed: an answer that is being made may be in it, or no longer."""

    def _message(self, message_id: int) -> Message | None:
        return next((message for message in self.messages if message.id == message_id), None)

    def _replace(self, message: Message) -> None:
        for number, old in enumerate(self.messages):
            if old.id == message.id:
                self.messages[number] = message

    def _show_thread(self, thread: list[Message]) -> None:
        self.messages = thread
        if answer := self._running_answer():  # its latest text may not be in the history yet
            self._replace(answer)
        self.pictures.set_thread(self.messages)
        self.thread_changed.emit()

    def _show_switched(self, thread: list[Message]) -> None:
        if thread and thread[0].conversation_id == self.conversation_id:
            self._show_thread(thread)
            self._tell_work()

    def _change_list(self, work: Callable[[History], object]) -> None:
        self._history.call(work, lambda _: self.conversations_changed.emit())


@dataclass(frozen=True)
class _Opened:
    """What there is to know of a conversation that is opened."""

    thread: list[Message]
    draft: DraftState
    problems: list[str]
    was_unread: bool
    own: OwnSettings


def _open(conversation_id: int, branch: int | None, history: History) -> _Opened:
    summary = history.conversation(conversation_id)
    was_unread = summary.is_unread
    if was_unread:
        history.set_unread(conversation_id, False)
    thread = history.thread(conversation_id)
    if branch is not None and not any(message.id == branch for message in thread):
        thread = history.switch_to(branch)
    return _Opened(thread, *load_draft(history, conversation_id), was_unread, summary.own)


def _title_of_draft(draft: DraftState) -> str:
    return title_of(draft.text, [picture.name for picture in draft.pictures], "")


def _set_included(message_id: int, sha256: str, included: bool, history: History) -> None:
    history.set_included(message_id, sha256, included)

"""Questions that are being written: each belongs to its conversation, and is kept while it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.details import POINTERS
from desktop_vlm.history.records import DraftPicture, KeptDraft
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.history.store import History
from desktop_vlm.images.pointing import pointers_from_json
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.keeping import keep_picture, kept_picture

_SAVE_AFTER_MS = 300
"""How much of what was typed a crash may cost."""

_ASKED = "asked"


@dataclass(frozen=True)
class AskedWith:
    """How a question was asked that is written again.

    Attributes:
        action: the name of the quick action, or "".
        options: as they are kept with a question.
        text: what was asked; another text is another question.
    """

    action: str
    options: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class DraftState:
    """A question that is being written.

    Attributes:
        pictures: in their order.
        excluded: SHA-256 of those that the model shall not see.
        asked: how it was asked, where it comes back; None for a new one.
    """

    text: str = ""
    pictures: tuple[NewPicture, ...] = ()
    excluded: frozenset[str] = frozenset()
    asked: AskedWith | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.pictures)

    def before(self, other: DraftState) -> DraftState:
        """Both in one: this one first."""
        own = {picture.sha256 for picture in self.pictures}
        return DraftState(
            "\n\n".join(text for text in (self.text, other.text) if text.strip()),
            (*self.pictures, *(one for one in other.pictures if one.sha256 not in own)),
            self.excluded | other.excluded,
            self.asked if other.is_empty else other.asked if self.is_empty else None,
        )

    def with_replaced(self, sha256: str, new: NewFile) -> DraftState:
        """With another picture in the place of one."""
        if all(one.sha256 != sha256 for one in self.pictures):
            return self
        others = (one for one in self.pictures if one.sha256 != new.sha256)
        pictures = (
            NewPicture(new.data, one.name, new.width, new.height) if one.sha256 == sha256 else one for one in others
        )
        excluded = {new.sha256 if one == sha256 else one for one in self.excluded}
        return replace(self, pictures=tuple(pictures), excluded=frozenset(excluded))


EMPTY = DraftState()


class Drafts(QObject):
    """The draft of the open conversation, and the way to all others.

    Attributes:
        ref: the open conversation.
        state: what is being written in it.

    Signals:
        shown: another draft than the one on the screen is to be shown; carries its DraftState.
        noticed: why something of a draft is missing, one sentence.
    """

    shown = Signal(object)
    noticed = Signal(str)

    def __init__(self, history: HistoryThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self.ref = ConversationRef()
        self.state = EMPTY
        self._new = EMPTY
        self._is_loaded = False
        self._has_complained = False
        self._set_aside_loaded: tuple[Callable[[DraftState], str], Callable[[], None]] | None = None
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_soon.timeout.connect(self.save)
        history.opened.connect(self._load_new)

    # The open conversation

    def change(self, **values: Any) -> None:
        """The person changed something: fields of `DraftState`."""
        state = replace(self.state, **values)
        if state == self.state:
            return
        pictures_changed = state.pictures != self.state.pictures or state.excluded != self.state.excluded
        self.state = state
        if pictures_changed:
            self.save()
        elif not self._save_soon.isActive():
            self._save_soon.start()

    def pictures_sent(self, sent: Iterable[NewPicture]) -> None:
        """Pictures went with a question; to be called after what keeps them with it."""
        gone = {picture.sha256 for picture in sent}
        self.state = replace(
            self.state,
            pictures=tuple(one for one in self.state.pictures if one.sha256 not in gone),
            excluded=self.state.excluded - gone,
        )
        self.save()

    def take(self) -> DraftState:
        """The question is asked, and the draft empty; to be called after whatever keeps its pictures."""
        state, self.state = self.state, EMPTY
        self.save()
        return state

    def switch(self, ref: ConversationRef, state: DraftState | None = None) -> None:
        """Another conversation is open; without `state`, a new one."""
        if ref.is_same(self.ref):
            return
        self.save()
        if not self.ref.is_begun:
            self._new = self.state
        self.ref = ref
        self._show(self._new if state is None else state)

    def save(self) -> None:
        """Keep what is written, now."""
        self._save_soon.stop()
        if self._is_loaded or self.ref.is_begun:
            self._keep(self.ref, self.state)

    def forget_all(self) -> None:
        """Everything is deleted."""
        self._new = EMPTY
        self._save_soon.stop()
        self._show(EMPTY)

    def set_aside(self, title: Callable[[DraftState], str], then: Callable[[], None]) -> None:
        """What is written for a new conversation gets one of its own, so that something else can be begun.

        Args:
            title: of the conversation, for what is written in it.
            then: called once it is there; not where nothing was written.
        """
        if not self._is_loaded:
            self._set_aside_loaded = title, then
        state = self._new if self.ref.is_begun else self.state
        if not state.is_empty:
            self._move_to_own(state, title, then)
            self._new = EMPTY
            if not self.ref.is_begun:
                self._show(EMPTY)

    def _move_to_own(self, state: DraftState, title: Callable[[DraftState], str], then: Callable[[], None]) -> None:
        def work(history: History) -> None:
            keep(history, history.create_conversation(title(state)), state)
            keep(history, None, EMPTY)

        self._history.call(work, lambda _: then())

    # Any conversation

    def give_back(self, ref: ConversationRef, state: DraftState) -> None:
        """A question that is not asked after all, or a picture that comes late: before what is written there now."""
        self._add(ref, state.before)

    def add(self, ref: ConversationRef, picture: NewPicture) -> None:
        """A picture for a conversation that is not open."""
        self._add(ref, lambda there: there.before(DraftState(pictures=(picture,))))

    def take_from(self, ref: ConversationRef, then: Callable[[DraftState], object]) -> None:
        """The draft of a conversation that is not open any more is asked; it is empty once that is kept."""
        if not ref.is_begun:
            state, self._new = self._new, EMPTY
            then(state)
            self._keep(ref, EMPTY)
            return

        def taken(state: DraftState) -> None:
            then(state)
            self._keep(ref, EMPTY)

        self._history.call(lambda history: load(history, ref.id)[0], taken)

    def replaced(self, sha256: str, new: NewFile) -> None:
        """Another picture is in the place of one in all drafts of the history."""
        self._new = self._new.with_replaced(sha256, new)
        state = self.state.with_replaced(sha256, new)
        if state is not self.state:
            self._show(state)
            self.save()

    def _add(self, ref: ConversationRef, merge: Callable[[DraftState], DraftState]) -> None:
        if ref.is_same(self.ref):
            self._show(merge(self.state))
            self.save()
        elif not ref.is_begun:
            self._new = merge(self._new)
            self._keep(ref, self._new)
        else:
            self._history.call(lambda history: keep(history, ref.id, merge(load(history, ref.id)[0])))

    def _show(self, state: DraftState) -> None:
        self.state = state
        self.shown.emit(state)

    # The history

    def _load_new(self, _notice: str) -> None:
        self._history.call(lambda history: load(history, None), self._new_loaded)

    def _new_loaded(self, loaded: tuple[DraftState, list[str]]) -> None:
        """What is written already goes on behind what was written before the program ended."""
        state, problems = loaded
        self._is_loaded = True
        self.tell(problems)
        if self._set_aside_loaded and not state.is_empty:
            self._move_to_own(state, *self._set_aside_loaded)
            self.save()
        elif self.ref.is_begun:
            self._new = state.before(self._new)
            self._keep(ConversationRef(), self._new)
        elif not state.is_empty:
            self._show(state.before(self.state))
            self.save()
        else:
            self.save()

    def tell(self, problems: Iterable[str]) -> None:
        """Say what of a draft could not be loaded."""
        for problem in problems:
            self.noticed.emit(problem)

    def _keep(self, ref: ConversationRef, state: DraftState) -> None:
        self._history.call(
            lambda history: keep(history, ref.id, state), self._kept, self._not_kept, quiet=self._has_complained
        )

    def _kept(self, _none: None) -> None:
        self._has_complained = False

    def _not_kept(self, _sentence: str) -> None:
        """Said once, not at every pause in typing."""
        self._has_complained = True


def load(history: History, conversation_id: int | None) -> tuple[DraftState, list[str]]:
    """In the history's thread: what is being written in a conversation, and why some of its pictures are missing."""
    kept = history.drafts.load(conversation_id)
    pictures, problems = [], []
    for held in kept.pictures:
        try:
            pointers = pointers_from_json(held.details.get(POINTERS))
            pictures.append(kept_picture(history, held.sha256, held.name, held.width, held.height, pointers))
        except UserError as error:
            problems.append(str(error))
    excluded = frozenset(held.sha256 for held in kept.pictures if not held.included)
    return DraftState(kept.text, tuple(pictures), excluded, _read_asked(kept.details.get(_ASKED))), problems


def keep(history: History, conversation_id: int | None, state: DraftState) -> None:
    """In the history's thread: keep what is being written, with the files of its pictures."""
    for picture in state.pictures:
        if not history.drafts.knows(picture.sha256):
            keep_picture(history, picture)
    pictures = (
        DraftPicture(
            *(one.sha256, one.name, one.width, one.height, one.sha256 not in state.excluded),
            {POINTERS: [pointer.as_json() for pointer in one.pointers]} if one.pointers else {},
        )
        for one in state.pictures
    )
    asked = state.asked
    details = {_ASKED: [asked.action, dict(asked.options), asked.text]} if asked else {}
    history.drafts.keep(conversation_id, KeptDraft(state.text, tuple(pictures), details))


def _read_asked(value: object) -> AskedWith | None:
    if isinstance(value, list) and len(value) == 3:
        action, options, text = value
        if isinstance(action, str) and isinstance(options, dict) and isinstance(text, str):
            return AskedWith(action, options, text)
    return None

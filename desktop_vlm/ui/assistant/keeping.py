"""What is written to the history when a question is asked: in the history's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.details import IMAGE_TEXT_OFF, POINTERS
from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.history.records import KeptDraft, Message, MessageState, Picture
from desktop_vlm.history.store import History
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.drafts import AskedWith, DraftState
from desktop_vlm.ui.assistant.visible_pictures import pictures_of
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.keeping import keep_picture, kept_picture, pointer_details, pointers_in

OptionsFor: TypeAlias = Callable[[OwnSettings, bool], Mapping[str, Any]]
"""What a question is asked with, by what its conversation has of its own and whether pictures are switched on in it."""


@dataclass(frozen=True)
class NewQuestion:
    """A question to keep.

    Attributes:
        action: name of the quick action, or "".
        options_for: what it is asked with, once its conversation is known: that need not be the open one.
        excluded: SHA-256s of pictures that the model shall not see.
        text_off: SHA-256s of pictures whose text shall not go along.
        title: of the conversation, if this is its first question; `own` is what it is asked with instead of the
            settings, and `folder_id` the folder that it is kept in.
    """

    text: str
    pictures: Sequence[NewPicture]
    action: str
    options_for: OptionsFor
    excluded: frozenset[str]
    text_off: frozenset[str]
    title: str
    own: OwnSettings = NOTHING_OWN
    folder_id: int | None = None


@dataclass(frozen=True)
class Kept:
    """A question and its empty answer are in the history; `thread` ends with the answer."""

    conversation_id: int
    thread: list[Message]

    @property
    def answer(self) -> Message:
        return self.thread[-1]


def keep_question(
    history: History, ref: ConversationRef, new: NewQuestion, state: MessageState, *, ends_new_draft: bool
) -> Kept:
    """A question at the end of a conversation, which is made if it is not there yet.

    `ends_new_draft`: what was written for a new conversation was written for this one.
    """
    if ref.id is None:
        ref.id = history.create_conversation(new.title, own=new.own, folder_id=new.folder_id)
    options = dict(new.options_for(history.conversation(ref.id).own, _has_pictures(history, ref.id, new)))
    details = {"options": options, **({IMAGE_TEXT_OFF: sorted(new.text_off)} if new.text_off else {})}
    details |= pointer_details(new.pictures)
    sha256s = [keep_picture(history, picture) for picture in new.pictures]
    question = history.add_message(
        ref.id, history.head(ref.id), "user", new.text, pictures=sha256s, action=new.action, details=details
    )
    for sha256 in new.excluded & set(sha256s):
        history.set_included(question.id, sha256, False)
    if ends_new_draft:
        history.drafts.keep(None, KeptDraft())
    return keep_answer(history, question, options, state)


def _has_pictures(history: History, conversation_id: int, new: NewQuestion) -> bool:
    """Whether pictures are switched on when a new question is asked: those that come with it, or earlier ones."""
    comes_with = any(picture.sha256 not in new.excluded for picture in new.pictures)
    return comes_with or any(one.included for one in pictures_of(history.thread(conversation_id)).values())


def keep_version(history: History, old: Message, text: str, options: Mapping[str, Any], state: MessageState) -> Kept:
    """A changed question with the same pictures, as another version of it."""
    question = history.add_message(
        old.conversation_id,
        old.parent_id,
        "user",
        text,
        pictures=[picture.sha256 for picture in old.pictures],
        action=old.action,
        details={
            "options": dict(options),
            **{key: old.details[key] for key in (POINTERS, IMAGE_TEXT_OFF) if key in old.details},
        },
    )
    for picture in old.pictures:
        if not picture.included:
            history.set_included(question.id, picture.sha256, False)
    return keep_answer(history, question, options, state)


def keep_answer(history: History, question: Message, options: Mapping[str, Any], state: MessageState) -> Kept:
    """An empty answer to a kept question, beside those that it has."""
    history.add_message(
        question.conversation_id, question.id, "assistant", "", state=state, details={"options": dict(options)}
    )
    return Kept(question.conversation_id, history.thread(question.conversation_id))


@dataclass(frozen=True)
class TakenBack:
    """A question that waited is gone from the history.

    Attributes:
        conversation_id: where it was.
        thread: of that conversation now.
        draft: what it was; None where the question stays because it has other answers.
        version_of: another version of it, which is shown now; None where there was none.
    """

    conversation_id: int
    thread: list[Message]
    draft: DraftState | None
    version_of: int | None


def take_back(history: History, answer_id: int) -> TakenBack:
    """Withdraw a question that waits, with all that is needed to write it again."""
    conversation_id = history.message(answer_id).conversation_id
    question = history.waiting.thread_to(answer_id)[-2]
    pointers = pointers_in(question.details)
    found = (_picture(history, held, pointers.get(held.sha256, ())) for held in question.pictures)
    pictures = tuple(filter(None, found))
    withdrawn = history.waiting.withdraw(answer_id)
    draft = None
    if withdrawn.question is not None:
        excluded = frozenset(held.sha256 for held in question.pictures if not held.included)
        asked = AskedWith(question.action, question.details.get("options") or {}, question.text)
        draft = DraftState(question.text, pictures, excluded, asked)
    return TakenBack(conversation_id, history.thread(conversation_id), draft, withdrawn.instead)


def _picture(history: History, held: Picture, pointers: Sequence[Pointer]) -> NewPicture | None:
    """None where it is damaged on the disk: the rest of the question matters more."""
    try:
        return kept_picture(history, held.sha256, held.name, held.width, held.height, pointers)
    except UserError:
        return None

"""What travels out of the history: plain values, safe to hand to another thread. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings


class MessageState(str, Enum):  # noqa: UP042 - StrEnum begins with Python 3.11
    """How a message ended, if it has."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    STOPPED = "stopped"
    """By the person, or by the app's own end in the middle of it."""
    CUT = "cut"
    """At the limit of length."""
    FAILED = "failed"
    QUEUED = "queued"
    """It is not its turn yet, or the app ended before."""


@dataclass(frozen=True)
class Picture:
    """A picture as one message holds it; its bytes come from `History.picture`.

    Attributes:
        name: as it was called when it was put into this message.
        width: px.
        height: px.
        size_bytes: of the file as it was given.
        included: shown to the model. Every message that holds the picture decides for itself.
        edited: made of another picture, which is kept, too (`History.edits`).
    """

    sha256: str
    name: str
    width: int
    height: int
    size_bytes: int
    included: bool
    edited: bool = False


@dataclass(frozen=True)
class PictureEdit:
    """How a picture was made of another.

    Attributes:
        original: SHA-256 of that one.
        document: what was done to it, as JSON (`images.annotations.document`).
        width, height: of the original, px; not needed to keep an edit.
    """

    original: str
    document: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Message:
    """One version of one message.

    Attributes:
        parent_id: the message it follows; None at the beginning of a conversation.
        role: "user" or "assistant".
        error: why it failed, one sentence, or "".
        model: the name of the model that answered, or "".
        action: the name of the quick action that asked, or "".
        details: whatever JSON can hold: token counts, options, layout of the composite.
        siblings: ids of all messages that follow the same parent, this one included, in order of creation.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    role: str
    text: str
    pictures: tuple[Picture, ...]
    state: MessageState
    error: str
    created_at: float
    model: str
    action: str
    details: dict[str, Any]
    siblings: tuple[int, ...]


@dataclass(frozen=True)
class ConversationSummary:
    """A line of the list of conversations.

    Attributes:
        snippet: one line of the last message, or of the message or picture that was found, with its hits between the
            characters 2 and 3 (`HIT_BEGIN` and `HIT_END` of `desktop_vlm.history.snippets`).
        hit_message: the message that was found, by its own text or that of a picture; None where nothing was sought, or
            only the title holds it.
        hit_picture: SHA-256 of the picture of that message in which the words stand; "" where its own text holds them.
        thumbnail_sha256: the first picture of the conversation.
        message_count: of all branches.
        folder_id: the folder that it is in; None for none.
        archived: whether it is in the archive.
        own: what it has of its own instead of the settings.
        is_unread: an answer came while nobody looked at the conversation.
        has_failed: the last answer of the active branch failed.
        is_waiting: the last question of the active branch was not asked yet.
    """

    id: int
    title: str
    pinned: bool
    created_at: float
    updated_at: float
    snippet: str
    thumbnail_sha256: str | None
    message_count: int
    hit_message: int | None = None
    hit_picture: str = ""
    folder_id: int | None = None
    archived: bool = False
    own: OwnSettings = NOTHING_OWN
    is_unread: bool = False
    has_failed: bool = False
    is_waiting: bool = False


@dataclass(frozen=True)
class DraftPicture:
    """A picture of a question that is being written.

    Attributes:
        width: px.
        height: px.
        included: whether the model shall see it.
        details: whatever JSON can hold, such as marks in the picture.
    """

    sha256: str
    name: str
    width: int
    height: int
    included: bool = True
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptDraft:
    """A question that is being written.

    Attributes:
        pictures: in their order.
        details: whatever JSON can hold, such as what it is asked with.
    """

    text: str = ""
    pictures: tuple[DraftPicture, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.pictures)


@dataclass(frozen=True)
class Folder:
    """A folder of conversations; `count` are those that are in it and not in the archive."""

    id: int
    name: str
    count: int

"""A history as others see it who take a conversation out of it: all of it, one message, or with other pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF, POINTERS, READ_IMAGES
from desktop_vlm.history.records import ConversationSummary, Message, Picture


class Source(Protocol):
    """What is read of a history: see `History` for each."""

    def conversation(self, conversation_id: int) -> ConversationSummary: ...
    def head(self, conversation_id: int) -> int | None: ...
    def thread(self, conversation_id: int) -> list[Message]: ...
    def all_messages(self, conversation_id: int) -> list[Message]: ...
    def picture(self, sha256: str) -> bytes: ...


@dataclass(frozen=True)
class Instead:
    """What goes out in the place of a picture.

    Attributes:
        file: another file.
        hidden: texts that cannot be read in it any more; they are blotted out in the messages, too.
    """

    file: bytes
    hidden: tuple[str, ...] = ()


class Replacing:
    """A history in which some pictures are others; nothing in it tells of those before."""

    def __init__(self, history: Source, instead: Mapping[str, Instead]) -> None:
        self._history = history
        self._new = {old: hashlib.sha256(one.file).hexdigest() for old, one in instead.items()}
        self._files = {self._new[old]: one.file for old, one in instead.items()}
        hidden = {part.strip() for one in instead.values() for text in one.hidden for part in text.split("\n")}
        # The longest first: it may hold others.
        self._hidden = sorted((text for text in hidden if len(text) > 3), key=len, reverse=True)

    def conversation(self, conversation_id: int) -> ConversationSummary:
        found = self._history.conversation(conversation_id)
        thumbnail = self._new.get(found.thumbnail_sha256 or "", found.thumbnail_sha256)
        words = found.own.instructions
        own = found.own if words is None else replace(found.own, instructions=self._blotted(words))
        return replace(found, title=self._blotted(found.title), thumbnail_sha256=thumbnail, own=own)

    def head(self, conversation_id: int) -> int | None:
        return self._history.head(conversation_id)

    def thread(self, conversation_id: int) -> list[Message]:
        return [self._changed(message) for message in self._history.thread(conversation_id)]

    def all_messages(self, conversation_id: int) -> list[Message]:
        return [self._changed(message) for message in self._history.all_messages(conversation_id)]

    def picture(self, sha256: str) -> bytes:
        return self._files[sha256] if sha256 in self._files else self._history.picture(sha256)

    def _changed(self, message: Message) -> Message:
        pictures = tuple(self._other(picture) for picture in message.pictures)
        return replace(
            message, pictures=pictures, text=self._blotted(message.text), details=self._details(message.details)
        )

    def _other(self, picture: Picture) -> Picture:
        new = self._new.get(picture.sha256)
        return replace(picture, sha256=new, size_bytes=len(self._files[new])) if new else picture

    def _blotted(self, text: str) -> str:
        for hidden in self._hidden:
            text = text.replace(hidden, "\u2588" * min(len(hidden), 12))
        return text

    def _details(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Without the text of these pictures that went along, and without their names."""
        kept = dict(details)
        if IMAGE_TEXT in kept:
            kept[IMAGE_TEXT] = {one: text for one, text in kept[IMAGE_TEXT].items() if one not in self._new}
        if IMAGE_TEXT_OFF in kept:
            kept[IMAGE_TEXT_OFF] = [self._new.get(one, one) for one in kept[IMAGE_TEXT_OFF]]
        if POINTERS in kept:
            kept[POINTERS] = {self._new.get(one, one): places for one, places in kept[POINTERS].items()}
        if READ_IMAGES in kept:
            kept[READ_IMAGES] = [self._new.get(one, one) for one in kept[READ_IMAGES]]
        return kept


class OnlyMessage:
    """A history in which a conversation has one message, and before an answer the pictures that it is about.

    These are those of its question, or of the nearest one before that had some; what was asked is not there.
    """

    def __init__(self, history: Source, message_id: int) -> None:
        self._history = history
        self._id = message_id
        self.conversation = history.conversation
        self.picture = history.picture

    def head(self, _conversation_id: int) -> int | None:
        return self._id

    def thread(self, conversation_id: int) -> list[Message]:
        thread = self._history.thread(conversation_id)
        at = next((at for at, one in enumerate(thread) if one.id == self._id), None)
        if at is None:
            return []
        asked = next((one for one in reversed(thread[:at]) if one.pictures), None)
        if asked is None or thread[at].role == "user":
            return [thread[at]]
        return [replace(asked, text="", details={}), thread[at]]

    def all_messages(self, conversation_id: int) -> list[Message]:
        return [one for one in self._history.all_messages(conversation_id) if one.id == self._id]

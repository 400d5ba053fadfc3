"""A history as it goes out: what a question points at is drawn on its pictures, as the model got it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.records import ConversationSummary, Message, Picture
from desktop_vlm.history.views import Instead, Source
from desktop_vlm.images.pointing import Pointer, draw_pointers
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.keeping import pointers_in


class MarkedSource:
    """Another `Source` in front of one: for forms that people read, not for those that programs read back."""

    def __init__(self, source: Source, instead: Mapping[str, Instead] | None = None) -> None:
        """Draw on the pictures of a history.

        Args:
            source: the history, in its thread.
            instead: what goes out in the place of which picture; marks are drawn on that.
        """
        self._source = source
        self._instead = dict(instead or {})
        self._files: dict[str, bytes] = {}
        self._drawn: dict[tuple[str, tuple[Pointer, ...]], str] = {}

    def conversation(self, conversation_id: int) -> ConversationSummary:
        return self._source.conversation(conversation_id)

    def head(self, conversation_id: int) -> int | None:
        return self._source.head(conversation_id)

    def thread(self, conversation_id: int) -> list[Message]:
        return [self._marked(message) for message in self._source.thread(conversation_id)]

    def all_messages(self, conversation_id: int) -> list[Message]:
        return [self._marked(message) for message in self._source.all_messages(conversation_id)]

    def picture(self, sha256: str) -> bytes:
        return self._files[sha256] if sha256 in self._files else self._source.picture(sha256)

    def _marked(self, message: Message) -> Message:
        pointers = pointers_in(message.details)
        if not pointers:
            return message
        pictures = tuple(self._with_marks(one, pointers.get(one.sha256, ())) for one in message.pictures)
        return replace(message, pictures=pictures)

    def _with_marks(self, picture: Picture, pointers: Sequence[Pointer]) -> Picture:
        if not pointers:
            return picture
        key = picture.sha256, tuple(pointers)
        if key not in self._drawn:
            covered = self._instead.get(picture.sha256)
            data = covered.file if covered else self._source.picture(picture.sha256)
            try:
                image = draw_pointers(open_image(data, name=picture.name), pointers)
            except UserError:  # damaged: it goes out as it is
                return picture
            buffer = io.BytesIO()
            image.save(buffer, "PNG")
            file = buffer.getvalue()
            self._drawn[key] = hashlib.sha256(file).hexdigest()
            self._files[self._drawn[key]] = file
        sha256 = self._drawn[key]
        return replace(picture, sha256=sha256, size_bytes=len(self._files[sha256]))

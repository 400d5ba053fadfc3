"""Questions as messages to the engine's process, in which an image's file travels once."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_vlm.service import frames
from desktop_vlm.ui.engine.protocol import ChatRequest


class Delivery:
    """Knows which images one process has had. The process may have let go of some, and then says so."""

    def __init__(self) -> None:
        self._delivered: set[str] = set()
        self._latest: set[str] = set()  # those that came with the question that was sent last

    def message(self, question: int, request: ChatRequest) -> frames.Chat:
        """The message for a question, with the files that the process has not had."""
        new = tuple(image for image in request.image_keys if image not in self._delivered)
        self._latest = set(new)
        self._delivered |= self._latest
        return frames.Chat(
            id=question,
            messages=tuple(request.messages),
            max_tokens=request.max_tokens,
            drop_oldest=request.drop_oldest,
            sampling=dict(request.sampling),
            json_schema=request.json_schema,
            grammar=request.grammar,
            repeatable=tuple(request.repeatable),
            stop=tuple(request.stop),
            images=new,
            blobs=tuple(request.images[image] for image in new),
        )

    def forget(self, images: Iterable[str]) -> bool:
        """Note that the process lacks some; False if it has only just had them, so that sending again is no help."""
        lacking = set(images)
        self._delivered -= lacking
        return not lacking & self._latest

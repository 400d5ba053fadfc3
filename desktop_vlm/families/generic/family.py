"""The family of a language model alone."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.families.base import Family, ModelHeaders
from desktop_vlm.families.generic.chat_format import ChatMl
from desktop_vlm.runtime.vision_runner import VisionProjector


class GenericFamily(Family):
    """Chats about text; a conversation is written in whichever format the vocabulary's control tokens speak for."""

    name = "text"
    chat_formats = (ChatMl(),)

    def recognises(self, headers: ModelHeaders) -> bool:
        return headers.mmproj is None

    def open_projector(self, path: Path) -> VisionProjector:
        raise ValueError(f"{path.name} given to a family without projectors")

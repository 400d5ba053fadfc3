"""Pixtral."""

from __future__ import annotations

from desktop_vlm.families.mtmd.family import MtmdFamily
from desktop_vlm.families.pixtral.chat_format import MistralInstruct
from desktop_vlm.families.pixtral.rules import PixtralRules
from desktop_vlm.runtime.chat_format import ChatFormat
from desktop_vlm.runtime.text_model import TextModel


class PixtralFamily(MtmdFamily):
    """Pixtral (`families.base.Family`)."""

    name = "pixtral"
    projector_types = frozenset({"pixtral"})
    rules = PixtralRules

    def chat_format(self, text: TextModel) -> ChatFormat | None:
        """Not one of `chat_formats`: other models of Mistral have the same tokens and put spaces between them."""
        mistral = MistralInstruct()
        return mistral if all(text.control_token(name) is not None for name in mistral.control_tokens) else None

"""Qwen2.5-VL."""

from __future__ import annotations

from desktop_vlm.families.mtmd.family import MtmdFamily
from desktop_vlm.families.qwen25vl.chat_format import QwenChat
from desktop_vlm.families.qwen25vl.rules import QwenRules
from desktop_vlm.runtime.chat_format import ChatFormat
from desktop_vlm.runtime.text_model import TextModel


class QwenFamily(MtmdFamily):
    """Qwen2.5-VL (`families.base.Family`)."""

    name = "qwen25vl"
    projector_types = frozenset({"qwen2.5vl_merger"})
    rules = QwenRules

    def chat_format(self, text: TextModel) -> ChatFormat | None:
        """Not one of `chat_formats`: Qwen's later models have the same tokens and no system message of their own."""
        chat = QwenChat()
        return chat if all(text.control_token(name) is not None for name in chat.control_tokens) else None

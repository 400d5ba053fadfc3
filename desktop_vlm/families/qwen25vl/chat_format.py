"""ChatML, as in the chat template of Qwen2.5-VL. libmtmd adds the start and the end of an image itself."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.families.generic.chat_format import ChatMl
from desktop_vlm.runtime.chat_format import Turn, Writer

_DEFAULT_SYSTEM = "You are a helpful assistant."


class QwenChat(ChatMl):
    """ChatML with a system message in any case (`runtime.chat_format.ChatFormat`)."""

    name = "Qwen"
    control_tokens = (*ChatMl.control_tokens, "<|vision_start|>", "<|vision_end|>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        if not turns or turns[0].role != "system":
            turns = [Turn("system", (("text", _DEFAULT_SYSTEM),)), *turns]
        super().write(writer, turns)

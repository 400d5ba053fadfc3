"""ChatML, as in the chat template of Qwen2.5-VL. libmtmd adds the start and the end of an image itself."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer

_DEFAULT_SYSTEM = "You are a helpful assistant."


class QwenChat:
    """ChatML with a system message in any case (`runtime.chat_format.ChatFormat`)."""

    name = "Qwen"
    control_tokens = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        if not turns or turns[0].role != "system":
            turns = [Turn("system", (("text", _DEFAULT_SYSTEM),)), *turns]
        for turn in turns:
            writer.control("<|im_start|>")
            writer.text(f"{turn.role}\n")
            writer.parts(turn)
            writer.control("<|im_end|>")
            writer.text("\n")
        writer.control("<|im_start|>")
        writer.text("assistant\n")

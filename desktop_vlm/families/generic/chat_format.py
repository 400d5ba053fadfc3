"""ChatML, as SmolLM2-Instruct, Qwen and many others were trained."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer


class ChatMl:
    """A conversation between `<|im_start|>` and `<|im_end|>` (`runtime.chat_format.ChatFormat`)."""

    name = "ChatML"
    control_tokens: tuple[str, ...] = ("<|im_start|>", "<|im_end|>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        for turn in turns:
            writer.control("<|im_start|>")
            writer.text(f"{turn.role}\n")
            writer.parts(turn)
            writer.control("<|im_end|>")
            writer.text("\n")
        writer.control("<|im_start|>")
        writer.text("assistant\n")

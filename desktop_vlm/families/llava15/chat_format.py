"""Vicuna's turns, as in the chat template of llava-1.5-7b-hf: a message's images stand before its text."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer


class Vicuna:
    """`USER: <image> question ASSISTANT: ...` (`runtime.chat_format.ChatFormat`)."""

    name = "Vicuna"
    control_tokens = ("<s>", "</s>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        """Without the token that ends an answer, which the template leaves out as well."""
        writer.control("<s>")
        for turn in turns:
            if turn.role != "system":
                writer.text(f"{turn.role.upper()}: ")
            for key in turn.images:
                writer.image(key)
                writer.text("\n")
            for kind, value in turn.parts:
                if kind == "text":
                    writer.text(f"{value} ")
        writer.text("ASSISTANT:")

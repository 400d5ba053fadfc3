"""Mistral's turns, as in the chat template of pixtral-12b. libmtmd adds the breaks and the end of an image itself."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer


class MistralInstruct:
    """`<s>[INST]question[/INST]answer</s>` (`runtime.chat_format.ChatFormat`)."""

    name = "Mistral"
    control_tokens = ("<s>", "</s>", "[INST]", "[/INST]")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        """A system message stands in the first question.

        The template moves it to the last one each time; then no turn would begin as it did before, and all images
        would have to be computed again for every question. With one question both are the same.
        """
        writer.control("<s>")
        system = ""
        for turn in turns:
            if turn.role == "system":
                system = f"{turn.text}\n\n"
            elif turn.role == "user":
                writer.control("[INST]")
                writer.text(system)
                writer.parts(turn)
                writer.control("[/INST]")
                system = ""
            else:
                writer.parts(turn)
                writer.control("</s>")

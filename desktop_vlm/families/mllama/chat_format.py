"""Llama 3, as in the chat template of Llama-3.2-11B-Vision-Instruct (without its dates)."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.chat_format import Turn, Writer


class Llama3:
    """A conversation with a header before each turn (`runtime.chat_format.ChatFormat`)."""

    name = "Llama 3"
    control_tokens = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")

    def write(self, writer: Writer, turns: Sequence[Turn]) -> None:
        writer.control("<|begin_of_text|>")
        for turn in turns:
            self._header(writer, turn.role)
            writer.parts(turn)
            writer.control("<|eot_id|>")
        self._header(writer, "assistant")

    def _header(self, writer: Writer, role: str) -> None:
        writer.control("<|start_header_id|>")
        writer.text(role)
        writer.control("<|end_header_id|>")
        writer.text("\n\n")


def arrange(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The turns in the order that the model was trained on: the image first, and no system message beside one.

    A system message moves to the front of the first user message when there is an image anywhere; images stand
    before the text of their message, whatever their place was.
    """
    if any(turn.images for turn in turns):
        turns = _fold_system(turns)
    return [_images_first(turn) for turn in turns]


def _fold_system(turns: Sequence[Turn]) -> Sequence[Turn]:
    if turns[0].role != "system":
        return turns
    system, first, *rest = turns
    folded = Turn("user", (("text", f"{system.text.strip()}\n\n"), *first.parts))
    return [folded, *rest]


def _images_first(turn: Turn) -> Turn:
    images = [part for part in turn.parts if part[0] == "image"]
    return Turn(turn.role, (*images, *(part for part in turn.parts if part[0] != "image")))

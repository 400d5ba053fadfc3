"""LLaVA 1.5, and its kin with another language model."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.families.generic.rules import GenericRules
from desktop_vlm.families.jinja_template.chat_format import find_format_of
from desktop_vlm.families.llava15.chat_format import Vicuna
from desktop_vlm.families.llava15.rules import LlavaRules
from desktop_vlm.families.mtmd.family import MtmdFamily
from desktop_vlm.families.mtmd.mmproj import open_vision_file
from desktop_vlm.families.mtmd.projector import MtmdProjector
from desktop_vlm.runtime.chat_format import ChatFormat
from desktop_vlm.runtime.text_model import TextModel

_SLICES = "clip.vision.image_grid_pinpoints"
_ANOTHER_FORMAT = ("<|im_start|>", "<|start_header_id|>", "<|user|>")


class LlavaFamily(MtmdFamily):
    """LLaVA 1.5 (`families.base.Family`)."""

    name = "llava15"
    projector_types = frozenset({"mlp"})
    rules = LlavaRules

    def open_projector(self, path: Path) -> MtmdProjector:
        """LLaVA 1.6 calls its projector the same, but cuts images into slices, which the library does."""
        if _SLICES in open_vision_file(path).settings:
            return MtmdProjector(GenericRules(open_vision_file(path)))
        return super().open_projector(path)

    def chat_format(self, text: TextModel) -> ChatFormat | None:
        """Vicuna's turns, unless the language model is visibly another one: many were given LLaVA's encoder."""
        if any(text.control_token(name) is not None for name in _ANOTHER_FORMAT):
            return None
        if "ASSISTANT" not in (text.setting("tokenizer.chat_template") or "ASSISTANT"):
            return find_format_of(text)
        vicuna = Vicuna()
        return vicuna if all(text.control_token(name) is not None for name in vicuna.control_tokens) else None

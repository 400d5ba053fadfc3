"""How Ollama lays out Llama 3.2 Vision: two forms, and what each calls the tensors that ours has.

Old (Ollama 0.4 to 0.6, and the pairs on the hub that were made from it): a language model with the cross-attention
layers, and a projector; both say `general.architecture` = `mllama`. New (0.7 and later): one file with everything.
Layers keep the numbers of the whole model. docs/importing.md tells the differences.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.api.errors import UserError
from desktop_vlm.families.mllama.convert.config import VisionConfig
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

ARCHITECTURE = "mllama"
CROSS_LAYERS = "mllama.attention.cross_attention_layers"

_OLD_PARTS = {"attn_output": "attn_out", "attn_norm": "ln1", "ffn_norm": "ln2"}


@dataclass(frozen=True)
class OllamaFiles:
    """The files of a model.

    Attributes:
        model: holds the language model with its cross-attention layers.
        vision: holds the vision encoder; in the new form the same file.
        is_old: the vision encoder's tensors have the names of the old form.
        swaps_ffn: the two matrices of the encoder's feed-forward network have each other's name.
    """

    model: GgufFile
    vision: GgufFile
    is_old: bool
    swaps_ffn: bool

    @property
    def files(self) -> list[GgufFile]:
        """Each file once."""
        return [self.model] if self.vision is self.model else [self.model, self.vision]

    def of_vision(self, name: str) -> str:
        """What the vision file calls our tensor, such as `v.blk.0.ffn_up.weight`."""
        block, mark, part = name.partition(".blk.")
        if not mark:
            return name
        number, kind, *rest = part.split(".")
        if self.swaps_ffn and kind in ("ffn_up", "ffn_down"):
            kind = "ffn_down" if kind == "ffn_up" else "ffn_up"
        elif self.is_old:
            kind = _OLD_PARTS.get(kind, kind)
        return ".".join([f"{block}.blk", number, kind, *rest])


def holds_language_model(file: GgufFile) -> bool:
    """Whether a file of this architecture has the language model's layers."""
    return file.architecture == ARCHITECTURE and "token_embd.weight" in file.tensors


def holds_vision(file: GgufFile) -> bool:
    """Whether a file of this architecture has the vision encoder."""
    return file.architecture == ARCHITECTURE and "v.patch_embd.weight" in file.tensors


def vision_file(model: GgufFile, projector: GgufFile | None) -> GgufFile:
    """The file with the vision encoder.

    Raises:
        UserError: there is none.
    """
    vision = projector or model
    if not holds_vision(vision):
        raise UserError(
            f"{model.path} is the language model of Llama 3.2 Vision without its vision encoder: give its projector "
            "too, the other file of the pair."
        )
    return vision


def open_form(model: GgufFile, vision: GgufFile, config: VisionConfig) -> OllamaFiles:
    """Find out which form it is."""
    is_old = "v.blk.0.ln1.weight" in vision.tensors
    return OllamaFiles(model, vision, is_old, _swaps_ffn(vision, config, is_old=is_old))


def _swaps_ffn(vision: GgufFile, config: VisionConfig, *, is_old: bool) -> bool:
    """By the shapes, which cannot be mistaken as long as the network widens; else by the form."""
    shapes = {part: vision.tensors.get(f"v.blk.0.{part}.weight") for part in ("ffn_up", "ffn_down")}
    widening = {part for part, place in shapes.items() if place and place.shape == (config.width, config.ffn_width)}
    return is_old if len(widening) != 1 else widening == {"ffn_down"}

"""Llama 3.2 Vision, as transformers stores it, to a text GGUF and an mmproj with the cross-attention layers."""

from __future__ import annotations

from collections.abc import Callable

from gguf import GGMLQuantizationType as Type

from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.conversion.recipe import MmprojRecipe, Recipe, Settings, TextRecipe
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tokenizer import Tokenizer, Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.families.mllama.convert.config import EXTRA_EMBEDDING_ROWS, ModelConfig, TextConfig, read_config
from desktop_vlm.families.mllama.convert.metadata import mmproj_metadata, text_metadata
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.convert.types import mmproj_type, self_attention_stack

# transformers 4.52 moved the modules; the older names, those of Meta's own checkpoints, are canonical.
NAMES = TensorNames(
    (
        {
            "model.language_model.": "language_model.model.",
            "lm_head.": "language_model.lm_head.",
            "model.vision_model.": "vision_model.",
            "model.multi_modal_projector.": "multi_modal_projector.",
        },
    )
)


class MllamaConverter:
    """Converts checkpoints whose `model_type` is `mllama`."""

    title = "Llama 3.2 Vision (mllama)"

    def recognises(self, settings: Settings) -> bool:
        return settings.model_type == "mllama"

    def recipe(self, settings: Settings) -> Recipe:
        config = read_config(settings.folder, settings.config)
        text = text_recipe(config, lambda: read_tokenizer(settings.tokenizer_folder, vocabulary(config.text)))
        return Recipe(text, mmproj_recipe(config), NAMES)


def vocabulary(config: TextConfig) -> Vocabulary:
    """What the text file needs of the tokenizer; `<|image|>` has no row in it."""
    return Vocabulary(
        config.vocab_size,
        n_beyond=EXTRA_EMBEDDING_ROWS,
        bos=config.bos,
        eos=config.eos,
        pad=config.pad,
        placeholder="[unused{}]",
    )


def text_recipe(config: ModelConfig, read: Callable[[], Tokenizer]) -> TextRecipe:
    """The text GGUF: the self-attention layers."""
    return TextRecipe(
        "llama", text_metadata(config), text_tensors(config.text), self_attention_stack(config.text), read
    )


def mmproj_recipe(config: ModelConfig) -> MmprojRecipe:
    """The mmproj GGUF: vision encoder, projector, cross-attention layers, extra embeddings."""

    def choose_type(tensor: GgufTensor, vision: FileType, text: FileType) -> Type:
        return mmproj_type(tensor, vision, text, config.text)

    return MmprojRecipe(mmproj_metadata(config), mmproj_tensors(config), choose_type, has_text_layers=True)

"""Llama 3.2 Vision, in either layout, to a text GGUF and an mmproj with the cross-attention layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gguf import GGMLQuantizationType as Type

from desktop_vlm.conversion import tiktoken_model
from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.conversion.recipe import MmprojRecipe, Recipe, Settings, TextRecipe
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tokenizer import Tokenizer, Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.families.mllama.convert import meta
from desktop_vlm.families.mllama.convert.config import EXTRA_EMBEDDING_ROWS, ModelConfig, TextConfig, read_config
from desktop_vlm.families.mllama.convert.metadata import mmproj_metadata, text_metadata
from desktop_vlm.families.mllama.convert.tensor_map import EMBEDDINGS, mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.convert.tile_positions import compact_positions
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
    """Converts checkpoints whose `model_type` is `mllama`, and Meta's own files."""

    title = "Llama 3.2 Vision (mllama)"

    def recognises(self, settings: Settings) -> bool:
        return settings.model_type == "mllama" or meta.is_meta_layout(settings)

    def recipe(self, settings: Settings) -> Recipe:
        if meta.is_meta_layout(settings):
            return _meta_recipe(settings)
        config = read_config(settings.folder, settings.config)
        text = text_recipe(config, lambda: read_tokenizer(settings.tokenizer_folder, vocabulary(config.text)))
        notes = (config.note,) if config.note else ()
        longer = frozenset({EMBEDDINGS})
        return Recipe(text, mmproj_recipe(config), NAMES, may_be_longer=longer, notes=notes)


def _meta_recipe(settings: Settings) -> Recipe:
    """The same of Meta's own files, whose tokenizer may be transformers' if one is there."""
    config = read_config(settings.folder, meta.config_of(settings), meta.SETTINGS_NAME)
    config = replace(config, text=replace(config.text, rotates_halves=False))
    needed, folder = vocabulary(config.text), settings.tokenizer_folder

    def read() -> Tokenizer:
        if (folder / "tokenizer.json").is_file():
            return read_tokenizer(folder, needed)
        return tiktoken_model.read(folder / "tokenizer.model", needed, meta.SPECIAL_TOKENS, meta.PAD)

    return Recipe(
        text_recipe(config, read),
        mmproj_recipe(config),
        settings_name=meta.SETTINGS_NAME,
        open_weights=lambda: meta.open_meta_checkpoint(settings, config.text.cross_layers),
    )


def vocabulary(config: TextConfig) -> Vocabulary:
    """What the text file needs of the tokenizer; `<|image|>` has no row in it, unless it was resized."""
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

    return MmprojRecipe(
        mmproj_metadata(config),
        mmproj_tensors(config),
        choose_type,
        has_text_layers=True,
        shortened=lambda checkpoint: compact_positions(checkpoint, config.vision),
    )

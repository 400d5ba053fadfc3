"""LLaVA 1.5, as transformers stores it, to a `llama` GGUF and an mmproj for libmtmd."""

from __future__ import annotations

from desktop_vlm.conversion.metadata import ints
from desktop_vlm.conversion.recipe import Recipe, Settings, decoder_recipe, mmproj_recipe
from desktop_vlm.conversion.tokenizer import Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.conversion.vision_config import processor_notes, vision_metadata
from desktop_vlm.families.llava15.convert.config import LlavaConfig, read_config
from desktop_vlm.families.llava15.convert.tensor_map import NAMES, mmproj_tensors, not_used


class LlavaConverter:
    """Converts checkpoints whose `model_type` is `llava`; those with Pixtral's encoder are Pixtral's."""

    title = "LLaVA 1.5 (llava)"

    def recognises(self, settings: Settings) -> bool:
        """See `Converter`."""
        return settings.model_type in ("llava", "llava_llama")

    def recipe(self, settings: Settings) -> Recipe:
        """See `Converter`."""
        config = read_config(settings)
        text = decoder_recipe(config.decoder, lambda: read_tokenizer(settings.tokenizer_folder, _vocabulary(config)))
        # Without this key libmtmd leaves out the last layer that the file holds.
        metadata = [
            *vision_metadata(config.vision, config.processor),
            ints("clip.vision.feature_layer", list(config.features)),
        ]
        notes = processor_notes(settings.folder, "LLaVA 1.5")
        return Recipe(text, mmproj_recipe(metadata, mmproj_tensors(config)), NAMES, not_used(config), notes=notes)


def _vocabulary(config: LlavaConfig) -> Vocabulary:
    return Vocabulary.of(config.decoder, control=(config.image_token,))

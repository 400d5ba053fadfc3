"""Qwen2.5-VL, as transformers stores it, to a `qwen2vl` GGUF and an mmproj for libmtmd."""

from __future__ import annotations

from desktop_vlm.conversion.metadata import u32
from desktop_vlm.conversion.recipe import Recipe, Settings, decoder_recipe, mmproj_recipe
from desktop_vlm.conversion.tokenizer import Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.conversion.vision_config import processor_notes, vision_metadata
from desktop_vlm.families.qwen25vl.convert.config import read_config
from desktop_vlm.families.qwen25vl.convert.tensor_map import NAMES, mmproj_tensors, not_used


class QwenConverter:
    """Converts checkpoints whose `model_type` is `qwen2_5_vl`."""

    title = "Qwen2.5-VL (qwen2_5_vl)"

    def recognises(self, settings: Settings) -> bool:
        """See `Converter`."""
        return settings.model_type == "qwen2_5_vl"

    def recipe(self, settings: Settings) -> Recipe:
        """See `Converter`."""
        config = read_config(settings)
        vocabulary = Vocabulary.of(config.decoder, control=config.control)
        # libmtmd of today reads neither the window nor the limits of the area; our runtime does.
        metadata = [
            *vision_metadata(config.vision, config.processor),
            u32("clip.vision.n_wa_pattern", config.full_every),
            u32("clip.vision.window_size", config.window_px),
            u32("clip.vision.spatial_merge_size", 2),
            u32("clip.vision.image_min_pixels", config.min_pixels),
            u32("clip.vision.image_max_pixels", config.max_pixels),
        ]
        text = decoder_recipe(config.decoder, lambda: read_tokenizer(settings.tokenizer_folder, vocabulary))
        notes = processor_notes(settings.folder, "Qwen2.5-VL")
        return Recipe(text, mmproj_recipe(metadata, mmproj_tensors(config)), NAMES, not_used(config), notes=notes)

"""Pixtral, in Hugging Face's layout or Mistral's own, to a `llama` GGUF and an mmproj for libmtmd."""

from __future__ import annotations

from desktop_vlm.conversion.metadata import u32
from desktop_vlm.conversion.recipe import Recipe, Settings, decoder_recipe, mmproj_recipe
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tokenizer import Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.conversion.vision_config import processor_notes, vision_metadata
from desktop_vlm.conversion.weight_files import WeightFiles
from desktop_vlm.families.pixtral.convert import hugging_face, mistral
from desktop_vlm.families.pixtral.convert.tensor_map import mmproj_tensors, not_used


class PixtralConverter:
    """Converts checkpoints of `model_type` `llava` with Pixtral's encoder, and Mistral's own files."""

    title = "Pixtral (llava with a pixtral encoder, or params.json)"

    def recognises(self, settings: Settings) -> bool:
        """See `Converter`."""
        return _is_hugging_face(settings) or isinstance(settings.params.get("vision_encoder"), dict)

    def recipe(self, settings: Settings) -> Recipe:
        """See `Converter`."""
        is_hugging_face = _is_hugging_face(settings)
        config = (hugging_face if is_hugging_face else mistral).read_config(settings)
        vision_names = (hugging_face if is_hugging_face else mistral).VISION_NAMES
        control = (config.image_token, config.image_break, config.image_end)
        vocabulary = Vocabulary.of(config.decoder, control=control)
        # libmtmd does not read the longest side; our runtime does.
        metadata = [
            *vision_metadata(config.vision, config.processor),
            u32("clip.vision.preproc_image_size", config.longest_edge),
        ]
        return Recipe(
            decoder_recipe(config.decoder, lambda: read_tokenizer(settings.tokenizer_folder, vocabulary)),
            mmproj_recipe(metadata, mmproj_tensors(config, vision_names)),
            hugging_face.NAMES if is_hugging_face else TensorNames(),
            not_used(config, vision_names),
            WeightFiles("model" if is_hugging_face else "consolidated"),
            "config.json" if is_hugging_face else mistral.SETTINGS_NAME,
            notes=processor_notes(settings.folder, "Pixtral") if is_hugging_face else (),
        )


def _is_hugging_face(settings: Settings) -> bool:
    vision = settings.config.get("vision_config")
    is_pixtral = settings.model_type == "llava" and isinstance(vision, dict) and vision.get("model_type") == "pixtral"
    has_both = is_pixtral and bool(settings.params.get("vision_encoder"))
    # Some folders have the settings of both layouts, but the weights in Mistral's only.
    return is_pixtral and not (
        has_both
        and any(settings.folder.glob("consolidated*.safetensors"))
        and not any(settings.folder.glob("model*.safetensors"))
    )

"""A Pixtral folder in Hugging Face's layout: config.json, model*.safetensors, tokenizer.json."""

from __future__ import annotations

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder_config import read_nested_decoder
from desktop_vlm.conversion.json_file import read_optional_object, section_of
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tokenizer_files import token_ids_by_text
from desktop_vlm.conversion.vision_config import check_projector_activation, read_processor
from desktop_vlm.families.pixtral.convert.config import PixtralConfig, longest_edge, n_layers_used, read_vision
from desktop_vlm.families.pixtral.convert.tensor_map import VisionNames

NAMES = TensorNames(
    (
        {
            "model.language_model.": "language_model.model.",
            "lm_head.": "language_model.lm_head.",
            "model.vision_tower.": "vision_tower.",
            "model.multi_modal_projector.": "multi_modal_projector.",
        },
    )
)

VISION_NAMES = VisionNames(
    encoder="vision_tower",
    projector=("multi_modal_projector.linear_1", "multi_modal_projector.linear_2"),
    parts={
        "attn_q": "attention.q_proj",
        "attn_k": "attention.k_proj",
        "attn_v": "attention.v_proj",
        "attn_out": "attention.o_proj",
        "ffn_gate": "feed_forward.gate_proj",
        "ffn_up": "feed_forward.up_proj",
        "ffn_down": "feed_forward.down_proj",
    },
    rotates_halves=True,
)


def read_config(settings: Settings) -> PixtralConfig:
    """Read and check the settings of a checkpoint.

    Raises:
        UserError: a file is broken, values contradict each other, or libmtmd cannot do what they ask for.
    """
    folder = settings.folder
    root = section_of(settings.config, folder / "config.json")
    check_projector_activation(root)
    decoder = read_nested_decoder(root)
    section = root.section("vision_config")
    whole = read_vision(section, None, decoder.width)
    processor = read_processor(folder)
    names = section_of(read_optional_object(folder / "processor_config.json"), folder / "processor_config.json")
    ids = token_ids_by_text(settings.tokenizer_folder)
    image_break = names.string("image_break_token", "[IMG_BREAK]")
    image_end = names.string("image_end_token", "[IMG_END]")
    if missing := [
        text for text in (image_break, image_end) if ids.get(text, decoder.vocab_size) >= decoder.vocab_size
    ]:
        raise UserError(f"{folder}: the tokenizer has no {missing[0]}: {get_again(folder, 'the tokenizer files')}.")
    return PixtralConfig(
        decoder=decoder,
        vision=read_vision(section, n_layers_used(root, whole.n_layers), decoder.width),
        n_layers=whole.n_layers,
        has_projector_bias=settings.config.get("multimodal_projector_bias") is not False,
        image_token=root.integer("image_token_index", root.integer("image_token_id", 32000, least=0), least=0),
        image_break=ids[image_break],
        image_end=ids[image_end],
        longest_edge=longest_edge(processor),
        processor=processor,
    )

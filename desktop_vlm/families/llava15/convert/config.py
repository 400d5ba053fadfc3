"""A LLaVA 1.5 checkpoint's settings, with transformers' defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder
from desktop_vlm.conversion.decoder_config import read_nested_decoder, with_defaults
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_WIDTH, section_of
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.conversion.vision_config import (
    VisionShape,
    check_activation,
    check_channels,
    check_heads,
    check_projector_activation,
    read_processor,
    square_side,
)
from desktop_vlm.system.bounded.section import Section

_CLIP: dict[str, Any] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "image_size": 224,
    "patch_size": 32,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
}
"""What transformers' CLIPVisionConfig takes for keys that are not there."""

_WITHOUT_VISION_CONFIG = _CLIP | {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
}
"""What its LlavaConfig takes where the whole object is not there: CLIP ViT-L/14 at 336 pixels."""


@dataclass(frozen=True)
class LlavaConfig:
    """All that the settings of a checkpoint say.

    Attributes:
        decoder: the language model.
        vision: the encoder without the layers behind the last one whose output is used.
        n_layers: layers of the encoder in the checkpoint.
        features: after how many layers the states are taken; several are joined.
        has_projector_bias: whether the projector has biases.
        image_token: the id that stands for an image.
        processor: the image processor's settings.
    """

    decoder: Decoder
    vision: VisionShape
    n_layers: int
    features: tuple[int, ...]
    has_projector_bias: bool
    image_token: int
    processor: Section

    @property
    def n_positions(self) -> int:
        """Patches of an image and the class token."""
        return (self.vision.image_px // self.vision.patch_px) ** 2 + 1


def read_config(settings: Settings) -> LlavaConfig:
    """Read and check the settings of a checkpoint.

    Raises:
        UserError: a file is broken, values contradict each other, or libmtmd cannot do what they ask for.
    """
    root = section_of(settings.config, settings.folder / "config.json")
    if "mm_vision_tower" in settings.config:
        raise UserError(
            f"{root.where} is in LLaVA's original layout, whose vision encoder lies in another repository: "
            "take the version for transformers (llava-hf)."
        )
    check_projector_activation(root)
    vision = _vision_section(root)
    n_layers = vision.integer("num_hidden_layers", most=MOST_LAYERS)
    features = _features(root, n_layers)
    decoder = read_nested_decoder(root)
    return LlavaConfig(
        decoder=decoder,
        vision=_vision_shape(vision, max(1, *features), decoder.width),
        n_layers=n_layers,
        features=features,
        has_projector_bias=settings.config.get("multimodal_projector_bias") is not False,
        image_token=root.integer("image_token_index", root.integer("image_token_id", 32000, least=0), least=0),
        processor=read_processor(settings.folder),
    )


def _vision_section(root: Section) -> Section:
    section = root.section("vision_config")
    if root.values.get("vision_config") is None:
        return with_defaults(section, _WITHOUT_VISION_CONFIG)
    if (kind := section.string("model_type", "clip_vision_model")) != "clip_vision_model":
        raise UserError(
            f"{section.where}: the vision encoder is a `{kind}`, but with this projector only CLIP "
            "(`clip_vision_model`) and Pixtral's (`pixtral`) can be converted."
        )
    return with_defaults(section, _CLIP)


def _vision_shape(section: Section, n_layers: int, output_width: int) -> VisionShape:
    check_channels(section, "num_channels")
    check_activation(section, activation := section.string("hidden_act"))
    width, n_heads = section.integer("hidden_size", most=MOST_WIDTH), section.integer("num_attention_heads")
    check_heads(section, width, n_heads)
    return VisionShape(
        projector="mlp",
        image_px=square_side(section, "image_size", 0),
        patch_px=square_side(section, "patch_size", 0),
        width=width,
        ffn_width=section.integer("intermediate_size"),
        n_layers=n_layers,
        n_heads=n_heads,
        output_width=output_width,
        norm_eps=section.number("layer_norm_eps"),
        activation=activation,
    )


def _features(root: Section, n_layers: int) -> tuple[int, ...]:
    """After how many layers the encoder's states are taken."""
    if root.string("vision_feature_select_strategy", "default") != "default":
        raise root.wrong("vision_feature_select_strategy", "`default`, as libmtmd leaves the class token out")
    value = root.values.get("vision_feature_layer")
    named = [-2] if value is None else value if isinstance(value, list) else [value]
    if not named or not all(type(item) is int and -n_layers - 1 <= item <= n_layers for item in named):
        raise root.wrong("vision_feature_layer", f"numbers of layers from {-n_layers - 1} to {n_layers}")
    features = tuple(item if item >= 0 else n_layers + 1 + item for item in named)
    if list(features) != sorted(set(features)):
        raise root.wrong("vision_feature_layer", "ascending numbers of different layers")
    return features

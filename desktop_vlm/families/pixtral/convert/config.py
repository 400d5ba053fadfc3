"""A Pixtral checkpoint's settings in Hugging Face's layout, with transformers' defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder
from desktop_vlm.conversion.decoder_config import with_defaults
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_WIDTH
from desktop_vlm.conversion.vision_config import VisionShape, check_activation, check_channels, check_heads, square_side
from desktop_vlm.system.bounded.section import Section

NORM_EPS = 1e-5
"""Of the encoder's norms: a constant of both reference implementations."""

ROPE_THETA = 10000.0
"""Of the encoder, built into libmtmd."""

LONGEST_EDGE = 1024
"""Of an image in pixels, where no file says so."""

_DEFAULTS: dict[str, Any] = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 1024,
    "patch_size": 16,
    "hidden_act": "gelu",
}
"""What transformers' PixtralVisionConfig takes for keys that are not there."""


@dataclass(frozen=True)
class PixtralConfig:
    """All that the settings of a checkpoint say.

    Attributes:
        decoder: the language model.
        vision: the encoder without layers that are not used.
        n_layers: layers of the encoder in the checkpoint.
        has_projector_bias: whether the projector has biases.
        image_token, image_break, image_end: ids of the tokens for patches, after a row, and after an image.
        longest_edge: longest side of an image that the model sees, in pixels.
        processor: the image processor's settings.
    """

    decoder: Decoder
    vision: VisionShape
    n_layers: int
    has_projector_bias: bool
    image_token: int
    image_break: int
    image_end: int
    longest_edge: int
    processor: Section


def read_vision(section: Section, n_used: int | None, output_width: int) -> VisionShape:
    """The encoder, of which the first `n_used` layers are used; None for all.

    Raises:
        UserError: libmtmd cannot do what the settings ask for.
    """
    section = with_defaults(section, _DEFAULTS)
    check_channels(section, "num_channels")
    check_activation(section, activation := section.string("hidden_act"))
    width, n_heads = section.integer("hidden_size", most=MOST_WIDTH), section.integer("num_attention_heads")
    check_heads(section, width, n_heads, multiple=4)
    theta = section.section("rope_parameters").number("rope_theta", section.number("rope_theta", ROPE_THETA))
    if theta != ROPE_THETA:
        raise UserError(f"{section.where}: `rope_theta` is {theta:g}, but libmtmd has only {ROPE_THETA:g}.")
    return VisionShape(
        projector="pixtral",
        image_px=square_side(section, "image_size", 0),
        patch_px=square_side(section, "patch_size", 0),
        width=width,
        ffn_width=section.integer("intermediate_size"),
        n_layers=section.integer("num_hidden_layers", most=MOST_LAYERS) if n_used is None else n_used,
        n_heads=n_heads,
        output_width=output_width,
        norm_eps=NORM_EPS,
        activation=activation,
    )


def n_layers_used(root: Section, n_layers: int) -> int:
    """How many of the encoder's layers come before the states that the projector takes."""
    if root.string("vision_feature_select_strategy", "default") != "full":
        raise root.wrong("vision_feature_select_strategy", "`full`, as the encoder has no class token")
    value = root.values.get("vision_feature_layer", -2)
    if type(value) is not int or not -n_layers <= value <= n_layers or value == 0:
        raise root.wrong("vision_feature_layer", f"a layer's number from {-n_layers} to {n_layers}")
    return value if value > 0 else n_layers + 1 + value


def longest_edge(processor: Section) -> int:
    """The longest side of an image in pixels, from the image processor's settings."""
    size = processor.values.get("size")
    if not isinstance(size, dict):
        return processor.integer("size", LONGEST_EDGE)
    section = processor.section("size")
    if section.values.get("longest_edge") is not None:
        return section.integer("longest_edge")
    return square_side(processor, "size", LONGEST_EDGE) if size else LONGEST_EDGE

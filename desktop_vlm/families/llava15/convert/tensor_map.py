"""What every tensor of a LLaVA 1.5 checkpoint becomes in the mmproj file; names there are libmtmd's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from desktop_vlm.conversion.tensor_map import GgufTensor, Role, biased, convolution, linear, table, vector
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.families.llava15.convert.config import LlavaConfig

_VISION = "vision_tower.vision_model"
_PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_out": "self_attn.out_proj",
}
_NORMS = {"ln1": "layer_norm1", "ln2": "layer_norm2"}

# transformers 4.52 put `model.` in front; its releases 5 no longer nest the encoder in `vision_model.`.
_NEWER = {
    "model.language_model.": "language_model.model.",
    "lm_head.": "language_model.lm_head.",
    "model.multi_modal_projector.": "multi_modal_projector.",
}
NAMES = TensorNames(
    (
        _NEWER | {"model.vision_tower.vision_model.": f"{_VISION}."},
        _NEWER | {"model.vision_tower.": f"{_VISION}."},
        {f"{_VISION}.": f"{_VISION}.", "vision_tower.": f"{_VISION}."},
    )
)


def mmproj_tensors(config: LlavaConfig) -> list[GgufTensor]:
    """The encoder up to the last layer that is used, and the projector."""
    vision = config.vision
    embeddings = f"{_VISION}.embeddings"
    tensors = [
        vector("v.class_embd", f"{embeddings}.class_embedding", vision.width),
        convolution("v.patch_embd.weight", f"{embeddings}.patch_embedding.weight", vision.width, vision.patch_px),
        table(
            "v.position_embd.weight",
            f"{embeddings}.position_embedding.weight",
            config.n_positions,
            vision.width,
            Role.POSITIONS,
        ),
        *_norm("v.pre_ln", f"{_VISION}.pre_layrnorm", vision.width),  # misspelt like that
    ]
    for number in range(vision.n_layers):
        tensors += _layer(config, number)
    return [*tensors, *_projector(config)]


def _norm(name: str, source: str, width: int) -> list[GgufTensor]:
    return [vector(f"{name}.{part}", f"{source}.{part}", width) for part in ("weight", "bias")]


def _layer(config: LlavaConfig, number: int) -> Iterator[GgufTensor]:
    width, ffn_width = config.vision.width, config.vision.ffn_width
    name, source = f"v.blk.{number}", f"{_VISION}.encoder.layers.{number}"
    for part, place in _PARTS.items():
        yield from biased(f"{name}.{part}", f"{source}.{place}", width, width)
    for part, place in _NORMS.items():
        yield from _norm(f"{name}.{part}", f"{source}.{place}", width)
    yield from biased(f"{name}.ffn_up", f"{source}.mlp.fc1", ffn_width, width)
    yield from biased(f"{name}.ffn_down", f"{source}.mlp.fc2", width, ffn_width)


def _projector(config: LlavaConfig) -> Iterator[GgufTensor]:
    width = config.vision.output_width
    for name, place, n_in in (
        ("mm.0", "linear_1", config.vision.width * len(config.features)),
        ("mm.2", "linear_2", width),
    ):
        yield linear(name, f"multi_modal_projector.{place}", width, n_in)
        if config.has_projector_bias:
            yield vector(f"{name}.bias", f"multi_modal_projector.{place}.bias", width)
        else:  # libmtmd wants one
            yield GgufTensor(f"{name}.bias", (width,), Role.EXACT, values=np.zeros(width, dtype=np.float32))


def not_used(config: LlavaConfig) -> frozenset[str]:
    """Names of the encoder's tensors behind the last layer that is used."""
    names = {f"{_VISION}.post_layernorm.{part}" for part in ("weight", "bias")}
    for number in range(config.vision.n_layers, config.n_layers):
        names |= {tensor.source for tensor in _layer(config, number)}
    if config.decoder.is_tied:
        names.add(f"{config.decoder.names.head}.weight")
    return frozenset(names)

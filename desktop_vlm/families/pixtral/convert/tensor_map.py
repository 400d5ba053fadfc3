"""What every tensor of Pixtral's encoder and projector becomes in the mmproj file; names there are libmtmd's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from desktop_vlm.conversion.tensor_map import GgufTensor, Role, convolution, linear, vector
from desktop_vlm.families.pixtral.convert.config import PixtralConfig


@dataclass(frozen=True)
class VisionNames:
    """How a layout names the tensors.

    Attributes:
        encoder: what goes before the encoder's names.
        projector: its two matrices.
        parts: libmtmd's name of a layer's matrix -> the layout's.
        rotates_halves: rows of q and k are to be brought into ggml's order.
    """

    encoder: str
    projector: tuple[str, str]
    parts: Mapping[str, str]
    rotates_halves: bool


def mmproj_tensors(config: PixtralConfig, names: VisionNames) -> list[GgufTensor]:
    """The encoder, the projector, and the embedding of the token that ends a row of patches."""
    vision, decoder = config.vision, config.decoder
    tensors = [
        convolution("v.patch_embd.weight", f"{names.encoder}.patch_conv.weight", vision.width, vision.patch_px),
        vector("v.pre_ln.weight", f"{names.encoder}.ln_pre.weight", vision.width),
    ]
    for number in range(vision.n_layers):
        tensors += _layer(config, names, number)
    for name, source, n_in in zip(("mm.1", "mm.2"), names.projector, (vision.width, vision.output_width), strict=True):
        tensors.append(linear(name, source, vision.output_width, n_in))
        tensors.append(_bias(f"{name}.bias", f"{source}.bias", config))
    embeddings = f"{decoder.names.embeddings}.weight"
    shape = (decoder.vocab_size, decoder.width)
    row = GgufTensor("v.token_embd.img_break", (decoder.width,), Role.EXACT, embeddings, shape, config.image_break)
    return [*tensors, row]


def _bias(name: str, source: str, config: PixtralConfig) -> GgufTensor:
    width = config.vision.output_width
    if config.has_projector_bias:
        return vector(name, source, width)
    return GgufTensor(name, (width,), Role.EXACT, values=np.zeros(width, dtype=np.float32))  # libmtmd wants one


def _layer(config: PixtralConfig, names: VisionNames, number: int) -> Iterator[GgufTensor]:
    vision = config.vision
    name, source = f"v.blk.{number}", f"{names.encoder}.transformer.layers.{number}"
    sizes = {"ffn_gate": (vision.ffn_width, vision.width), "ffn_up": (vision.ffn_width, vision.width)}
    sizes["ffn_down"] = (vision.width, vision.ffn_width)
    for part, place in names.parts.items():
        size = sizes.get(part, (vision.width, vision.width))
        head_dim = vision.head_dim if names.rotates_halves and part in ("attn_q", "attn_k") else 0
        weight = f"{source}.{place}.weight"
        yield GgufTensor(f"{name}.{part}.weight", size, Role.LINEAR, weight, size, rotary_head_dim=head_dim)
    for part, place in (("ln1", "attention_norm"), ("ln2", "ffn_norm")):
        yield vector(f"{name}.{part}.weight", f"{source}.{place}.weight", vision.width)


def not_used(config: PixtralConfig, names: VisionNames) -> frozenset[str]:
    """Names of tensors that may be there and go nowhere."""
    unused = {t.source for n in range(config.vision.n_layers, config.n_layers) for t in _layer(config, names, n)}
    if config.decoder.is_tied:
        unused.add(f"{config.decoder.names.head}.weight")
    return frozenset(unused)

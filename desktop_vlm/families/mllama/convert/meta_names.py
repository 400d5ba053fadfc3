"""Names of tensors in Meta's files, and what they are in transformers' checkpoints."""

from __future__ import annotations

import re
from enum import Enum, auto


class Kind(Enum):
    """How a tensor is spread over the files, or what else it takes."""

    SAME = auto()  # whole in every file
    ROWS = auto()  # its rows in turn
    COLUMNS = auto()  # the beginnings and ends of its rows
    PATCHES = auto()  # rows, which are the convolution's kernels
    GATE = auto()  # one value, which may be repeated
    RATIOS = auto()  # by the place of a tile, which transformers has by aspect ratio


_LAYER = {
    "attention_norm.weight": ("input_layernorm.weight", Kind.SAME),
    "ffn_norm.weight": ("post_attention_layernorm.weight", Kind.SAME),
    "feed_forward.w1.weight": ("mlp.gate_proj.weight", Kind.ROWS),
    "feed_forward.w2.weight": ("mlp.down_proj.weight", Kind.COLUMNS),
    "feed_forward.w3.weight": ("mlp.up_proj.weight", Kind.ROWS),
}
_SELF = _LAYER | {
    "attention.wq.weight": ("self_attn.q_proj.weight", Kind.ROWS),
    "attention.wk.weight": ("self_attn.k_proj.weight", Kind.ROWS),
    "attention.wv.weight": ("self_attn.v_proj.weight", Kind.ROWS),
    "attention.wo.weight": ("self_attn.o_proj.weight", Kind.COLUMNS),
}
_CROSS = _LAYER | {
    "attention.wq.weight": ("cross_attn.q_proj.weight", Kind.ROWS),
    "attention.wk.weight": ("cross_attn.k_proj.weight", Kind.ROWS),
    "attention.wv.weight": ("cross_attn.v_proj.weight", Kind.ROWS),
    "attention.wo.weight": ("cross_attn.o_proj.weight", Kind.COLUMNS),
    "attention.q_norm.weight": ("cross_attn.q_norm.weight", Kind.SAME),
    "attention.k_norm.weight": ("cross_attn.k_norm.weight", Kind.SAME),
    "attention.inner_attention.q_norm.weight": ("cross_attn.q_norm.weight", Kind.SAME),
    "attention.inner_attention.k_norm.weight": ("cross_attn.k_norm.weight", Kind.SAME),
    "gate_attn": ("cross_attn_attn_gate", Kind.GATE),
    "gate_ffwd": ("cross_attn_mlp_gate", Kind.GATE),
}
_VISION_LAYER = {
    "attn.wq.weight": ("self_attn.q_proj.weight", Kind.ROWS),
    "attn.wk.weight": ("self_attn.k_proj.weight", Kind.ROWS),
    "attn.wv.weight": ("self_attn.v_proj.weight", Kind.ROWS),
    "attn.wo.weight": ("self_attn.o_proj.weight", Kind.COLUMNS),
    "mlp.c_fc.weight": ("mlp.fc1.weight", Kind.ROWS),
    "mlp.c_fc.bias": ("mlp.fc1.bias", Kind.ROWS),
    "mlp.c_proj.weight": ("mlp.fc2.weight", Kind.COLUMNS),
    "mlp.c_proj.bias": ("mlp.fc2.bias", Kind.SAME),
    "ln_1.weight": ("input_layernorm.weight", Kind.SAME),
    "ln_1.bias": ("input_layernorm.bias", Kind.SAME),
    "ln_2.weight": ("post_attention_layernorm.weight", Kind.SAME),
    "ln_2.bias": ("post_attention_layernorm.bias", Kind.SAME),
    "gate_attn": ("gate_attn", Kind.GATE),
    "gate_ffn": ("gate_ffn", Kind.GATE),
}
_ENCODER = "vision_model.vision_encoder."
_SINGLE = {
    "text_model.tok_embeddings.weight": ("language_model.model.embed_tokens.weight", Kind.ROWS),
    "text_model.learnable_embedding.weight": ("language_model.model.learnable_embedding.weight", Kind.ROWS),
    "text_model.norm.weight": ("language_model.model.norm.weight", Kind.SAME),
    "text_model.output.weight": ("language_model.lm_head.weight", Kind.ROWS),
    "vision_model.vision_projection.weight": ("multi_modal_projector.weight", Kind.ROWS),
    "vision_model.vision_projection.bias": ("multi_modal_projector.bias", Kind.ROWS),
    f"{_ENCODER}conv1._linear.weight": ("vision_model.patch_embedding.weight", Kind.PATCHES),
    f"{_ENCODER}class_embedding": ("vision_model.class_embedding", Kind.SAME),
    f"{_ENCODER}positional_embedding": ("vision_model.gated_positional_embedding.embedding", Kind.SAME),
    f"{_ENCODER}gated_positional_embedding": (
        "vision_model.gated_positional_embedding.tile_embedding.weight",
        Kind.RATIOS,
    ),
    f"{_ENCODER}gated_positional_embedding_gate": ("vision_model.gated_positional_embedding.gate", Kind.GATE),
    **{
        f"{_ENCODER}{side}_tile_pos_embed.{part}": (f"vision_model.{side}_tile_positional_embedding.{place}", kind)
        for side in ("pre", "post")
        for part, place, kind in (("embedding", "embedding.weight", Kind.RATIOS), ("gate", "gate", Kind.GATE))
    },
    **{
        f"{_ENCODER}ln_{side}.{part}": (f"vision_model.layernorm_{side}.{part}", Kind.SAME)
        for side in ("pre", "post")
        for part in ("weight", "bias")
    },
}
_STACKS = {
    "text_model.layers": _SELF,
    "text_model.cross_attention_layers": _CROSS,
    f"{_ENCODER}transformer.resblocks": _VISION_LAYER,
    f"{_ENCODER}global_transformer.resblocks": _VISION_LAYER,
}
_NUMBERED = re.compile(r"(?P<stack>.+?)\.(?P<number>\d{1,4})\.(?P<part>.+)")


def kind_of(name: str) -> Kind | None:
    """How the tensor that Meta calls `name` is spread; None for a name that it does not have."""
    if name in _SINGLE:
        return _SINGLE[name][1]
    found = _NUMBERED.fullmatch(name)
    part = _STACKS.get(found["stack"], {}).get(found["part"]) if found else None
    return part[1] if part else None


def renamed(name: str, cross_layers: tuple[int, ...]) -> str:
    """What transformers' checkpoints call the tensor that Meta calls `name`, which it has.

    Args:
        name: in Meta's files.
        cross_layers: the places of the cross-attention layers among all layers.
    """
    if name in _SINGLE:
        return _SINGLE[name][0]
    found = _NUMBERED.fullmatch(name)
    assert found
    stack, number = found["stack"], int(found["number"])
    place = _STACKS[stack][found["part"]][0]
    if not stack.startswith("text_model."):
        transformer = stack.removeprefix(_ENCODER).removesuffix(".resblocks")
        return f"vision_model.{transformer}.layers.{number}.{place}"
    if stack.endswith("cross_attention_layers"):
        layer = cross_layers[number] if number < len(cross_layers) else number + 10_000
    else:
        layer = number
        for cross in cross_layers:
            layer += cross <= layer
    return f"language_model.model.layers.{layer}.{place}"

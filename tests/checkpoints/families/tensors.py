"""The tensors of a tiny checkpoint: shapes and values by canonical name, and the names of each layout.

Canonical names are those before transformers 4.52 (`language_model.model.`, `vision_tower.`, `visual.`, `model.`).
"""

from __future__ import annotations

import math
import re
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.families.configs import FamilyCheckpoint
from tests.checkpoints.seeded import noise

Shapes = dict[str, tuple[int, ...]]

_NEWER = {
    "llava15": {
        "language_model.model.": "model.language_model.",
        "language_model.lm_head.": "lm_head.",
        "vision_tower.": "model.vision_tower.",
        "multi_modal_projector.": "model.multi_modal_projector.",
    },
    "qwen25vl": {"visual.": "model.visual.", "model.": "model.language_model."},
}
_NEWER["pixtral"] = _NEWER["llava15"]

_MISTRAL_TEXT = {
    "self_attn.q_proj": "attention.wq",
    "self_attn.k_proj": "attention.wk",
    "self_attn.v_proj": "attention.wv",
    "self_attn.o_proj": "attention.wo",
    "mlp.gate_proj": "feed_forward.w1",
    "mlp.down_proj": "feed_forward.w2",
    "mlp.up_proj": "feed_forward.w3",
    "input_layernorm": "attention_norm",
    "post_attention_layernorm": "ffn_norm",
}
_MISTRAL_VISION = {
    "attention.q_proj": "attention.wq",
    "attention.k_proj": "attention.wk",
    "attention.v_proj": "attention.wv",
    "attention.o_proj": "attention.wo",
    "feed_forward.gate_proj": "feed_forward.w1",
    "feed_forward.down_proj": "feed_forward.w2",
    "feed_forward.up_proj": "feed_forward.w3",
}
_MISTRAL_ENDS = {
    "language_model.model.embed_tokens.": "tok_embeddings.",
    "language_model.model.norm.": "norm.",
    "language_model.lm_head.": "output.",
    "vision_tower.": "vision_encoder.",
    "multi_modal_projector.linear_1.": "vision_language_adapter.w_in.",
    "multi_modal_projector.linear_2.": "vision_language_adapter.w_out.",
}


def tensor_shapes(checkpoint: FamilyCheckpoint) -> Shapes:
    """Shape of every tensor by its canonical name, in file order."""
    config = checkpoint.config
    if checkpoint.family == "qwen25vl":
        return {**_qwen_vision(config["vision_config"]), **_text(config, "model", "lm_head", bias=True)}
    vision = _clip(config["vision_config"]) if checkpoint.family == "llava15" else _pixtral(config["vision_config"])
    text, width = config["text_config"]["hidden_size"], config["vision_config"]["hidden_size"]
    projector: Shapes = {}
    for part, n_in in (("linear_1", width), ("linear_2", text)):
        projector[f"multi_modal_projector.{part}.weight"] = (text, n_in)
        projector[f"multi_modal_projector.{part}.bias"] = (text,)
    return {**vision, **projector, **_text(config, "language_model.model", "language_model.lm_head", bias=False)}


def _text(config: dict[str, Any], model: str, head: str, *, bias: bool) -> Shapes:
    text = config["text_config"]
    width, ffn, n_heads = text["hidden_size"], text["intermediate_size"], text["num_attention_heads"]
    head_dim = text.get("head_dim") or width // n_heads
    q_width, kv_width = n_heads * head_dim, text["num_key_value_heads"] * head_dim
    shapes: Shapes = {f"{model}.embed_tokens.weight": (text["vocab_size"], width)}
    for i in range(text["num_hidden_layers"]):
        layer = f"{model}.layers.{i}"
        for part, n_out in (("q", q_width), ("k", kv_width), ("v", kv_width)):
            shapes[f"{layer}.self_attn.{part}_proj.weight"] = (n_out, width)
            if bias:
                shapes[f"{layer}.self_attn.{part}_proj.bias"] = (n_out,)
        shapes[f"{layer}.self_attn.o_proj.weight"] = (width, q_width)
        shapes |= {f"{layer}.mlp.{part}_proj.weight": (ffn, width) for part in ("gate", "up")}
        shapes[f"{layer}.mlp.down_proj.weight"] = (width, ffn)
        shapes |= {f"{layer}.{norm}.weight": (width,) for norm in ("input_layernorm", "post_attention_layernorm")}
    shapes[f"{model}.norm.weight"] = (width,)
    if not config["tie_word_embeddings"]:
        shapes[f"{head}.weight"] = (text["vocab_size"], width)
    return shapes


def _with_bias(name: str, *shape: int) -> Shapes:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def _clip(vision: dict[str, Any]) -> Shapes:
    width, ffn, patch = vision["hidden_size"], vision["intermediate_size"], vision["patch_size"]
    model = "vision_tower.vision_model"
    shapes: Shapes = {
        f"{model}.embeddings.class_embedding": (width,),
        f"{model}.embeddings.patch_embedding.weight": (width, 3, patch, patch),
        f"{model}.embeddings.position_embedding.weight": ((vision["image_size"] // patch) ** 2 + 1, width),
        **_with_bias(f"{model}.pre_layrnorm", width),
    }
    for i in range(vision["num_hidden_layers"]):
        layer = f"{model}.encoder.layers.{i}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes |= _with_bias(f"{layer}.self_attn.{part}", width, width)
        shapes |= _with_bias(f"{layer}.layer_norm1", width) | _with_bias(f"{layer}.layer_norm2", width)
        shapes |= _with_bias(f"{layer}.mlp.fc1", ffn, width) | _with_bias(f"{layer}.mlp.fc2", width, ffn)
    return shapes | _with_bias(f"{model}.post_layernorm", width)


def _pixtral(vision: dict[str, Any]) -> Shapes:
    width, ffn, patch = vision["hidden_size"], vision["intermediate_size"], vision["patch_size"]
    shapes: Shapes = {
        "vision_tower.patch_conv.weight": (width, 3, patch, patch),
        "vision_tower.ln_pre.weight": (width,),
    }
    for i in range(vision["num_hidden_layers"]):
        layer = f"vision_tower.transformer.layers.{i}"
        shapes |= {f"{layer}.attention.{part}_proj.weight": (width, width) for part in ("q", "k", "v", "o")}
        shapes |= {f"{layer}.feed_forward.{part}_proj.weight": (ffn, width) for part in ("gate", "up")}
        shapes[f"{layer}.feed_forward.down_proj.weight"] = (width, ffn)
        shapes |= {f"{layer}.{norm}.weight": (width,) for norm in ("attention_norm", "ffn_norm")}
    return shapes


def _qwen_vision(vision: dict[str, Any]) -> Shapes:
    width, ffn, patch = vision["hidden_size"], vision["intermediate_size"], vision["patch_size"]
    merged = width * vision["spatial_merge_size"] ** 2
    shapes: Shapes = {"visual.patch_embed.proj.weight": (width, 3, vision["temporal_patch_size"], patch, patch)}
    for i in range(vision["depth"]):
        block = f"visual.blocks.{i}"
        shapes |= {f"{block}.{norm}.weight": (width,) for norm in ("norm1", "norm2")}
        shapes |= _with_bias(f"{block}.attn.qkv", 3 * width, width) | _with_bias(f"{block}.attn.proj", width, width)
        for part in ("gate", "up"):
            shapes |= _with_bias(f"{block}.mlp.{part}_proj", ffn, width)
        shapes |= _with_bias(f"{block}.mlp.down_proj", width, ffn)
    shapes["visual.merger.ln_q.weight"] = (width,)
    shapes |= _with_bias("visual.merger.mlp.0", merged, merged)
    return shapes | _with_bias("visual.merger.mlp.2", vision["out_hidden_size"], merged)


def tensor_values(checkpoint: FamilyCheckpoint, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Values of the tensor with the canonical `name`, before rounding to the stored type."""
    rng = np.random.RandomState(zlib.crc32(f"{checkpoint.seed}:{name}".encode()))
    if re.search(r"norm|\.ln_|layrnorm", name):
        values = 0.2 * noise(rng, shape) + (1.0 if name.endswith("weight") else 0.0)
    elif name.endswith("bias"):
        values = 0.2 * noise(rng, shape)
    elif "embed_tokens" in name or ("embedding" in name and "patch" not in name):
        values = 0.5 * noise(rng, shape)
    else:
        gain = 3.0 if "lm_head" in name else 1.5
        values = gain / math.sqrt(math.prod(shape[1:])) * noise(rng, shape)
    return values.astype(np.float32)


def stored_name(checkpoint: FamilyCheckpoint, name: str) -> str:
    """How the checkpoint's layout spells the canonical `name`."""
    if checkpoint.layout == "mistral":
        return _mistral_name(name)
    if checkpoint.layout == "flat":
        name = name.replace("vision_tower.vision_model.", "vision_tower.")
    if checkpoint.layout != "old":
        for old, new in _NEWER[checkpoint.family].items():
            if name.startswith(old):
                return new + name.removeprefix(old)
    return name


def _mistral_name(name: str) -> str:
    for model, parts in (("language_model.model.", _MISTRAL_TEXT), ("vision_tower.transformer.", _MISTRAL_VISION)):
        if found := re.fullmatch(rf"{re.escape(model)}layers\.(\d+)\.(.+)\.(\w+)", name):
            number, part, kind = found.groups()
            prefix = "" if parts is _MISTRAL_TEXT else "vision_encoder.transformer."
            return f"{prefix}layers.{number}.{parts.get(part, part)}.{kind}"
    for old, new in _MISTRAL_ENDS.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    raise ValueError(name)


def stored_order(checkpoint: FamilyCheckpoint, name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows of `values` as the layout has them: Mistral's files keep the halves of q and k interleaved."""
    if checkpoint.layout != "mistral":
        return values
    text, vision = checkpoint.config["text_config"], checkpoint.config["vision_config"]
    heads = {
        "self_attn.q_proj.weight": text["num_attention_heads"],
        "self_attn.k_proj.weight": text["num_key_value_heads"],
        ".attention.q_proj.weight": vision["num_attention_heads"],
        ".attention.k_proj.weight": vision["num_attention_heads"],
    }
    for ending, n_heads in heads.items():
        if name.endswith(ending):
            return interleave_halves(values, n_heads)
    return values


def interleave_halves(rows: NDArray[np.float32], n_heads: int) -> NDArray[np.float32]:
    """Rows (head, half, i) reordered to (head, i, half): Hugging Face's order of q and k to ggml's."""
    halves = rows.reshape(n_heads, 2, len(rows) // n_heads // 2, *rows.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows.shape))

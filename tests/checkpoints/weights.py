"""Every tensor of a tiny mllama checkpoint, from a seed of its own."""

from __future__ import annotations

import math
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.configs import EXTRA_EMBEDDING_ROWS, NEW_PREFIXES, Naming, TinyCheckpoint
from tests.checkpoints.seeded import encode, noise, write_shards


def _text_shapes(text: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    hidden, ffn = text["hidden_size"], text["intermediate_size"]
    head_dim = hidden // text["num_attention_heads"]
    kv = head_dim * text["num_key_value_heads"]
    shapes: dict[str, tuple[int, ...]] = {
        "language_model.model.embed_tokens.weight": (text["vocab_size"] + EXTRA_EMBEDDING_ROWS, hidden)
    }
    for index in range(text["num_hidden_layers"]):
        layer = f"language_model.model.layers.{index}"
        crossed = index in text["cross_attention_layers"]
        attention = f"{layer}.{'cross_attn' if crossed else 'self_attn'}"
        shapes |= {
            f"{attention}.q_proj.weight": (hidden, hidden),
            f"{attention}.k_proj.weight": (kv, hidden),
            f"{attention}.v_proj.weight": (kv, hidden),
            f"{attention}.o_proj.weight": (hidden, hidden),
            f"{layer}.input_layernorm.weight": (hidden,),
            f"{layer}.post_attention_layernorm.weight": (hidden,),
            f"{layer}.mlp.gate_proj.weight": (ffn, hidden),
            f"{layer}.mlp.up_proj.weight": (ffn, hidden),
            f"{layer}.mlp.down_proj.weight": (hidden, ffn),
        }
        if crossed:
            shapes |= {
                f"{attention}.q_norm.weight": (head_dim,),
                f"{attention}.k_norm.weight": (head_dim,),
                f"{layer}.cross_attn_attn_gate": (1,),
                f"{layer}.cross_attn_mlp_gate": (1,),
            }
    shapes["language_model.model.norm.weight"] = (hidden,)
    shapes["language_model.lm_head.weight"] = (text["vocab_size"], hidden)
    return shapes


def _vision_layer_shapes(layer: str, width: int, ffn: int, *, gated: bool) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        f"{layer}.self_attn.{part}_proj.weight": (width, width) for part in ("q", "k", "v", "o")
    }
    for norm in ("input_layernorm", "post_attention_layernorm"):
        shapes |= {f"{layer}.{norm}.weight": (width,), f"{layer}.{norm}.bias": (width,)}
    shapes |= {
        f"{layer}.mlp.fc1.weight": (ffn, width),
        f"{layer}.mlp.fc1.bias": (ffn,),
        f"{layer}.mlp.fc2.weight": (width, ffn),
        f"{layer}.mlp.fc2.bias": (width,),
    }
    if gated:
        shapes |= {f"{layer}.gate_attn": (1,), f"{layer}.gate_ffn": (1,)}
    return shapes


def _vision_shapes(vision: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    width, patch, tiles = vision["hidden_size"], vision["patch_size"], vision["max_num_tiles"]
    tokens = (vision["image_size"] // patch) ** 2 + 1
    ratios = len(vision["supported_aspect_ratios"]) + 1  # row 0 is the padding image
    positions = "vision_model.gated_positional_embedding"
    shapes: dict[str, tuple[int, ...]] = {
        "vision_model.class_embedding": (width,),
        "vision_model.patch_embedding.weight": (width, vision["num_channels"], patch, patch),
        f"{positions}.embedding": (tokens, width),
        f"{positions}.gate": (1,),
        f"{positions}.tile_embedding.weight": (ratios, tiles * tokens * width),
    }
    for side in ("pre", "post"):
        shapes |= {
            f"vision_model.{side}_tile_positional_embedding.embedding.weight": (ratios, tiles * width),
            f"vision_model.{side}_tile_positional_embedding.gate": (1,),
            f"vision_model.layernorm_{side}.weight": (width,),
            f"vision_model.layernorm_{side}.bias": (width,),
        }
    for stack, count in (("transformer", "num_hidden_layers"), ("global_transformer", "num_global_layers")):
        for index in range(vision[count]):
            layer = f"vision_model.{stack}.layers.{index}"
            gated = stack == "global_transformer"
            shapes |= _vision_layer_shapes(layer, width, vision["intermediate_size"], gated=gated)
    return shapes


def _canonical_shapes(ckpt: TinyCheckpoint) -> dict[str, tuple[int, ...]]:
    text, vision = ckpt.config["text_config"], ckpt.config["vision_config"]
    return {
        **_vision_shapes(vision),
        "multi_modal_projector.weight": (text["hidden_size"], vision["vision_output_dim"]),
        "multi_modal_projector.bias": (text["hidden_size"],),
        **_text_shapes(text),
    }


def _rename(name: str, naming: Naming) -> str:
    if naming == "new":
        for old, new in NEW_PREFIXES.items():
            if name.startswith(old):
                return new + name.removeprefix(old)
    return name


def tensor_shapes(ckpt: TinyCheckpoint) -> dict[str, tuple[int, ...]]:
    """Shape of every tensor, keyed by its name in the checkpoint's own naming, in file order."""
    return {_rename(name, ckpt.naming): shape for name, shape in _canonical_shapes(ckpt).items()}


def _linear_gain(name: str) -> float:
    if name.endswith("lm_head.weight"):
        return 3.0  # clear winners, so that greedy decoding does not hang on rounding
    if name.endswith(("q_proj.weight", "k_proj.weight")):
        return 1.5  # attention that selects: a uniform one would hide errors in keys and positions
    return 1.0


def tensor_values(ckpt: TinyCheckpoint, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Values of the tensor whose canonical (old) name is `name`, before rounding to the stored type; read-only."""
    return _values(ckpt.seed, name, shape)


@cache  # a run builds the same few checkpoints again and again
def _values(seed: int, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    rng = np.random.RandomState(zlib.crc32(f"{seed}:{name}".encode()))
    if "gate" in name.rsplit(".", 1)[-1]:  # 0.4 .. 1.2 with either sign: never near zero
        values = np.where(rng.random_sample(shape) < 0.5, -1.0, 1.0) * (0.4 + 0.8 * rng.random_sample(shape))
    elif "norm" in name:
        middle = 1.3 if name.endswith(("q_norm.weight", "k_norm.weight")) else 1.0
        values = 0.25 * noise(rng, shape) + (middle if name.endswith("weight") else 0.0)
    elif "embed_tokens" in name:
        values = 0.1 * noise(rng, shape)  # small, so that the epsilon of the first norm matters
    elif "embedding" in name and "patch" not in name:  # class, position and tile embeddings
        values = 0.6 * noise(rng, shape)
    elif name.endswith("bias"):
        values = 0.3 * noise(rng, shape)
    else:
        fan_in = math.prod(shape[1:])
        values = _linear_gain(name) / math.sqrt(fan_in) * noise(rng, shape)
    stored = values.astype(np.float32)
    stored.setflags(write=False)
    return stored


def write_weights(ckpt: TinyCheckpoint, folder: Path, *, zero_gates: bool) -> None:
    shapes = _canonical_shapes(ckpt)
    item = {"f32": 4, "f16": 2, "bf16": 2}[ckpt.dtype]
    total = item * sum(math.prod(shape) for shape in shapes.values())
    shards: list[dict[str, tuple[tuple[int, ...], bytes]]] = [{} for _ in range(ckpt.shards)]
    done = 0
    for name, shape in shapes.items():
        values = tensor_values(ckpt, name, shape)
        if zero_gates and name.endswith(("cross_attn_attn_gate", "cross_attn_mlp_gate")):
            values = np.zeros_like(values)
        data = encode(values, ckpt.dtype)
        shards[done * ckpt.shards // total][_rename(name, ckpt.naming)] = (shape, data)
        done += len(data)

    write_shards(folder, shards, ckpt.dtype)

"""Llama 3.2 Vision in Meta's layout, from a tiny checkpoint in transformers': the names written down once more."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.configs import BETA, TinyCheckpoint, aspect_ratios, special_token_id
from tests.checkpoints.families.tensors import interleave_halves
from tests.checkpoints.folder import build
from tests.checkpoints.pytorch import write_pytorch
from tests.checkpoints.seeded import decode, encode, read_stored, write_json, write_stored
from tests.checkpoints.tokenizer import byte_alphabet, tokenizer_json

Tensors = dict[str, NDArray[np.float32]]
N_CROSS = 2


def meta_like() -> TinyCheckpoint:
    """A checkpoint whose settings are those that Meta's code has built in, but for the sizes."""
    text, vision = dict(BETA.config["text_config"]), dict(BETA.config["vision_config"])
    text |= {
        "hidden_size": 64, "num_attention_heads": 8, "num_key_value_heads": 4, "intermediate_size": 96,
        "num_hidden_layers": 8, "cross_attention_layers": [2, 6], "rms_norm_eps": 1e-5, "rope_theta": 500000.0,
        "max_position_embeddings": 131072,
        "rope_scaling": {
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        },
    }  # fmt: skip
    vision |= {
        "hidden_size": 32, "attention_heads": 16, "intermediate_size": 128, "num_hidden_layers": 32,
        "num_global_layers": 8, "intermediate_layers_indices": [3, 7, 15, 23, 30], "vision_output_dim": 192,
    }  # fmt: skip
    config = {**BETA.config, "text_config": text, "vision_config": vision}
    return replace(BETA, name="meta-like", config=config, naming="old", dtype="bf16")


def build_both(checkpoint: TinyCheckpoint, folder: Path, n_files: int) -> tuple[Path, Path]:
    """The same weights for transformers and in Meta's layout: the two folders."""
    theirs = build(checkpoint, folder / "transformers")
    path = theirs / "model.safetensors"
    stored = read_stored(path)
    tables: Tensors = {}
    for name, (dtype, shape, _) in list(stored.items()):
        if name.endswith(("tile_embedding.weight", "tile_positional_embedding.embedding.weight")):
            table, tables[name] = _tables(name, shape, checkpoint)
            stored[name] = (dtype, shape, encode(table, "bf16"))
    write_stored(path, stored)
    ours = folder / "meta"
    ours.mkdir(parents=True)
    values = {name: decode(*one) for name, one in stored.items()} | {
        name: decode("BF16", table.shape, encode(table, "bf16")) for name, table in tables.items()
    }
    _write_files(ours, checkpoint, values, n_files)
    text = checkpoint.config["text_config"]
    params = {
        "dim": text["hidden_size"], "n_layers": text["num_hidden_layers"] - N_CROSS,
        "n_heads": text["num_attention_heads"], "n_kv_heads": text["num_key_value_heads"],
        "vocab_size": text["vocab_size"], "ffn_dim_multiplier": 1.3, "multiple_of": 32, "norm_eps": 1e-5,
        "rope_theta": 500000.0, "use_scaled_rope": True, "vision_chunk_size": 42, "vision_max_num_chunks": 4,
        "vision_num_cross_attention_layers": N_CROSS,
    }  # fmt: skip
    write_json(ours / "params.json", params)
    write_tiktoken(ours / "tokenizer.model", checkpoint)
    return theirs, ours


def _tables(
    name: str, shape: tuple[int, ...], checkpoint: TinyCheckpoint
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A table by aspect ratio, and the same by row and column of a tile."""
    n_tiles, width = (
        checkpoint.config["vision_config"]["max_num_tiles"],
        checkpoint.config["vision_config"]["hidden_size"],
    )
    tokens = shape[1] // n_tiles // width
    rng = np.random.RandomState(len(name))
    grid = (rng.random_sample((n_tiles, n_tiles, tokens, width)) - 0.5).astype(np.float32)
    rows = np.zeros((shape[0], n_tiles, tokens, width), np.float32)
    for i, (height, columns) in enumerate(aspect_ratios(n_tiles), start=1):
        rows[i, : height * columns] = grid[:height, :columns].reshape(-1, tokens, width)
    return rows.reshape(shape), grid


_PARTS = {
    "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "feed_forward.w1",
    "mlp.down_proj": "feed_forward.w2", "mlp.up_proj": "feed_forward.w3", "self_attn.q_proj": "attention.wq",
    "self_attn.k_proj": "attention.wk", "self_attn.v_proj": "attention.wv", "self_attn.o_proj": "attention.wo",
    "cross_attn.q_proj": "attention.wq", "cross_attn.k_proj": "attention.wk", "cross_attn.v_proj": "attention.wv",
    "cross_attn.o_proj": "attention.wo", "cross_attn.q_norm": "attention.q_norm",
    "cross_attn.k_norm": "attention.k_norm",
}  # fmt: skip
_VISION_PARTS = {
    "self_attn.q_proj": "attn.wq", "self_attn.k_proj": "attn.wk", "self_attn.v_proj": "attn.wv",
    "self_attn.o_proj": "attn.wo", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj", "input_layernorm": "ln_1",
    "post_attention_layernorm": "ln_2",
}  # fmt: skip


def meta_name(name: str, cross: list[int]) -> str:
    """What Meta calls a tensor."""
    if found := re.fullmatch(r"language_model\.model\.layers\.(\d+)\.(.+)", name):
        layer, rest = int(found[1]), found[2]
        stack, number = ("layers", layer - sum(c < layer for c in cross))
        if layer in cross:
            stack, number = "cross_attention_layers", cross.index(layer)
        rest = {"cross_attn_attn_gate": "gate_attn", "cross_attn_mlp_gate": "gate_ffwd"}.get(rest, rest)
        part, _, leaf = rest.rpartition(".")
        return f"text_model.{stack}.{number}.{_PARTS[part] + '.' + leaf if part else rest}"
    if found := re.fullmatch(r"vision_model\.(transformer|global_transformer)\.layers\.(\d+)\.(.+)", name):
        part, _, leaf = found[3].rpartition(".")
        rest = f"{_VISION_PARTS[part]}.{leaf}" if part else found[3]
        return f"vision_model.vision_encoder.{found[1]}.resblocks.{found[2]}.{rest}"
    encoder = "vision_model.vision_encoder"
    return {
        "language_model.model.norm.weight": "text_model.norm.weight",
        "language_model.lm_head.weight": "text_model.output.weight",
        "multi_modal_projector.weight": "vision_model.vision_projection.weight",
        "multi_modal_projector.bias": "vision_model.vision_projection.bias",
        "vision_model.patch_embedding.weight": f"{encoder}.conv1._linear.weight",
        "vision_model.class_embedding": f"{encoder}.class_embedding",
        "vision_model.gated_positional_embedding.embedding": f"{encoder}.positional_embedding",
        "vision_model.gated_positional_embedding.tile_embedding.weight": f"{encoder}.gated_positional_embedding",
        "vision_model.gated_positional_embedding.gate": f"{encoder}.gated_positional_embedding_gate",
        "vision_model.pre_tile_positional_embedding.embedding.weight": f"{encoder}.pre_tile_pos_embed.embedding",
        "vision_model.pre_tile_positional_embedding.gate": f"{encoder}.pre_tile_pos_embed.gate",
        "vision_model.post_tile_positional_embedding.embedding.weight": f"{encoder}.post_tile_pos_embed.embedding",
        "vision_model.post_tile_positional_embedding.gate": f"{encoder}.post_tile_pos_embed.gate",
        "vision_model.layernorm_pre.weight": f"{encoder}.ln_pre.weight",
        "vision_model.layernorm_pre.bias": f"{encoder}.ln_pre.bias",
        "vision_model.layernorm_post.weight": f"{encoder}.ln_post.weight",
        "vision_model.layernorm_post.bias": f"{encoder}.ln_post.bias",
    }[name]


_BY_ROWS = re.compile(
    r".*(\.w[qkv13]|c_fc|tok_embeddings|learnable_embedding|output|vision_projection|_linear)\.(weight|bias)"
)
_BY_COLUMNS = re.compile(r".*(\.wo|\.w2|c_proj)\.weight")


def _write_files(folder: Path, checkpoint: TinyCheckpoint, values: Tensors, n_files: int) -> None:
    text = checkpoint.config["text_config"]
    tensors: Tensors = {}
    for name, whole in values.items():
        one = whole
        if name == "language_model.model.embed_tokens.weight":
            tensors["text_model.tok_embeddings.weight"] = one[: text["vocab_size"]]
            tensors["text_model.learnable_embedding.weight"] = one[text["vocab_size"] :]
            continue
        heads = {"q": text["num_attention_heads"], "k": text["num_key_value_heads"]}
        if found := re.fullmatch(r"language_model.*self_attn\.([qk])_proj\.weight", name):
            one = interleave_halves(one, heads[found[1]])
        new = meta_name(name, text["cross_attention_layers"])
        if new.endswith(("gate_attn", "gate_ffwd")) and "cross" in new:
            one = np.repeat(one, 4)  # as in Meta's files, which repeat them
        tensors[new] = one.reshape(len(one), -1) if new.endswith("_linear.weight") else one
    tensors["text_model.rope.freqs"] = np.ones(4, np.float32)
    for number in range(n_files):
        part = {name: _part(name, one, number, n_files) for name, one in tensors.items()}
        write_pytorch(folder / f"consolidated.{number:02d}.pth", part, "bf16")


def _part(name: str, values: NDArray[np.float32], number: int, n_files: int) -> NDArray[np.float32]:
    axis = 0 if _BY_ROWS.fullmatch(name) else 1 if _BY_COLUMNS.fullmatch(name) else None
    return values if axis is None else np.ascontiguousarray(np.array_split(values, n_files, axis)[number])


def write_tiktoken(path: Path, checkpoint: TinyCheckpoint) -> None:
    """The ordinary tokens of the tiny tokenizer as tiktoken has them."""
    content: dict[str, Any] = tokenizer_json(checkpoint)
    n_ordinary = special_token_id(checkpoint.config["text_config"]["vocab_size"], "<|begin_of_text|>")
    characters = {char: byte for byte, char in byte_alphabet().items()}
    ranks = sorted((rank, token) for token, rank in content["model"]["vocab"].items() if rank < n_ordinary)
    lines = [f"{base64.b64encode(bytes(characters[c] for c in token)).decode()} {rank}" for rank, token in ranks]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")

"""What every tensor of an mllama checkpoint becomes in the two GGUF files.

Names of the text file are llama.cpp's. Names of the mmproj file are those that Ollama gave its `mllama`
files, so that its tensors map one to one. Gates are stored as they are, without tanh.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from desktop_vlm.conversion.decoder import HUGGING_FACE, gated_mlp, rope_factors, self_attention
from desktop_vlm.conversion.tensor_map import GgufTensor, Role, linear, table, vector
from desktop_vlm.families.mllama.convert.config import ModelConfig, TextConfig, VisionConfig

_TEXT = "language_model.model"
_VISION = "vision_model"

EMBEDDINGS = f"{_TEXT}.embed_tokens.weight"
"""The table of which both files have rows; one that was resized may have more than either takes."""

TILE_POSITIONS_SOURCE = f"{_VISION}.gated_positional_embedding.tile_embedding.weight"
TILE_POSITIONS = "v.tile_position_embd.weight"
"""Of every token of every tile; see `tile_positions` for what can stand for it."""


def text_tensors(config: TextConfig) -> list[GgufTensor]:
    """The tensors of the text GGUF: the self-attention layers, renumbered 0, 1, ... without gaps."""
    vocabulary, embeddings = (config.vocab_size, config.width), (config.embedding_rows, config.width)
    parts = replace(HUGGING_FACE, rotates_halves=config.rotates_halves)
    tensors = [GgufTensor("token_embd.weight", vocabulary, Role.TOKEN_EMBEDDING, EMBEDDINGS, embeddings)]
    for number, layer in enumerate(config.self_layers):
        tensors += self_attention(config, f"blk.{number}", f"{_TEXT}.layers.{layer}", number, parts)
        tensors += gated_mlp(config, f"blk.{number}", f"{_TEXT}.layers.{layer}", number)
    tensors.append(vector("output_norm.weight", f"{_TEXT}.norm.weight", config.width))
    tensors.append(linear("output", "language_model.lm_head", *vocabulary, Role.OUTPUT))
    return [*tensors, *rope_factors(config.rope_theta, config.head_dim, config.rope_scaling)]


def mmproj_tensors(config: ModelConfig) -> list[GgufTensor]:
    """The tensors of the mmproj GGUF: vision encoder, projector, cross-attention layers, extra embeddings."""
    text, vision = config.text, config.vision
    tensors = [*_vision_input(vision)]
    for stack, name, count in (
        ("transformer", "v.blk", vision.n_layers),
        ("global_transformer", "v.global.blk", vision.n_global_layers),
    ):
        for i in range(count):
            gated = stack == "global_transformer"
            tensors += _vision_layer(vision, f"{name}.{i}", f"{_VISION}.{stack}.layers.{i}", gated=gated)
    tensors.append(linear("mm.0", "multi_modal_projector", text.width, vision.output_width))
    tensors.append(vector("mm.0.bias", "multi_modal_projector.bias", text.width))
    for number, layer in enumerate(text.cross_layers):
        tensors += _cross_attention(text, f"blk.{layer}", f"{_TEXT}.layers.{layer}", number)
        tensors += gated_mlp(text, f"blk.{layer}", f"{_TEXT}.layers.{layer}", number)
    embeddings, (first, n_rows) = (text.embedding_rows, text.width), config.image_rows
    extra = (n_rows, text.width)
    tensors.append(GgufTensor("token_embd.extra.weight", extra, Role.EXACT, EMBEDDINGS, embeddings, first))
    return tensors


def _vision_input(vision: VisionConfig) -> Iterator[GgufTensor]:
    """Everything before and between the two stacks of layers."""
    width, n_tokens, n_ratios = vision.width, vision.tokens_per_tile, len(vision.aspect_ratios) + 1
    kernel = (width, vision.n_channels, vision.patch_px, vision.patch_px)
    matrix = (width, math.prod(kernel[1:]))  # a row is (channel, y, x), as PyTorch keeps the kernel
    positions = f"{_VISION}.gated_positional_embedding"
    yield GgufTensor("v.patch_embd.weight", matrix, Role.PATCHES, f"{_VISION}.patch_embedding.weight", kernel)
    yield vector("v.class_embd", f"{_VISION}.class_embedding", width)
    yield table("v.position_embd.weight", f"{positions}.embedding", n_tokens, width)
    yield vector("v.position_embd.gate", f"{positions}.gate", 1)  # one gate for both kinds of position
    yield table(
        TILE_POSITIONS,
        TILE_POSITIONS_SOURCE,
        n_ratios,
        vision.max_tiles * n_tokens * width,
        Role.POSITIONS,
    )
    for side in ("pre", "post"):
        tile, norm = f"{_VISION}.{side}_tile_positional_embedding", f"{_VISION}.layernorm_{side}"
        name = f"v.{side}_tile_position_embd"
        yield table(f"{name}.weight", f"{tile}.embedding.weight", n_ratios, vision.max_tiles * width)
        yield vector(f"{name}.gate", f"{tile}.gate", 1)
        yield vector(f"v.{side}_ln.weight", f"{norm}.weight", width)
        yield vector(f"v.{side}_ln.bias", f"{norm}.bias", width)


def _vision_layer(vision: VisionConfig, name: str, source: str, *, gated: bool) -> Iterator[GgufTensor]:
    width, ffn_width = vision.width, vision.ffn_width
    for part, place in (("q", "q"), ("k", "k"), ("v", "v"), ("output", "o")):
        yield linear(f"{name}.attn_{part}", f"{source}.self_attn.{place}_proj", width, width)
    for norm, place in (("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm")):
        yield vector(f"{name}.{norm}.weight", f"{source}.{place}.weight", width)
        yield vector(f"{name}.{norm}.bias", f"{source}.{place}.bias", width)
    yield linear(f"{name}.ffn_up", f"{source}.mlp.fc1", ffn_width, width)
    yield vector(f"{name}.ffn_up.bias", f"{source}.mlp.fc1.bias", ffn_width)
    yield linear(f"{name}.ffn_down", f"{source}.mlp.fc2", width, ffn_width)
    yield vector(f"{name}.ffn_down.bias", f"{source}.mlp.fc2.bias", width)
    if gated:
        yield vector(f"{name}.attn_gate", f"{source}.gate_attn", 1)
        yield vector(f"{name}.ffn_gate", f"{source}.gate_ffn", 1)


def _cross_attention(text: TextConfig, name: str, source: str, layer: int) -> Iterator[GgufTensor]:
    width, kv_width = text.width, text.n_heads_kv * text.head_dim
    attention, prefix = f"{source}.cross_attn", f"{name}.cross_attn"
    yield linear(f"{prefix}_q_proj", f"{attention}.q_proj", width, width)
    yield linear(f"{prefix}_k_proj", f"{attention}.k_proj", kv_width, width)
    yield linear(f"{prefix}_v_proj", f"{attention}.v_proj", kv_width, width, Role.ATTN_V, layer)
    yield linear(f"{prefix}_o_proj", f"{attention}.o_proj", width, width)
    yield vector(f"{prefix}_q_norm.weight", f"{attention}.q_norm.weight", text.head_dim)
    yield vector(f"{prefix}_k_norm.weight", f"{attention}.k_norm.weight", text.head_dim)
    yield vector(f"{prefix}_attn_gate", f"{source}.cross_attn_attn_gate", 1)
    yield vector(f"{prefix}_mlp_gate", f"{source}.cross_attn_mlp_gate", 1)

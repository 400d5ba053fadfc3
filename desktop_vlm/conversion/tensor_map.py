"""What every tensor of a checkpoint becomes: its name, its rows and its role in the two GGUF files.

Names of the text file are llama.cpp's. Names of the mmproj file are those that Ollama gave its `mllama`
files, so that its tensors map one to one. Gates are stored as they are, without tanh.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.conversion.config import EXTRA_EMBEDDING_ROWS, ModelConfig, TextConfig, VisionConfig
from desktop_vlm.conversion.rope import frequency_factors

_TEXT = "language_model.model"
_VISION = "vision_model"


class Role(Enum):
    """What a tensor is for; its type follows from it (`quant_types`)."""

    EXACT = auto()  # norms, biases, gates, small tables: always F32
    LINEAR = auto()
    ATTN_V = auto()
    ATTN_OUTPUT = auto()
    FFN_DOWN = auto()
    TOKEN_EMBEDDING = auto()
    OUTPUT = auto()
    PATCHES = auto()  # the convolution, as a matrix
    TILE_POSITIONS = auto()  # the one large embedding table of the vision encoder


@dataclass(frozen=True)
class GgufTensor:
    """A tensor of a GGUF file and where its values come from.

    Attributes:
        name: in the GGUF file.
        shape: (rows, values per row), or (values,); the reverse of ggml's order.
        role: what it is for.
        source: the checkpoint's (older) name; empty for computed tensors.
        source_shape: its whole shape there.
        first_row: the first of its rows that belongs here.
        rotary_head_dim: if not 0, rows are reordered within heads of this size (`rope.interleaved_order`).
        layer: its place among the layers of its kind, from 0.
        values: of a computed tensor.
    """

    name: str
    shape: tuple[int, ...]
    role: Role
    source: str = ""
    source_shape: tuple[int, ...] = ()
    first_row: int = 0
    rotary_head_dim: int = 0
    layer: int = 0
    values: NDArray[np.float32] | None = None

    @property
    def n_rows(self) -> int:
        """Rows that are packed one by one; a vector is one row."""
        return math.prod(self.shape[:-1])

    @property
    def n_per_row(self) -> int:
        """Values per row."""
        return self.shape[-1]


def _linear(name: str, source: str, n_out: int, n_in: int, role: Role = Role.LINEAR, layer: int = 0) -> GgufTensor:
    return GgufTensor(f"{name}.weight", (n_out, n_in), role, f"{source}.weight", (n_out, n_in), layer=layer)


def _vector(name: str, source: str, n: int) -> GgufTensor:
    return GgufTensor(name, (n,), Role.EXACT, source, (n,))


def _table(name: str, source: str, n_rows: int, n_per_row: int, role: Role = Role.EXACT) -> GgufTensor:
    return GgufTensor(name, (n_rows, n_per_row), role, source, (n_rows, n_per_row))


def text_tensors(config: TextConfig) -> list[GgufTensor]:
    """The tensors of the text GGUF: the self-attention layers, renumbered 0, 1, ... without gaps."""
    embeddings = (config.vocab_size + EXTRA_EMBEDDING_ROWS, config.width)
    vocabulary = (config.vocab_size, config.width)
    source = f"{_TEXT}.embed_tokens.weight"
    tensors = [GgufTensor("token_embd.weight", vocabulary, Role.TOKEN_EMBEDDING, source, embeddings)]
    for number, layer in enumerate(config.self_layers):
        tensors += _self_attention(config, f"blk.{number}", f"{_TEXT}.layers.{layer}", number)
        tensors += _gated_mlp(config, f"blk.{number}", f"{_TEXT}.layers.{layer}", number)
    tensors.append(_vector("output_norm.weight", f"{_TEXT}.norm.weight", config.width))
    tensors.append(_linear("output", "language_model.lm_head", *vocabulary, Role.OUTPUT))
    if config.rope_scaling is not None:
        factors = frequency_factors(config.rope_theta, config.head_dim, config.rope_scaling)
        tensors.append(GgufTensor("rope_freqs.weight", factors.shape, Role.EXACT, values=factors))
    return tensors


def _self_attention(config: TextConfig, name: str, source: str, layer: int) -> Iterator[GgufTensor]:
    width, kv_width = config.width, config.n_heads_kv * config.head_dim
    attention = f"{source}.self_attn"
    for part, n_out in (("q", width), ("k", kv_width)):
        shape, place = (n_out, width), f"{attention}.{part}_proj.weight"
        dim = config.head_dim
        yield GgufTensor(f"{name}.attn_{part}.weight", shape, Role.LINEAR, place, shape, 0, dim, layer)
    yield _linear(f"{name}.attn_v", f"{attention}.v_proj", kv_width, width, Role.ATTN_V, layer)
    yield _linear(f"{name}.attn_output", f"{attention}.o_proj", width, width, Role.ATTN_OUTPUT, layer)


def _gated_mlp(config: TextConfig, name: str, source: str, layer: int) -> Iterator[GgufTensor]:
    """The half of a decoder layer that self- and cross-attention layers share: norms and MLP."""
    width, ffn_width = config.width, config.ffn_width
    yield _vector(f"{name}.attn_norm.weight", f"{source}.input_layernorm.weight", width)
    yield _vector(f"{name}.ffn_norm.weight", f"{source}.post_attention_layernorm.weight", width)
    yield _linear(f"{name}.ffn_gate", f"{source}.mlp.gate_proj", ffn_width, width)
    yield _linear(f"{name}.ffn_up", f"{source}.mlp.up_proj", ffn_width, width)
    yield _linear(f"{name}.ffn_down", f"{source}.mlp.down_proj", width, ffn_width, Role.FFN_DOWN, layer)


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
    tensors.append(_linear("mm.0", "multi_modal_projector", text.width, vision.output_width))
    tensors.append(_vector("mm.0.bias", "multi_modal_projector.bias", text.width))
    for number, layer in enumerate(text.cross_layers):
        tensors += _cross_attention(text, f"blk.{layer}", f"{_TEXT}.layers.{layer}", number)
        tensors += _gated_mlp(text, f"blk.{layer}", f"{_TEXT}.layers.{layer}", number)
    embeddings = (text.vocab_size + EXTRA_EMBEDDING_ROWS, text.width)
    extra = (EXTRA_EMBEDDING_ROWS, text.width)
    source = f"{_TEXT}.embed_tokens.weight"
    tensors.append(GgufTensor("token_embd.extra.weight", extra, Role.EXACT, source, embeddings, text.vocab_size))
    return tensors


def _vision_input(vision: VisionConfig) -> Iterator[GgufTensor]:
    """Everything before and between the two stacks of layers."""
    width, n_tokens, n_ratios = vision.width, vision.tokens_per_tile, len(vision.aspect_ratios) + 1
    kernel = (width, vision.n_channels, vision.patch_px, vision.patch_px)
    matrix = (width, math.prod(kernel[1:]))  # a row is (channel, y, x), as PyTorch keeps the kernel
    positions = f"{_VISION}.gated_positional_embedding"
    yield GgufTensor("v.patch_embd.weight", matrix, Role.PATCHES, f"{_VISION}.patch_embedding.weight", kernel)
    yield _vector("v.class_embd", f"{_VISION}.class_embedding", width)
    yield _table("v.position_embd.weight", f"{positions}.embedding", n_tokens, width)
    yield _vector("v.position_embd.gate", f"{positions}.gate", 1)  # one gate for both kinds of position
    yield _table(
        "v.tile_position_embd.weight",
        f"{positions}.tile_embedding.weight",
        n_ratios,
        vision.max_tiles * n_tokens * width,
        Role.TILE_POSITIONS,
    )
    for side in ("pre", "post"):
        tile, norm = f"{_VISION}.{side}_tile_positional_embedding", f"{_VISION}.layernorm_{side}"
        name = f"v.{side}_tile_position_embd"
        yield _table(f"{name}.weight", f"{tile}.embedding.weight", n_ratios, vision.max_tiles * width)
        yield _vector(f"{name}.gate", f"{tile}.gate", 1)
        yield _vector(f"v.{side}_ln.weight", f"{norm}.weight", width)
        yield _vector(f"v.{side}_ln.bias", f"{norm}.bias", width)


def _vision_layer(vision: VisionConfig, name: str, source: str, *, gated: bool) -> Iterator[GgufTensor]:
    width, ffn_width = vision.width, vision.ffn_width
    for part, place in (("q", "q"), ("k", "k"), ("v", "v"), ("output", "o")):
        yield _linear(f"{name}.attn_{part}", f"{source}.self_attn.{place}_proj", width, width)
    for norm, place in (("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm")):
        yield _vector(f"{name}.{norm}.weight", f"{source}.{place}.weight", width)
        yield _vector(f"{name}.{norm}.bias", f"{source}.{place}.bias", width)
    yield _linear(f"{name}.ffn_up", f"{source}.mlp.fc1", ffn_width, width)
    yield _vector(f"{name}.ffn_up.bias", f"{source}.mlp.fc1.bias", ffn_width)
    yield _linear(f"{name}.ffn_down", f"{source}.mlp.fc2", width, ffn_width)
    yield _vector(f"{name}.ffn_down.bias", f"{source}.mlp.fc2.bias", width)
    if gated:
        yield _vector(f"{name}.attn_gate", f"{source}.gate_attn", 1)
        yield _vector(f"{name}.ffn_gate", f"{source}.gate_ffn", 1)


def _cross_attention(text: TextConfig, name: str, source: str, layer: int) -> Iterator[GgufTensor]:
    width, kv_width = text.width, text.n_heads_kv * text.head_dim
    attention, prefix = f"{source}.cross_attn", f"{name}.cross_attn"
    yield _linear(f"{prefix}_q_proj", f"{attention}.q_proj", width, width)
    yield _linear(f"{prefix}_k_proj", f"{attention}.k_proj", kv_width, width)
    yield _linear(f"{prefix}_v_proj", f"{attention}.v_proj", kv_width, width, Role.ATTN_V, layer)
    yield _linear(f"{prefix}_o_proj", f"{attention}.o_proj", width, width)
    yield _vector(f"{prefix}_q_norm.weight", f"{attention}.q_norm.weight", text.head_dim)
    yield _vector(f"{prefix}_k_norm.weight", f"{attention}.k_norm.weight", text.head_dim)
    yield _vector(f"{prefix}_attn_gate", f"{source}.cross_attn_attn_gate", 1)
    yield _vector(f"{prefix}_mlp_gate", f"{source}.cross_attn_mlp_gate", 1)

"""The model that is trained: Meta's vision encoder and cross-attention layers around a frozen language model.

Semantics are those of `desktop_vlm/engine/vision_encoder.py` and `cross_attention.py`, and of the golden
reference behind them; names are the checkpoint's. What differs is only how it is computed:

- Every batch has one number of tiles, so no attention needs a mask. Tokens of tiles in use come first and see
  everything; empty tiles and padding come last and see only tokens of tiles in use.
- All questions about one image share its encoding: in cross attention their rows are simply more queries.
- A layer is computed in two parts around its attention. Their shapes do not depend on the number of tiles or
  the length of the text, so each half is compiled once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import Tensor, nn

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from training.data import SLOTS
from training.language_model import GgufFile, TextShape, read_shape, rope_frequencies
from training.screens.records import MARKS

N_LETTERS = 94
"""Printable ASCII without the space."""

N_LABELS = 1 + N_LETTERS + len(MARKS)
"""What a slot can show: nothing, a letter, or a mark."""

_OUTER_NORM_EPS = 1e-5
_OPEN_GATE = math.atanh(0.5)


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of what is trained.

    Attributes:
        taps: encoder layers whose inputs go to the projector beside the final states.
        cross_after: plain text layers that a cross-attention layer follows.
        full_tile_positions: whether the tile position embedding has values for every token, as Meta's has,
            or one vector for each tile of each aspect ratio, which is copied to all its tokens on export.
            The full table would be a fifth of all parameters here, and most of its rows are rarely seen.
        mean, std: of the image processor.
    """

    width: int = 384
    n_heads: int = 6
    ffn_width: int = 1536
    n_layers: int = 6
    n_global_layers: int = 2
    norm_eps: float = 1e-5
    tile_px: int = 280
    patch_px: int = 14
    max_tiles: int = 4
    taps: tuple[int, ...] = (2, 4)
    cross_after: tuple[int, ...] = (2, 9, 16, 23)
    full_tile_positions: bool = False
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)

    @property
    def side(self) -> int:
        """Patches along a tile's side."""
        return self.tile_px // self.patch_px

    @property
    def tokens_per_tile(self) -> int:
        """Patches and the class token."""
        return self.side**2 + 1

    @property
    def padding_per_tile(self) -> int:
        """Empty tokens that fill a tile up to a multiple of eight."""
        return -self.tokens_per_tile % 8

    @property
    def n_ratios(self) -> int:
        """Rows of the tile embeddings: the aspect ratios, and row 0 for a missing image."""
        return len(supported_aspect_ratios(self.max_tiles)) + 1

    @property
    def cross_layers(self) -> tuple[int, ...]:
        """The checkpoint's numbers of the cross-attention layers, which count all layers."""
        return tuple(plain + 1 + k for k, plain in enumerate(self.cross_after))


def _linear(n_in: int, n_out: int, *, bias: bool = False, std: float = 0.02) -> nn.Linear:
    layer = nn.Linear(n_in, n_out, bias=bias)
    nn.init.normal_(layer.weight, std=std)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer


def _gate() -> nn.Parameter:
    return nn.Parameter(torch.full((1,), _OPEN_GATE))


def _rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Over the last dimension, in float32."""
    x = x.float()
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight


# The vision encoder


class _VisionAttention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj, self.k_proj = _linear(width, width), _linear(width, width)
        self.v_proj, self.o_proj = _linear(width, width), _linear(width, width)


class _VisionMlp(nn.Module):
    def __init__(self, width: int, ffn_width: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = _linear(width, ffn_width, bias=True), _linear(ffn_width, width, bias=True)


class VisionLayer(nn.Module):
    """One encoder layer; `gated` ones scale what they add by two tanh gates."""

    def __init__(self, config: ModelConfig, *, gated: bool) -> None:
        super().__init__()
        self.n_heads, self.gated = config.n_heads, gated
        self.input_layernorm = nn.LayerNorm(config.width, config.norm_eps)
        self.self_attn = _VisionAttention(config.width)
        self.post_attention_layernorm = nn.LayerNorm(config.width, config.norm_eps)
        self.mlp = _VisionMlp(config.width, config.ffn_width)
        if gated:
            self.gate_attn, self.gate_ffn = _gate(), _gate()

    def forward(self, x: Tensor, n_valid: int) -> Tensor:
        """[B, N, width] -> [B, N, width]; the first `n_valid` tokens belong to tiles in use."""
        q, k, v = (part.transpose(1, 2) for part in self.before(x))  # [B, n_heads, N, head_dim]
        seeing_all = F.scaled_dot_product_attention(q[:, :, :n_valid], k, v)  # [B, n_heads, n_valid, head_dim]
        seeing_valid = F.scaled_dot_product_attention(
            q[:, :, n_valid:], k[:, :, :n_valid], v[:, :, :n_valid]
        )  # [B, n_heads, N - n_valid, head_dim]
        out = torch.cat([seeing_all.transpose(1, 2), seeing_valid.transpose(1, 2)], 1)  # [B, N, n_heads, head_dim]
        return self.after(x, out.flatten(2))  # [B, N, width]

    def before(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values: each [B, N, n_heads, head_dim]."""
        attention = self.self_attn
        weight = torch.cat([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight])
        qkv = F.linear(self.input_layernorm(x), weight)  # [B, N, 3 * width]
        q, k, v = qkv.unflatten(-1, (3, self.n_heads, -1)).unbind(2)  # [B, N, n_heads, head_dim]
        return q, k, v

    def after(self, x: Tensor, attended: Tensor) -> Tensor:
        """What follows the attention: two [B, N, width] -> [B, N, width]."""
        h = self.self_attn.o_proj(attended)  # [B, N, width]
        x = x + (torch.tanh(self.gate_attn) * h if self.gated else h)
        h = self.mlp.fc1(self.post_attention_layernorm(x))  # [B, N, ffn_width]
        h = self.mlp.fc2(F.gelu(h))  # [B, N, width]
        return x + (torch.tanh(self.gate_ffn) * h if self.gated else h)


class _Stack(nn.Module):
    def __init__(self, config: ModelConfig, count: int, *, gated: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(VisionLayer(config, gated=gated) for _ in range(count))


class _TileEmbedding(nn.Module):
    """One gated vector for each tile of each aspect ratio."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.n_ratios, config.max_tiles * config.width)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.gate = _gate()
        self._max_tiles = config.max_tiles

    def forward(self, ratio_ids: Tensor) -> Tensor:
        """[B] -> [B, max_tiles, width]."""
        return torch.tanh(self.gate) * self.embedding(ratio_ids).unflatten(-1, (self._max_tiles, -1))


class _Positions(nn.Module):
    """Position embeddings of all tokens; one gate weighs those of the token against those of its tile."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = _gate()
        start = np.zeros((config.tokens_per_tile, config.width), dtype=np.float32)
        start[1:] = 0.5 * _grid_waves(config.side, config.width)
        self.embedding = nn.Parameter(torch.from_numpy(start))
        n_tokens = config.tokens_per_tile if config.full_tile_positions else 1
        shape = (config.n_ratios, config.max_tiles, n_tokens, config.width)
        self.tile_embedding = nn.Parameter(torch.randn(shape) * 0.1)

    def forward(self, ratio_ids: Tensor) -> Tensor:
        """[B] -> [B, max_tiles, tokens_per_tile, width]."""
        gate = torch.tanh(self.gate)
        return (1 - gate) * self.embedding + gate * self.tile_embedding[ratio_ids]


def _grid_waves(side: int, width: int) -> NDArray[np.float32]:
    """Sine and cosine of row and column at several wavelengths, where training starts: (side * side, width)."""
    frequencies = 100.0 ** -(np.arange(width // 4) / (width // 4))  # (width / 4,)
    waves = np.arange(side)[:, None] * frequencies  # (side, width / 4)
    line = np.concatenate([np.sin(waves), np.cos(waves)], axis=1)  # (side, width / 2)
    rows, columns = np.repeat(line, side, axis=0), np.tile(line, (side, 1))  # (side * side, width / 2)
    return np.concatenate([rows, columns], axis=1).astype(np.float32)  # (side * side, width)


class VisionEncoder(nn.Module):
    """Tiles of images -> states before the projector."""

    mean: Tensor
    std: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width, patch = config.width, config.patch_px
        self.patch_embedding = nn.Conv2d(3, width, patch, patch, bias=False)  # used as a matrix
        nn.init.normal_(self.patch_embedding.weight, std=0.02)
        self.class_embedding = nn.Parameter(torch.randn(width) * 0.1)
        self.gated_positional_embedding = _Positions(config)
        self.pre_tile_positional_embedding = _TileEmbedding(config)
        self.post_tile_positional_embedding = _TileEmbedding(config)
        self.layernorm_pre = nn.LayerNorm(width, _OUTER_NORM_EPS)
        self.layernorm_post = nn.LayerNorm(width, _OUTER_NORM_EPS)
        self.transformer = _Stack(config, config.n_layers, gated=False)
        self.global_transformer = _Stack(config, config.n_global_layers, gated=True)
        self.register_buffer("mean", torch.tensor(config.mean).view(-1, 1, 1), persistent=False)  # [3, 1, 1]
        self.register_buffer("std", torch.tensor(config.std).view(-1, 1, 1), persistent=False)  # [3, 1, 1]

    def forward(self, tiles: Tensor, ratio_ids: Tensor) -> Tensor:
        """Encode images that all have the same number of tiles.

        Args:
            tiles: uint8 [B, num_tiles, 3, tile, tile], only the tiles in use.
            ratio_ids: int64 [B], ids of the tile arrangements.

        Returns:
            [B, num_tiles * tokens_per_tile, width * (1 + len(taps))]; the first `width` features are final.
        """
        config, num_tiles = self.config, tiles.shape[1]
        n_valid = num_tiles * config.tokens_per_tile
        x = self._embed(tiles, ratio_ids)  # [B, max_tiles * tokens_per_tile, width]
        x = F.pad(x, (0, 0, 0, config.max_tiles * config.padding_per_tile))  # [B, N, width]
        tapped = {}
        for number, layer in enumerate(self.transformer.layers):
            if number in config.taps:
                tapped[number] = x[:, :n_valid]  # [B, n_valid, width]
            x = layer(x, n_valid)  # [B, N, width]
        x = self.layernorm_post(x) + self._after_tiles(ratio_ids)  # [B, N, width]
        for layer in self.global_transformer.layers:
            x = layer(x, n_valid)  # [B, N, width]
        final = x[:, :n_valid]  # [B, n_valid, width]
        if not tapped:
            return final
        kept = torch.stack([tapped[number] for number in config.taps], -1).flatten(-2)  # [B, n_valid, width * n_taps]
        return torch.cat([final, kept], -1)  # [B, n_valid, width * (1 + n_taps)]

    def _embed(self, tiles: Tensor, ratio_ids: Tensor) -> Tensor:
        """Patches and positions, normalised: [B, max_tiles * tokens_per_tile, width]."""
        config, patch, side = self.config, self.config.patch_px, self.config.side
        pixels = (tiles.float() / 255 - self.mean) / self.std  # [B, num_tiles, 3, tile, tile]
        cut = pixels.unflatten(-1, (side, patch)).unflatten(-3, (side, patch))  # [B, n, 3, side, patch, side, patch]
        rows = cut.permute(0, 1, 3, 5, 2, 4, 6).flatten(4).flatten(2, 3)  # [B, n, side * side, 3 * patch * patch]
        x = F.linear(rows, self.patch_embedding.weight.flatten(1))  # [B, n, side * side, width]
        empty = config.max_tiles - tiles.shape[1]
        x = F.pad(x, (0, 0, 1, 0, 0, empty))  # [B, max_tiles, tokens_per_tile, width]; the class token is row 0
        x = x + self.gated_positional_embedding(ratio_ids)
        x = x + F.pad(
            self.pre_tile_positional_embedding(ratio_ids)[:, :, None].expand(-1, -1, side**2, -1), (0, 0, 1, 0)
        )
        x = x + F.pad(self.class_embedding[None], (0, 0, 0, side**2))
        return self.layernorm_pre(x.flatten(1, 2))  # [B, max_tiles * tokens_per_tile, width]

    def _after_tiles(self, ratio_ids: Tensor) -> Tensor:
        """The tile embedding between local and global layers for every token: [B, N, width]."""
        vectors = self.post_tile_positional_embedding(ratio_ids)  # [B, max_tiles, width]
        tokens = vectors.repeat_interleave(self.config.tokens_per_tile, 1)  # [B, max_tiles * tokens_per_tile, width]
        padding = vectors.repeat_interleave(self.config.padding_per_tile, 1)  # [B, max_tiles * padding_per_tile, width]
        return torch.cat([tokens, padding], 1)  # [B, N, width]


# The cross-attention layers


class _CrossProjections(nn.Module):
    def __init__(self, text: TextShape) -> None:
        super().__init__()
        kv_width = text.n_heads_kv * text.head_dim
        self.q_proj, self.o_proj = _linear(text.width, text.width), _linear(text.width, text.width, std=0.01)
        self.k_proj, self.v_proj = _linear(text.width, kv_width), _linear(text.width, kv_width)
        self.q_norm, self.k_norm = _Scale(text.head_dim), _Scale(text.head_dim)


class _Scale(nn.Module):
    """The weight of an RMS norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))


class _GatedMlp(nn.Module):
    def __init__(self, text: TextShape) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = _linear(text.width, text.ffn_width), _linear(text.width, text.ffn_width)
        self.down_proj = _linear(text.ffn_width, text.width, std=0.01)


class CrossAttentionBlock(nn.Module):
    """A layer in which rows of the text attend to an image's states."""

    def __init__(self, text: TextShape) -> None:
        super().__init__()
        self.text = text
        self.input_layernorm = _Scale(text.width)
        self.cross_attn = _CrossProjections(text)
        self.cross_attn_attn_gate = _gate()
        self.post_attention_layernorm = _Scale(text.width)
        self.mlp = _GatedMlp(text)
        self.cross_attn_mlp_gate = _gate()

    def forward(self, x: Tensor, row: Tensor, states: Tensor) -> Tensor:
        """Let rows attend.

        Args:
            x: [R, width], the same number of rows for each image, image by image.
            row: [R, 1], 1 where the image is seen and 0 where the layer does nothing.
            states: [B, K, width].

        Returns:
            [R, width].
        """
        text, batch = self.text, len(states)
        k, v = self.keys(states)  # [B, n_heads_kv, K, head_dim]
        q = self.before(x).unflatten(0, (batch, -1))  # [B, R / B, n_heads, head_dim]
        grouped = q.unflatten(2, (text.n_heads_kv, -1)).permute(
            0, 2, 3, 1, 4
        )  # [B, n_heads_kv, group, R / B, head_dim]
        out = F.scaled_dot_product_attention(grouped.flatten(2, 3), k, v)  # [B, n_heads_kv, group * R / B, head_dim]
        out = out.unflatten(2, grouped.shape[2:4]).permute(0, 3, 1, 2, 4)  # [B, R / B, n_heads_kv, group, head_dim]
        return self.after(x, row, out.reshape(len(x), -1))  # [R, width]

    def keys(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of images: each [B, n_heads_kv, K, head_dim]."""
        attention, heads = self.cross_attn, (self.text.n_heads_kv, self.text.head_dim)
        k, v = attention.k_proj(states), attention.v_proj(states)  # [B, K, n_heads_kv * head_dim]
        k = _rms_norm(
            k.unflatten(-1, heads), attention.k_norm.weight, self.text.rms_eps
        )  # [B, K, n_heads_kv, head_dim]
        v = v.unflatten(-1, heads)  # [B, K, n_heads_kv, head_dim]
        return k.to(v.dtype).transpose(1, 2), v.transpose(1, 2)

    def before(self, x: Tensor) -> Tensor:
        """Queries: [R, width] -> [R, n_heads, head_dim]."""
        attention, eps = self.cross_attn, self.text.rms_eps
        q = attention.q_proj(_rms_norm(x, self.input_layernorm.weight, eps))  # [R, width]
        heads = q.unflatten(-1, (self.text.n_heads, self.text.head_dim))  # [R, n_heads, head_dim]
        return _rms_norm(heads, attention.q_norm.weight, eps).to(q.dtype)

    def after(self, x: Tensor, row: Tensor, attended: Tensor) -> Tensor:
        """What follows the attention: [R, width], [R, 1], [R, width] -> [R, width]."""
        x = x + torch.tanh(self.cross_attn_attn_gate) * row * self.cross_attn.o_proj(attended)
        h = _rms_norm(x, self.post_attention_layernorm.weight, self.text.rms_eps)  # [R, width]
        h = F.silu(self.mlp.gate_proj(h)) * self.mlp.up_proj(h)  # [R, ffn_width]
        return x + torch.tanh(self.cross_attn_mlp_gate) * row * self.mlp.down_proj(h)


class Adapter(nn.Module):
    """Everything that is trained. Only `letter_head` is not part of the exported model."""

    def __init__(self, config: ModelConfig, text: TextShape) -> None:
        super().__init__()
        self.config, self.text = config, text
        self.vision_model = VisionEncoder(config)
        self.multi_modal_projector = _linear(config.width * (1 + len(config.taps)), text.width, bias=True)
        self.layers = nn.ModuleDict({str(layer): CrossAttentionBlock(text) for layer in config.cross_layers})
        self.image_embedding = nn.Parameter(torch.randn(text.width) * 0.02)
        self.letter_head = _linear(config.width, SLOTS * N_LABELS, bias=True)

    def letters(self, features: Tensor) -> Tensor:
        """Which letter stands in each slot: [B, tokens, features] -> [B, num_tiles, patches, SLOTS, labels]."""
        final = features[..., : self.config.width]  # [B, num_tiles * tokens_per_tile, width]
        patches = final.unflatten(1, (-1, self.config.tokens_per_tile))[:, :, 1:]  # [B, num_tiles, patches, width]
        return self.letter_head(patches).unflatten(-1, (SLOTS, -1))  # [B, num_tiles, patches, SLOTS, N_LABELS]


# The language model


class TextLayer(nn.Module):
    """One frozen layer of the text model; its weights are buffers, so nothing trains them."""

    attn_norm: Tensor
    qkv: Tensor
    output: Tensor
    ffn_norm: Tensor
    gate_up: Tensor
    down: Tensor

    def __init__(self, shape: TextShape, weights: dict[str, NDArray[np.float32]], dtype: torch.dtype) -> None:
        super().__init__()
        self.shape = shape
        parts = {
            "attn_norm": weights["attn_norm"],
            "qkv": np.concatenate([weights["attn_q"], weights["attn_k"], weights["attn_v"]]),
            "output": weights["attn_output"],
            "ffn_norm": weights["ffn_norm"],
            "gate_up": np.concatenate([weights["ffn_gate"], weights["ffn_up"]]),
            "down": weights["ffn_down"],
        }
        for name, values in parts.items():
            value = torch.from_numpy(values)
            self.register_buffer(name, value.to(dtype) if value.ndim == 2 else value, persistent=False)

    def forward(self, x: Tensor, angles: tuple[Tensor, Tensor], length: int) -> Tensor:
        """[R, width] -> [R, width]; every `length` rows are a sequence."""
        parts = self.before(x, *angles)  # [R, n_heads, head_dim] each
        q, k, v = (part.unflatten(0, (-1, length)).transpose(1, 2) for part in parts)  # [S, n_heads, length, head_dim]
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # [S, n_heads, length, head_dim]
        return self.after(x, out.transpose(1, 2).reshape(len(x), -1))  # [R, width]

    def before(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, keys and values repeated for every head: each [R, n_heads, head_dim]."""
        shape = self.shape
        h = _rms_norm(x, self.attn_norm, shape.rms_eps).to(self.qkv.dtype)  # [R, width]
        heads = F.linear(h, self.qkv).unflatten(-1, (-1, shape.head_dim))  # [R, n_heads + 2 * n_heads_kv, head_dim]
        q, k, v = heads.split([shape.n_heads, shape.n_heads_kv, shape.n_heads_kv], 1)  # [R, ., head_dim]
        group = shape.n_heads // shape.n_heads_kv
        k, v = _rotate(k, cos, sin).repeat_interleave(group, 1), v.repeat_interleave(group, 1)  # [R, n_heads, head_dim]
        return _rotate(q, cos, sin), k, v

    def after(self, x: Tensor, attended: Tensor) -> Tensor:
        """What follows the attention: two [R, width] -> [R, width]."""
        x = x + F.linear(attended, self.output)  # [R, width]
        h = _rms_norm(x, self.ffn_norm, self.shape.rms_eps).to(self.gate_up.dtype)  # [R, width]
        gate, up = F.linear(h, self.gate_up).chunk(2, -1)  # [R, ffn_width]
        return x + F.linear(F.silu(gate) * up, self.down)  # [R, width]


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on neighbouring pairs: [R, heads, head_dim], angles [R, 1, head_dim / 2]."""
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)  # [R, heads, head_dim / 2]
    turned = torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1)  # [R, heads, head_dim / 2, 2]
    return turned.flatten(-2).to(x.dtype)  # [R, heads, head_dim]


class TextModel(nn.Module):
    """The frozen language model of a GGUF. Gradients pass through it; its weights have none.

    Its matrices are kept as `dtype`, its norms in float32.
    """

    token_embd: Tensor
    output_norm: Tensor
    head: Tensor
    cos: Tensor
    sin: Tensor

    def __init__(self, file: GgufFile, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.shape = read_shape(file)
        self.layers = nn.ModuleList(
            TextLayer(self.shape, _layer_weights(file, number), dtype) for number in range(self.shape.n_layers)
        )
        embeddings = torch.from_numpy(file.read("token_embd.weight")).to(dtype)  # [vocab_size, width]
        tied = "output.weight" not in file.tensors
        head = embeddings if tied else torch.from_numpy(file.read("output.weight")).to(dtype)  # [vocab_size, width]
        positions = torch.arange(min(self.shape.context_length, 2048))  # [P]
        angles = torch.outer(positions.float(), torch.from_numpy(rope_frequencies(file)))  # [P, head_dim / 2]
        self.register_buffer("token_embd", embeddings, persistent=False)
        self.register_buffer("head", head, persistent=False)
        self.register_buffer("output_norm", torch.from_numpy(file.read("output_norm.weight")), persistent=False)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def angles(self, n_sequences: int, length: int) -> tuple[Tensor, Tensor]:
        """Cosine and sine for `n_sequences` sequences: each [n_sequences * length, 1, head_dim / 2]."""
        cos, sin = (part[:length].repeat(n_sequences, 1)[:, None] for part in (self.cos, self.sin))
        return cos, sin

    def logits(self, x: Tensor) -> Tensor:
        """[n, width] -> [n, vocab_size]."""
        return F.linear(_rms_norm(x, self.output_norm, self.shape.rms_eps).to(self.head.dtype), self.head)


def _layer_weights(file: GgufFile, number: int) -> dict[str, NDArray[np.float32]]:
    prefix = f"blk.{number}."
    names = [name for name in file.tensors if name.startswith(prefix)]
    return {name.removeprefix(prefix).removesuffix(".weight"): file.read(name) for name in names}


# Both together


class VisionTextModel(nn.Module):
    """The whole model: what is trained, and the frozen language model."""

    def __init__(self, adapter: Adapter, text: TextModel) -> None:
        super().__init__()
        self.adapter, self.text = adapter, text

    def encode(self, tiles: Tensor, ratio_ids: Tensor) -> Tensor:
        """Images to features before the projector; see `VisionEncoder.forward`."""
        features: Tensor = self.adapter.vision_model(tiles, ratio_ids)
        return features

    def hidden(self, features: Tensor | None, tokens: Tensor) -> Tensor:
        """The text's last hidden states.

        Args:
            features: of `encode`, [B, K, .]; None for text alone.
            tokens: int64 [B, Q, L]: Q sequences about each image, padded on the right.

        Returns:
            [B * Q * L, width], before the last norm.
        """
        adapter, text = self.adapter, self.text
        is_image = (tokens == text.shape.vocab_size).flatten(0, 2)[:, None]  # [R, 1]
        row = (tokens == text.shape.vocab_size).cumsum(-1).clamp(max=1).flatten()[:, None].float()  # [R, 1]
        x = F.embedding(tokens.clamp(max=text.shape.vocab_size - 1).flatten(), text.token_embd).float()  # [R, width]
        x = torch.where(is_image, adapter.image_embedding.float(), x)  # [R, width]
        states = None if features is None else adapter.multi_modal_projector(features)  # [B, K, width]
        angles = text.angles(tokens.shape[0] * tokens.shape[1], tokens.shape[2])
        for plain in range(-1, text.shape.n_layers):
            if plain >= 0:
                x = text.layers[plain](x, angles, tokens.shape[2])  # [R, width]
            for layer in _crossing(adapter.config, plain) if states is not None else ():
                x = adapter.layers[layer](x, row, states)  # [R, width]
        return x


def _crossing(config: ModelConfig, plain: int) -> Sequence[str]:
    """Names of the cross-attention layers that follow plain layer `plain`."""
    pairs = zip(config.cross_layers, config.cross_after, strict=True)
    return [str(layer) for layer, after in pairs if after == plain]


def compile_layers() -> None:
    """Compile the two parts of all layers; each has one shape whatever the batch holds."""
    torch._dynamo.config.recompile_limit = 64  # noqa: SLF001 - its documented place
    for kind in (VisionLayer, CrossAttentionBlock, TextLayer):
        for half in ("before", "after"):
            setattr(kind, half, torch.compile(getattr(kind, half), dynamic=False))

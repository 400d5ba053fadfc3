"""The vision encoder that is trained: Meta's, with one number of tiles in a batch; see `training.model`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import Tensor, nn

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from training.layers import gate, linear

_OUTER_NORM_EPS = 1e-5


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


class _VisionAttention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj, self.k_proj = linear(width, width), linear(width, width)
        self.v_proj, self.o_proj = linear(width, width), linear(width, width)


class _VisionMlp(nn.Module):
    def __init__(self, width: int, ffn_width: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = linear(width, ffn_width, bias=True), linear(ffn_width, width, bias=True)


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
            self.gate_attn, self.gate_ffn = gate(), gate()

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
        self.gate = gate()
        self._max_tiles = config.max_tiles

    def forward(self, ratio_ids: Tensor) -> Tensor:
        """[B] -> [B, max_tiles, width]."""
        return torch.tanh(self.gate) * self.embedding(ratio_ids).unflatten(-1, (self._max_tiles, -1))


class _Positions(nn.Module):
    """Position embeddings of all tokens; one gate weighs those of the token against those of its tile."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = gate()
        start = np.zeros((config.tokens_per_tile, config.width), dtype=np.float32)
        start[1:] = 0.5 * _grid_waves(config.side, config.width)
        self.embedding = nn.Parameter(torch.from_numpy(start))
        n_tokens = config.tokens_per_tile if config.full_tile_positions else 1
        shape = (config.n_ratios, config.max_tiles, n_tokens, config.width)
        self.tile_embedding = nn.Parameter(torch.randn(shape) * 0.1)

    def forward(self, ratio_ids: Tensor) -> Tensor:
        """[B] -> [B, max_tiles, tokens_per_tile, width]."""
        open_by = torch.tanh(self.gate)
        return (1 - open_by) * self.embedding + open_by * self.tile_embedding[ratio_ids]


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

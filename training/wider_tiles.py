"""Positions for larger tiles, so that what an encoder learned on small ones holds on.

An image that took a square of `factor` x `factor` small tiles now takes one large tile, with the same pixels in the
same patches. So a large tile's positions are those of the small tiles that it replaces, side by side: neighbouring
patches keep their distance, which reading depends on. (Bilinear interpolation halves it; see the README.)
"""

from __future__ import annotations

import torch
from torch import Tensor

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from training.vision_encoder import ModelConfig

_POSITIONS = "vision_model.gated_positional_embedding"
_BEFORE = "vision_model.pre_tile_positional_embedding"
_AFTER = "vision_model.post_tile_positional_embedding"


def widen(state: dict[str, Tensor], small: ModelConfig, large: ModelConfig) -> dict[str, Tensor]:
    """The state of an adapter with larger tiles.

    Args:
        state: an adapter's, with one position vector for each tile of each aspect ratio.
        small: its sizes.
        large: those it gets.

    Raises:
        ValueError: something else than the tiles' size differs, or it is no multiple, or there are too few tiles.
    """
    factor, rest = divmod(large.tile_px, small.tile_px)
    same = (small.patch_px, small.max_tiles, small.width) == (large.patch_px, large.max_tiles, large.width)
    if rest or not same or factor**2 > small.max_tiles or small.full_tile_positions:
        raise ValueError(f"tiles of {small.tile_px} px cannot become tiles of {large.tile_px} px")
    block = supported_aspect_ratios(small.max_tiles).index((factor, factor)) + 1
    width, count = small.width, factor**2
    gate = torch.tanh(state[f"{_POSITIONS}.gate"])  # [1]
    tiles = state[f"{_POSITIONS}.tile_embedding"]  # [ratios, max_tiles, 1, width]
    before = state[f"{_BEFORE}.embedding.weight"].unflatten(-1, (-1, width))  # [ratios, max_tiles, width]
    after = state[f"{_AFTER}.embedding.weight"].unflatten(-1, (-1, width))  # [ratios, max_tiles, width]
    weight = gate / (1 - gate)  # of a tile's vector against a token's
    shift = weight * tiles[block, :count, 0]  # [count, width]
    class_token = state[f"{_POSITIONS}.embedding"][:1] + shift.mean(0)  # [1, width]
    shift = shift + torch.tanh(state[f"{_BEFORE}.gate"]) / (1 - gate) * before[block, :count]  # [count, width]
    patches = state[f"{_POSITIONS}.embedding"][1:].view(small.side, small.side, width)  # [side, side, width]
    blocks = patches + shift.view(factor, factor, 1, 1, width)  # [factor, factor, side, side, width]
    grid = blocks.transpose(1, 2).reshape(-1, width)  # [large side * large side, width]
    found = dict(state)
    found[f"{_POSITIONS}.embedding"] = torch.cat([class_token, grid])  # [large tokens, width]
    found[f"{_POSITIONS}.tile_embedding"] = _moved(tiles, tiles[block, :count].mean(0))
    found[f"{_BEFORE}.embedding.weight"] = _moved(before, before[block, :count].mean(0)).flatten(1)
    one = after.clone()
    one[1, 0] = after[block, :count].mean(0)
    found[f"{_AFTER}.embedding.weight"] = one.flatten(1)
    return found


def _moved(tiles: Tensor, mean: Tensor) -> Tensor:
    """Tiles' vectors less what the token's now hold; nothing is left for the tile that replaces the small ones."""
    moved = tiles - mean
    moved[1, 0] = 0
    return moved

"""Images to measure with: as large as screenshots, none like another."""

from __future__ import annotations

import numpy as np
from PIL import Image

SCREEN = (1920, 1080)
"""Width and height of a usual screen, in pixels."""


def screenshot(tile_size: int, seed: int) -> Image.Image:
    """An image of a wide screen's proportions that is scaled down to 2 x 2 tiles (1904 x 1064 for tiles of 560)."""
    return smooth_noise(round(3.4 * tile_size), round(1.9 * tile_size), seed)


def filling(tile_size: int, n_tiles: int, seed: int) -> Image.Image:
    """An image that fills `n_tiles` tiles (four of them 2 x 2, fewer side by side) pixel by pixel."""
    across, down = (2, 2) if n_tiles == 4 else (n_tiles, 1)
    return smooth_noise(across * tile_size, down * tile_size, seed)


def smooth_noise(width: int, height: int, seed: int) -> Image.Image:
    """An RGB image of this size that compresses badly and resizes well."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (max(height // 16, 1), max(width // 16, 1), 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return Image.frombytes("RGB", image.size, image.tobytes())  # in memory as decoders leave it

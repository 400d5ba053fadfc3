"""An image to the numbers that the vision encoder reads, exactly as transformers' MllamaImageProcessor.

Source of the arithmetic: `image_processing_mllama.py` of transformers 4.54.1, checked against golden
values in `tests/golden`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.images import tiles
from desktop_vlm.images.open import to_rgb
from desktop_vlm.runtime.scaling import can_scale, scale_into_tiles
from desktop_vlm.system.cores import in_threads


@dataclass(frozen=True)
class ImageProcessorConfig:
    """What a checkpoint's `preprocessor_config.json` sets.

    Attributes:
        tile_size: side of a square tile, in pixels.
        max_tiles: most tiles that an image may take.
        mean, std: per colour channel, on values from 0 to 1.
    """

    tile_size: int
    max_tiles: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class TiledImage:
    """An image ready for the vision encoder.

    Attributes:
        pixels: float32 (max_tiles, 3, tile_size, tile_size), normalised; missing tiles are zero.
        aspect_ratio_id: 1-based index of the tile arrangement.
        num_tiles: tiles in use; they come first.
        size: width and height of the image's own pixels on the canvas.
    """

    pixels: NDArray[np.float32]
    aspect_ratio_id: int
    num_tiles: int
    size: tuple[int, int]


def process_image(
    image: Image.Image, config: ImageProcessorConfig, out: NDArray[np.float32] | None = None
) -> TiledImage:
    """Scale, pad, normalise and cut `image` (any mode; transparency is laid over white).

    Args:
        image: the image.
        config: of the checkpoint.
        out: memory for the result's pixels, whose shape it has; new memory costs as much time as the arithmetic.
    """
    tile, max_tiles = config.tile_size, config.max_tiles
    rgb = to_rgb(image)
    grid, size = tiles.arrangement(rgb.size, tile_size=tile, max_tiles=max_tiles)
    n_tiles, table = grid[0] * grid[1], _normalised(config.mean, config.std)
    pixels = np.empty((max_tiles, 3, tile, tile), dtype=np.float32) if out is None else out
    pixels[n_tiles:] = 0
    if can_scale(rgb.size, size):
        _blacken(pixels[:n_tiles], size, grid[1], table[:, :1])
        scale_into_tiles(rgb, size, table, pixels, grid[1])
    else:
        _normalise(tiles.cut(rgb, tile_size=tile, max_tiles=max_tiles).pixels, table, pixels)
    return TiledImage(pixels, supported_aspect_ratios(max_tiles).index(grid) + 1, n_tiles, size)


def _blacken(pixels: NDArray[np.float32], size: tuple[int, int], n_across: int, black: NDArray[np.float32]) -> None:
    """Fill what an image of this width and height does not reach; `black`: (3, 1)."""
    side = pixels.shape[-1]
    for index, tile in enumerate(pixels):
        down, across = divmod(index, n_across)
        width, height = (min(max(whole - at * side, 0), side) for whole, at in zip(size, (across, down), strict=True))
        tile[:, height:] = black[..., None]
        tile[:, :height, width:] = black[..., None]


def _normalise(cut: NDArray[np.uint8], table: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Bytes (tiles, side, side, 3) -> floats in planes."""

    def normalise(part: tuple[int, int]) -> None:
        index, channel = part
        np.take(table[channel], cut[index, ..., channel], out=out[index, channel], mode="clip")

    in_threads(normalise, product(range(len(cut)), range(len(table))))


@cache
def _normalised(mean: tuple[float, ...], std: tuple[float, ...]) -> NDArray[np.float32]:
    """What becomes of each of the 256 values of a channel: float32 (3, 256)."""
    values = (np.arange(256) / 255).astype(np.float32)
    means: NDArray[np.float32] = np.array(mean, dtype=np.float32)[:, None]
    stds: NDArray[np.float32] = np.array(std, dtype=np.float32)[:, None]
    return ((values - means) / stds).astype(np.float32, copy=False)

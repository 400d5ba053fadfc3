"""A picture to the tiles that the vision encoder reads, exactly as transformers' MllamaImageProcessor.

Source of the arithmetic: `image_processing_mllama.py` of transformers 4.54.1, checked against golden
values in `tests/golden`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.pictures import to_rgb


@dataclass(frozen=True)
class ImageProcessorConfig:
    """What a checkpoint's `preprocessor_config.json` sets.

    Attributes:
        tile_size: side of a square tile, in pixels.
        max_tiles: most tiles that a picture may take.
        mean, std: per colour channel, on values from 0 to 1.
    """

    tile_size: int
    max_tiles: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class TiledImage:
    """A picture ready for the vision encoder.

    Attributes:
        pixels: float32 (max_tiles, 3, tile_size, tile_size), normalised; missing tiles are zero.
        aspect_ratio_id: 1-based index of the tile arrangement.
        num_tiles: tiles in use; they come first.
        size: width and height of the picture's own pixels on the canvas.
    """

    pixels: NDArray[np.float32]
    aspect_ratio_id: int
    num_tiles: int
    size: tuple[int, int]


@cache
def supported_aspect_ratios(max_tiles: int) -> tuple[tuple[int, int], ...]:
    """Tile arrangements (high, wide) in the order of their ids, the first of which is 1."""
    sides = range(1, max_tiles + 1)
    return tuple((high, wide) for high in sides for wide in sides if high * wide <= max_tiles)


def choose_canvas(width: int, height: int, *, tile_size: int, max_tiles: int) -> tuple[int, int]:
    """The tile arrangement (high, wide) for a picture of `width` x `height` pixels.

    The smallest enlargement that still fills a side, else the least reduction; ties go to the smaller area.
    """
    ratios = supported_aspect_ratios(max_tiles)
    scales = [min(high * tile_size / height, wide * tile_size / width) for high, wide in ratios]
    enlarging = [scale for scale in scales if scale >= 1]
    chosen = min(enlarging) if enlarging else max(scales)
    fitting = [ratio for ratio, scale in zip(ratios, scales, strict=True) if scale == chosen]
    return min(fitting, key=lambda ratio: ratio[0] * ratio[1])


def fit_to_canvas(width: int, height: int, canvas: tuple[int, int], tile_size: int) -> tuple[int, int]:
    """The size (width, height) to which a picture is scaled for a canvas of `canvas` (high, wide) tiles."""
    canvas_height, canvas_width = canvas[0] * tile_size, canvas[1] * tile_size
    target_width = min(max(width, tile_size), canvas_width)
    target_height = min(max(height, tile_size), canvas_height)
    scale_width, scale_height = target_width / width, target_height / height
    if scale_width < scale_height:
        return target_width, min(math.floor(height * scale_width) or 1, target_height)
    return min(math.floor(width * scale_height) or 1, target_width), target_height


def process_image(image: Image.Image, config: ImageProcessorConfig) -> TiledImage:
    """Scale, pad, normalise and cut `image` (any mode; transparency is laid over white)."""
    image = to_rgb(image)
    tile = config.tile_size
    high, wide = choose_canvas(*image.size, tile_size=tile, max_tiles=config.max_tiles)
    size = fit_to_canvas(*image.size, (high, wide), tile)
    scaled = np.asarray(image.resize(size, Image.Resampling.BILINEAR))  # (height, width, 3) uint8
    canvas = np.zeros((high * tile, wide * tile, 3), dtype=np.uint8)
    canvas[: size[1], : size[0]] = scaled
    values = (canvas.astype(np.float64) / 255).astype(np.float32)
    mean: NDArray[np.float32] = np.array(config.mean, dtype=np.float32)
    std: NDArray[np.float32] = np.array(config.std, dtype=np.float32)
    values = ((values - mean) / std).astype(np.float32, copy=False)
    tiles = values.reshape(high, tile, wide, tile, 3).transpose(0, 2, 4, 1, 3)  # (high, wide, 3, tile, tile)
    pixels = np.zeros((config.max_tiles, 3, tile, tile), dtype=np.float32)
    pixels[: high * wide] = tiles.reshape(high * wide, 3, tile, tile)
    ratio_id = supported_aspect_ratios(config.max_tiles).index((high, wide)) + 1
    return TiledImage(pixels, ratio_id, high * wide, size)

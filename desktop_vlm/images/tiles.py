"""How a picture is laid on square tiles: which grid it gets, and how large it is there.

Source of the arithmetic: `image_processing_mllama.py` of transformers 4.54.1, checked against golden values in
`tests/golden`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Tiles:
    """A picture in tiles.

    Attributes:
        pixels: uint8 (tiles, tile, tile, 3); black where the picture does not reach.
        grid: tiles high and wide.
        size: width and height of the picture's own pixels on the grid.
    """

    pixels: np.ndarray[Any, np.dtype[np.uint8]]
    grid: tuple[int, int]
    size: tuple[int, int]


@cache
def supported_aspect_ratios(max_tiles: int) -> tuple[tuple[int, int], ...]:
    """The grids (high, wide) of at most `max_tiles` tiles, in the order of their ids 1, 2, ...

    transformers calls the pairs (width, height) where it lists them but looks them up as (height, width).
    """
    sides = range(1, max_tiles + 1)
    return tuple((high, wide) for high in sides for wide in sides if high * wide <= max_tiles)


def choose_canvas(width: int, height: int, *, tile_size: int, max_tiles: int) -> tuple[int, int]:
    """The grid (high, wide) for a picture of `width` x `height` pixels.

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


def cut(image: Image.Image, *, tile_size: int, max_tiles: int) -> Tiles:
    """Scale an RGB picture to the grid that suits it and cut it into tiles."""
    high, wide = choose_canvas(*image.size, tile_size=tile_size, max_tiles=max_tiles)
    size = fit_to_canvas(*image.size, (high, wide), tile_size)
    canvas = np.zeros((high * tile_size, wide * tile_size, 3), dtype=np.uint8)
    canvas[: size[1], : size[0]] = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    pixels = canvas.reshape(high, tile_size, wide, tile_size, 3).swapaxes(1, 2)  # (high, wide, tile, tile, 3)
    return Tiles(pixels.reshape(high * wide, tile_size, tile_size, 3), (high, wide), size)

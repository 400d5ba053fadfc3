"""An image scaled to a grid of square tiles and cut into them.

Source of the arithmetic: `image_processing_mllama.py` of transformers 4.54.1, checked against golden values in
`tests/golden`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from desktop_vlm.api.image_sizing import choose_canvas, fit_to_canvas
from desktop_vlm.images.resizing import resize_into


@dataclass(frozen=True)
class Tiles:
    """An image in tiles.

    Attributes:
        pixels: uint8 (tiles, tile, tile, 3); black where the image does not reach.
        grid: tiles high and wide.
        size: width and height of the image's own pixels on the grid.
    """

    pixels: np.ndarray[Any, np.dtype[np.uint8]]
    grid: tuple[int, int]
    size: tuple[int, int]


def arrangement(size: tuple[int, int], *, tile_size: int, max_tiles: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Tiles high and wide for an image of this width and height, and its width and height on them."""
    grid = choose_canvas(*size, tile_size=tile_size, max_tiles=max_tiles)
    return grid, fit_to_canvas(*size, grid, tile_size)


def cut(image: Image.Image, *, tile_size: int, max_tiles: int) -> Tiles:
    """Scale an RGB image to the grid that suits it and cut it into tiles."""
    (high, wide), size = arrangement(image.size, tile_size=tile_size, max_tiles=max_tiles)
    canvas = np.zeros((high * tile_size, wide * tile_size, 3), dtype=np.uint8)
    resize_into(canvas[: size[1], : size[0]], image)
    pixels = canvas.reshape(high, tile_size, wide, tile_size, 3).swapaxes(1, 2)  # (high, wide, tile, tile, 3)
    return Tiles(pixels.reshape(high * wide, tile_size, tile_size, 3), (high, wide), size)

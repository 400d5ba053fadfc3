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


def process_image(image: Image.Image, config: ImageProcessorConfig) -> TiledImage:
    """Scale, pad, normalise and cut `image` (any mode; transparency is laid over white)."""
    tile, max_tiles = config.tile_size, config.max_tiles
    cut = tiles.cut(to_rgb(image), tile_size=tile, max_tiles=max_tiles)
    pixels = np.zeros((max_tiles, 3, tile, tile), dtype=np.float32)
    tables = _normalised(config.mean, config.std)

    def normalise(part: tuple[int, int]) -> None:
        index, channel = part
        np.take(tables[channel], cut.pixels[index, ..., channel], out=pixels[index, channel], mode="clip")

    in_threads(normalise, product(range(len(cut.pixels)), range(len(tables))))
    ratio_id = supported_aspect_ratios(max_tiles).index(cut.grid) + 1
    return TiledImage(pixels, ratio_id, len(cut.pixels), cut.size)


@cache
def _normalised(mean: tuple[float, ...], std: tuple[float, ...]) -> NDArray[np.float32]:
    """What becomes of each of the 256 values of a channel: float32 (3, 256)."""
    values = (np.arange(256) / 255).astype(np.float32)
    means: NDArray[np.float32] = np.array(mean, dtype=np.float32)[:, None]
    stds: NDArray[np.float32] = np.array(std, dtype=np.float32)[:, None]
    return ((values - means) / stds).astype(np.float32, copy=False)

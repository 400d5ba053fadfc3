"""Images that can be made again anywhere, by integer arithmetic."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.checkpoints.configs import LONGEST_SIDE, TinyCheckpoint, aspect_ratios


@dataclass(frozen=True)
class ImageCase:
    """An image that can be made again anywhere.

    Attributes:
        name: seed of the content.
        size: (width, height) in pixels, Pillow's order.
        mode: Pillow mode, or `P+t` for a palette image with a transparent colour.
    """

    name: str
    size: tuple[int, int]
    mode: str = "RGB"

    def image(self) -> Image.Image:
        """The image itself."""
        return make_image(self.name, self.size, self.mode)


def _channel(rng: np.random.RandomState, width: int, height: int) -> NDArray[np.uint8]:
    """Two triangle waves and a little noise, in integers only (equal on every platform)."""
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    wave = np.zeros((height, width), dtype=np.int64)
    for _ in range(2):
        slope_x, slope_y, phase = (int(rng.randint(-9, 10)), int(rng.randint(-9, 10)), int(rng.randint(512)))
        wave = wave + abs((slope_x * x + slope_y * y + phase) % 512 - 256)
    noise = rng.randint(-24, 25, size=(height, width))
    channel: NDArray[np.uint8] = np.clip(wave // 2 + noise, 0, 255).astype(np.uint8)
    return channel


def make_image(name: str, size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A deterministic test image: smooth waves with noise, a different one for every name, size and mode.

    Args:
        name: seed of the content.
        size: (width, height) in pixels.
        mode: `RGB`, `RGBA`, `L`, `LA`, `P`, `P+t` (palette with one transparent colour), `1` or `CMYK`.
    """
    width, height = size
    rng = np.random.RandomState(zlib.crc32(f"{name}:{width}x{height}:{mode}".encode()))
    bands = {"RGB": 3, "RGBA": 4, "L": 1, "LA": 2, "P": 1, "P+t": 1, "1": 1, "CMYK": 4}[mode]
    pixels = np.stack([_channel(rng, width, height) for _ in range(bands)], axis=-1)
    if mode in ("RGBA", "LA"):  # stretch the waves: large fully transparent and fully opaque areas
        pixels[..., -1] = np.clip(pixels[..., -1].astype(np.int64) * 3 - 256, 0, 255)
    if mode == "1":
        return Image.frombytes("1", size, np.packbits(pixels[..., 0] > 127, axis=1).tobytes())
    if mode in ("P", "P+t"):
        pixels >>= 4  # 16 colours
        image = Image.frombytes("P", size, pixels.tobytes())
        image.putpalette(rng.randint(0, 256, size=48).tolist())
        if mode == "P+t":
            image.info["transparency"] = int(pixels[height // 2, width // 2, 0])
        return image
    return Image.frombytes(mode, size, pixels.tobytes())


def processor_cases(ckpt: TinyCheckpoint) -> list[ImageCase]:
    """Images for the image processor: extreme shapes, exact tile sizes, one pixel off them, all modes."""
    tile = ckpt.config["vision_config"]["image_size"]
    exact = [(w * tile, h * tile) for h, w in aspect_ratios(4)]
    near = [(tile - 1, tile), (tile + 1, tile), (2 * tile + 1, tile), (2 * tile, tile - 1)]
    near.append((tile, 4 * tile + 1))
    odd = [(1, 1), (1, 500), (500, 1), (2, 3), (37, 41), (41, 37), (100, 30), (30, 100), (199, 67), (67, 199)]
    odd += [(3 * tile // 2, tile // 2), (tile // 3, tile), (640, 480), (333, 1000), (97, 300), (301, 299)]
    sizes = [*exact, *near, *odd]
    if ckpt.name == "alpha":
        sizes.append((LONGEST_SIDE, 50))
    others = [
        ImageCase("glass", (90, 61), "RGBA"),
        ImageCase("glass_tile", (tile, tile), "RGBA"),
        ImageCase("grey_glass", (45, 77), "LA"),
        ImageCase("grey", (tile + 5, 2 * tile), "L"),
        ImageCase("palette", (123, 45), "P"),
        ImageCase("palette_hole", (64, 64), "P+t"),
        ImageCase("ink", (71, 35), "1"),
        ImageCase("print", (35, 71), "CMYK"),
    ]
    return [ImageCase(f"size{i}", size) for i, size in enumerate(sizes)] + others


def model_images(ckpt: TinyCheckpoint) -> dict[str, ImageCase]:
    """The images of the vision and logits goldens, by name; each takes another aspect ratio."""
    tile = ckpt.config["vision_config"]["image_size"]
    cases = [
        ImageCase("small", (tile - 9, tile - 20)),  # one tile with padding inside it
        ImageCase("wide", (2 * tile, tile - 3)),  # 1x2
        ImageCase("tall", (tile - 6, 2 * tile + 7) if ckpt.name == "gamma" else (tile - 6, 3 * tile - 4)),
    ]
    if ckpt.config["vision_config"]["max_num_tiles"] == 4:
        cases.append(ImageCase("large", (5 * tile, 4 * tile)))  # 2x2, shrunk
    return {case.name: case for case in cases}

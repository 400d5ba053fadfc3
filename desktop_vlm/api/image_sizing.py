"""How large an image reaches a model's vision encoder, and how many tokens it takes there: arithmetic only.

The window shows these sizes before anything is sent, and the engine resizes by them, so no pixel is lost silently.
Sources: the image processors of transformers 4.54.1 (tiles: `image_processing_mllama.py`) and 5.24.0 (Pixtral,
Qwen2.5-VL), and LLaVA's own code for padding to a square; golden values are in `tests/golden`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

_USUAL_SIDE = 896
"""Of an image for a model of which nothing is known, in pixels."""


@dataclass(frozen=True)
class EncodedSize:
    """An image as the encoder gets it.

    Attributes:
        width, height: of the image's own pixels after resizing, without padding.
        n_tokens: tokens that stand for it in the context.
    """

    width: int
    height: int
    n_tokens: int


@dataclass(frozen=True)
class ImageSizing:
    """A family's rule for the size of an image.

    Attributes:
        kind: "tiles": laid on a grid of square tiles; "square": padded to one square; "longest": shrunk until the
            longest side fits, both sides rounded up to `multiple`; "area": both sides rounded to `multiple` and the
            area kept within limits; "library": libmtmd decides, and nothing is known before.
        side: side of a tile ("tiles"), of the square ("square"), or the longest side ("longest"), in pixels.
        multiple: pixels that one token covers in each direction; the sides are multiples of it.
        max_tiles: most tiles of one image; "tiles" only.
        min_pixels, max_pixels: limits of the area; "area" only.
        max_tokens: most tokens of one image's rows, 0 for no limit; "longest" only: others follow from their pixels.
        extra_tokens: tokens that the family puts around an image's rows.
    """

    kind: str
    side: int = 0
    multiple: int = 1
    max_tiles: int = 1
    min_pixels: int = 0
    max_pixels: int = 0
    max_tokens: int = 0
    extra_tokens: int = 0

    @property
    def canvas(self) -> tuple[int, int]:
        """Side of a square tile in pixels, and how many there are: what an image made for this model should fill."""
        if self.kind == "tiles":
            return self.side, self.max_tiles
        if self.kind == "area":
            return max(self.multiple, math.isqrt(self.max_pixels) // self.multiple * self.multiple), 1
        return self.side or _USUAL_SIDE, 1

    def measure(self, width: int, height: int) -> EncodedSize:
        """The size that an image of `width` x `height` pixels gets.

        Raises:
            ValueError: a rule of an unknown kind.
        """
        if self.kind == "tiles":
            canvas = choose_canvas(width, height, tile_size=self.side, max_tiles=self.max_tiles)
            return EncodedSize(*fit_to_canvas(width, height, canvas, self.side), 1)
        if self.kind == "square":
            scale = self.side / max(width, height)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            return EncodedSize(*size, (self.side // self.multiple) ** 2 + self.extra_tokens)
        if self.kind == "longest":
            return self._longest(width, height)
        if self.kind == "area":
            return self._area(width, height)
        if self.kind == "library":
            return EncodedSize(width, height, 0)
        raise ValueError(f"unknown image sizing {self.kind!r}")

    def scale(self, width: int, height: int) -> float:
        """Pixels for the encoder per pixel of an image, along its longer side; 1 where that is not known."""
        seen = self.measure(width, height)
        return max(seen.width, seen.height) / max(width, height) if seen.n_tokens else 1.0

    def _longest(self, width: int, height: int) -> EncodedSize:
        """Pixtral: `get_resize_output_image_size` of image_processing_pixtral.py; a break or end token ends a row.

        An image of too many tokens is shrunk further, by whole tokens of its longest side.
        """
        columns, rows = self._grid(width, height, self.side)
        side = min(self.side, max(columns, rows) * self.multiple)
        while self.max_tokens and rows * (columns + 1) > self.max_tokens and side > self.multiple:
            side -= self.multiple
            columns, rows = self._grid(width, height, side)
        return EncodedSize(columns * self.multiple, rows * self.multiple, rows * (columns + 1) + self.extra_tokens)

    def _grid(self, width: int, height: int, longest: int) -> tuple[int, int]:
        """Columns and rows of tokens."""
        ratio = max(width / longest, height / longest)
        if ratio > 1:
            width, height = math.floor(width / ratio) or 1, math.floor(height / ratio) or 1
        return -(-width // self.multiple), -(-height // self.multiple)

    def _area(self, width: int, height: int) -> EncodedSize:
        """Qwen2-VL: `smart_resize` of image_processing_qwen2_vl.py, without its refusal of very long images."""
        unit = self.multiple
        wide, high = (round(side / unit) * unit for side in (width, height))
        if wide * high > self.max_pixels:
            shrink = math.sqrt(width * height / self.max_pixels)
            wide, high = (max(unit, math.floor(side / shrink / unit) * unit) for side in (width, height))
        elif wide * high < self.min_pixels:
            grow = math.sqrt(self.min_pixels / (width * height))
            wide, high = (math.ceil(side * grow / unit) * unit for side in (width, height))
        return EncodedSize(wide, high, (wide // unit) * (high // unit) + self.extra_tokens)


# A grid of tiles


@cache
def supported_aspect_ratios(max_tiles: int) -> tuple[tuple[int, int], ...]:
    """The grids (high, wide) of at most `max_tiles` tiles, in the order of their ids 1, 2, ...

    transformers calls the pairs (width, height) where it lists them but looks them up as (height, width).
    """
    sides = range(1, max_tiles + 1)
    return tuple((high, wide) for high in sides for wide in sides if high * wide <= max_tiles)


def choose_canvas(width: int, height: int, *, tile_size: int, max_tiles: int) -> tuple[int, int]:
    """The grid (high, wide) for an image of `width` x `height` pixels.

    The smallest enlargement that still fills a side, else the least reduction; ties go to the smaller area.
    """
    ratios = supported_aspect_ratios(max_tiles)
    scales = [min(high * tile_size / height, wide * tile_size / width) for high, wide in ratios]
    enlarging = [scale for scale in scales if scale >= 1]
    chosen = min(enlarging) if enlarging else max(scales)
    fitting = [ratio for ratio, scale in zip(ratios, scales, strict=True) if scale == chosen]
    return min(fitting, key=lambda ratio: ratio[0] * ratio[1])


def fit_to_canvas(width: int, height: int, canvas: tuple[int, int], tile_size: int) -> tuple[int, int]:
    """The size (width, height) to which an image is scaled for a canvas of `canvas` (high, wide) tiles."""
    canvas_height, canvas_width = canvas[0] * tile_size, canvas[1] * tile_size
    target_width = min(max(width, tile_size), canvas_width)
    target_height = min(max(height, tile_size), canvas_height)
    scale_width, scale_height = target_width / width, target_height / height
    if scale_width < scale_height:
        return target_width, min(math.floor(height * scale_width) or 1, target_height)
    return min(math.floor(width * scale_height) or 1, target_width), target_height

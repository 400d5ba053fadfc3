"""Files whose samples have 16 bits, of which Pillow keeps the upper 8: what a file says before it is decoded."""

from __future__ import annotations

import re
from typing import Any

from PIL import Image

_WIDE = re.compile(r"(RGBA|RGBX|RGB|LA);16([LBN])")


def is_wide_colour(image: Image.Image) -> bool:
    """Whether a file that is not decoded yet has colours of 16 bits, of which Pillow keeps the upper 8."""
    return _wide_tiles(image) is not None


def low_bytes(image: Image.Image) -> None:
    """Have a file that is not decoded yet decode to the lower 8 bits of each sample."""
    image.tile = _wide_tiles(image)  # type: ignore[attr-defined]


def _wide_tiles(image: Image.Image) -> list[Any] | None:
    """The tiles with their bytes taken in the other order, which makes Pillow keep the lower ones."""
    tiles: list[Any] = getattr(image, "tile", [])
    swapped = []
    for tile in tiles:
        args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        if not args or not isinstance(args[0], str) or not (found := _WIDE.fullmatch(args[0])):
            return None
        order = {"B": "L", "L": "B", "N": "B"}[found[2]]
        raw = f"{found[1]};16{order}"
        swapped.append(tile._replace(args=(raw, *args[1:]) if isinstance(tile.args, tuple) else raw))
    return swapped or None

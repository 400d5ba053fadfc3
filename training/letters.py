"""An image as tiles on its canvas, and which letter stands in each slot of its patches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.images import tiles
from training.screens.records import MARKS, Box

SLOTS_DOWN, SLOTS_ACROSS = 2, 4
"""A patch of 14 px on a canvas that a whole screen was scaled onto has up to two lines of four letters."""
SLOTS = SLOTS_DOWN * SLOTS_ACROSS
UNKNOWN = 255
"""A slot of an image whose characters' places are not known."""
_FIRST_LETTER, _LAST_LETTER = ord("!"), ord("~")
_MARK_CODES = {mark: number for number, mark in enumerate(MARKS, _LAST_LETTER - _FIRST_LETTER + 2)}


class Glyph(Protocol):
    """A drawn character, or a mark, and its box (left, top, right, bottom) in the image's pixels."""

    char: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Tiled:
    """An image on its canvas.

    Attributes:
        tiles: uint8 [num_tiles, 3, tile, tile], not normalised; what the image does not cover is 0.
        canvas: tiles (high, wide).
        ratio_id: 1-based id of the arrangement.
        scale: canvas pixels per image pixel (x, y).
    """

    tiles: NDArray[np.uint8]
    canvas: tuple[int, int]
    ratio_id: int
    scale: tuple[float, float]


def make_tiles(image: Image.Image, tile_px: int, max_tiles: int) -> Tiled:
    """What `process_image` does, up to its normalisation."""
    cut = tiles.cut(image.convert("RGB"), tile_size=tile_px, max_tiles=max_tiles)
    ratio_id = supported_aspect_ratios(max_tiles).index(cut.grid) + 1
    scale = (cut.size[0] / image.width, cut.size[1] / image.height)
    return Tiled(cut.pixels.transpose(0, 3, 1, 2), cut.grid, ratio_id, scale)


def letter_targets(
    glyphs: Sequence[Glyph], tiled: Tiled, patch_px: int, unlocated: Sequence[Box] = ()
) -> NDArray[np.uint8]:
    """Which letter stands where.

    A patch has `SLOTS`, row by row; a letter belongs to the slot that its centre falls into, and of several the one
    nearest to the slot's middle stays. Slots that a box of `unlocated` touches, px in the image, are `UNKNOWN`.

    Returns:
        uint8 [num_tiles, patches of a tile, SLOTS]: 0 for nothing, else 1 + its place among printable ASCII, which
        the marks follow; or `UNKNOWN`.
    """
    high, wide = tiled.canvas
    side = tiled.tiles.shape[-1] // patch_px
    down, across = patch_px / SLOTS_DOWN, patch_px / SLOTS_ACROSS  # px
    targets = np.zeros((high * side * SLOTS_DOWN, wide * side * SLOTS_ACROSS), dtype=np.uint8)
    codes = np.array([_code(glyph.char) for glyph in glyphs], dtype=np.int64)  # [G]
    boxes = np.array([glyph.box for glyph in glyphs], dtype=np.float64).reshape(-1, 4)  # [G, 4]
    x = (boxes[:, 0] + boxes[:, 2]) / 2 * tiled.scale[0] / across  # [G], in slots
    y = (boxes[:, 1] + boxes[:, 3]) / 2 * tiled.scale[1] / down  # [G], in slots
    known = (codes > 0) & (x >= 0) & (y >= 0) & (x < targets.shape[1]) & (y < targets.shape[0])
    far = np.hypot((x - np.floor(x) - 0.5) * across, (y - np.floor(y) - 0.5) * down)  # [G], px
    order = np.argsort(-far, kind="stable")  # the nearest is written last and stays
    order = order[known[order]]
    targets[y[order].astype(int), x[order].astype(int)] = codes[order]
    for left, top, right, bottom in unlocated:
        columns = slice(*_touched(left, right, tiled.scale[0] / across))
        targets[slice(*_touched(top, bottom, tiled.scale[1] / down)), columns] = UNKNOWN
    cut = targets.reshape(high, side, SLOTS_DOWN, wide, side, SLOTS_ACROSS)
    return cut.transpose(0, 3, 1, 4, 2, 5).reshape(high * wide, side * side, SLOTS)


def _touched(start: float, end: float, slots_per_px: float) -> tuple[int, int]:
    """The first slot that a part of the image touches, and the one after the last."""
    return max(0, math.floor(start * slots_per_px)), max(0, math.ceil(end * slots_per_px))


def _code(char: str) -> int:
    """What a slot with this character is labelled with."""
    if len(char) == 1:
        return ord(char) - _FIRST_LETTER + 1 if _FIRST_LETTER <= ord(char) <= _LAST_LETTER else 0
    return _MARK_CODES.get(char, 0)

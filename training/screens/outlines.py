"""The control that a text stands in, as its edges are seen: a button, a field, a cell, a row of a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.screens.records import Box

_ACROSS, _DOWN = 20.0, 1.6
"""Heights of the text, between which and its control's edge there may be so much ground."""
_UNLIKE = 14
"""Between the colour of an edge, or of the ground beyond, and that of the control, per channel."""
_WHOLE = 0.85
"""Of a row or a column of pixels along the text: an edge has so much of it."""
_WIDEST = 0.5
"""Of the image."""
_AT_LEAST = 2
"""Px between the text and the edge."""


def control_around(image: Image.Image, box: Box, texts: Sequence[Box]) -> Box | None:
    """The bounds of the control around a text, px; None where no edge is seen on all four sides, or it has other texts.

    `texts` are the boxes of all texts of the image.
    """
    left, top, right, bottom = (round(side) for side in box)
    high = bottom - top
    across, down = round(_ACROSS * high), round(_DOWN * high)
    area = (left - across, top - down, right + across, bottom + down)
    pixels = np.asarray(image.crop(area), np.int16)  # [H, W, 3], black beyond the image
    ground = _ground(pixels[down : down + high, across - 3 : across - 1])
    if ground is None:
        return None
    unlike = (np.abs(pixels - ground) > _UNLIKE).any(axis=2)  # [H, W]
    columns = unlike[down + high // 4 : down + 3 * high // 4].mean(axis=0)  # [W]
    rows = unlike[:, across : across + right - left].mean(axis=1)  # [H]
    steps = [_first(side) for side in (columns[:across][::-1], rows[:down][::-1], columns[across + right - left :],
                                       rows[down + high :])]  # fmt: skip
    if min(steps) < 0:
        return None
    found = (left - steps[0], top - steps[1], right + steps[2], bottom + steps[3])
    inside = found[0] >= 0 and found[1] >= 0 and found[2] < image.width and found[3] < image.height
    if not inside or found[2] - found[0] > _WIDEST * image.width:
        return None
    others = [one for one in texts if one != box and one[0] < found[2] and found[0] < one[2]
              and one[1] + 2 < found[3] and found[1] < one[3] - 2]  # fmt: skip
    return None if others else found


def _ground(pixels: NDArray[np.int16]) -> NDArray[np.int16] | None:
    """The one colour of what is left of the text; None where there are several."""
    flat = pixels.reshape(-1, 3)
    if not len(flat) or (np.abs(flat - flat[0]) > _UNLIKE).any():
        return None
    first: NDArray[np.int16] = flat[0]
    return first


def _first(share: NDArray[np.float64]) -> int:
    """How far the first edge is, px; -1 where none is seen, or it touches the text."""
    found = np.flatnonzero(share >= _WHOLE)
    return int(found[0]) + 1 if len(found) and found[0] >= _AT_LEAST else -1

"""Where exactly a line's ink is: pixels that differ from the colour behind them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.images.text_layer.engine import Pixels

Mask: TypeAlias = "NDArray[np.bool_]"
Profile: TypeAlias = "np.bool_ | NDArray[np.bool_]"
Span: TypeAlias = tuple[int, int]

_LEAST_CONTRAST = 24
"""Of 255: less than this is a gradient or noise, not text on a ground."""

_SHARE = 0.2
"""Of the greatest contrast: what has less is the soft edge of a letter."""

_MOST_INK = 0.6
"""Where more of a crop differs from its commonest colour, it has no ground: a photo, or a border through the line."""


def ink_of(crop: Pixels) -> Mask | None:
    """Which pixels of a crop [height, width, 3] are ink, [height, width]; None where it has no plain ground."""
    if crop.size == 0:
        return None
    ground = np.median(crop.reshape(-1, 3), axis=0).astype(np.int16)
    contrast = np.abs(crop.astype(np.int16) - ground).max(axis=2)
    most = int(contrast.max())
    if most < _LEAST_CONTRAST:
        return None
    mask: Mask = contrast > most * _SHARE
    return mask if mask.mean() <= _MOST_INK else None


def runs(profile: Profile, gap: float = 0.0) -> list[Span]:
    """Stretches that are true, first and one behind the last; false ones of up to `gap` in between belong to them."""
    edges = np.flatnonzero(np.diff(np.asarray(profile, np.int8), prepend=0, append=0))
    found: list[Span] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found

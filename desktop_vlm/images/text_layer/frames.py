"""The frames of buttons close around their labels, which a reader takes for brackets."""

from __future__ import annotations

import numpy as np

from desktop_vlm.images.text_layer.engine import Pixels
from desktop_vlm.images.text_layer.ink import Mask

_HIGHER = 2.2
"""Than half of the connected parts of the ink: a bracket is not."""

_WIDER = 1.2
"""Than high: the frames within Chinese characters are not."""

_FILLED = 0.35
"""Share of its rectangle that a frame's line fills at most."""

_HELD = 2
"""Parts of the ink inside, at least."""


def frames_of(ink: Mask) -> Mask | None:
    """The ink of a crop that is frames around other ink; None where there is none."""
    import cv2

    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    lefts, tops, widths, heights, areas = stats[1:].T
    if len(heights) <= _HELD:
        return None
    likely = (
        (heights > _HIGHER * np.median(heights)) & (widths > _WIDER * heights) & (areas < _FILLED * widths * heights)
    )
    found = []
    for number in np.flatnonzero(likely).tolist():
        x, y = centres[1:, 0], centres[1:, 1]
        across = (x > lefts[number]) & (x < lefts[number] + widths[number])
        down = (y > tops[number]) & (y < tops[number] + heights[number])
        if (across & down).sum() - 1 >= _HELD:
            found.append(number + 1)
    mask: Mask = np.isin(labels, found)
    return mask if found else None


def without_frames(crop: Pixels, ink: Mask) -> tuple[Pixels, Mask]:
    """A crop and its ink without them; their place gets the colour of the ground."""
    frames = frames_of(ink)
    if frames is None:
        return crop, ink
    painted = crop.copy()
    painted[frames] = np.median(crop.reshape(-1, 3), axis=0)
    return painted, ink & ~frames

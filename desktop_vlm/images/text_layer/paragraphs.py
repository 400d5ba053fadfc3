"""Where paragraphs begin: at a gap that is wider than those between the lines around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from desktop_vlm.api.text_layer import Box

_WIDER = 1.4
"""Than the usual gap of the block."""

_ALWAYS = 1.8
_NEVER = 0.5
"""In heights of a line: gaps that divide paragraphs whatever the block is like, and that never do."""

_OTHER_SIZE = 1.4
"""How much higher the letters of a heading are, at least."""


def paragraph_starts(boxes: Sequence[Box]) -> list[int]:
    """The first lines of the paragraphs of a block whose lines are read one after the other."""
    if not boxes:
        return []
    height = max(1.0, median([box.height for box in boxes]))
    gaps = [_middle(after) - _middle(before) - height for before, after in pairwise(boxes)]
    usual = median([gap for gap in gaps if gap > -height / 2] or [0.0])
    most = max(_NEVER * height, min(_WIDER * usual, _ALWAYS * height))
    starts = [0]
    for number, (gap, (before, after)) in enumerate(zip(gaps, pairwise(boxes), strict=True), 1):
        sizes = sorted((before.height, after.height))
        if gap > most or gap < -height * 0.8 or sizes[1] > _OTHER_SIZE * sizes[0] + 2:
            starts.append(number)
    return starts


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2

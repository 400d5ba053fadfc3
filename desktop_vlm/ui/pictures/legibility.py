"""From which size on text in a picture is readable after scaling."""

from __future__ import annotations

import math

READABLE_TEXT_PX = 8
"""Font size, in pixels as the model sees it, below which text cannot be relied on.

A font of 8 px has small letters about 4 px high (0.52 of the font size in the usual interface fonts). The "e" has
three strokes with two gaps between them; four rows and their shades of grey just hold these apart. Below, letters
run into each other and no reader, person or model, can do more than guess."""

COMMON_TEXT_PX = 12
"""Font size of the small text in programs and on web pages: what a person expects to be read in a screenshot."""


def smallest_readable_px(scale: float) -> int:
    """Font size in the picture itself, px, that is still readable when shown at this scale."""
    return math.ceil(READABLE_TEXT_PX / scale - 1e-9)


def is_too_small(scale: float) -> bool:
    """Whether ordinary text of a screenshot would get lost."""
    return scale * COMMON_TEXT_PX < READABLE_TEXT_PX - 1e-9

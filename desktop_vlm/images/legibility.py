"""From which size on text in an image is readable after scaling."""

from __future__ import annotations

import math

from desktop_vlm.api.text_layer import TextLayer

READABLE_TEXT_PX = 8
"""Font size, in pixels as the model sees it, below which text cannot be relied on.

A font of 8 px has small letters about 4 px high (0.52 of the font size in the usual interface fonts). The "e" has
three strokes with two gaps between them; four rows and their shades of grey just hold these apart. Below, letters
run into each other and no reader, person or model, can do more than guess."""

COMMON_TEXT_PX = 12
"""Font size of the small text in programs and on web pages: what a person expects to be read in a screenshot."""

_LINE_PER_FONT = 1.2
"""Height of a line's box by its font size: ascenders and descenders, and what an OCR engine leaves around them."""


def smallest_readable_px(scale: float) -> int:
    """Font size in the image itself, px, that is still readable when shown at this scale."""
    return math.ceil(READABLE_TEXT_PX / scale - 1e-9)


def is_too_small(scale: float) -> bool:
    """Whether ordinary text of a screenshot would get lost."""
    return scale * COMMON_TEXT_PX < READABLE_TEXT_PX - 1e-9


def font_px(line_px: float) -> float:
    """Font size of a line whose box is so high, px."""
    return line_px / _LINE_PER_FONT


def is_line_lost(line_px: float, scale: float) -> bool:
    """Whether scaling makes a line unreadable whose box is so high, px; nothing is lost of an image at full size."""
    return scale < 1 - 1e-9 and font_px(line_px) * scale < READABLE_TEXT_PX - 1e-9


def loses_text(layer: TextLayer, scale: float) -> bool:
    """Whether some line of an image is unreadable at this scale."""
    return any(is_line_lost(line.box.height, scale) for line in layer.lines)

"""From which size on text in an image is readable after scaling."""

from __future__ import annotations

import math
import unicodedata

from desktop_vlm.api.text_layer import TextLayer, TextLine

READABLE_TEXT_PX = 8
"""Font size, in pixels as the model sees it, below which text cannot be relied on.

A font of 8 px has small letters about 4 px high (0.52 of the font size in the usual interface fonts). The "e" has
three strokes with two gaps between them; four rows and their shades of grey just hold these apart. Below, letters
run into each other and no reader, person or model, can do more than guess."""

COMMON_TEXT_PX = 12
"""Font size of the small text in programs and on web pages: what a person expects to be read in a screenshot."""

TOO_SMALL_ANSWER = "Too small to read at this size; crop to it."
"""What the bundled demo says of text that it cannot read; it was taught so (`training.screens.legibility`)."""

_LINE_PER_FONT = 1.2
"""Height of a line by its font size: ascenders and descenders. What an OCR engine leaves around it comes on top."""

_ADVANCES = (("iljtfrI.,:;'|!()[] ", 0.32), ("mwMW@%", 0.86))
"""Widths of letters by the font size, roughly as interface fonts have them; all others below."""
_OTHER_ADVANCES = {"Lu": 0.66, "Nd": 0.58, "Lo": 0.96}
_USUAL_ADVANCE = 0.55

_SURE_CHARACTERS = 3
"""Lines shorter than this tell nothing of the font: an icon that was taken for a letter."""


def smallest_readable_px(scale: float) -> int:
    """Font size in the image itself, px, that is still readable when shown at this scale."""
    return math.ceil(READABLE_TEXT_PX / scale - 1e-9)


def is_too_small(scale: float) -> bool:
    """Whether ordinary text of a screenshot would get lost."""
    return scale * COMMON_TEXT_PX < READABLE_TEXT_PX - 1e-9


def says_too_small(answer: str) -> bool:
    """Whether the demo says that of something in its answer, alone or among other sentences."""
    return TOO_SMALL_ANSWER.removesuffix(".").casefold() in answer.casefold()


def font_px(line: TextLine) -> float:
    """Font size of a line, px: by its height and by its width, because boxes of small text are often too high."""
    height = line.box.height / _LINE_PER_FONT
    advance = sum(map(_advance, line.text))
    return min(height, line.box.width / advance) if len(line.text) >= _SURE_CHARACTERS else height


def smallest_font_px(layer: TextLayer) -> float:
    """The smallest text of an image, px; 0 where there is none."""
    sure = [line for line in layer.lines if len(line.text) >= _SURE_CHARACTERS]
    return min(map(font_px, sure or layer.lines), default=0.0)


def ordinary_font_px(layer: TextLayer) -> float:
    """The size that at least half of an image's characters have or stay below, px; 0 where there is no text."""
    sizes = sorted((font_px(line), len(line.text)) for line in layer.lines)
    half = sum(n_characters for _, n_characters in sizes) / 2
    for px, n_characters in sizes:
        half -= n_characters
        if half <= 0:
            return px
    return 0.0


def is_lost(font_px: float, scale: float) -> bool:
    """Whether scaling makes text of this size unreadable; nothing is lost of an image at full size, or without text."""
    return font_px > 0 and scale < 1 - 1e-9 and font_px * scale < READABLE_TEXT_PX - 1e-9


def loses_text(layer: TextLayer, scale: float) -> bool:
    """Whether some text of an image is unreadable at this scale."""
    return is_lost(smallest_font_px(layer), scale)


def _advance(char: str) -> float:
    for chars, width in _ADVANCES:
        if char in chars:
            return width
    return _OTHER_ADVANCES.get(unicodedata.category(char), _USUAL_ADVANCE)

"""Reading a PDF page: the text that it carries where that can be trusted, and OCR for what it shows besides.

Text that is carried is exact, so it is preferred. It is not used where nobody sees it (as scanners lay it over what
they read), where the file cannot name its characters, or where it is not what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import reduce

import numpy as np
from PIL import Image

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine
from desktop_vlm.images.text_layer.moving import moved
from desktop_vlm.images.text_layer.order import arrange
from desktop_vlm.images.text_layer.pdf_file import PdfPage
from desktop_vlm.images.text_layer.pdf_text import carried_text

Recognise = Callable[[Image.Image], TextLayer]
"""OCR; what it raises where it is not installed passes through."""

_MOSTLY = 0.5
"""An image over more of the page may be a scan of it, so the text is compared with what is seen."""

_ALIKE = 0.6
"""Text that is what the page shows is read alike by OCR, but for its mistakes."""

_LEAST_PX = (24, 12)
"""Of an image in which there may be text."""


def read_page(
    page: PdfPage, recognise: Recognise, check: Callable[[], None], *, can_recognise: bool = True
) -> TextLayer:
    """All text of a page.

    Args:
        page: open.
        recognise: OCR of an image.
        check: called now and then; what it raises ends the work.
        can_recognise: whether OCR is there; a page that needs it and has nothing else asks for it all the same.
    """
    image = page.image()
    if _is_blank(image):
        return TextLayer(image.width, image.height, source="pdf")
    carried = carried_text(page.chars(), image, check)
    if not carried.lines or carried.is_hidden or carried.is_garbage:
        return recognise(image)
    lines = carried.lines
    if not can_recognise:
        return _layer(lines, image)
    drawn = [_within(box, image) for box in page.images()]
    if any(_area(box) > _MOSTLY * image.width * image.height for box in drawn):
        found = recognise(image)
        if not is_what_is_seen(lines, found.lines):
            return found
        added, codes = found.lines, found.codes
    else:
        parts = [_part(image, box, recognise) for box in drawn if _may_hold_text(box)]
        added = tuple(line for part in parts for line in part.lines)
        codes = tuple(code for part in parts for code in part.codes)
    seen_only = tuple(line for line in added if not _stands_among(line, lines))
    return replace(_layer((*lines, *seen_only), image), codes=codes)


def is_what_is_seen(carried: Sequence[TextLine], recognised: Sequence[TextLine]) -> bool:
    """Whether the text that a page carries is what OCR reads in the same places."""
    n_alike = n_all = 0.0
    words = [word for line in carried for word in line.words]
    for line in recognised:
        text = _letters("".join(word.text for word in words if _is_centre_in(word.box, line.box)))
        read = _letters(line.text)
        if text and read:
            n_all += len(text) + len(read)
            n_alike += 2 * sum(block.size for block in SequenceMatcher(None, text, read, False).get_matching_blocks())
    return n_all == 0 or n_alike >= _ALIKE * n_all


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()[:500]


def _layer(lines: Sequence[TextLine], image: Image.Image) -> TextLayer:
    return replace(arrange(lines, image.width, image.height), source="pdf")


def _part(image: Image.Image, box: Box, recognise: Recognise) -> TextLayer:
    left, top = int(box.left), int(box.top)
    return moved(recognise(image.crop((left, top, round(box.right), round(box.bottom)))), left, top, *image.size)


def _may_hold_text(box: Box) -> bool:
    return box.width >= _LEAST_PX[0] and box.height >= _LEAST_PX[1]


def _within(box: Box, image: Image.Image) -> Box:
    left, top = max(0.0, box.left), max(0.0, box.top)
    return Box(left, top, max(left, min(box.right, image.width)), max(top, min(box.bottom, image.height)))


def _area(box: Box) -> float:
    return box.width * box.height


def _stands_among(line: TextLine, others: Sequence[TextLine]) -> bool:
    """Whether a line lies, by half, on words that are known exactly."""
    return any(_overlap(line.box, word.box) > 0.5 * _area(word.box) for one in others for word in (one.words or (one,)))


def _overlap(one: Box, other: Box) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return width * height if width > 0 and height > 0 else 0.0


def _is_centre_in(box: Box, outer: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _is_blank(image: Image.Image) -> bool:
    pixels = np.asarray(image)
    return bool((pixels == pixels[0, 0]).all())


def part_of(layer: TextLayer, region: Box) -> TextLayer:
    """What of a layer stands in a region, by the centres of words and codes; it keeps its places."""
    lines = [cut for line in layer.lines if (cut := _cut(line, region))]
    codes = [code for code in layer.codes if _is_centre_in(code.box, region)]
    return replace(arrange(lines, layer.width, layer.height, codes), language=layer.language, source=layer.source)


def _cut(line: TextLine, region: Box) -> TextLine | None:
    """The words of a line that stand in a region; None where none does."""
    if not line.words:
        return line if _is_centre_in(line.box, region) else None
    places, at = [], 0
    for word in line.words:
        start = max(at, line.text.find(word.text, at))
        at = start + len(word.text)
        if _is_centre_in(word.box, region):
            places.append((start, at, word))
    if not places:
        return None
    words = tuple(word for _, _, word in places)
    box = reduce(Box.union, (word.box for word in words))
    return replace(line, text=line.text[places[0][0] : places[-1][1]], box=box, words=words)

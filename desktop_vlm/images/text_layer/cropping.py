"""The part of an image that holds what a question names, no larger than the model can read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.images.legibility import is_lost
from desktop_vlm.images.text_layer.naming import Row, named, naming_words, rows_of

ScaleOf = Callable[[int, int], float]
"""Width and height of an image, px -> the scale at which the model sees it."""

_STEP_PX = 16
_LINES_ABOVE, _LINES_BELOW = 2, 4
"""Of context: a message stands below its title, and what a number means above it."""
_LINES_BESIDE = 12
"""As wide as so many lines are high: a label stands at the left of its field."""
_WORDS_CHARACTERS = 40
"""Of a part's name."""


@dataclass(frozen=True)
class Crop:
    """A part of an image.

    Attributes:
        box: left, top, right, bottom, px; right and bottom are the first pixels outside.
        words: what the question names in it, as it is written there.
        score: how clearly the question names it.
    """

    box: tuple[int, int, int, int]
    words: str
    score: float


def crop_for(layer: TextLayer, question: str, scale_of: ScaleOf) -> Crop | None:
    """The part around what a question names most clearly; None where it names nothing that could be read.

    It grows from there as far as the model sees it at full size, but takes only a few lines above and below along: the
    less else there is, the surer a small model finds the right thing (the demo does only then).
    """
    rows = rows_of(layer)
    scores = named([row.text for row in rows], question)
    for at in sorted(scores, key=lambda number: (-scores[number], number)):
        words = naming_words(rows[at].text, question)
        line = _named_lines(layer, rows[at], words)
        box = _start(layer, line, words)
        if _is_readable(box, rows, scale_of):
            grown = _grown(box, _around(line, layer), scale_of)
            name = " ".join(words)
            return Crop(_whole(grown, layer), name[:_WORDS_CHARACTERS].strip() or rows[at].text, scores[at])
    return None


def _named_lines(layer: TextLayer, row: Row, words: Sequence[str]) -> Box:
    """Around the lines of a row that hold the named words: a row of a table may be much wider."""
    inside = [line for line in layer.lines if _overlap(line.box, row.box)]
    naming = [line.box for line in inside if any(word in line.text for word in words)]
    return _union(naming) if naming else row.box


def _start(layer: TextLayer, line: Box, words: Sequence[str]) -> Box:
    """The line, or of a long one what lies around the named words."""
    lines = [one for one in layer.lines if _overlap(one.box, line)]
    boxes = [word.box for one in lines for word in one.words if any(part in word.text for part in words)]
    box = _union(boxes) if boxes else line
    pad = line.height / 2
    return Box(
        max(0, box.left - pad),
        max(0, box.top - pad),
        min(layer.width, box.right + pad),
        min(layer.height, box.bottom + pad),
    )


def _union(boxes: Sequence[Box]) -> Box:
    box = boxes[0]
    for more in boxes[1:]:
        box = box.union(more)
    return box


def _around(named: Box, layer: TextLayer) -> Box:
    """What a part may hold at most."""
    line = named.height
    return Box(
        max(0, named.left - _LINES_BESIDE * line),
        max(0, named.top - _LINES_ABOVE * line),
        min(layer.width, named.right + _LINES_BESIDE * line),
        min(layer.height, named.bottom + _LINES_BELOW * line),
    )


def _grown(box: Box, limit: Box, scale_of: ScaleOf) -> Box:
    """All four sides in turn, a little at a time; one that cannot grow any more stays."""
    sides = ["right", "bottom", "left", "top"]
    while sides:
        for side in tuple(sides):
            larger = _moved(box, side, limit)
            if larger != box and _scale(larger, scale_of) >= 1:
                box = larger
            else:
                sides.remove(side)
    return box


def _moved(box: Box, side: str, limit: Box) -> Box:
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if side == "left":
        left = max(min(left, limit.left), left - _STEP_PX)
    elif side == "top":
        top = max(min(top, limit.top), top - _STEP_PX)
    elif side == "right":
        right = min(max(right, limit.right), right + _STEP_PX)
    else:
        bottom = min(max(bottom, limit.bottom), bottom + _STEP_PX)
    return Box(left, top, right, bottom)


def _is_readable(box: Box, rows: Sequence[Row], scale_of: ScaleOf) -> bool:
    scale = _scale(box, scale_of)
    return not any(is_lost(row.font_px, scale) for row in rows if _overlap(row.box, box))


def _scale(box: Box, scale_of: ScaleOf) -> float:
    return scale_of(max(1, round(box.width)), max(1, round(box.height)))


def _overlap(one: Box, other: Box) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not beside and one.top < other.bottom and other.top < one.bottom


def _whole(box: Box, layer: TextLayer) -> tuple[int, int, int, int]:
    return (
        int(box.left),
        int(box.top),
        min(layer.width, int(box.right + 0.999)),
        min(layer.height, int(box.bottom + 0.999)),
    )

"""Reading lines: crops -> characters with their places (connectionist temporal classification)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from desktop_vlm.images.text_layer.crops import Crop
from desktop_vlm.images.text_layer.engine import Network, Pixels, Values
from desktop_vlm.images.text_layer.workers import each

HEIGHT_PX = 48
LEAST_WIDTH_PX = 64
MOST_WIDTH_PX = 4096
"""Of a line for the network; longer ones are read in pieces, as the network's output has 18,710 numbers for 8 px."""

_UNSURE = 0.75
"""A line that is read with less confidence may stand upside down."""

_LEAST_LENGTH = 3


@dataclass(frozen=True)
class Reading:
    """What stands in a crop.

    Attributes:
        crop: the crop; where the line stands upside down, turned.
        text: its characters.
        starts, ends: columns of the crop between which each is, roughly.
        confidence: mean of the characters', 0 to 1.
        western: the likeliest without Chinese and Japanese, where there is some in `text`.
    """

    crop: Crop
    text: str
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    confidence: float
    western: Reading | None = None


class LineReader:
    """Reads lines with a network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        # Of the network's classes, the first is "no character here".
        self._characters = ["", *network.metadata("character").splitlines(), " "]
        self._eastern = np.array([any(is_eastern(one) for one in text) for text in self._characters])

    def read(self, crops: Sequence[Crop], check: Callable[[], None]) -> list[Reading]:
        """What stands in each crop. `check` is called now and then."""
        # The longest first: no core then waits at the end for another with a long line.
        order = sorted(range(len(crops)), key=lambda number: -_scaled_width(crops[number].pixels))
        found = dict(zip(order, each(lambda number: self._read(crops[number]), order, check), strict=True))
        return western_where_all_is([found[number] for number in range(len(crops))])

    def _read(self, crop: Crop) -> Reading:
        reading = self._read_as_it_stands(crop)
        if reading.confidence >= _UNSURE or (crop.turned == 0 and len(reading.text) < _LEAST_LENGTH):
            return reading
        other = self._read_as_it_stands(crop.upside_down())
        return other if other.confidence > max(_UNSURE, reading.confidence) else reading

    def _read_as_it_stands(self, crop: Crop) -> Reading:
        pieces = []
        width = crop.pixels.shape[1]
        count = -(-_scaled_width(crop.pixels) // MOST_WIDTH_PX)
        for number in range(count):
            left, right = width * number // count, width * (number + 1) // count
            scaled = _scaled_width(crop.pixels[:, left:right])
            scores = self._network(_prepare(crop.pixels[:, left:right], scaled))[0]  # [steps, characters]
            pieces.append((left, (right - left) / scaled * max(scaled, LEAST_WIDTH_PX) / len(scores), scores))
        reading = self._decoded(crop, pieces)
        if not any(is_eastern(character) for character in reading.text):
            return reading
        for _, _, scores in pieces:
            scores[:, self._eastern] = 0
        western = self._decoded(crop, pieces)
        if western.text and not any(character.isalnum() for character in western.text):
            # A lone brace is as likely as any Chinese character that looks like it; a lone letter is an icon.
            for _, _, scores in pieces:
                np.divide(scores, scores.sum(axis=1, keepdims=True) + 1e-9, out=scores)
            western = self._decoded(crop, pieces)
        return replace(reading, western=western)

    def _decoded(self, crop: Crop, pieces: Sequence[tuple[int, float, Values]]) -> Reading:
        """A line of pieces: the column where each begins, how many columns a step has, and its scores."""
        runs = [
            (self._characters[index], left + start * column, left + end * column, confidence)
            for left, column, scores in pieces
            for index, start, end, confidence in _runs(scores)
        ]
        if not runs:
            return Reading(crop, "", (), (), 0.0)
        characters, starts, ends, confidences = zip(*runs, strict=True)
        return Reading(crop, "".join(characters), starts, ends, float(np.mean(confidences)))


def is_eastern(character: str) -> bool:
    """Whether a character is as wide as a Chinese one, or a Roman numeral of its own code point."""
    return unicodedata.east_asian_width(character) in "WF" or "\u2160" <= character <= "\u2188"


def western_where_all_is(readings: Sequence[Reading]) -> list[Reading]:
    """Without Chinese or Japanese that stands alone in an image: that is an icon, a brace or a sign of equality."""
    if any(reading.confidence >= _UNSURE and _has_eastern_word(reading.text) for reading in readings):
        return list(readings)
    return [reading.western or reading for reading in readings]


def _has_eastern_word(text: str) -> bool:
    return any(
        unicodedata.east_asian_width(one) == unicodedata.east_asian_width(other) == "W" for one, other in pairwise(text)
    )


def _scaled_width(image: Pixels) -> int:
    height, width = image.shape[:2]
    return max(8, int(HEIGHT_PX * width / height + 0.5))


def _prepare(image: Pixels, width: int) -> Values:
    """[1, 3, 48, width or more], -1 to 1; what lies right of the line is 0."""
    import cv2

    scaled = cv2.resize(np.ascontiguousarray(image), (width, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    made = np.zeros((1, 3, HEIGHT_PX, max(width, LEAST_WIDTH_PX)), np.float32)
    made[0, :, :, :width] = (scaled.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
    return made


def _runs(scores: Values) -> list[tuple[int, int, int, float]]:
    """The likeliest class of each stretch, but "nothing": its first step, one behind its last, how likely it is."""
    best = scores.argmax(axis=1)
    changes = np.flatnonzero(np.diff(best, prepend=-1)).tolist()
    return [
        (int(best[start]), start, end, float(scores[start:end, best[start]].max()))
        for start, end in zip(changes, [*changes[1:], len(best)], strict=True)
        if best[start]
    ]

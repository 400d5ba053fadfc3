"""Reading lines: crops of an image -> characters with their places (connectionist temporal classification)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_vlm.images.text_layer.detection import Region
from desktop_vlm.images.text_layer.engine import Network, Pixels, Values

HEIGHT_PX = 48
_LEAST_WIDTH_PX = 64
_BATCH_PX = 4096
"""Width of all lines of a batch together: the network's output has 18,710 numbers for every 8 px of it."""

_BATCH_LINES = 8


@dataclass(frozen=True)
class Reading:
    """What stands in a crop.

    Attributes:
        text: its characters.
        starts, ends: where each begins and ends, as a share of the crop's width.
        confidence: mean of the characters', 0 to 1.
    """

    text: str
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    confidence: float


def characters_of(network: Network) -> list[str]:
    """What the network's classes stand for; the first is "no character here"."""
    return ["", *network.metadata("character").splitlines(), " "]


def crop(pixels: Pixels, region: Region) -> Pixels:
    """A region with its text from left to right; one that is much higher than wide is turned."""
    cut = _cut_upright(pixels, region) if region.upright else _cut_tilted(pixels, region)
    turned: Pixels = np.rot90(cut) if cut.shape[0] >= 1.5 * cut.shape[1] else cut
    return turned


def _cut_upright(pixels: Pixels, region: Region) -> Pixels:
    left, top = np.floor(region.corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(region.corners.max(axis=0)).astype(int)
    return pixels[max(0, top) : bottom, max(0, left) : right]


def _cut_tilted(pixels: Pixels, region: Region) -> Pixels:
    import cv2

    top_left, top_right, bottom_right, bottom_left = region.corners
    width = max(1, int(max(np.linalg.norm(top_left - top_right), np.linalg.norm(bottom_left - bottom_right))))
    height = max(1, int(max(np.linalg.norm(top_left - bottom_left), np.linalg.norm(top_right - bottom_right))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(region.corners, target)
    made: Pixels = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return made


def read_lines(
    network: Network, characters: Sequence[str], crops: Sequence[Pixels], check: Callable[[], None]
) -> list[Reading]:
    """What stands in each crop. `check` is called before each batch."""
    widths = [_scaled_width(one) for one in crops]
    found: dict[int, Reading] = {}
    for numbers in _batches(widths):
        check()
        width = widths[numbers[-1]]
        batch = np.stack([_prepare(crops[number], widths[number], width) for number in numbers])
        scores = network(batch)  # [lines, steps, characters]
        for number, line in zip(numbers, scores, strict=True):
            found[number] = _decode(line, characters, widths[number] / width)
    return [found[number] for number in range(len(crops))]


def _scaled_width(image: Pixels) -> int:
    height, width = image.shape[:2]
    return max(8, int(HEIGHT_PX * width / height + 0.5))


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Lines of about equal width together, by number."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=lambda one: widths[one]):
        if batch and (len(batch) == _BATCH_LINES or widths[number] * (len(batch) + 1) > _BATCH_PX):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _prepare(image: Pixels, width: int, padded: int) -> Values:
    """[3, 48, padded], -1 to 1; what lies right of the line is 0."""
    import cv2

    scaled = cv2.resize(np.ascontiguousarray(image), (width, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    made = np.zeros((3, HEIGHT_PX, max(padded, _LEAST_WIDTH_PX)), np.float32)
    made[:, :, :width] = (scaled.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
    return made


def _decode(scores: Values, characters: Sequence[str], used: float) -> Reading:
    """The likeliest characters; `used` is the share of the steps that the line takes."""
    best = scores.argmax(axis=1)
    changes = np.flatnonzero(np.diff(best, prepend=-1))
    runs = [
        (int(best[start]), int(start), int(end))
        for start, end in zip(changes, [*changes[1:], len(best)], strict=True)
        if best[start]
    ]
    steps = max(1.0, len(best) * used)
    return Reading(
        "".join(characters[index] for index, _, _ in runs),
        tuple(min(1.0, start / steps) for _, start, _ in runs),
        tuple(min(1.0, end / steps) for _, _, end in runs),
        float(np.mean([scores[start:end, index].max() for index, start, end in runs])) if runs else 0.0,
    )

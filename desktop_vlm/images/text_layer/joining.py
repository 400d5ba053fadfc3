"""From the detector's rectangles to lines: pieces are joined, and what it hardly saw beside them is taken in.

The detector divides lines at wide spaces, as monospaced fonts have them, and is unsure of lone signs. A reader that
gets a piece at a time mistakes `=` for a Chinese digit and a comma for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.images.text_layer.detection import Region, corners_of, grown
from desktop_vlm.images.text_layer.engine import Pixels
from desktop_vlm.images.text_layer.ink import Mask

Marks: TypeAlias = "NDArray[np.uint16]"
Core: TypeAlias = tuple[int, int, int, int]

_APART = 0.5
"""Between grown rectangles, as a share of the higher one's height: a monospaced space is narrower, a column is not."""

_OTHER_GROUND = 32
"""Of 255: pieces whose grounds differ by more are a label and the button beside it."""

_WEAK = 20
"""Of 255: what the detector must see in a sign beside a line, at least."""

_REACH = 1.1
"""How far beside a line signs are looked for, as a share of its height."""


@dataclass
class _Piece:
    core: Core
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def join(regions: Sequence[Region], found: Pixels, pixels: Pixels) -> list[Region]:
    """Regions as lines.

    Args:
        regions: the detector's.
        found: its map, [height, width].
        pixels: the image, [height, width, 3].
    """
    shape = found.shape[:2]
    cores = _joined([_piece(region) for region in regions if _lies(region)], pixels)
    reached = _reached(cores, [_piece_of(core, shape).height for core in cores], found)
    lines = _joined([_piece_of(core, shape) for core in reached], pixels)
    return [
        *(Region(grown(core, shape), corners_of(*core), True) for core in lines),
        *(region for region in regions if not _lies(region)),
    ]


def _joined(pieces: Sequence[_Piece], pixels: Pixels) -> list[Core]:
    return [_bounds([pieces[number].core for number in group]) for group in _groups(pieces, pixels)]


def _lies(region: Region) -> bool:
    """Whether its line goes from left to right."""
    width, height = region.corners.max(axis=0) - region.corners.min(axis=0)
    return region.upright and bool(height < 1.5 * width or (height < 3 * width and _small(region)))


def _small(region: Region) -> bool:
    """A single narrow sign."""
    return bool(region.core[2][0] - region.core[0][0] <= 8)


def _piece(region: Region) -> _Piece:
    core = (*region.core[0].astype(int).tolist(), *region.core[2].astype(int).tolist())
    return _Piece((core[0], core[1], core[2], core[3]), *region.corners[0].tolist(), *region.corners[2].tolist())


def _piece_of(core: Core, shape: tuple[int, ...]) -> _Piece:
    corners = grown(core, shape)
    return _Piece(core, *corners[0].tolist(), *corners[2].tolist())


def _groups(pieces: Sequence[_Piece], pixels: Pixels) -> list[list[int]]:
    """Pieces that are one line, by number."""
    owner = list(range(len(pieces)))

    def root(number: int) -> int:
        while owner[number] != number:
            number = owner[number]
        return number

    order = sorted(range(len(pieces)), key=lambda number: pieces[number].left)
    for place, number in enumerate(order):
        one = pieces[number]
        for other in order[place + 1 :]:
            if pieces[other].left > one.right + one.height * 2:
                break
            if _is_one_line(one, pieces[other], pixels):
                owner[root(other)] = root(number)
    groups: dict[int, list[int]] = {}
    for number in order:
        groups.setdefault(root(number), []).append(number)
    return list(groups.values())


def _is_one_line(left: _Piece, right: _Piece, pixels: Pixels) -> bool:
    high = max(left.height, right.height)
    top, bottom = max(left.core[1], right.core[1]), min(left.core[3], right.core[3])
    least = min(left.core[3] - left.core[1], right.core[3] - right.core[1])
    if bottom - top < 0.6 * least or right.left - left.right > _APART * high:
        return False
    return not _divided(left, right, pixels)


def _divided(left: _Piece, right: _Piece, pixels: Pixels) -> bool:
    """Whether an edge stands between two pieces, or their grounds differ."""
    top, bottom = round(min(left.top, right.top)), round(max(left.bottom, right.bottom))
    inset = (bottom - top) // 6  # a button is not much higher than its label
    grounds = [
        np.median(pixels[int(one.top) : int(np.ceil(one.bottom)), int(one.left) : int(np.ceil(one.right))], axis=(0, 1))
        for one in (left, right)
    ]
    if np.abs(grounds[0] - grounds[1]).max() > _OTHER_GROUND:
        return True
    between = pixels[top + inset : bottom - inset, left.core[2] : right.core[0]].astype(np.int16)
    if between.size == 0:
        return False
    edge = np.abs(between - grounds[0]).max(axis=2) > _OTHER_GROUND / 2
    return bool(edge.all(axis=0).any())


def _bounds(cores: Sequence[Core]) -> Core:
    lefts, tops, rights, bottoms = zip(*cores, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _reached(cores: Sequence[Core], heights: Sequence[float], found: Pixels) -> list[Core]:
    """Lines with the signs beside them that the detector hardly saw, at most to the middle of what is beside them."""
    weak = found >= _WEAK
    marked = np.zeros(found.shape, np.uint16)  # four bytes for each pixel of a huge image are too many
    for number, (left, top, right, bottom) in enumerate(cores, 1):
        marked[top:bottom, left:right] = number
    result = []
    for number, ((left, top, right, bottom), height) in enumerate(zip(cores, heights, strict=True), 1):
        reach = int(_REACH * height)
        near, far = slice(max(0, left - reach), left), slice(max(0, left - 2 * reach), left)
        before = _toward(weak[top:bottom, near], marked[top:bottom, far], number)
        near, far = slice(right, right + reach), slice(right, right + 2 * reach)
        after = _toward(weak[top:bottom, near][:, ::-1], marked[top:bottom, far][:, ::-1], number)
        result.append((left - before, top, right + after, bottom))
    return result


def _toward(weak: Mask, marked: Marks, own: int) -> int:
    """How many columns left of a line belong to it; both parts end at the line's edge."""
    others = np.flatnonzero(((marked != 0) & (marked != own)).any(axis=0))
    room = weak.shape[1] if not len(others) else min(weak.shape[1], (marked.shape[1] - int(others[-1])) // 2)
    seen = np.flatnonzero(weak[:, weak.shape[1] - room :].any(axis=0))
    return room - int(seen[0]) if len(seen) else 0

"""Windows that others laid out, from the packs of `training.interfaces.pack`, as windows of a desktop to train on.

DESKTOP_VLM_INTERFACES names the packs, parted as paths are in PATH; without it there are none. Held-out screens never
have them.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.screens.framing import bar_pen
from training.screens.records import Box, Glyph, Screen, Unlocated
from training.screens.themes import Style
from training.screens.web_windows import titled
from training.screens.webpages import INTERFACE, INTERFACE_DIALOG, Line, Pack, Webpage, open_pack, questions_of

INTERFACE_SHARE = 0.5
"""Of large windows, of smaller ones and of dialogs in front, where there are packs and one of their windows fits."""
Size: TypeAlias = Literal["whole", "large", "small", "dialog"]
"""How much of the room a window takes: as much as one can; much; less; or it is a dialog, of any size."""
_TRIES, _CHOICE = 30, 3
"""Windows that are tried, and of how many that fit the largest is taken for a large one."""
_FILLED = 0.17
"""Of the room's area: a large window has so much at least."""
_SMALL = 0.75
"""Of the room's width and height: a smaller window has no more."""
_MOST_ENLARGED, _LEAST_SHRUNK = 2.5, 0.72
"""By what windows are enlarged, and by what those that are larger than a small screen are made smaller."""
_AS_IT_IS, _LEGIBLE_AS_IT_IS = 0.12, 0.7
"""Of windows whose letters get too small on a large screen, and of those whose letters can be read there: they keep
their own pixels."""
_MAXIMISED_SHARE, _MOST_GROWN = 0.6, 1.6
"""Of large windows that are not much smaller than the room: their ground goes on until they fill it."""
_EDGE_PX, _FLAT, _OF_ONE_COLOUR = 3, 6, 0.8
"""Rows and columns at an edge that must be alike, within so many levels, and how much of them has one colour."""


def has_interfaces() -> bool:
    """Whether there are such windows here."""
    return bool(os.environ.get("DESKTOP_VLM_INTERFACES"))


def draw_interface(rng: random.Random, style: Style, room: tuple[int, int], *, size: Size, least_px: float,
                   small_px: float) -> Screen | None:  # fmt: skip
    """A window that fits into a room, px, enlarged where its letters would be too small; None where none was found.

    `least_px` and `small_px` are heights of letters on the screen: see `webpages.draw_webpage`.
    """
    packs = [open_pack(path, os.getpid()) for path in os.environ["DESKTOP_VLM_INTERFACES"].split(os.pathsep) if path]
    high = bar_pen(style)[1]
    found: list[tuple[float, Pack, dict[str, Any], float]] = []
    for pack in rng.choices(packs, [len(one.pages) for one in packs], k=_TRIES):
        entry = rng.choice(pack.pages)
        if entry["is_dialog"] != (size == "dialog") and size != "small":
            continue
        most = _room_for(entry, room, high if entry["title"] else 0, size)
        factor = _shrunk(entry, most, least_px) if most < 1 else _enlarged(rng, entry, most, least_px, size)
        if not factor:
            continue
        area = entry["size"][0] * entry["size"][1] * factor**2 / (room[0] * room[1])
        if size in ("small", "dialog") or area >= _FILLED:
            found.append((area, pack, entry, factor))
    if not found:
        return None
    _, pack, entry, factor = max(found[:_CHOICE], key=lambda one: one[0]) if size in ("whole", "large") else found[0]
    page = _read(rng, pack, entry, factor, least_px, small_px)
    if size in ("whole", "large") and rng.random() < _MAXIMISED_SHARE:
        page = replace(page, screen=grown(page.screen, room[0], room[1] - (high if page.title else 0)))
    return titled(rng, _fitting(style, page, least_px), page, room[1]) if page.title else page.screen


def _fitting(style: Style, page: Webpage, least_px: float) -> Style:
    """In smaller letters where the title needs them and they can still be read: dialogs are narrow."""
    for share in (1.0, 0.85, 0.72):
        smaller = replace(style, type=replace(style.type, size=share * style.type.size))
        pen, _ = bar_pen(smaller)
        if pen.up + pen.down >= least_px and pen.width(page.title) + smaller.px(90) <= page.screen.image.width:
            return smaller
    return style


def _room_for(entry: dict[str, Any], room: tuple[int, int], high: float, size: Size) -> float:
    """How often a window fits into its part of the room, with a title bar so high."""
    share = _SMALL if size == "small" else 1.0
    wide, tall = entry["size"]
    return min(share * room[0] / float(wide), (share * room[1] - high) / float(tall))


def _shrunk(entry: dict[str, Any], most: float, least_px: float) -> float:
    """By what a window is made smaller to fit; 0 where its letters would be hard to read."""
    fits = most >= _LEAST_SHRUNK and entry.get("letters", 0.0) * most >= 1.1 * least_px
    return most if fits else 0.0


def grown(screen: Screen, wide: int, high: int) -> Screen:
    """The window at this size, as if it were maximised; as it is where its edges are not empty or it is too small."""
    pixels = np.asarray(screen.image)  # [height, width, 3]
    across, down = wide - pixels.shape[1], high - pixels.shape[0]
    if across < 0 or down < 0 or wide > _MOST_GROWN * pixels.shape[1] or high > _MOST_GROWN * pixels.shape[0]:
        return screen
    if not (_is_empty(pixels[:, -_EDGE_PX:].swapaxes(0, 1)) and _is_empty(pixels[-_EDGE_PX:])):
        return screen
    return replace(screen, image=Image.fromarray(np.pad(pixels, ((0, down), (0, across), (0, 0)), "edge")))


def _is_empty(rows: NDArray[np.uint8]) -> bool:
    """Whether rows at an edge, [rows, length, 3], are alike and mostly of one colour."""
    if np.ptp(rows, axis=0).max() > _FLAT:
        return False
    colours, counts = np.unique(rows[0] // 16, axis=0, return_counts=True)
    return bool(len(colours) and counts.max() >= _OF_ONE_COLOUR * rows.shape[1])


def _enlarged(rng: random.Random, entry: dict[str, Any], most: float, least_px: float, size: Size) -> float:
    """By what a window is enlarged: 1, or more on a screen with small pixels, where programs draw larger."""
    letters = entry.get("letters", 0.0)
    target = rng.uniform(1.03, 1.6) * least_px / letters if letters else 1.0
    if size == "whole" and rng.random() < 0.4:
        target = max(target, min(most, 1.6))
    keeps = _LEGIBLE_AS_IT_IS if letters >= least_px else _AS_IT_IS
    if target <= 1.02 or rng.random() < keeps:
        return 1.0
    return min(target, most, _MOST_ENLARGED)


def _read(rng: random.Random, pack: Pack, entry: dict[str, Any], factor: float, least_px: float,
          small_px: float) -> Webpage:  # fmt: skip
    """A window with newly phrased questions, all of it so much larger."""
    name = entry["name"]
    image = Image.open(io.BytesIO(pack.archive.read(f"{name}.webp"))).convert("RGB")
    page = json.loads(pack.archive.read(f"{name}.json"))
    if factor != 1:
        size = (round(image.width * factor), round(image.height * factor))
        image = image.resize(size, Image.Resampling.BICUBIC)
    boxes = [[factor * edge for edge in box] for box in page["boxes"]]
    drawn = [glyph for line in page["lines"] for glyph in Line.unpacked(line).glyphs()]
    glyphs = [Glyph(glyph.char, _scaled(glyph.box, factor)) for glyph in drawn]
    unlocated = () if entry["located"] else (_unlocated(page.get("texts", []), boxes, image.size),)
    heights = [glyph.box[3] - glyph.box[1] for glyph in glyphs if glyph.char != " "] if entry["located"] else []
    heights += [height for one in unlocated for height in one.letters]
    tiny = bool(heights) and max(heights) < small_px
    asked = [one for one in page["asked"] if tiny or all(boxes[place][4] >= least_px for place in one[4])]
    if 2 * len(asked) < len(page["asked"]):  # most cannot be read, so nothing is said about the whole
        asked = [one for one in asked if one[4]]
    questions = questions_of(rng, asked, pack.phrasings, boxes)
    kind = INTERFACE_DIALOG if entry["is_dialog"] else INTERFACE
    screen = Screen(image, tuple(glyphs) if entry["located"] else (), questions, kind, entry["noun"],
                    unlocated=unlocated)  # fmt: skip
    return Webpage(screen, entry["title"])


def _scaled(box: Sequence[float], factor: float) -> Box:
    return (box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor)


def _caption(box: Sequence[float]) -> Box:
    """The first line of a group's box."""
    return (box[0], box[1], box[2], min(box[3], box[1] + 1.6 * box[4]))


def _unlocated(texts: Sequence[Sequence[Any]], boxes: Sequence[Sequence[float]], size: tuple[int, int]) -> Unlocated:
    """All of the image, with the texts of its controls."""
    heights = [boxes[one[1]][4] for one in texts]
    found = tuple(
        (str(one[0]), _caption(boxes[one[1]]) if one[-1] is True and len(one) > 3 else _scaled(boxes[one[1]], 1.0))
        for one in texts
    )
    marked = tuple(number for number, one in enumerate(texts) if one[2])
    whole: Box = (0.0, 0.0, float(size[0]), float(size[1]))
    return Unlocated(whole, (min(heights, default=0.0), max(heights, default=0.0)), found, marked)

"""Pages that Chromium laid out and rendered, from the packs of `python -m training.web.pack`.

DESKTOP_VLM_WEB names the packs, parted as paths are in PATH; without it there are none. A page is read when it is
drawn, so a pack may be larger than what its readers should take of memory.

A pack is a zip file: `index.json` has "phrasings", a list of lists that pages refer to, and "pages", the size,
the title and the name of each page's two files. `NNNNN.webp` is the image, without loss. `NNNNN.json` has

- "lines": [text, four times the x of its first character, four times each character's width, top, bottom], px;
- "boxes": [left, top, right, bottom, height of letters] of texts, px;
- "asked": [kind, answer, phrasings, slots, places in "boxes"]: the phrasings are a list, a place in the index's
  "phrasings", a kind of `asking.PHRASINGS`, or "prompt:" and the id of a quick action.
"""

from __future__ import annotations

import functools
import io
import itertools
import json
import os
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from training.screens.asking import PHRASINGS
from training.screens.pages import PROMPTS
from training.screens.phrasing import phrased
from training.screens.records import Box, Glyph, Question, Screen

INDEX = "index.json"
KIND = "webpage"
"""Of screens that are such pages."""
INTERFACE, INTERFACE_DIALOG = "interface", "interface dialog"
"""Of windows that others laid out, see `interfaces.py`: their questions say what they need, too."""
_QUARTERS = 4
_TRIES, _CHOICE = 12, 2
"""Pages that are tried, and of how many that fit the larger is taken."""


@dataclass(frozen=True)
class Line:
    """Characters in a row: `edges` has one more than there are characters, px."""

    text: str
    edges: tuple[float, ...]
    top: float
    bottom: float

    @property
    def box(self) -> Box:
        return self.edges[0], self.top, self.edges[-1], self.bottom

    def packed(self) -> list[Any]:
        at = [round(edge * _QUARTERS) for edge in self.edges]
        widths = [right - left for left, right in itertools.pairwise(at)]
        return [self.text, at[0], widths, round(self.top * _QUARTERS), round(self.bottom * _QUARTERS)]

    @classmethod
    def unpacked(cls, packed: Sequence[Any]) -> Line:
        text, first, widths, top, bottom = packed
        edges = [first / _QUARTERS]
        for width in widths:
            edges.append(edges[-1] + width / _QUARTERS)
        return cls(text, tuple(edges), top / _QUARTERS, bottom / _QUARTERS)

    def glyphs(self) -> list[Glyph]:
        pairs = itertools.pairwise(self.edges)
        return [Glyph(char, (left, self.top, right, self.bottom))
                for char, (left, right) in zip(self.text, pairs, strict=True)]  # fmt: skip


@dataclass(frozen=True)
class Pack:
    """An open file of pages."""

    archive: zipfile.ZipFile
    phrasings: list[list[str]]
    pages: list[dict[str, Any]]


@functools.cache
def open_pack(path: str, process: int) -> Pack:  # noqa: ARG001 - each process opens the file itself
    """A pack, opened once by each process."""
    archive = zipfile.ZipFile(path)
    index = json.loads(archive.read(INDEX))
    return Pack(archive, index["phrasings"], index["pages"])


def has_pages() -> bool:
    """Whether there are such pages here."""
    return bool(os.environ.get("DESKTOP_VLM_WEB"))


@dataclass(frozen=True)
class Webpage:
    """A page, and what its tab or its title bar says: "" where a browser is already around it."""

    screen: Screen
    title: str


def draw_webpage(rng: random.Random, width: int, height: int, least_px: float, small_px: float) -> Webpage | None:
    """A page at most this large, px, with newly phrased questions; None where none was found.

    Asked is what letters of `least_px` and more answer; or everything, where all letters are lower than `small_px`.
    """
    packs = [open_pack(path, os.getpid()) for path in os.environ["DESKTOP_VLM_WEB"].split(os.pathsep) if path]
    pack = rng.choices(packs, [len(one.pages) for one in packs])[0]
    fitting = [one for one in rng.choices(pack.pages, k=_TRIES) if one["size"][0] <= width and one["size"][1] <= height]
    if not fitting:
        return None
    entry = max(fitting[:_CHOICE], key=lambda one: one["size"][0] * one["size"][1])
    name = entry["name"]
    image = Image.open(io.BytesIO(pack.archive.read(f"{name}.webp"))).convert("RGB")
    page = json.loads(pack.archive.read(f"{name}.json"))
    glyphs = tuple(glyph for line in page["lines"] for glyph in Line.unpacked(line).glyphs())
    tiny = all(glyph.box[3] - glyph.box[1] < small_px for glyph in glyphs)
    asked = [one for one in page["asked"] if tiny or all(page["boxes"][place][4] >= least_px for place in one[4])]
    if 2 * len(asked) < len(page["asked"]):  # most cannot be read, so nothing is said about the whole
        asked = [one for one in asked if one[4]]
    questions = questions_of(rng, asked, pack.phrasings, page["boxes"])
    return Webpage(Screen(image, glyphs, questions, KIND, entry["noun"]), entry["title"])


def questions_of(rng: random.Random, asked: Sequence[Sequence[Any]], table: Sequence[Sequence[str]],
                 boxes: Sequence[Sequence[float]]) -> tuple[Question, ...]:  # fmt: skip
    """What was recorded, phrased."""
    return tuple(_question(rng, one, table, boxes) for one in asked)


def _question(rng: random.Random, asked: Sequence[Any], table: Sequence[Sequence[str]],
              boxes: Sequence[Sequence[float]]) -> Question:  # fmt: skip
    kind, answer, phrasings, slots, places = asked
    needs: tuple[Box, ...] = tuple((box[0], box[1], box[2], box[3]) for box in map(boxes.__getitem__, places))
    if not isinstance(phrasings, str):
        options = table[phrasings] if isinstance(phrasings, int) else phrasings
        return Question(kind, phrased(rng, options, **slots), answer, needs=needs)
    if phrasings.startswith("prompt:"):
        return Question(kind, PROMPTS[phrasings.removeprefix("prompt:")], answer, needs=needs)
    text = phrased(rng, PHRASINGS[phrasings], **slots)
    return Question(kind, text, answer, asked=(phrasings, slots), needs=needs)

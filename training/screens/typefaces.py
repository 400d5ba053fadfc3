"""The fonts of `training.fonts` as pens: one face at one size, drawn in one of four manners.

Manners, after what real toolkits do: "hinted" (FreeType's grey hinted rendering, whole-pixel advances), "mono" (one
bit), "smooth" (unhinted at fractional positions, by drawing four times as large) and "lcd" (unhinted with the colour
fringes of subpixel rendering).
"""

from __future__ import annotations

import functools
import json
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.screens.records import Split

Colour: TypeAlias = "tuple[int, int, int]"
Manner: TypeAlias = Literal["hinted", "mono", "smooth", "lcd"]

_COMMON = (
    "Arimo", "Cantarell", "DejaVu Sans", "DejaVu Sans Mono", "FreeSans", "Hack", "Inter", "Liberation Mono",
    "Liberation Sans", "Nimbus Sans", "Noto Mono", "Noto Sans", "Noto Sans Mono", "Open Sans", "Roboto", "Tahoma",
    "fixed 6x13", "helvetica",
)  # fmt: skip
"""Families that desktops really use: drawn four times as often as others."""

_ENLARGED = {"hinted": 1, "mono": 1, "smooth": 4, "lcd": 3}


@dataclass(frozen=True)
class Face:
    """A font file."""

    path: str
    family: str
    mono: bool
    bold: bool
    size: int | None
    """The only size, px, of a bitmap font."""


@dataclass(frozen=True)
class Family:
    """The faces of a family by weight; a bitmap family has one for every size."""

    name: str
    mono: bool
    regular: tuple[Face, ...]
    bold: tuple[Face, ...]

    @property
    def bitmap(self) -> bool:
        return self.regular[0].size is not None

    def pen(self, size: float, manner: Manner, gamma: float, *, bold: bool = False) -> Pen:
        """Bold falls back to regular where the family has none; bitmap fonts take the nearest size."""
        faces = (self.bold or self.regular) if bold else self.regular
        face = min(faces, key=lambda face: abs((face.size or size) - size))
        if face.size is not None:
            return Pen.of(face, face.size, "mono", 1.0)
        # Hinted text has whole sizes in practice, and fewer sizes keep the cache of pens useful.
        return Pen.of(face, round(size) if manner in {"hinted", "mono"} else round(size * 2) / 2, manner, gamma)


class Pen:
    """One face at one size (px per em), in one manner.

    Attributes: `up` and `down` are the extents of `d` above and of `p` below the baseline, `line` the line height
    that the font asks for, all in px.
    """

    def __init__(self, face: Face, size: float, manner: Manner, gamma: float) -> None:
        self.face, self.size, self.manner = face, size, manner
        self._scale = _ENLARGED[manner]
        self._font = ImageFont.truetype(face.path, size * self._scale, layout_engine=ImageFont.Layout.BASIC)
        self._mode = "1" if manner == "mono" else "L"
        self._curve = None if gamma == 1.0 else [round(255 * (i / 255) ** gamma) for i in range(256)]
        top = self._font.getbbox("d", mode=self._mode, anchor="ls")[1]
        bottom = self._font.getbbox("p", mode=self._mode, anchor="ls")[3]
        self.up, self.down = -top / self._scale, bottom / self._scale
        ascent, descent = self._font.getmetrics()
        self.line = max(1.0, min((ascent + descent) / self._scale, size * 1.5))
        self._ascent = max(ascent, -round(top)) + self._scale
        self._height = -(-(self._ascent + max(descent, round(bottom)) + self._scale) // self._scale) * self._scale
        self._advances: dict[str, float] = {}

    @staticmethod
    @functools.lru_cache(maxsize=1200)
    def of(face: Face, size: float, manner: Manner, gamma: float) -> Pen:
        return Pen(face, size, manner, gamma)

    def advance(self, char: str) -> float:
        """Px to the next character."""
        found = self._advances.get(char)
        if found is None:
            found = self._advances[char] = self._font.getlength(char, mode=self._mode) / self._scale
        return found

    def has(self, char: str) -> bool:
        """Whether the font draws this character itself, not a box in its place."""
        shapes = [bytes(self._font.getmask(one, mode=self._mode)) for one in (char, "\ufffe")]
        return shapes[0] != shapes[1]

    def width(self, text: str) -> float:
        """Px; exact, as the fonts have no kerning."""
        return sum(map(self.advance, text))

    def wrap(self, text: str, width: float) -> list[str]:
        """Lines no wider than `width` px where single words allow it."""
        lines: list[str] = []
        room = -1.0
        space = self.advance(" ")
        for word in text.split():
            needed = self.width(word)
            if needed > room or not lines:
                lines.append(word)
                room = width - needed
            else:
                lines[-1] += " " + word
                room -= needed
            room -= space
        return lines

    def write(self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour) -> None:
        """Draw the text from x on; what falls off the image is lost."""
        scale = self._scale
        left = int(x) - 2
        top = round(baseline) - self._ascent // scale
        width = int(self.width(text)) + int(self.size) + 4
        mask = Image.new("L", (width * scale, self._height), 0)
        draw = ImageDraw.Draw(mask)
        draw.fontmode = self._mode
        draw.text(((x - left) * scale, self._ascent // scale * scale), text, font=self._font, fill=255, anchor="ls")
        if self.manner == "lcd":
            self._fringed(image, mask, left, top, colour)
            return
        if scale > 1:
            mask = mask.reduce(scale)
        if self._curve:
            mask = mask.point(self._curve)
        image.paste(colour, (left, top), mask)

    def _fringed(self, image: Image.Image, mask: Image.Image, left: int, top: int, colour: Colour) -> None:
        """Each third of a pixel covers one of red, green, blue, after FreeType's light five-tap filter."""
        third = np.asarray(mask.reduce((1, 3)), np.float32)  # [height, 3 * width]
        padded = np.pad(third, ((0, 0), (1, 1)))
        even = (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / (3 * 255)
        cover = even.reshape(even.shape[0], -1, 3)  # [height, width, 3]
        box = (left, top, left + cover.shape[1], top + cover.shape[0])
        under = np.asarray(image.crop(box), np.float32)
        mixed = under + (np.array(colour, np.float32) - under) * cover
        image.paste(Image.fromarray((mixed + 0.5).astype(np.uint8)), box[:2])


@dataclass(frozen=True)
class Typesetting:
    """The families and the manner that one image uses."""

    text: Family
    mono: Family
    manner: Manner
    gamma: float
    size: float
    """Of ordinary text, px per em."""

    def pen(self, factor: float = 1.0, *, bold: bool = False, mono: bool = False) -> Pen:
        family = self.mono if mono else self.text
        return family.pen(max(9.0, self.size * factor), self.manner, self.gamma, bold=bold)


def draw_typesetting(rng: random.Random, split: Split, *, scale: float = 1.0, bitmap: bool = False) -> Typesetting:
    """A random choice; `scale` is that of the user interface. `bitmap` asks for X11's fonts."""
    families = load_families(split)
    size = rng.choice((10, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 15, 15, 16, 17, 18, 20, 22)) * scale
    manner: Manner = rng.choices(("hinted", "smooth", "lcd", "mono"), (50, 32, 10, 8))[0]
    gamma = rng.choice((1.0, 1.0, 1.0, 0.75, 0.85, 1.15, 1.3))
    text = _choose(rng, [family for family in families if family.bitmap == bitmap or split == "held_out"])
    mono = text if text.mono else _choose(rng, [f for f in families if f.mono and f.bitmap == bitmap])
    return Typesetting(text, mono, manner, gamma, size)


def _choose(rng: random.Random, families: list[Family]) -> Family:
    return rng.choices(families, [4 if family.name in _COMMON else 1 for family in families])[0]


def fonts_folder() -> Path:
    """The folder that `training.fonts` filled: DESKTOP_VLM_FONTS, or `build/fonts`."""
    return Path(os.environ.get("DESKTOP_VLM_FONTS", "build/fonts"))


@functools.cache
def load_families(split: Split) -> tuple[Family, ...]:
    """All families of a split. Raises FileNotFoundError where the fonts have not been collected."""
    folder = fonts_folder()
    listing = folder / "fonts.json"
    if not listing.exists():
        raise FileNotFoundError(f"{listing} is missing; run `python -m training.fonts {folder}` first.")
    faces: dict[str, list[Face]] = {}
    for row in json.loads(listing.read_text(encoding="utf-8")):
        if row["file"].startswith(f"{split}/"):
            face = Face(str(folder / row["file"]), row["family"], row["mono"], row["bold"], row["size"])
            faces.setdefault(face.family, []).append(face)
    families = []
    for name, of_family in sorted(faces.items()):
        bold = tuple(face for face in of_family if face.bold)
        regular = tuple(face for face in of_family if not face.bold) or bold
        families.append(Family(name, regular[0].mono, regular, bold))
    return tuple(families)

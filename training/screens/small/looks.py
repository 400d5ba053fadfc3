"""Looks of X11's old toolkits: colours, edges, and bitmap fonts at their own sizes."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from training.screens.records import Box
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import THEMES, Style, Theme
from training.screens.typefaces import Colour, Family, Manner, Pen, Typesetting, load_families

_BY_NAME = {theme.name: theme for theme in THEMES}
_GREYS: tuple[Colour, ...] = ((192, 192, 192), (217, 217, 217), (190, 190, 190), (211, 211, 211), (179, 179, 179),
                              (238, 238, 238))  # fmt: skip
_TEXT_SIZES = (8, 10, 10, 12, 12, 13, 13, 13, 14, 14, 15, 17, 18)
_BITMAP_SHARE = 0.85
"""Of small windows with fonts of X11's own; the others have outlines without, seldom with, antialiasing."""
_ENDS = ("left", "left", "centre", "spread", "right", "full")


@dataclass(frozen=True)
class Look:
    """A toolkit's look with its fonts.

    Attributes: `name` of the toolkit; `pen` of texts, `button_pen`, `title_pen`; `pad`: px around parts; `ends`: where
    buttons stand; `ruled`: whether a line stands above them; `framed`: whether the message has a frame.
    """

    name: str
    style: Style
    pen: Pen
    button_pen: Pen
    title_pen: Pen
    pad: int
    ends: str
    ruled: bool
    framed: bool

    @property
    def theme(self) -> Theme:
        return self.style.theme

    @property
    def bar(self) -> int:
        """Height of the title bar, px."""
        return round(self.title_pen.line * 1.35)

    def title_room(self, title: str) -> float:
        """The least width, px, of a window with this title."""
        return title_room(self.style, title, self.title_pen, self.bar)

    def draw_title(self, sketch: Sketch, title: str) -> None:
        title_bar(sketch, self.style, title, self.title_pen, self.bar)

    def draw_button(self, sketch: Sketch, box: Box, label: str, *, default: bool) -> None:
        """A button as this toolkit has it; the default one has a second frame."""
        theme = self.theme
        sketch.panel(box, theme.button, theme, radius=2)
        if default:
            if self.name == "motif":
                wider = (box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3)
                sketch.panel(wider, None, theme, sunken=True)
            else:
                sketch.draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), None, theme.ink)
        sketch.centred(box[0], box[2], sketch.row(box[1], box[3], self.button_pen), label, self.button_pen,
                       theme.button_ink)  # fmt: skip

    def draw_border(self, sketch: Sketch) -> None:
        """The window's own edge, one pixel."""
        box = (0, 0, sketch.image.width - 1, sketch.image.height - 1)
        sketch.draw.rectangle(box, None, self.theme.line)


def draw_look(rng: random.Random) -> Look:
    """A random one."""
    name = rng.choices(("athena", "athena-3d", "motif", "tk", "fltk", "bare"), (7, 2, 3, 3, 3, 2))[0]
    theme = _theme(rng, name)
    type_ = _typesetting(rng)
    size = type_.size
    bold_button = rng.random() < 0.2
    pen = type_.text.pen(size, type_.manner, 1.0, bold=rng.random() < (0.4 if name == "motif" else 0.12))
    button_pen = pen if rng.random() < 0.75 else type_.text.pen(size, type_.manner, 1.0, bold=bold_button)
    title_family = type_.text if rng.random() < 0.5 else rng.choice(_bitmaps())
    title_pen = title_family.pen(rng.choice((12, 13, 14)), "mono", 1.0, bold=rng.random() < 0.5)
    ends = {"athena": "left", "fltk": "right", "motif": "spread"}.get(name, "centre")
    return Look(name, Style(theme, type_, 1.0, rng.choice((0.5, 0.7, 1.0))), pen, button_pen, title_pen,
                rng.randint(2, 10), ends if rng.random() < 0.6 else rng.choice(_ENDS),
                ruled=rng.random() < (0.7 if name == "motif" else 0.1),
                framed=rng.random() < (0.4 if name.startswith("athena") else 0.05))  # fmt: skip


def _theme(rng: random.Random, name: str) -> Theme:
    grey = rng.choice(_GREYS)
    close: Literal["cross", "box", "none"] = rng.choice(("cross", "box", "none"))
    if name == "athena":
        theme = _BY_NAME[rng.choice(("xaw", "xaw", "xaw-grey"))]
    elif name == "athena-3d":
        theme = replace(_BY_NAME["xaw-grey"], edge="bevel", window=grey, button=grey)
    elif name == "motif":
        theme = _BY_NAME["motif"]
        tint = (rng.randint(120, 200), rng.randint(130, 200), rng.randint(130, 200))
        ground = theme.window if rng.random() < 0.4 else rng.choice((grey, tint))
        theme = replace(theme, window=ground, button=ground)
    elif name == "tk":
        theme = replace(_BY_NAME["tk"], window=grey, button=grey)
    elif name == "fltk":
        theme = replace(_BY_NAME["win95"], window=grey, button=grey)
    else:
        dark = rng.random() < 0.3
        ground, ink = ((0, 0, 0), rng.choice(((255, 255, 255), (0, 255, 0)))) if dark else ((255, 255, 255), (0, 0, 0))
        theme = replace(_BY_NAME["xaw"], window=ground, button=ground, field=ground, ink=ink, button_ink=ink,
                        field_ink=ink, line=ink)  # fmt: skip
    title, title_ink = rng.choice((
        ((0, 0, 128), (255, 255, 255)), ((95, 158, 160), (0, 0, 0)), ((70, 70, 70), (255, 255, 255)),
        ((255, 255, 255), (0, 0, 0)), (theme.window, theme.ink), ((0, 0, 0), (255, 255, 255)),
        ((72, 61, 139), (255, 255, 255)), ((220, 220, 220), (0, 0, 0)),
    ))  # fmt: skip
    return replace(theme, close=close, title=title, title_ink=title_ink)


def _bitmaps() -> list[Family]:
    return [family for family in load_families("train") if family.bitmap]


def _typesetting(rng: random.Random) -> Typesetting:
    families = _bitmaps() if rng.random() < _BITMAP_SHARE else load_families("train")
    usual = [family for family in families if family.name.startswith(("fixed", "helvetica"))]
    family = rng.choice(usual if usual and rng.random() < 0.5 else families)
    mono = family if family.mono else rng.choice([one for one in _bitmaps() if one.mono])
    manner: Manner = "mono" if family.bitmap or rng.random() < 0.7 else "hinted"
    size = rng.choice(_TEXT_SIZES) if family.bitmap else rng.choice((11, 12, 13, 14))
    return Typesetting(family, mono, manner, 1.0, size)

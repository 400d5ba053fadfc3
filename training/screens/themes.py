"""Looks of windows: colours and shapes after the desktops people use, with jitter, light and dark."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from training.screens.records import Split
from training.screens.typefaces import Colour, Typesetting, draw_typesetting

Edge: TypeAlias = Literal["flat", "line", "bevel", "round", "pill"]


@dataclass(frozen=True)
class Theme:
    """Colours and shapes of one desktop."""

    name: str
    window: Colour
    ink: Colour
    title: Colour
    title_ink: Colour
    button: Colour
    button_ink: Colour
    accent: Colour
    accent_ink: Colour
    field: Colour
    field_ink: Colour
    line: Colour
    """Of borders."""
    edge: Edge
    title_align: Literal["left", "centre"]
    close: Literal["cross", "lights", "box", "none"]
    bold_title: bool


def _theme(name: str, colours: str, edge: Edge, align: Literal["left", "centre"],
           close: Literal["cross", "lights", "box", "none"], *, bold: bool = False) -> Theme:  # fmt: skip
    window, ink, title, title_ink, button, button_ink, accent, accent_ink, field, field_ink, line = (
        _colour(digits) for digits in colours.split()
    )
    return Theme(name, window, ink, title, title_ink, button, button_ink, accent, accent_ink, field, field_ink, line,
                 edge, align, close, bold)  # fmt: skip


def _colour(digits: str) -> Colour:
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return red, green, blue


# window ink, title title_ink, button button_ink, accent accent_ink, field field_ink, line
THEMES = (
    _theme("win95", "c0c0c0 000000 000080 ffffff c0c0c0 000000 000080 ffffff ffffff 000000 808080",
           "bevel", "left", "box", bold=True),
    _theme("win10", "ffffff 000000 ffffff 000000 e1e1e1 000000 0078d7 ffffff ffffff 000000 adadad",
           "line", "left", "cross"),
    _theme("win11", "f3f3f3 1a1a1a f3f3f3 1a1a1a fbfbfb 1a1a1a 005fb8 ffffff ffffff 1a1a1a d0d0d0",
           "round", "left", "cross"),
    _theme("win11-dark", "202020 f5f5f5 202020 f5f5f5 2d2d2d ffffff 60cdff 000000 2d2d2d ffffff 454545",
           "round", "left", "cross"),
    _theme("fusion", "efefef 000000 dcdcdc 202020 f4f4f4 000000 308cc6 ffffff ffffff 000000 aaaaaa",
           "round", "centre", "cross"),
    _theme("fusion-dark", "323232 ffffff 2a2a2a e0e0e0 3c3c3c ffffff 2a82da ffffff 1e1e1e ffffff 1a1a1a",
           "round", "centre", "cross"),
    _theme("breeze", "eff0f1 232629 475057 fcfcfc fcfcfc 232629 3daee9 fcfcfc fcfcfc 232629 bcc0bf",
           "round", "centre", "cross"),
    _theme("gtk", "f6f5f4 2e3436 e1dedb 2e3436 f6f5f4 2e3436 3584e4 ffffff ffffff 000000 cdc7c2",
           "round", "centre", "cross", bold=True),
    _theme("gtk4", "fafafa 333333 ebebeb 333333 e6e6e6 333333 3584e4 ffffff ffffff 333333 dddddd",
           "round", "centre", "cross", bold=True),
    _theme("gtk-dark", "353535 eeeeec 2c2c2c eeeeec 3e3e3e eeeeec 15539e ffffff 2d2d2d ffffff 1b1b1b",
           "round", "centre", "cross", bold=True),
    _theme("yaru", "fafafa 3d3d3d 2c2c2c f2f2f2 ffffff 3d3d3d e95420 ffffff ffffff 3d3d3d cccccc",
           "round", "centre", "cross", bold=True),
    _theme("mac", "ececec 262626 e0e0e0 3c3c3c ffffff 1c1c1c 0a7aff ffffff ffffff 262626 c4c4c4",
           "round", "centre", "lights", bold=True),
    _theme("mac-dark", "2d2d2d e8e8e8 3a3a3a dcdcdc 606060 ffffff 0a6aff ffffff 1e1e1e ffffff 505050",
           "round", "centre", "lights", bold=True),
    _theme("motif", "b3b3b3 000000 7e8aa2 ffffff b3b3b3 000000 7e8aa2 ffffff c6b2a8 000000 6b6b6b",
           "bevel", "centre", "box"),
    _theme("xaw", "ffffff 000000 ffffff 000000 ffffff 000000 ffffff 000000 ffffff 000000 000000",
           "line", "centre", "none"),
    _theme("xaw-grey", "d3d3d3 000000 d3d3d3 000000 d3d3d3 000000 d3d3d3 000000 ffffff 000000 000000",
           "line", "centre", "none"),
    _theme("web", "ffffff 212529 ffffff 212529 6c757d ffffff 0d6efd ffffff ffffff 212529 dee2e6",
           "round", "left", "cross", bold=True),
    _theme("material", "fffbfe 1c1b1f fffbfe 1c1b1f fffbfe 6750a4 6750a4 ffffff fffbfe 1c1b1f cac4d0",
           "pill", "left", "none"),
    _theme("web-dark", "1f2937 f3f4f6 1f2937 f9fafb 374151 f3f4f6 10b981 06281e 111827 f3f4f6 4b5563",
           "round", "left", "cross", bold=True),
    _theme("tk", "d9d9d9 000000 b8b8c8 000000 d9d9d9 000000 d9d9d9 000000 ffffff 000000 828282",
           "bevel", "left", "cross"),
)  # fmt: skip

HELD_OUT_THEMES = (
    _theme("beos", "d8d8d8 000000 ffcb00 000000 e8e8e8 000000 e8e8e8 000000 ffffff 000000 606060",
           "bevel", "left", "box", bold=True),
    _theme("xp", "ece9d8 000000 0a5be0 ffffff f5f4ea 000000 f5f4ea 000000 ffffff 000000 7f9db9",
           "round", "left", "cross", bold=True),
    _theme("solar", "fdf6e3 586e75 eee8d5 073642 eee8d5 586e75 268bd2 fdf6e3 fdf6e3 586e75 93a1a1",
           "flat", "centre", "none"),
    _theme("nord", "2e3440 eceff4 3b4252 e5e9f0 434c5e eceff4 88c0d0 2e3440 3b4252 eceff4 4c566a",
           "pill", "centre", "lights"),
    _theme("cde", "a8a4c0 000000 b24d7a ffffff a8a4c0 000000 b24d7a ffffff e0dcd0 000000 605c78",
           "bevel", "centre", "box"),
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """All that one image's parts share."""

    theme: Theme
    type: Typesetting
    scale: float
    """Of the user interface, 1 to 2."""
    roomy: float
    """Factor on paddings."""

    def px(self, length: float) -> int:
        """A length of the design in px of this image, at least 1."""
        return max(1, round(length * self.scale))

    def pad(self, length: float) -> int:
        return max(1, round(length * self.scale * self.roomy))


def draw_style(rng: random.Random, split: Split) -> Style:
    """A random theme, sometimes recoloured, with fonts and a scale."""
    theme = rng.choice(HELD_OUT_THEMES if split == "held_out" and rng.random() < 0.5 else THEMES)
    draw = rng.random()
    if draw < 0.5:
        theme = _jittered(rng, theme)
    elif draw < 0.58:
        theme = _wild(rng, theme)
    scale = rng.choices((1.0, 1.25, 1.5, 2.0), (70, 14, 10, 6))[0]
    old = theme.name in {"xaw", "xaw-grey", "motif", "tk", "win95"}
    bitmap = rng.random() < (0.45 if old else 0.04)
    typesetting = draw_typesetting(rng, split, scale=scale if scale < 2 else 1.6, bitmap=bitmap)
    return Style(theme, typesetting, scale, rng.choice((0.5, 0.7, 0.9, 1.0, 1.0, 1.3)))


def luminance(colour: Colour) -> float:
    """0 to 255, perceived."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def legible(rng: random.Random, ground: Colour, contrast: float = 110) -> Colour:
    """A random ink that stands out from the ground by at least `contrast` of 255 in luminance."""
    for _ in range(20):
        ink = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        if abs(luminance(ink) - luminance(ground)) >= contrast:
            return ink
    return (0, 0, 0) if luminance(ground) > 127 else (255, 255, 255)


def _jittered(rng: random.Random, theme: Theme) -> Theme:
    """Grounds move a little together, the accent's hue a lot."""
    shift = [rng.randint(-12, 12) for _ in range(3)]

    def moved(colour: Colour) -> Colour:
        red, green, blue = (max(0, min(255, value + by)) for value, by in zip(colour, shift, strict=True))
        return red, green, blue

    accent, accent_ink = theme.accent, theme.accent_ink
    if accent not in {theme.button, theme.window} and rng.random() < 0.5:
        red, green, blue = rng.sample(accent, 3)
        accent = (red, green, blue)
        accent_ink = (255, 255, 255) if luminance(accent) < 140 else (0, 0, 0)
    return replace(
        theme, window=moved(theme.window), title=moved(theme.title), button=moved(theme.button),
        field=moved(theme.field), accent=accent, accent_ink=accent_ink,
    )  # fmt: skip


def _wild(rng: random.Random, theme: Theme) -> Theme:
    """Any colours at all that can be read."""
    grounds = [(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(5)]
    inks = [legible(rng, ground) for ground in grounds]
    (window, title, button, accent, field) = grounds
    return replace(
        theme, window=window, title=title, button=button, accent=accent, field=field, ink=inks[0], title_ink=inks[1],
        button_ink=inks[2], accent_ink=inks[3], field_ink=inks[4], line=inks[0],
    )  # fmt: skip

"""How toolkits show what is selected: rows of lists, tabs, default buttons, with the focus and without."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from training.screens.page import Page, black_or_white, mixed
from training.screens.themes import luminance
from training.screens.typefaces import Colour

Box = tuple[float, float, float, float]

ROW_LOOKS = ("filled", "filled", "filled", "rounded", "pill", "tinted", "strip", "strip", "grey", "grey", "reversed",
             "outlined", "dotted", "ruled", "dot", "arrow", "coloured", "underlined", "bold")  # fmt: skip
"""Of a selected row: its ground, its edge or a sign before it."""
TAB_LOOKS = ("raised", "raised", "underlined", "filled", "bold", "boxed", "line above", "pill", "outlined", "dot",
             "reversed", "folder")  # fmt: skip
"""Of the open tab among others."""
_SIGNS = frozenset({"dot", "arrow"})
_EDGES = frozenset({"outlined", "underlined", "ruled"})
_OF_TEXT = frozenset({"bold", "coloured"})
BOLD_ROW = "bold"
"""Of a selected row whose ground is as the others'."""


def row_look(rng: Random, *, signs: bool = True, bold: bool = False) -> str:
    """One for a whole list; `signs` says whether there is room for a sign before the text, `bold` for bold text."""
    return rng.choice([look for look in ROW_LOOKS if (signs or look not in _SIGNS) and (bold or look != BOLD_ROW)])


def show_row(page: Page, box: Box, ground: Colour, ink: Colour, look: str) -> Colour:
    """What a selected row has behind or beside its text; returns the ink of the text."""
    left, top, right, bottom = box
    fill = page.style.theme.accent
    if abs(luminance(fill) - luminance(ground)) < 45:
        fill = ink
    if look in _OF_TEXT:
        return ink if look == BOLD_ROW else _coloured(page, box, (ground, ink), fill)
    if look in _EDGES:
        _edge(page, box, fill, look)
        return ink
    radius = {"filled": 0, "dotted": 0, "rounded": 5, "pill": round((bottom - top) / 2)}
    if look in radius:
        inset = 2 if radius[look] else 0
        page.fill((left + inset, top + inset / 2, right - inset, bottom - inset / 2), fill, radius[look])
        if look == "dotted":
            _dots(page, box, black_or_white(fill))
        return black_or_white(fill)
    if look in {"tinted", "strip", "grey", "reversed"}:
        return _shaded_row(page, box, (ground, ink), fill, look)
    page.fill((left + page.pen.size * 0.5, top, right, bottom), mixed(fill, ground, 0.14))
    r = max(2.0, min((bottom - top) / 5, page.pen.size * 0.22))
    _sign(page, left + 1, (top + bottom) / 2, r, look, fill)
    return ink


def _coloured(page: Page, box: Box, colours: tuple[Colour, Colour], fill: Colour) -> Colour:
    """The accent as ink, where it differs from the others'; else a tint behind the text."""
    if abs(luminance(fill) - luminance(colours[1])) >= 45:
        return fill
    return _shaded_row(page, box, colours, fill, "tinted")


def _edge(page: Page, box: Box, fill: Colour, look: str) -> None:
    """A line round the row, below it, or above and below it."""
    left, top, right, bottom = box
    if look == "outlined":
        page.sketch.draw.rectangle(tuple(round(v) for v in (left + 1, top, right - 1, bottom)), None, fill, 2)
        return
    for y in (bottom - 1,) if look == "underlined" else (top, bottom):
        page.sketch.draw.line((left, y, right, y), fill, 2)


def _shaded_row(page: Page, box: Box, colours: tuple[Colour, Colour], fill: Colour, look: str) -> Colour:
    """A ground between that of the list and the accent or the ink; returns the ink of the text."""
    ground, ink = colours
    if look == "reversed":
        page.fill(box, ink)
        return ground
    shade = mixed(ink if look == "grey" else fill, ground, 0.24)
    page.fill(box, shade)
    if look == "strip":
        left, top, _, bottom = box
        page.fill((left, top, left + max(2, (bottom - top) / 8), bottom), fill)
    return black_or_white(shade)


def _sign(page: Page, x: float, middle: float, r: float, look: str, fill: Colour) -> None:
    if look == "dot":
        page.sketch.draw.ellipse((x, middle - r, x + 2 * r, middle + r), fill)
    else:
        page.sketch.draw.polygon(((x, middle - 1.4 * r), (x, middle + 1.4 * r), (x + 2 * r, middle)), fill)


def _dots(page: Page, box: Box, ink: Colour) -> None:
    left, top, right, bottom = (round(value) for value in box)
    page.sketch.draw.point([(x, y) for x in range(left, right, 2) for y in (top, bottom - 1)], ink)
    page.sketch.draw.point([(x, y) for x in (left, right - 1) for y in range(top, bottom, 2)], ink)


def show_tab(page: Page, box: Box, look: str, bar: tuple[Colour, Colour], accent: Colour, *,
             opened: bool) -> Colour:  # fmt: skip
    """What is behind a tab's name, `bar` being ground and ink of the row; returns the name's ink."""
    (left, top, right, bottom), (ground, ink) = box, bar
    draw, line = page.sketch.draw, page.line
    if look in {"boxed", "folder"}:
        page.sketch.panel(box, mixed(ink, ground, 0.12), page.style.theme)
    if not opened:
        return ink
    if look in {"filled", "pill"}:
        page.fill((left, top + 1, right, bottom - 2), accent, round((bottom - top) / 2) if look == "pill" else 0)
        return black_or_white(accent)
    if look == "reversed":
        page.fill(box, ink)
        return ground
    if look in {"underlined", "outlined", "dot", "bold"}:
        _mark_tab(page, box, look, accent)
        return ink
    page.fill((left, top - 2, right, bottom), page.ground)
    if look == "raised":
        draw.line((left, bottom, left, top - 2, right, top - 2, right, bottom), line)
    elif look == "line above":
        page.fill((left, top - 2, right, top + 1), accent)
    elif look == "folder":
        page.sketch.panel((left - 1, top - 2, right + 1, bottom + 1), page.ground, page.style.theme)
    return page.ink


def _mark_tab(page: Page, box: Box, look: str, accent: Colour) -> None:
    left, top, right, bottom = box
    if look == "underlined":
        page.fill((left, bottom - 4, right, bottom - 1), accent)
    elif look == "outlined":
        page.sketch.draw.rectangle(tuple(round(v) for v in (left, top, right, bottom - 2)), None, accent, 2)
    elif look == "dot":
        _sign(page, left + 2, (top + bottom) / 2, max(2.0, page.pen.size / 6), "dot", accent)


def close_signs(page: Page, ends: Sequence[float], middle: float, ink: Colour) -> None:
    """A small cross at the end of each tab."""
    r = max(2.0, page.pen.size * 0.2)
    for x in ends:
        page.sketch.draw.line((x - r, middle - r, x + r, middle + r), ink)
        page.sketch.draw.line((x - r, middle + r, x + r, middle - r), ink)

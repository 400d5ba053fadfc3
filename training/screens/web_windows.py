"""Windows around pages that Chromium rendered: a browser, or a title bar, drawn as those of other windows are."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.framing import bar_pen, glyphs_moved, moved, under_bar
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.frame import open_browser
from training.screens.themes import Style
from training.screens.webpages import Webpage, draw_webpage

WEB_SHARE = 0.45
"""Of the windows that fill a screen, where there is a pack and one of its pages fits."""
_BROWSED = 0.85
"""Of pages of sites that are in a browser; programs have a title bar."""


def draw_web_window(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], *, least_px: float,
                    small_px: float) -> Screen | None:  # fmt: skip
    """A page in a window that fits into a room, px; None where no page was found.

    `least_px` and `small_px` are heights of letters on the screen: see `webpages.draw_webpage`.
    """
    page = draw_webpage(rng, room[0], room[1] - 2 * round(style.type.pen().line), least_px, small_px)
    if page is None:
        return None
    if not page.title:
        return page.screen
    share = _BROWSED if page.screen.noun == "browser" else 1 - _BROWSED
    shown = _browsed(rng, writer, style, _unnamed(page), room[1]) if rng.random() < share else None
    return shown or titled(rng, style, page, room[1])


def _unnamed(page: Webpage) -> Webpage:
    """The page without questions whose answer only a title bar says: which program it is."""
    kept = [one for one in page.screen.questions if one.kind != "program" or one.answer not in page.title]
    return replace(page, screen=replace(page.screen, questions=tuple(kept)))


def _browsed(rng: random.Random, writer: Writer, style: Style, page: Webpage, most: int) -> Screen | None:
    """In a browser; None where that gets higher than `most` px."""
    wide, high = page.screen.image.size
    browser = open_browser(rng, writer, style, wide, most + high, page.title)
    top = round(browser.top)
    if top + high > most or any(glyph.box[2] > wide for glyph in browser.sketch.glyphs):
        return None
    image = browser.sketch.image.crop((0, 0, wide, top + high))
    image.paste(page.screen.image, (0, top))
    below = moved(page.screen, 0, top)
    return replace(below, image=image, glyphs=(*browser.sketch.glyphs, *glyphs_moved(page.screen, 0, top)),
                   questions=(*below.questions, *browser.asker.take()))  # fmt: skip


def titled(rng: random.Random, style: Style, page: Webpage, most: int) -> Screen:
    """Under a title bar, or as it is where that does not fit."""
    pen, high = bar_pen(style)
    screen = page.screen
    if pen.width(page.title) + style.px(90) > screen.image.width or high + screen.image.height > most:
        return _unnamed(page).screen
    asker = Asker(rng)
    asker.ask("title", page.title)
    below = under_bar(screen, style, page.title)
    return replace(below, questions=(*below.questions, *asker.take()))

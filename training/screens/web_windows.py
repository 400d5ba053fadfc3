"""Windows around pages that Chromium rendered: a browser, or a title bar, drawn as those of other windows are."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Glyph, Screen
from training.screens.sites.frame import open_browser
from training.screens.sketch import Sketch, title_bar
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
    shown = _browsed(rng, writer, style, page, room[1]) if rng.random() < share else None
    return shown or _titled(rng, style, page, room[1])


def moved(screen: Screen, left: float, top: float) -> Screen:
    """The screen with its questions' places as far from the left and from the top, px."""
    questions = tuple(
        replace(one, needs=tuple((box[0] + left, box[1] + top, box[2] + left, box[3] + top) for box in one.needs))
        if one.needs else one for one in screen.questions)  # fmt: skip
    return replace(screen, questions=questions)


def _browsed(rng: random.Random, writer: Writer, style: Style, page: Webpage, most: int) -> Screen | None:
    """In a browser; None where that gets higher than `most` px."""
    wide, high = page.screen.image.size
    browser = open_browser(rng, writer, style, wide, most + high, page.title)
    top = round(browser.top)
    if top + high > most or any(glyph.box[2] > wide for glyph in browser.sketch.glyphs):
        return None
    return _joined(page, browser.sketch, browser.asker, top)


def _titled(rng: random.Random, style: Style, page: Webpage, most: int) -> Screen:
    """Under a title bar, or as it is where that does not fit."""
    pen = style.type.pen(bold=style.theme.bold_title)
    high, wide = round(pen.line * 1.5), page.screen.image.width
    if pen.width(page.title) + style.px(90) > wide or high + page.screen.image.height > most:
        return page.screen
    sketch, asker = Sketch(wide, high, style.theme.window), Asker(rng)
    title_bar(sketch, style, page.title, pen, high)
    asker.ask("title", page.title)
    return _joined(page, sketch, asker, high)


def _joined(page: Webpage, frame: Sketch, asker: Asker, top: int) -> Screen:
    """The page below the first `top` px of what is around it."""
    screen = page.screen
    image = frame.image.crop((0, 0, screen.image.width, top + screen.image.height))
    image.paste(screen.image, (0, top))
    glyphs = [Glyph(one.char, (one.box[0], one.box[1] + top, one.box[2], one.box[3] + top)) for one in screen.glyphs]
    questions = (*moved(screen, 0, top).questions, *asker.take())
    return replace(screen, image=image, glyphs=(*frame.glyphs, *glyphs), questions=questions)

"""A browser around a page: tabs, an address bar with buttons, sometimes bookmarks."""

from __future__ import annotations

import random

from training.screens.page import Page, black_or_white, mixed
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 255, 255), (25, 25, 28)), ((255, 255, 255), (0, 0, 0)), ((248, 249, 251), (31, 41, 55)),
    ((253, 250, 243), (58, 44, 34)), ((17, 20, 26), (232, 234, 238)), ((32, 33, 36), (232, 234, 237)),
    ((13, 17, 23), (201, 209, 217)), ((239, 244, 240), (24, 48, 40)), ((24, 24, 37), (205, 214, 244)),
    ((236, 240, 248), (20, 30, 70)),
)  # fmt: skip
_ENDINGS = ("com", "org", "net", "example", "io", "shop", "eu", "info")
BUTTON_COLOURS: dict[str, Colour] = {
    "blue": (29, 100, 216), "green": (34, 139, 62), "orange": (240, 128, 20), "red": (200, 35, 45),
    "purple": (120, 60, 180), "yellow": (250, 205, 30), "grey": (120, 124, 130),
}  # fmt: skip


def open_browser(rng: random.Random, writer: Writer, style: Style, width: int, height: int, title: str,
                 ending: str = "") -> Page:  # fmt: skip
    """A browser with an empty page; asks about its title, its address and its tabs."""
    page = Page(rng, writer, style, width, height, rng.choice(_GROUNDS) if rng.random() < 0.8 else None)
    theme, bar = style.theme, round(page.pen.line * rng.uniform(1.5, 2.1))
    site = writer.slot("noun").lower() + rng.choice(("", "", "-" + writer.slot("noun").lower()))
    path = rng.choice(("", "/" + writer.slot("noun").lower(), "/" + ending, f"/{ending}.html",
                       f"/{ending}/{rng.randrange(9999)}"))  # fmt: skip
    address = rng.choice(("", "", "https://", "www.")) + f"{site}.{rng.choice(_ENDINGS)}{path}"
    page.fill((0, 0, width, bar), theme.title)
    tabs = _tabs(page, title, bar)
    page.fill((0, bar, width, 2 * bar), theme.window)
    x = _round_buttons(page, bar)
    end = width - style.px(rng.choice((8, 40, 120)))
    page.fill((x, bar + style.px(3), end, 2 * bar - style.px(3)), theme.field, style.px(rng.choice((2, 4, 14))),
              theme.line)  # fmt: skip
    page.put(x + style.px(12), bar, page.fitting(address, end - x - style.px(20)), None, theme.field_ink, bar)
    page.top = 2 * bar
    marks = _bookmarks(page, bar) if rng.random() < 0.3 else []
    page.sketch.draw.line((0, page.top, width, page.top), theme.line)
    page.top += style.px(rng.choice((6, 10, 18)))
    page.left, page.right = style.px(14), width - style.px(14)
    page.bottom = height - style.px(4)
    page.asker.ask("title", title)
    page.ask("file", address, "Which address is open?", "What is the address?", "Read the address bar.",
             "Which page is open in the browser?", "What is the URL?", "Which site is this?",
             "What does the address bar say?")  # fmt: skip
    if len(tabs) > 1:
        page.ask("how_many", str(len(tabs)), "How many tabs are open?", "Count the tabs.", "How many tabs are there?")
        page.ask("menu", ", ".join(tabs), "Which tabs are open?", "List the tabs.", "What tabs are there?")
        page.ask("selected", title, "Which tab is selected?", "Which tab is active?", "What is the current tab?")
    if len(marks) > 1:
        page.ask("menu", ", ".join(marks), "Which bookmarks are there?", "List the bookmarks.", "Read the bookmarks.")
    page.ask_program("A web browser")
    return page


def _tabs(page: Page, title: str, bar: int) -> list[str]:
    """The page's tab among others; returns those that are drawn."""
    rng, style, theme = page.rng, page.style, page.style.theme
    others = [page.writer.words(1, 3).capitalize() for _ in range(rng.choice((0, 0, 1, 2, 3)))]
    order = [title, *others]
    rng.shuffle(order)
    x, drawn = float(style.px(rng.choice((4, 8, 36)))), []
    reserve = page.pen.width(title) + style.px(60)
    for tab in order:
        wide = page.pen.width(tab) + style.px(44)
        if tab != title and (x + wide + (0 if title in drawn else reserve) > page.right or tab in drawn):
            continue
        ground, ink = (theme.window, theme.ink) if tab == title else (theme.title, theme.title_ink)
        page.fill((x, style.px(3), x + wide, bar), ground, style.px(rng.choice((0, 4, 6))))
        page.sketch.draw.ellipse((x + style.px(6), bar * 0.36, x + style.px(6) + bar * 0.3, bar * 0.66), page.accent)
        page.put(x + style.px(12) + bar * 0.3, 0, tab, None, ink, bar)
        cross = x + wide - style.px(12)
        page.sketch.draw.line((cross, bar * 0.4, cross + bar * 0.2, bar * 0.6), ink)
        page.sketch.draw.line((cross, bar * 0.6, cross + bar * 0.2, bar * 0.4), ink)
        x += wide + style.px(3)
        drawn.append(tab)
    return drawn


def _round_buttons(page: Page, bar: int) -> float:
    """Back, forward, reload: drawn as shapes. Returns where they end."""
    ink, x = mixed(page.style.theme.ink, page.style.theme.window, 0.7), float(page.style.px(8))
    half, middle = bar * 0.17, bar * 1.5
    for kind in ("back", "forward", "reload")[: page.rng.choice((2, 3, 3))]:
        if kind == "reload":
            page.sketch.draw.arc((x, middle - half, x + 2 * half, middle + half), 40, 330, ink, 2)
        else:
            tip, tail = (x, x + 2 * half) if kind == "back" else (x + 2 * half, x)
            page.sketch.draw.line((tip, middle, tail, middle), ink, 1)
            page.sketch.draw.line(((tip + tail) / 2, middle - half, tip, middle, (tip + tail) / 2, middle + half), ink)
        x += bar * 0.75
    return x


def _bookmarks(page: Page, bar: int) -> list[str]:
    theme, drawn = page.style.theme, []
    page.fill((0, page.top, page.right, page.top + bar), theme.window)
    x = float(page.style.px(10))
    for _ in range(page.rng.randint(2, 6)):
        mark = page.writer.words(1, 2).capitalize()
        if x + page.pen.width(mark) > page.right - 10 or mark in drawn:
            break
        x = page.put(x, page.top, mark, None, theme.ink, bar) + page.style.px(18)
        drawn.append(mark)
    page.top += bar
    return drawn


def narrow(page: Page, least: float = 30, most: float = 62) -> None:
    """Limits the room to a column that people can read, at the left or in the middle."""
    wide = min(page.wide, page.pen.size * page.rng.uniform(least, most))
    spare = page.wide - wide
    page.left += spare * page.rng.choice((0, 0, 0.5, 0.5, 0.15))
    page.right = page.left + wide


def top_menu(page: Page, entries: list[str], name: str) -> None:
    """The site's name with its sections beside it, one of which is selected."""
    rng, style = page.rng, page.style
    filled = rng.random() < 0.5
    ground = page.accent if filled else page.ground
    ink = black_or_white(ground) if filled else page.ink
    if filled:
        page.fill((0, page.top - style.px(5), page.sketch.image.width, page.top + page.pitch + style.px(4)), ground)
    x = page.put(page.left, page.top, name, page.bold, ink) + style.px(26)
    drawn: list[str] = []
    chosen = rng.randrange(min(len(entries), 3))
    for number, entry in enumerate(entries):
        pen = page.bold if number == chosen else page.pen
        if x + pen.width(entry) > page.right:
            break
        end = page.put(x, page.top, entry, pen, ink)
        if number == chosen:
            page.fill((x, page.top + page.pitch - 3, end, page.top + page.pitch - 1), ink)
        x = end + style.px(18)
        drawn.append(entry)
    page.top += page.pitch + style.px(12)
    if len(drawn) > chosen:
        page.ask("selected", drawn[chosen], "Which section is selected at the top?",
                 "Which entry of the menu at the top is selected?", "Which menu entry is underlined?")  # fmt: skip
    if len(drawn) > 1:
        page.ask("menu", ", ".join(drawn), "Which sections are there at the top?", "Read the menu at the top.",
                 "List the entries of the top menu.", "What is in the navigation bar?")  # fmt: skip
    page.ask("value", name, "What is the name of the site?", "What is the site called?", "Whose site is this?")


def side_menu(page: Page, entries: list[str], *, called: str = "entry of the menu on the left") -> str:
    """Entries at the left, one of them selected, which is returned; the room moves to the right of them."""
    rng, style = page.rng, page.style
    wide = max(map(page.bold.width, entries)) + style.px(28)
    if wide > page.wide * 0.4:
        return ""
    pitch = round(page.pen.line * rng.uniform(1.4, 2.2))
    entries = entries[: max(1, int((page.bottom - page.top) / pitch))]
    chosen, top = rng.randrange(len(entries)), page.top
    if rng.random() < 0.6:
        page.fill((page.left - style.px(6), page.top - 2, page.left + wide, page.bottom), page.shade)
    look = rng.choice(("filled", "filled", "bold", "bar"))
    for number, entry in enumerate(entries):
        ink, pen = page.ink, page.pen
        if number == chosen:
            if look == "filled":
                page.fill((page.left - 2, top, page.left + wide - style.px(6), top + pitch), page.accent, style.px(4))
                ink = black_or_white(page.accent)
            elif look == "bold":
                pen, ink = page.bold, page.accent
            else:
                page.fill((page.left - 2, top, page.left + 1, top + pitch), page.accent)
                ink = page.accent
        page.put(page.left + style.px(8), top, entry, pen, ink, pitch)
        top += pitch
    page.left += wide + style.px(14)
    page.ask("selected", entries[chosen], f"Which {called} is selected?", f"Which {called} is highlighted?",
             "What is selected on the left?", "Which entry is active on the left?")  # fmt: skip
    if len(entries) > 1:
        page.ask("menu", ", ".join(entries), "Which entries are in the menu on the left?", "Read the menu on the left.",
                 "What is listed on the left?", "List what is on the left.")  # fmt: skip
        page.ask("how_many", str(len(entries)), "How many entries does the menu on the left have?",
                 "How many entries are on the left?")  # fmt: skip
        page.ask_whether(entries, lambda: page.writer.word().capitalize(), "Is there an entry called {text}?",
                         "Is there {text} in the menu?", "Does the menu have an entry {text}?")  # fmt: skip
    return entries[chosen]


def finish(page: Page) -> Screen:
    """As a browser."""
    return page.finish("browser", "browser")

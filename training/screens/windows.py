"""Application windows: title, menu bar, a body of text, sometimes an open menu or a status bar."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.dialogs import listed
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import Style
from training.screens.typefaces import Pen

_MENUS = (
    "File", "Edit", "View", "Search", "Insert", "Format", "Tools", "Window", "Help", "Options", "Go", "Bookmarks",
    "Settings", "History", "Image", "Layer",
)  # fmt: skip
_ENTRIES = (
    "New", "Open...", "Save", "Save As...", "Close", "Quit", "Undo", "Redo", "Cut", "Copy", "Paste", "Delete",
    "Select All", "Find...", "Replace...", "Zoom In", "Zoom Out", "Full Screen", "Preferences", "About", "Print...",
    "Export...", "Properties", "Refresh", "New Window", "Reload", "Recent Files",
)  # fmt: skip


def draw_window(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A window with a menu bar over a few lines of text."""
    title = writer.title()
    title_pen = style.type.pen(bold=style.theme.bold_title)
    pen = style.type.pen()
    menus = rng.sample(_MENUS, rng.randint(2, 5)) if rng.random() < 0.85 else []
    if menus and rng.random() < 0.25:
        menus = [writer.word().capitalize() for _ in menus]
    body_pen = style.type.pen(mono=True) if rng.random() < 0.3 else pen
    lines = _body(rng, writer, body_pen)
    status = rng.choice((writer.words(1, 3).capitalize(), f"Line {writer.number()}", writer.noise(1, 2), "Ready"))
    status = status if rng.random() < 0.4 else ""
    bar = round(title_pen.line * rng.uniform(1.3, 1.9))
    menu_height = round(pen.line * rng.uniform(1.2, 1.6)) if menus else 0
    menu_gap = style.pad(rng.randint(8, 18))
    side, pitch = style.pad(rng.randint(4, 16)), round(body_pen.line * rng.uniform(1.0, 1.35))
    status_height = round(pen.line * 1.3) if status else 0
    width = max(
        max(map(body_pen.width, lines)) + 2 * side,
        sum(pen.width(menu) + menu_gap for menu in menus) + menu_gap,
        title_room(style, title, title_pen, bar),
        pen.width(status) + style.px(12),
        style.px(rng.choice((160, 240, 320))),
    )
    text_top = bar + menu_height + side
    height = text_top + pitch * len(lines) + side + status_height
    sketch = Sketch(width, height, style.theme.window)
    title_bar(sketch, style, title, title_pen, bar)
    left: float = menu_gap
    for menu in menus:
        left = sketch.text(left, sketch.row(bar, bar + menu_height, pen), menu, pen, style.theme.ink) + menu_gap
    field = rng.random() < 0.7
    if field:
        box = (2, bar + menu_height, sketch.image.width - 2, sketch.image.height - status_height - 2)
        sketch.panel(box, style.theme.field, style.theme, sunken=True, radius=1)
    ink = style.theme.field_ink if field else style.theme.ink
    sketch.lines(side, text_top, lines, body_pen, ink, pitch)
    if status:
        baseline = sketch.row(sketch.image.height - status_height, sketch.image.height, pen)
        sketch.text(style.px(6), baseline, status, pen, style.theme.ink)
    sketch.draw.rectangle((0, 0, sketch.image.width - 1, sketch.image.height - 1), None, style.theme.line)
    asker = Asker(rng)
    asker.ask("title", title)
    if menus:
        asker.ask("menu", ", ".join(menus))
    if status:
        asker.ask("status", status)
    ask_lines(asker, lines)
    menus_named = f" with the menus {listed(menus)}" if len(menus) > 1 else ""
    asker.ask("describe", f'A window titled "{title}"{menus_named}.')
    return sketch.finish(asker, "window", "window")


def draw_menu(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """An open menu: entries, some with a shortcut on the right, one perhaps highlighted."""
    pen = style.type.pen()
    count = rng.randint(2, 7)
    entries = rng.sample(_ENTRIES, count) if rng.random() < 0.5 else [writer.label() for _ in range(count)]
    entries = list(dict.fromkeys(entry.replace(",", ".") for entry in entries))
    shortcuts = [f"Ctrl+{rng.choice('ABCDEFGHJKLNOPQRSTUVWXYZ')}" if rng.random() < 0.5 else "" for _ in entries]
    if rng.random() < 0.5:
        shortcuts = [""] * len(entries)
    side, pitch = style.pad(rng.randint(10, 28)), round(pen.line * rng.uniform(1.2, 1.8))
    gap = style.px(24)
    wide = max(map(pen.width, entries)) + (gap + max(map(pen.width, shortcuts)) if any(shortcuts) else 0)
    edge = style.px(rng.randint(2, 6))
    sketch = Sketch(wide + 2 * side, pitch * len(entries) + 2 * edge, style.theme.field)
    width = sketch.image.width
    chosen = rng.randrange(len(entries)) if rng.random() < 0.5 else -1
    for number, (entry, shortcut) in enumerate(zip(entries, shortcuts, strict=True)):
        top = edge + number * pitch
        ink = style.theme.field_ink
        if number == chosen:
            sketch.draw.rectangle((edge, top, width - edge - 1, top + pitch - 1), style.theme.accent)
            ink = style.theme.accent_ink
        baseline = sketch.row(top, top + pitch, pen)
        sketch.text(side, baseline, entry, pen, ink)
        if shortcut:
            sketch.text(width - side - pen.width(shortcut), baseline, shortcut, pen, ink)
    sketch.draw.rectangle((0, 0, width - 1, sketch.image.height - 1), None, style.theme.line)
    asker = Asker(rng)
    asker.ask("item", ", ".join(entries), as_kind="menu")
    for number, entry in enumerate(entries, 1):
        asker.ask("line", f"{entry} {shortcuts[number - 1]}".strip(), n=number)
    for entry, shortcut in zip(entries, shortcuts, strict=True):
        if shortcut:
            asker.ask("shortcut", shortcut, as_kind="value", label=entry)
    asker.ask("line_count", str(len(entries)), as_kind="count")
    asker.ask("describe", f"A menu with the entries {listed(entries)}." if len(entries) > 1 else "A menu.")
    return sketch.finish(asker, "menu", "menu")


def ask_lines(asker: Asker, lines: list[str]) -> None:
    """Single lines, their number, and all of them where that stays short."""
    for number, line in enumerate(lines, 1):
        asker.ask("line", line, n=number)
    if len(lines) > 1:
        asker.ask("line_first", lines[0], as_kind="line")
        asker.ask("line_last", lines[-1], as_kind="line")
        asker.ask("line_count", str(len(lines)), as_kind="count")
    text = " ".join(lines)
    if len(text) <= 250:
        asker.ask("text", text)


def _body(rng: random.Random, writer: Writer, pen: Pen) -> list[str]:
    if rng.random() < 0.5:
        text = " ".join(writer.message(error=False) for _ in range(rng.randint(1, 3)))
        return pen.wrap(text, pen.size * rng.uniform(14, 28))[: rng.randint(2, 7)]
    return [writer.sentence(1, 5) if rng.random() < 0.7 else writer.noise(1, 4) for _ in range(rng.randint(2, 6))]

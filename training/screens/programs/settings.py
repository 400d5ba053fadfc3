"""Settings: categories at the left, groups of values, drop-down lists, switches and check boxes."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from training.screens.dialogs import draw_button, listed
from training.screens.phrases import Writer
from training.screens.programs.parts import ask_side, draw_side
from training.screens.programs.window import ProgramWindow
from training.screens.records import Question, Screen
from training.screens.themes import Style

_CATEGORIES = (
    "General", "Appearance", "Network", "Sound", "Display", "Keyboard", "Mouse", "Printers", "Power", "Privacy",
    "Users", "Language", "Notifications", "Accounts", "Advanced", "Updates", "Storage", "Security", "About",
    "Shortcuts", "Bluetooth", "Fonts", "Background", "Search", "Accessibility", "Date & Time",
)  # fmt: skip
_VALUES: dict[str, tuple[str, ...] | str] = {
    "Language": ("English", "German", "French", "Spanish", "Italian", "Dutch"), "Theme": ("Light", "Dark", "System"),
    "Resolution": ("1920 x 1080", "2560 x 1440", "1280 x 720", "3840 x 2160"),
    "Refresh rate": ("60 Hz", "75 Hz", "144 Hz"), "Scale": ("100 %", "125 %", "150 %", "200 %"),
    "Font size": ("9", "10", "11", "12", "14"), "Volume": "percent", "Brightness": "percent", "Device name": "word",
    "Host name": "host", "User name": "name", "Time zone": "place", "Output device": "words", "Printer": "words",
    "Paper size": ("A4", "A5", "Letter", "Legal"), "IP address": "host", "Download folder": "path",
    "Version": "version", "Screen timeout": ("5 minutes", "10 minutes", "1 hour", "Never"), "Home page": "host",
    "Memory": "size", "Disk": "size", "Interval": ("Daily", "Weekly", "Monthly", "Never"), "E-mail": "email",
    "Serial number": "code", "Proxy": "host", "Port": "number", "Quality": ("Low", "Medium", "High"),
}  # fmt: skip
_RADIO_SHARE = 0.45
"""Of settings with a few choices, for training, that show them all with circles."""
_SWITCHES = (
    "Wi-Fi", "Bluetooth", "Night light", "Do not disturb", "Automatic updates", "Show hidden files", "Airplane mode",
    "Location", "Dark mode", "Animations", "Start at login", "Show clock", "Sound effects", "Tap to click",
    "Ask before closing", "Send statistics", "Save history", "Spell checking", "Use proxy", "Large text",
)  # fmt: skip


@dataclass
class _Row:
    """A setting: `value` is its text, or None for a switch, which is on or off."""

    label: str
    value: str | None
    on: bool = False
    options: tuple[str, ...] = ()
    """What one can choose from, where that is shown."""


def draw_settings(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A window of settings of this size."""
    window = ProgramWindow(rng, writer, style, width, height)
    asker = window.asker
    categories = [*rng.sample(_CATEGORIES, rng.randint(4, 14)), *(writer.label() for _ in range(rng.randint(0, 3)))]
    categories = list(dict.fromkeys(name.replace(",", ".") for name in categories))
    page = rng.choice(categories)
    window.title(rng.choice(("Settings", "Preferences", page, "Options")))
    if rng.random() < 0.2:
        window.menus()
    buttons = rng.choice(("OK|Cancel", "Apply|Close", "Help|OK|Cancel", "Close", "Reset|Save", "", "")).split("|")
    buttons = _buttons(window, [name for name in buttons if name])
    if rng.random() < 0.85:
        side = draw_side(window, categories, page, icons=rng.random() < 0.7, share=0.2)
        absent = writer.slot("noun").capitalize()
        ask_side(window, side, *rng.choice((("category", "categories"), ("page", "pages"))), absent)
    window.tabs(_CATEGORIES, 0.25, first=page)
    groups = _draw_page(window, page)
    rows = [row for _, group in groups for row in group]
    _ask_rows(window, rows)
    named = [name for name, group in groups if name and group]
    if named:
        asker.ask("section", ", ".join(named), as_kind="menu")
    for name, group in groups:
        if name and group:
            asker.ask("under", ", ".join(row.label for row in group), as_kind="menu", label=name)
    if buttons:
        asker.ask("buttons", ", ".join(buttons))
    labels = listed([row.label for row in rows[:4]])
    return window.finish("settings", "settings window", f'with the page "{page}" open, showing {labels}.')


def _buttons(window: ProgramWindow, names: list[str]) -> list[str]:
    """At the bottom right."""
    if not names:
        return names
    height, wide = round(window.pen.line * 1.6), [window.pen.width(name) + 4 * window.gap for name in names]
    window.bottom -= height + window.gap
    x = window.right - sum(wide) - window.gap * len(names)
    for name, width in zip(names, wide, strict=True):
        box = (x, window.bottom + window.gap // 2, x + width, window.bottom + window.gap // 2 + height)
        draw_button(window.sketch, window.style, box, name, window.pen)
        x += width + window.gap
    return names


def _draw_page(window: ProgramWindow, page: str) -> list[tuple[str, list[_Row]]]:
    """A heading and groups of rows from the top, as many as fit."""
    rng, pen, theme, sketch, gap = window.rng, window.pen, window.theme, window.sketch, window.gap
    left, top = window.left + 2 * gap, float(window.top + gap)
    room = window.right - left - 2 * gap
    wide = min(room, pen.size * rng.choice((26, 36, 50)))
    if rng.random() < 0.7:
        large = window.style.type.pen(rng.choice((1.2, 1.5, 1.8)), bold=rng.random() < 0.7)
        heading = window.fit(page, room, large)
        sketch.text(left, top + large.line, heading, large, theme.ink)
        top += large.line * 1.6
        window.asker.ask("heading", heading)
    pitch = round(pen.line * rng.uniform(1.5, 2.1))
    kinds = {"column": rng.uniform(0.35, 0.6), "switch": rng.random() < 0.6, "mark": rng.random() < 0.5,
             "box": rng.random() < 0.7}  # fmt: skip
    rows, groups = _rows(window), []
    while rows and top + 2.2 * pitch < window.bottom:
        group, shown = rows[: rng.randint(2, 5)], []
        name = window.writer.words(1, 2).capitalize() if rng.random() < 0.6 else ""
        if name:
            name = window.fit(name, wide, window.bold)
            sketch.text(left, sketch.row(top, top + pitch, pen), name, window.bold, theme.ink)
            top += pitch
        for row in group:
            if top + pitch > window.bottom:
                break
            shown.append(_draw_row(window, row, (left, top, left + wide, top + pitch), kinds))
            top += pitch
        groups.append((name, shown))
        rows = rows[len(group) :]
        top += gap * 1.5
    return groups


def _rows(window: ProgramWindow) -> list[_Row]:
    rng, writer = window.rng, window.writer
    rows: dict[str, _Row] = {}
    for _ in range(rng.randint(5, 20)):
        draw = rng.random()
        if draw < 0.4:
            label = rng.choice(_SWITCHES) if rng.random() < 0.6 else writer.words(1, 3).capitalize()
            rows[label] = _Row(label, None, on=rng.random() < 0.5)
            continue
        options: tuple[str, ...] = ()
        if draw < 0.8:
            label, kind = rng.choice(list(_VALUES.items()))
            value = rng.choice(kind) if isinstance(kind, tuple) else _value(writer, kind)
            options = kind if isinstance(kind, tuple) and writer.training and rng.random() < _RADIO_SHARE else ()
        else:
            label, value = writer.words(1, 2).capitalize(), rng.choice((writer.word, writer.number, writer.name))()
        rows[label] = _Row(label, value, options=options)
    return list(rows.values())


def _value(writer: Writer, kind: str) -> str:
    return str(writer.rng.choice(writer.vocabulary.places)) if kind == "place" else writer.slot(kind)


def _draw_row(
    window: ProgramWindow, row: _Row, box: tuple[float, float, float, float], kinds: dict[str, float]
) -> _Row:
    """Label and value, or switch or check box; returns what can be read."""
    left, top, right, bottom = box
    pen, theme, sketch = window.pen, window.theme, window.sketch
    baseline, size = sketch.row(top, bottom, pen), round((bottom - top) * 0.5)
    middle = round((top + bottom) / 2)
    if row.value is None:
        fill, ink = window.selection(theme.window)
        label = window.fit(row.label, right - left - 3 * size)
        if kinds["switch"]:
            sketch.text(left, baseline, label, pen, theme.ink)
            track = (right - 2 * size, middle - size // 2, right, middle + size // 2)
            sketch.draw.rounded_rectangle(track, size // 2, fill if row.on else theme.line)
            knob = right - size if row.on else right - 2 * size
            sketch.draw.ellipse(
                (knob + 1, middle - size // 2 + 1, knob + size - 1, middle + size // 2 - 1), (250, 250, 250)
            )
            return _Row(label, None, row.on)
        square = (left, middle - size // 2, left + size, middle + size // 2)
        sketch.draw.rectangle(square, fill if row.on else theme.field, theme.line)
        if row.on:
            tick = (
                (left + size * 0.2, middle),
                (left + size * 0.45, middle + size * 0.25),
                (left + size * 0.85, middle - size * 0.3),
            )
            sketch.draw.line(tick, ink, max(1, size // 6))
        sketch.text(left + size + window.gap, baseline, label, pen, theme.ink)
        return _Row(label, None, row.on)
    if row.options and left + _radio_width(window, row) <= right:
        _draw_radio(window, row, left, baseline, middle)
        return row
    column = left + (right - left) * kinds["column"]
    label = window.fit(row.label + (":" if kinds["mark"] else ""), column - left - window.gap)
    value = window.fit(row.value, right - column - 3 * window.gap)
    sketch.text(left, baseline, label, pen, theme.ink)
    ink = theme.ink
    if kinds["box"]:
        sketch.panel((column, top + 2, right, bottom - 2), theme.field, theme, sunken=True)
        ink = theme.field_ink
        arrow = (
            (right - window.gap * 1.6, middle - 2),
            (right - window.gap * 0.8, middle - 2),
            (right - window.gap * 1.2, middle + 2),
        )
        sketch.draw.polygon(arrow, ink)
    sketch.text(column + window.gap / 2, baseline, value, pen, ink)
    return _Row(label.rstrip(":"), value)


def _radio_width(window: ProgramWindow, row: _Row) -> float:
    return sum(window.pen.width(text) + 3 * window.gap + window.pen.up for text in (row.label, *row.options))


def _draw_radio(window: ProgramWindow, row: _Row, x: float, baseline: float, middle: int) -> None:
    """The label, then each option with a circle, of which one is filled."""
    theme, draw, size = window.theme, window.sketch.draw, max(4, round(window.pen.up / 2))
    x = window.sketch.text(x, baseline, row.label, window.pen, theme.ink) + 2 * window.gap
    for option in row.options:
        circle = (round(x), middle - size, round(x) + 2 * size, middle + size)
        draw.ellipse(circle, theme.field, theme.ink)
        if option == row.value:
            inner = (circle[0] + size // 2, circle[1] + size // 2, circle[2] - size // 2, circle[3] - size // 2)
            draw.ellipse(inner, window.selection(theme.field)[0])
        x = (
            window.sketch.text(x + 2 * size + window.gap * 0.7, baseline, option, window.pen, theme.ink)
            + 2 * window.gap
        )


def _ask_rows(window: ProgramWindow, rows: list[_Row]) -> None:
    asker = window.asker
    switches = [row for row in rows if row.value is None]
    values = {row.label: row.value for row in rows if row.value is not None}
    for label, value in values.items():
        asker.ask("set_to", value, as_kind="value", label=label)
    for row in rows:
        if row.options and row.value:
            asker.ask("radio", row.value, as_kind="selected", label=row.label)
            asker.ask("radio_options", ", ".join(row.options), as_kind="menu", label=row.label)
    for row in switches:
        asker.ask("is_on", "Yes" if row.on else "No", as_kind="is_checked", label=row.label)
    if switches:
        asker.ask("all_on", ", ".join(row.label for row in switches if row.on) or "None", as_kind="checked")
        asker.ask("all_off", ", ".join(row.label for row in switches if not row.on) or "None", as_kind="checked")
    if values:
        asker.record(values)
        everything = {row.label: row.on if row.value is None else row.value for row in rows}
        whole = json.dumps(everything, ensure_ascii=False)
        if len(whole) < 700:
            asker.questions.append(Question("json", asker.phrase("json_all"), whole))

"""Spreadsheets."""

from __future__ import annotations

import random

from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.programs.window import MOST_ROWS, ProgramWindow
from training.screens.records import Screen
from training.screens.relations import Relation, relation_questions
from training.screens.themes import Style

_HEADINGS: dict[str, str] = {
    "Price": "amount", "Cost": "amount", "Amount": "number", "Quantity": "number", "Stock": "number", "Date": "date",
    "Code": "code", "Supplier": "name", "Owner": "name", "Year": "number", "Rent": "number", "Travel": "number",
    "Food": "number", "Sales": "number", "Hours": "number", "Paid": "date", "Unit": "noun", "Status": "adjective",
    "Share": "percent", "Points": "number", "Weight": "number", "Start": "time", "Place": "noun", "Budget": "number",
}  # fmt: skip
_TOOLS = ("New", "Open", "Save", "Print", "Cut", "Copy", "Paste", "Sum", "Sort", "Chart")
Grid = list[list[str]]


def draw_spreadsheet(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A spreadsheet of this size: formula bar, letters and numbers, a table with totals, tabs of sheets."""
    window = ProgramWindow(rng, writer, style, width, height)
    window.title(f"{writer.word()}.{rng.choice(('ods', 'xlsx', 'csv', 'gnumeric'))}")
    window.menus()
    window.tools(_TOOLS, 0.5)
    tabs = list(
        dict.fromkeys(rng.choice((f"Sheet{n}", writer.word().capitalize())) for n in range(1, rng.randint(2, 5)))
    )
    status = rng.choice(("", f"Sheet 1 of {len(tabs)}", "Ready", f"Sum={writer.number()}"))
    if status:
        window.status(status)
    _draw_tabs(window, tabs)
    grid, total = _content(rng, writer)
    bar = round(window.pen.line * 1.6)
    pitch = round(window.pen.line * rng.choice((1.2, 1.35, 1.5)))
    room = (window.bottom - window.top - bar) // pitch - 1
    grid = _cut(window, grid, room, rng.choice((0, 0, 0, 1)), total=total)
    first = next(n for n, row in enumerate(grid) if any(row))
    total = total if grid[-1][0] == total else ""
    chosen = (rng.randrange(first, len(grid)), rng.randrange(len(grid[0])))
    _draw_formula(window, f"{_letter(chosen[1])}{chosen[0] + 1}", grid[chosen[0]][chosen[1]], bar)
    _draw_grid(window, grid, pitch, chosen, first)
    _ask(window, grid, first, total)
    columns = ", ".join(grid[first])
    return window.finish("spreadsheet", "spreadsheet", f"with the columns {columns} and {len(grid) - first - 1} rows.")


def _letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


def _content(rng: random.Random, writer: Writer) -> tuple[Grid, str]:
    """Headings and rows, and what the row of totals is called, or nothing where there is none."""
    kinds = rng.sample(list(_HEADINGS), rng.randint(1, 6))
    if rng.random() < 0.3:
        kinds = [name for name in kinds if _HEADINGS[name] == "number"] or ["Rent"]
    key = rng.choice(("Name", "Item", "Article", "Month", "Product", "Day", "Person", "Project"))
    count = rng.randint(3, MOST_ROWS - 2)
    if writer.training and rng.random() < 0.5:
        count = rng.randint(2, 8)
    names = {"Month": list(MONTHS), "Day": list(DAYS)}.get(key) or [
        writer.name() if key == "Person" else writer.words(1, 2) for _ in range(count)
    ]
    names = list(dict.fromkeys(names))[:count]
    rows = [[name, *(writer.slot(_HEADINGS[kind]) for kind in kinds)] for name in names]
    for row in rows:
        if rng.random() < 0.08:
            row[rng.randrange(1, len(row))] = ""
    total = rng.choice(("Total", "Sum", "Total:")) if rng.random() < 0.5 else ""
    sums = [sum(int(row[i]) for row in rows if row[i]) if _HEADINGS[kind] == "number" else None
            for i, kind in enumerate(kinds, 1)]  # fmt: skip
    if total and any(value is not None for value in sums):
        rows.append([total, *("" if value is None else str(value) for value in sums)])
    else:
        total = ""
    return [[key, *kinds], *rows], total


def _cut(window: ProgramWindow, grid: Grid, room: int, blank: int, *, total: str) -> Grid:
    """What fits, after blank rows; a row of totals that is kept is still the sum of what is above it."""
    pen = window.pen
    while (
        len(grid[0]) > 1
        and sum(max(pen.width(row[i]) for row in grid) + 3 * window.gap for i in range(len(grid[0])))
        > window.right - pen.size * 3
    ):
        grid = [row[:-1] for row in grid]
    if len(grid) + blank > room:
        grid = grid[: max(2, room - blank)]
    if total and grid[-1][0] == total and not any(grid[-1][1:]):
        grid = grid[:-1]
    return [[""] * len(grid[0])] * blank + grid


def _draw_tabs(window: ProgramWindow, tabs: list[str]) -> None:
    """At the bottom left, with one open."""
    height, x = round(window.pen.line * 1.4), float(window.gap)
    window.bottom -= height
    opened, shown = window.rng.choice(tabs[:2]), []
    for name in tabs:
        wide = window.pen.width(name) + 2 * window.gap
        if x + wide > window.right:
            break
        fill, ink = (
            (window.theme.field, window.theme.field_ink)
            if name == opened
            else (window.theme.button, window.theme.button_ink)
        )
        box = (x, window.bottom, x + wide, window.bottom + height - 2)
        window.sketch.panel(box, fill, window.theme)
        if name == opened:
            line = (round(x) + 1, window.bottom + height - 3, round(x + wide) - 2, window.bottom + height - 3)
            window.sketch.draw.line(line, window.selection(fill)[0], 3)
        pen = window.bold if name == opened and pen_fits(window, name, wide) else window.pen
        window.sketch.text(x + window.gap, window.sketch.row(box[1], box[3], pen), name, pen, ink)
        shown.append(name)
        x += wide + 2
    if opened in shown:
        window.asker.ask("tab", opened, as_kind="selected")
    window.asker.ask("tabs", ", ".join(shown), as_kind="menu")


def pen_fits(window: ProgramWindow, name: str, wide: float) -> bool:
    """Whether the name is narrow enough in bold."""
    return window.bold.width(name) + window.gap < wide


def _draw_formula(window: ProgramWindow, name: str, content: str, height: int) -> None:
    """The cell's name and its content."""
    top, bottom = window.top, window.top + height
    pen, theme, wide = window.pen, window.theme, round(window.pen.size * 4)
    row = window.sketch.row(top, bottom, pen)
    window.sketch.panel((window.gap, top + 2, window.gap + wide, bottom - 2), theme.field, theme, sunken=True)
    window.sketch.text(window.gap * 1.6, row, name, pen, theme.field_ink)
    left = window.gap * 3 + wide
    window.sketch.panel((left, top + 2, window.right - window.gap, bottom - 2), theme.field, theme, sunken=True)
    window.sketch.text(left + window.gap, row, content, pen, theme.field_ink)
    window.top = bottom
    window.asker.ask("cell_name", name, as_kind="selected")
    if content:
        window.asker.ask("formula", content, as_kind="value")


def _draw_grid(window: ProgramWindow, grid: Grid, pitch: int, chosen: tuple[int, int], first: int) -> None:
    """Cells to the edges of the window, the filled ones from the top left."""
    rng, pen, theme, sketch, gap = window.rng, window.pen, window.theme, window.sketch, window.gap
    widths = [max(window.bold.width(row[i]) for row in grid) + 2 * gap for i in range(len(grid[0]))]
    widths = [max(wide, pen.size * rng.choice((4, 5, 7))) for wide in widths]
    edge = round(pen.width("000") + gap)
    spare = window.right - edge - sum(widths)
    widths = [wide + max(0, min(spare / len(widths), 0)) for wide in widths]
    top, left = window.top, float(edge)
    sketch.draw.rectangle((0, top, window.right, window.bottom), theme.field)
    sketch.draw.rectangle((0, top, window.right, top + pitch), theme.window)
    sketch.draw.rectangle((0, top, edge, window.bottom), theme.window)
    bold_head, lines = rng.random() < 0.6, rng.random() < 0.85
    tone = tuple((4 * a + b) // 5 for a, b in zip(theme.field, theme.field_ink, strict=True))
    column = 0
    while left < window.right and column < 26:
        wide = widths[column] if column < len(widths) else pen.size * 6
        if column == chosen[1]:
            sketch.draw.rectangle((left, top, min(left + wide, window.right), top + pitch), tone)
        if left + wide <= window.right or column < len(widths):
            ink = theme.field_ink if column == chosen[1] else theme.ink
            sketch.centred(left, left + wide, sketch.row(top, top + pitch, pen), _letter(column), pen, ink)
        if lines:
            sketch.draw.line((left, top, left, window.bottom), theme.line)
        left, column = left + wide, column + 1
    rights = [
        i > 0 and all(row[i][:1].isdigit() or not row[i] for row in grid[first + 1 :]) for i in range(len(grid[0]))
    ]
    number, y = 0, top + pitch
    while y + pitch <= window.bottom:
        sketch.centred(0, edge, sketch.row(y, y + pitch, pen), str(number + 1), pen, theme.ink)
        if lines:
            sketch.draw.line((0, y, window.right, y), theme.line)
        x = float(edge)
        for i, cell in enumerate(grid[number] if number < len(grid) else ()):
            used = window.bold if bold_head and number == first else pen
            at = x + widths[i] - gap / 2 - used.width(cell) if rights[i] else x + gap / 2
            if cell:
                sketch.text(at, sketch.row(y, y + pitch, pen), cell, used, theme.field_ink)
            if (number, i) == chosen:
                sketch.draw.rectangle((x, y, x + widths[i], y + pitch), None, window.selection(theme.field)[0], 2)
            x += widths[i]
        number, y = number + 1, y + pitch


def _ask(window: ProgramWindow, grid: Grid, first: int, total: str) -> None:
    asker, rng = window.asker, window.rng
    headings, rows = grid[first], grid[first + 1 :]
    body = rows[:-1] if total else rows
    filled = [(n, i) for n, row in enumerate(grid) for i, cell in enumerate(row) if cell]
    for n, i in rng.sample(filled, min(6, len(filled))):
        name = f"{_letter(i)}{n + 1}"
        asker.ask("in_cell", grid[n][i], as_kind="cell", label=name)
        if sum(row.count(grid[n][i]) for row in grid) == 1:
            asker.ask("where", name, as_kind="cell_name", label=grid[n][i])
    names = [row[0] for row in body]
    for row in rng.sample(body, min(6, len(body))):
        for i in rng.sample(range(1, len(headings)), min(2, len(headings) - 1)):
            if row[i] and names.count(row[0]) == 1:
                asker.ask("cell_of", row[i], as_kind="cell", label=row[0], column=headings[i].lower())
    if total:
        _ask_totals(window, headings, rows[-1])
    if body:
        asker.names(f"cells of the column {headings[0]}", names)
        asker.ask("items_count", str(len(body)), as_kind="count", items="rows under the headings")
    asker.ask("list_columns", ", ".join(headings), as_kind="columns")
    asker.records("row", "rows", headings, body)
    if window.writer.training and body:
        asker.questions += relation_questions(rng, Relation(headings, body, total=bool(total)))
    asker.whole_table(headings, rows)


def _ask_totals(window: ProgramWindow, headings: list[str], last: list[str]) -> None:
    sums = {name: value for name, value in zip(headings[1:], last[1:], strict=True) if value}
    for name, value in sums.items():
        window.asker.ask("total_of", value, as_kind="total", label=name)
    if len(sums) == 1:
        window.asker.ask("grand_total", next(iter(sums.values())), as_kind="total")

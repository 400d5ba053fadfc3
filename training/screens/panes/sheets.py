"""Spreadsheets: cells by reference, the selected cell, empty cells and zeros, rows that match."""

from __future__ import annotations

import json
from random import Random

from training.screens.page import mixed
from training.screens.pages import PROMPTS
from training.screens.panes.frame import Frame
from training.screens.panes.grid import Rows, ask_matching
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Question, Screen
from training.screens.relations import Relation, relation_questions
from training.screens.themes import Style

_NUMBERS = ("Rent", "Water", "Power", "Insurance", "Fuel", "Sales", "Visits", "Hours", "Repairs", "Gifts", "Clothes",
            "Phone",
            "Income", "Tickets", "Costs", "Orders", "Returns", "Profit", "Bonus", "Tax")  # fmt: skip
_TEXTS = {"Supplier": "app", "Place": "noun", "Owner": "name", "Colour": "adjective", "Status": "adjective",
          "Shelf": "code",
          "Due": "date", "Price": "amount", "Stock": "number", "Unit": "noun", "Contact": "email", "Buyer": "name",
          "City": "noun", "Weight": "size", "Opened": "date"}  # fmt: skip
_BUTTONS = ("New", "Open", "Save", "Print", "Cut", "Copy", "Paste", "Bold", "Sum", "Sort", "Chart", "Filter")


def draw_sheet(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A sheet with headings, rows and perhaps a row of totals; the name box names the selected cell."""
    frame = Frame(rng, writer, style, width, height, "spreadsheet")
    frame.title(f"{writer.word()}.{rng.choice(('ods', 'xlsx', 'csv', 'tab', 'xls'))}", "document")
    frame.menus()
    frame.tools(rng.sample(_BUTTONS, rng.randint(4, 9)))
    headings, rows, item, total = _content(rng, writer)
    first_row = rng.choice((0, 0, 0, 1, 2))
    pitch = round(frame.pen.line * rng.choice((1.1, 1.2, 1.35)))
    frame.status(rng.choice((["Sheet 1 of 1", "Default"], ["Ready"], [f"Sum = {writer.number()}"],
                             [f"Average: {rng.randint(1, 99)}; Sum: {rng.randint(100, 9999)}"])))  # fmt: skip
    tabs = list(
        dict.fromkeys(rng.choice((f"Sheet{n}", writer.word().capitalize())) for n in range(1, rng.randint(2, 6)))
    )
    _sheet_tabs(frame, tabs)
    bar = round(frame.pen.line * 1.6)
    room = int((frame.bottom - frame.top - bar) / pitch) - 1 - first_row
    if len(rows) + 1 > room:
        rows, total = rows[: max(1, room - 1)], False
    widths = [
        max(frame.pen.width(cell) for cell in column) + 2 * frame.gap for column in zip(headings, *rows, strict=True)
    ]
    head = frame.pen.width("000") + frame.gap
    while len(widths) > 1 and sum(widths) + head > frame.wide:
        widths, headings, rows = widths[:-1], headings[:-1], [row[:-1] for row in rows]
    spare = max(0.0, frame.wide - head - sum(widths)) / len(widths) * rng.choice((0, 0.3, 0.6))
    widths = [min(wide + spare, frame.pen.size * 14) if spare else wide for wide in widths]
    grid = [[""] * len(headings) for _ in range(first_row)] + [headings, *rows]
    chosen = (rng.randrange(first_row, len(grid)), rng.randrange(len(headings))) if rng.random() < 0.7 else (
        rng.randrange(len(grid) + 3), rng.randrange(len(headings)))  # fmt: skip
    cell = grid[chosen[0]][chosen[1]] if chosen[0] < len(grid) else ""
    name = f"{chr(65 + chosen[1])}{chosen[0] + 1}"
    _formula_bar(frame, name, cell, bar)
    _cells(frame, grid, widths, pitch, head, chosen, first_row)
    frame.ask("selected", name, "Which cell is selected?", "What cell is selected?", "In which cell is the cursor?",
              "Selected cell?",
              "Which cell is active?", "What does the name box say?", "Which cell has the frame?",
              "On which cell am I?",
              "Name of the selected cell?", "Which cell is marked?")  # fmt: skip
    if cell:
        frame.ask("value", cell, "What is in the selected cell?", "What does the selected cell contain?",
                  "Content of the active cell?",
                  "What does the formula bar show?", "Read the selected cell.", "What is in the formula bar?",
                  "Value of the selected cell?", "What stands in the highlighted cell?")  # fmt: skip
    _ask(frame, grid, headings, rows, item, first_row, total=total)
    return frame.done("sheet", f"with the columns {', '.join(headings)} and {len(rows)} rows.")


def _content(rng: Random, writer: Writer) -> tuple[list[str], Rows, str, bool]:
    """Headings, rows, what a row is, and whether the last row is one of totals."""
    if rng.random() < 0.5:
        first, names = rng.choice((("Month", list(MONTHS)), ("Day", list(DAYS)),
                                   ("Week", [f"Week {n}" for n in range(1, 20)]),
                                   ("Year", [str(n) for n in range(rng.randint(1990, 2015), 2030)])))  # fmt: skip
        start = rng.randrange(max(1, len(names) - 5))
        names = names[start : start + rng.randint(3, 12)]
        kinds = rng.sample(_NUMBERS, rng.randint(2, 6))
        top = 10 ** rng.randint(2, 4)
        rows = [[name, *(str(rng.randint(1, top)) for _ in kinds)] for name in names]
        for _ in range(rng.choice((0, 1, 1, 2))):
            rows[rng.randrange(len(rows))][rng.randint(1, len(kinds))] = rng.choice(("", "", "0", "-"))
        total = rng.random() < 0.35 and all(cell.isdigit() for row in rows for cell in row[1:])
        if total:
            rows.append(["Total", *(str(sum(int(row[n]) for row in rows)) for n in range(1, len(kinds) + 1))])
        return [first, *kinds], rows, first.lower(), total
    kinds = rng.sample(list(_TEXTS), rng.randint(2, 6))
    first = rng.choice(("Article", "Item", "Part", "Name", "Product", "Device", "Book"))
    count = rng.randint(3, 16)
    if first == "Name":
        names = list(dict.fromkeys(writer.name() for _ in range(count)))
    else:
        names = [f"{writer.slot('adjective')} {writer.slot('noun')}".capitalize() for _ in range(count)]
        names = list(dict.fromkeys(names))
    pools = {kind: [str(writer.slot(_TEXTS[kind])).replace(",",
                                                           "") for _ in range(len(names) if rng.random() < 0.5 else 4)]
             for kind in kinds}  # fmt: skip
    rows = [[name, *(rng.choice(pools[kind]) for kind in kinds)] for name in names]
    return [first, *kinds], rows, first.lower() if first != "Name" else "person", False


def _formula_bar(frame: Frame, name: str, cell: str, high: int) -> None:
    theme, wide = frame.style.theme, frame.pen.width("AA1000") + 2 * frame.gap
    top, bottom = frame.strip(high)
    frame.sketch.panel((2, top + 2, wide, bottom - 2), theme.field, theme, sunken=True)
    frame.put(frame.gap, top, name, None, theme.field_ink, high)
    left = wide + frame.gap * (1 if frame.rng.random() < 0.5 else 5)
    frame.sketch.panel((left, top + 2, frame.right - 3, bottom - 2), theme.field, theme, sunken=True)
    frame.put(left + frame.gap, top, cell, None, theme.field_ink, high)


def _sheet_tabs(frame: Frame, tabs: list[str]) -> None:
    high = round(frame.pen.line * 1.4)
    frame.bottom -= high
    frame.fill((frame.left, frame.bottom, frame.right, frame.bottom + high), frame.bar_ground)
    x, shown, opened = frame.left + frame.gap * 3, [], frame.rng.choice(tabs)
    for name in tabs:
        pen = frame.bold if name == opened else frame.pen
        if x + pen.width(name) + 2 * frame.gap > frame.right:
            break
        if name == opened:
            frame.fill((x, frame.bottom, x + pen.width(name) + 2 * frame.gap, frame.bottom + high - 2), frame.ground)
        frame.put(x + frame.gap, frame.bottom, name, pen, frame.ink if name == opened else frame.bar_ink, high)
        x += pen.width(name) + 2.4 * frame.gap
        shown.append(name)
    frame.ask_names(shown, "sheet", "sheets", " at the bottom", selected=opened if opened in shown else "", across=True,
                    kind="menu", most=2)  # fmt: skip


def _cells(
    frame: Frame, grid: Rows, widths: list[float], pitch: int, head: float, chosen: tuple[int, int], first: int
) -> None:
    rng, top = frame.rng, frame.top
    lines, bold = rng.random() < 0.8, rng.random() < 0.5
    shade = mixed(frame.bar_ink, frame.bar_ground, 0.06)
    down = int((frame.bottom - top) / pitch)
    frame.fill((frame.left, top, frame.right, top + pitch), shade)
    frame.fill((frame.left, top, frame.left + head, frame.bottom), shade)
    edges = [frame.left + head]
    across = [*widths, *[frame.pen.size * 6.0] * 12]
    for n, wide in enumerate(across):
        if edges[-1] + wide > frame.right:
            break
        label = chr(65 + n)
        frame.put(edges[-1] + (wide - frame.pen.width(label)) / 2, top, label, None, frame.bar_ink, pitch)
        edges.append(edges[-1] + wide)
    for n in range(1, down):
        y = top + n * pitch
        frame.put(frame.left + (head - frame.pen.width(str(n))) / 2, y, str(n), None, frame.bar_ink, pitch)
        if lines:
            frame.sketch.draw.line((frame.left, y, frame.right, y), frame.line)
    if lines:
        for x in edges:
            frame.sketch.draw.line((x, top, x, frame.bottom), frame.line)
    for n, row in enumerate(grid):
        y = top + (n + 1) * pitch
        for m, cell in enumerate(row):
            pen = frame.bold if bold and n == first and frame.bold.width(cell) < widths[m] else frame.pen
            number = cell.replace(".", "").isdigit()
            x = edges[m] + widths[m] - pen.width(cell) - 3 if number else edges[m] + 3
            frame.put(x, y, cell, pen, None, pitch)
    y, x = top + (chosen[0] + 1) * pitch, edges[chosen[1]]
    if y + pitch <= frame.bottom:
        frame.sketch.draw.rectangle((x, y, x + widths[chosen[1]], y + pitch), None, frame.accent, 2)


def _ask(frame: Frame, grid: Rows, headings: list[str], rows: Rows, item: str, first: int, *, total: bool) -> None:
    rng = frame.rng
    _ask_references(frame, grid, first)
    body = rows[:-1] if total else rows
    names = [row[0] for row in body]
    unique = len(set(names)) == len(names)
    for m, heading in enumerate(headings[1:], 1):
        low = heading.lower()
        for row in rng.sample(body, min(2, len(body))):
            if row[m] and unique:
                frame.ask("cell", row[m], "What is the {h} of {n}?",
                          "How much is {h} for {n}?" if row[m].isdigit() else "{h} of {n}?",
                          "{n}: {h}?", "{h} for {n}?", "Which {h} is given for {n}?",
                          "What does it say under {h} for {n}?",
                          "What was the {h} in {n}?" if item in {"month", "year", "day",
                                                                 "week"} else "Which {h} has {n}?",
                          "Look up the {h} of {n}.", h=low, n=row[0])  # fmt: skip
        empty = [row[0] for row in body if row[m] in {"", "0", "-"}]
        if len(empty) == 1 and unique:
            frame.ask("cell", empty[0], "Which {i} has no {h}?", "For which {i} is there no {h}?",
                      "Where is {h} missing?",
                      "Which {i} is without {h}?", "In which {i} was there no {h}?", "No {h}: which {i}?",
                      "Which {i} has nothing under {h}?", "For which {i} is the {h} empty or zero?", i=item,
                      h=low)  # fmt: skip
    if total:
        m = rng.randint(1, len(headings) - 1)
        frame.ask("cell", rows[-1][m], "What is the total of {h}?", "Total {h}?", "How much is {h} in total?",
                  "Sum of {h}?",
                  "What does {h} add up to?", "What is the total under {h}?", "{h} altogether?", "How much {h} in all?",
                  h=headings[m].lower())  # fmt: skip
    frame.ask("how_many", str(len(body)), "How many rows of data are there?", "How many {i}s are listed?",
              "How many rows are filled?",
              "Count the rows below the headings.", "How many {i}s are there?", "How many entries does the table have?",
              "Number of rows without the headings?", "How many rows of values does the sheet have?",
              i=item if item != "person" else "name")  # fmt: skip
    frame.ask_names(headings, "column", "columns", " of the table", across=True, kind="columns", most=2)
    frame.asker.questions += relation_questions(
        rng, Relation(headings, rows, item, item + "s", total=total, count_kind="how_many"), most=6
    )
    answer = json.dumps({"columns": headings, "rows": rows}, ensure_ascii=False)
    if len(answer) <= 750:
        frame.asker.questions.append(Question("json", PROMPTS["table-to-json"], answer))
    if len(body) > 1:
        ask_matching(frame, headings, body, item + "s" if item != "person" else "people")


def _ask_references(frame: Frame, grid: Rows, first: int) -> None:
    """What is in a cell, and in which cell something is."""
    rng, headings = frame.rng, grid[first]
    for _ in range(5):
        n, m = rng.randrange(first, len(grid)), rng.randrange(len(headings))
        if grid[n][m]:
            frame.ask("cell", grid[n][m], "What is in cell {c}?", "What is in {c}?", "{c}?", "Read cell {c}.",
                      "What does {c} contain?",
                      "Which value is in cell {c}?", "Value of {c}?", "What stands in {c}?", "Cell {c}: what is in it?",
                      "Tell me the content of {c}.", c=f"{chr(65 + m)}{n + 1}")  # fmt: skip
            if sum(row.count(grid[n][m]) for row in grid) == 1 and rng.random() < 0.5:
                frame.ask("cell_name", f"{chr(65 + m)}{n + 1}", "In which cell is {v}?", "Where is {v}?",
                          "Which cell contains {v}?",
                          "Cell of {v}?", "In what cell does {v} stand?", "Find the cell with {v}.",
                          "Which cell has {v}?",
                          "Reference of the cell with {v}?", v=grid[n][m])  # fmt: skip

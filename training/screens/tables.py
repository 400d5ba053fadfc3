"""Tables: a header and up to six rows of two to four columns."""

from __future__ import annotations

import json
import random

from training.screens.asking import Asker
from training.screens.dialogs import listed
from training.screens.pages import PROMPTS
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Question, Screen
from training.screens.relations import Relation, relation_questions
from training.screens.sketch import Sketch
from training.screens.themes import Style

_COLUMNS: dict[str, str] = {
    "Price": "amount", "Date": "date", "City": "place", "Size": "size", "Time": "time", "Code": "code",
    "Count": "number",
    "Status": "word", "Version": "version", "Owner": "name", "Type": "noun", "Score": "number", "Year": "number",
    "Share": "percent", "Day": "day", "File": "file", "Amount": "amount", "Points": "number", "Rate": "percent",
}  # fmt: skip
_KEYS = (
    "Name", "Item", "Product", "Student", "Server", "Country", "Project", "User", "Team", "Part", "Device", "Month",
    "Day", "Key",
)  # fmt: skip


def draw_table(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """The first column names the rows, so that cells can be asked for by name."""
    header, rows = table_content(rng, writer)
    pen = style.type.pen(0.95)
    head_pen = style.type.pen(0.95, bold=rng.random() < 0.6)
    gap, pitch = style.pad(rng.randint(8, 22)), round(pen.line * rng.uniform(1.1, 1.8))
    widths = [
        max([head_pen.width(name), *(pen.width(row[column]) for row in rows)]) + gap
        for column, name in enumerate(header)
    ]
    outside = style.px(rng.choice((0, 0, 4, 12)))
    sketch = Sketch(sum(widths) + 2 * outside, pitch * (len(rows) + 1) + 2 * outside, style.theme.window)
    right_end = outside + sum(widths)
    ground = style.theme.field
    sketch.draw.rectangle((outside, outside, right_end, outside + pitch * (len(rows) + 1)), ground)
    strong_head, striped = rng.random() < 0.6, rng.random() < 0.4
    lines, uprights = rng.random() < 0.7, rng.random() < 0.5
    rights = [column > 0 and rng.random() < 0.4 for column in range(len(header))]
    for number, row in enumerate([header, *rows]):
        top = outside + pitch * number
        ink = style.theme.field_ink
        if number == 0 and strong_head:
            sketch.draw.rectangle((outside, top, right_end, top + pitch), style.theme.button)
            ink = style.theme.button_ink
        elif striped and number % 2 == 0:
            mixed = tuple((5 * a + b) // 6 for a, b in zip(ground, style.theme.line, strict=True))
            sketch.draw.rectangle((outside, top, right_end, top + pitch), mixed)
        if lines:
            sketch.draw.line((outside, top + pitch - 1, right_end, top + pitch - 1), style.theme.line)
        left: float = outside
        used = head_pen if number == 0 else pen
        for cell, wide, to_right in zip(row, widths, rights, strict=True):
            start = left + wide - gap / 2 - used.width(cell) if to_right else left + gap / 2
            sketch.text(start, sketch.row(top, top + pitch, used), cell, used, ink)
            left += wide
            if uprights and number == 0:
                sketch.draw.line((left - 1, outside, left - 1, sketch.image.height - outside), style.theme.line)
    asker = Asker(rng)
    ask_table(asker, header, rows)
    if writer.training:
        asker.questions += relation_questions(rng, Relation(header, rows), most=6, most_json=1)
        whole = json.dumps({"columns": header, "rows": rows}, ensure_ascii=False)
        asker.questions.append(Question("json", PROMPTS["table-to-json"], whole))
    return sketch.finish(asker, "table", "table")


def ask_table(asker: Asker, header: list[str], rows: list[list[str]]) -> None:
    """All that can be asked about a table."""
    asker.ask("columns", ", ".join(header))
    asker.ask("row_count", str(len(rows)), as_kind="count")
    for number, row in enumerate(rows, 1):
        asker.ask("row", ", ".join(row), n=number)
        asker.ask("row_of", ", ".join(row), as_kind="row", label=row[0])
        for column in range(1, len(header)):
            asker.ask("cell", row[column], column=header[column], label=row[0])
    asker.ask("describe", f"A table with {len(rows)} row{'s' * (len(rows) > 1)} and the columns {listed(header)}.")


def table_content(rng: random.Random, writer: Writer) -> tuple[list[str], list[list[str]]]:
    """Names of the columns, and rows of cells."""
    kinds = rng.sample(list(_COLUMNS), rng.randint(1, 3))
    key = rng.choice(_KEYS)
    header = [key, *kinds]
    if len(set(header)) < len(header):
        header[0] = "Name"
    count = rng.randint(1, 6)
    names: dict[str, None] = {}
    while len(names) < count:
        names[_key(rng, writer, key)] = None
    rows = []
    for name in names:
        cells = []
        for kind in kinds:
            slot = _COLUMNS[kind]
            place = rng.choice(writer.vocabulary.places)
            cell = place if slot == "place" else writer.slot(slot)
            cells.append(writer.noise(1, 1) if rng.random() < 0.08 else cell[:20])
        rows.append([name, *cells])
    if rng.random() < 0.25:
        header = [header[0], *(writer.word().capitalize() for _ in kinds)]
    if len(set(header)) < len(header):
        return table_content(rng, writer)
    return header, rows


def _key(rng: random.Random, writer: Writer, key: str) -> str:
    if key == "Month":
        return rng.choice(MONTHS)
    if key == "Day":
        return rng.choice(DAYS)
    if key in {"Student", "User", "Team"}:
        return rng.choice(writer.vocabulary.first_names)
    return writer.word().capitalize() if rng.random() < 0.85 else writer.noise(1, 1).replace(",", ".")

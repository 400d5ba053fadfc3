"""Questions about rows of tables by their place: the third one, the one after another, the selected one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from training.interfaces.questions.sheet import Sheet, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH

_LONGEST_JSON = 700
_IN_ROW = (
    'What is in the column "{c}" of the {nth} row?', "What is the {c} in the {nth} row?", "{c} in the {nth} row?",
    'Read "{c}" in the {nth} row.', "Which {c} stands in the {nth} row?", 'In the {nth} row, what does "{c}" say?',
    "What does the {nth} row say under {c}?", "Tell me the {c} of the {nth} row.",
)  # fmt: skip
_ROW_BEGINS = (
    "What is in the first column of the {nth} row?", "With what does the {nth} row begin?",
    "Read the first cell of the {nth} row.", "What does the {nth} row begin with?",
    "What stands first in the {nth} row?",
)  # fmt: skip
_IN_SELECTED = (
    'What is the {c} of the selected row?', 'What does the selected row say under "{c}"?',
    "Which {c} does the selected row have?", 'Read "{c}" in the highlighted row.', "{c} of the selected row?",
    "In the selected row, what is the {c}?",
)  # fmt: skip
_AFTER = (
    'Which {f} comes directly after "{k}"?', 'Which {f} is in the row below "{k}"?',
    'What is the {f} in the row after "{k}"?', "Which {f} follows {k}?", 'What stands under "{k}" in the column {f}?',
)  # fmt: skip
_BEFORE = (
    'Which {f} comes directly before "{k}"?', 'Which {f} is in the row above "{k}"?',
    'What is the {f} in the row before "{k}"?', 'What stands above "{k}" in the column {f}?',
)  # fmt: skip
_NTH_JSON = (
    "Give the {nth} row as JSON with the column names as keys.", "The {nth} row as a JSON object?",
    "Return the {nth} row as JSON, keyed by the headers.", "As JSON, what is in the {nth} row?",
)  # fmt: skip
_SELECTED_JSON = (
    "Give the selected row as JSON with the column names as keys.", "The selected row as a JSON object?",
    "Return the highlighted row as JSON, keyed by the headers.", "As JSON, what is in the selected row?",
)  # fmt: skip
_FIRST_JSON = (
    "Give {keys} of the first {n} rows as JSON.", "Return a JSON list with {keys} of the first {n} rows.",
    "The first {n} rows as a JSON array of objects with {keys}.", "As JSON: {keys} of the first {n} rows.",
)  # fmt: skip
_BESIDE = (
    'What stands beside "{k}"?', 'What is to the right of "{k}"?', 'What is in the row of "{k}", beside it?',
    'In the row "{k}", what does the second column say?', 'What belongs to "{k}"?', "Read what is beside {k}.",
)  # fmt: skip
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True)
class Table:
    """A table as it is seen: `cells` by row and column; `headers` by column."""

    container: str
    headers: dict[int, Control]
    cells: dict[tuple[int, int], Control]

    def rows(self) -> list[int]:
        """The numbers of rows that are seen, in part at least."""
        return sorted({row for row, _ in self.cells})

    def row(self, number: int) -> list[Control]:
        """The cells of a row, from left to right."""
        return [cell for (row, _), cell in sorted(self.cells.items()) if row == number]

    def from_top(self) -> list[int]:
        """The rows that are seen one after the other from the first one on."""
        rows = self.rows()
        return [row for place, row in enumerate(rows) if place == row]


def tables_of(sheet: Sheet) -> list[Table]:
    """The tables of a window that have cells."""
    found = []
    for container, some in sheet.containers("header", "cell").items():
        headers = {one.column: one for one in some if one.role == "header" and one.column >= 0}
        cells = {(one.row, one.column): one for one in some if one.role == "cell" and min(one.row, one.column) >= 0}
        if cells:
            found.append(Table(container, headers, cells))
    return found


def ask_rows(sheet: Sheet) -> None:
    """About rows by their place, where there is one table."""
    tables = tables_of(sheet)
    if len(tables) != 1 or len(sheet.containers("cell")) != 1:
        return
    table = tables[0]
    names = {column: plain(header.text, 40) for column, header in table.headers.items()}
    heads = {column: name for column, name in names.items() if name and list(names.values()).count(name) == 1}
    _ask_kth(sheet, table, heads)
    _ask_neighbours(sheet, table, heads)
    chosen = sorted({row for (row, _), cell in table.cells.items() if cell.selected})
    if len(chosen) == 1:
        for column in sheet.rng.sample(list(heads), min(2, len(heads))):
            _ask_cell(sheet, table, chosen[0], column, _IN_SELECTED, c=heads[column])
        _ask_json(sheet, table, heads, chosen[0], _SELECTED_JSON)
    _ask_first_rows(sheet, table, heads)
    if not table.headers and {column for _, column in table.cells} == {0, 1}:
        _ask_beside(sheet, table)


def _ask_beside(sheet: Sheet, table: Table) -> None:
    """The second of two columns without headers, by the first."""
    pairs = [(table.cells[row, 0], table.cells[row, 1]) for row in table.rows()
             if (row, 0) in table.cells and (row, 1) in table.cells]  # fmt: skip
    for first, second in sheet.rng.sample(pairs, min(4, len(pairs))):
        name, value = plain(first.text, 50), plain(second.text)
        if name and value and sheet.said[name.lower()] == 1 and '"' not in name:
            sheet.ask("value", value, _BESIDE, (first, second), k=name)


def _ask_cell(sheet: Sheet, table: Table, row: int, column: int, phrasings: Sequence[str], **slots: str) -> None:
    cell = table.cells.get((row, column))
    text = plain(cell.text) if cell is not None else ""
    if cell is not None and text:
        head = [table.headers[column]] if column in table.headers else []
        sheet.ask("cell", text, phrasings, [cell, *head], **slots)


def _ask_kth(sheet: Sheet, table: Table, heads: dict[int, str]) -> None:
    rng, rows = sheet.rng, table.from_top()
    known = [row for row in rows if row < len(NTH)]
    for row in rng.sample(known, min(3, len(known))):
        for column in rng.sample(list(heads), min(2, len(heads))):
            _ask_cell(sheet, table, row, column, _IN_ROW, c=heads[column], nth=NTH[row])
        if rng.random() < 0.5:
            _ask_cell(sheet, table, row, 0, _ROW_BEGINS, nth=NTH[row])
    if known and rng.random() < 0.5:
        row = rng.choice(known)
        _ask_json(sheet, table, heads, row, _NTH_JSON, nth=NTH[row])
    if rows and len(rows) == len(table.rows()) and sheet.is_whole(table.container):
        for column in rng.sample(list(heads), min(1, len(heads))):
            _ask_cell(sheet, table, rows[-1], column, _IN_ROW, c=heads[column], nth="last")


def _ask_neighbours(sheet: Sheet, table: Table, heads: dict[int, str]) -> None:
    """What a column says in the row after or before one that this column names."""
    rng, rows = sheet.rng, table.from_top()
    column = min(heads, default=-1)
    texts = [plain(table.cells[row, column].text, 60) if (row, column) in table.cells else "" for row in rows]
    if len(rows) < 3 or not all(texts) or len(set(texts)) < len(texts):
        return
    for place in rng.sample(range(1, len(rows)), min(2, len(rows) - 1)):
        pair = ((texts[place - 1], texts[place], _AFTER), (texts[place], texts[place - 1], _BEFORE))
        given, answer, phrasings = rng.choice(pair)
        needs = [table.cells[rows[place - 1], column], table.cells[rows[place], column], table.headers[column]]
        if sheet.said[given.lower()] == 1 and '"' not in given:
            sheet.ask("value", answer, phrasings, needs, f=heads[column], k=given)


def _object(table: Table, heads: dict[int, str], row: int, columns: Sequence[int]) -> dict[str, str] | None:
    """A row under its headers; None where a cell is not seen, or cannot be quoted."""
    texts = {}
    for column in columns:
        cell = table.cells.get((row, column))
        if cell is None or column not in heads or not plain(cell.text):
            return None
        texts[heads[column]] = plain(cell.text)
    return texts


def _ask_json(sheet: Sheet, table: Table, heads: dict[int, str], row: int, phrasings: Sequence[str],
              **slots: str) -> None:  # fmt: skip
    columns = sorted(table.headers)
    found = _object(table, heads, row, columns)
    if found and len(found) > 1 and {column for _, column in table.cells} == set(columns):
        needs = [*table.row(row), *table.headers.values()]
        sheet.ask("json", json.dumps(found), phrasings, needs, **slots)


def _ask_first_rows(sheet: Sheet, table: Table, heads: dict[int, str]) -> None:
    """Some columns of the first rows."""
    rng, rows = sheet.rng, table.from_top()
    if len(rows) < 3 or len(heads) < 2:
        return
    count = rng.randint(2, min(len(rows) - 1, len(_NUMBERS) - 1))
    columns = sorted(rng.sample(list(heads), rng.randint(2, min(3, len(heads)))))
    found = [_object(table, heads, row, columns) for row in rows[:count]]
    answer = json.dumps(found)
    if all(found) and len(answer) <= _LONGEST_JSON:
        keys = [heads[column] for column in columns]
        named = ", ".join(keys[:-1]) + " and " + keys[-1]
        needs = [*(table.headers[column] for column in columns),
                 *(table.cells[row, column] for row in rows[:count] for column in columns)]  # fmt: skip
        sheet.ask("json", answer, _FIRST_JSON, needs, keys=named, n=rng.choice((_NUMBERS[count], str(count))))

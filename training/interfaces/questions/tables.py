"""Questions about tables of controls: cells by row and column, headers, rows, and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from training.interfaces.questions import phrasings as ways
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, listed_names, plain
from training.interfaces.records import Control

_MOST_CELLS = 10
_LONGEST_JSON = 850
_COLUMN_JSON = (
    "Give {keys} of every row as JSON.", "Return a JSON list with {keys} of each row.", "List {keys} as JSON.",
    "As a JSON array: {keys} of all rows.", "JSON with {keys} for each row, please.",
)  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """A table as it is seen: `cells` by row and column; `headers` by column."""

    container: str
    headers: dict[int, Control]
    cells: dict[tuple[int, int], Control]

    def row(self, number: int) -> list[Control]:
        return [cell for (row, _), cell in sorted(self.cells.items()) if row == number]


def ask_tables(sheet: Sheet) -> None:
    """About each table that can be identified."""
    tables = [_table(container, some) for container, some in sheet.containers("header", "cell").items()]
    tables = [one for one in tables if one.cells]
    for table in tables:
        _ask_cells(sheet, table, alone=len(tables) == 1)
        if len(tables) == 1:
            _ask_table(sheet, table)


def _table(container: str, some: Sequence[Control]) -> _Table:
    headers = {one.column: one for one in some if one.role == "header" and one.column >= 0}
    cells = {(one.row, one.column): one for one in some if one.role == "cell" and one.row >= 0 and one.column >= 0}
    return _Table(container, headers, cells)


def _key_column(table: _Table) -> int:
    """The first column whose cells name their rows: all different texts; -1 for none."""
    for column in sorted({column for _, column in table.cells})[:2]:
        texts = [plain(cell.text, 40) for (_, place), cell in table.cells.items() if place == column]
        if len(texts) > 1 and all(texts) and len(set(texts)) == len(texts) and not all(
                text.isdigit() for text in texts):  # fmt: skip
            return column
    return -1


def _ask_cells(sheet: Sheet, table: _Table, *, alone: bool) -> None:
    key = _key_column(table)
    heads = {column: plain(header.text, 40) for column, header in table.headers.items()}
    if key < 0:
        return
    rows = {row: cell for (row, column), cell in table.cells.items() if column == key}
    found = [(row, column, cell) for (row, column), cell in table.cells.items()
             if column != key and row in rows and heads.get(column) and list(heads.values()).count(heads[column]) == 1
             and plain(cell.text)]  # fmt: skip
    for row, column, cell in sheet.rng.sample(found, min(_MOST_CELLS, len(found))):
        name, value = plain(rows[row].text), plain(cell.text)
        needs = (rows[row], table.headers[column], cell)
        if sheet.said[name.lower()] == 1 or alone:
            sheet.ask("cell", value, ways.CELL, needs, c=heads[column], k=name)
        said = [plain(one.text) for (_, place), one in table.cells.items() if place == column]
        if said.count(value) == 1 and all(said) and heads.get(key) and alone and sheet.is_whole(table.container):
            sheet.ask("cell", name, ways.CELL_BACK, (*needs, table.headers[key]), f=heads[key], c=heads[column],
                      v=value)  # fmt: skip
    for row in sheet.rng.sample(sorted(rows), min(2, len(rows))):
        _ask_row(sheet, table, heads, row, plain(rows[row].text))
    if alone:
        chosen = {row for (row, _), cell in table.cells.items() if cell.selected}
        if len(chosen) == 1 and (row := chosen.pop()) in rows and key == 0:  # it is what the row begins with
            sheet.ask("selected", plain(rows[row].text), ways.ROW_SELECTED, table.row(row))


def _ask_row(sheet: Sheet, table: _Table, heads: dict[int, str], row: int, name: str) -> None:
    """A row as JSON under the headers."""
    cells = {column: cell for (place, column), cell in table.cells.items() if place == row}
    if set(cells) != set(heads) or len(cells) < 2 or not all(heads.values()) or len(set(heads.values())) < len(heads):
        return
    values = {heads[column]: plain(cells[column].text) for column in sorted(cells)}
    if all(values[heads[column]] or not cells[column].text.strip() for column in cells):
        needs = [*cells.values(), *table.headers.values()]
        sheet.ask("json", json.dumps(values), ways.ROW_JSON, needs, k=name)


def _ask_table(sheet: Sheet, table: _Table) -> None:
    """The table as a whole: headers, rows, columns, JSON."""
    every = [*table.headers.values(), *table.cells.values()]
    headers = [table.headers[column] for column in sorted(table.headers)]
    names = sheet.names(headers)
    width, rows = len(headers), sorted({row for row, _ in table.cells})
    whole = sheet.is_whole(table.container)
    said = listed_names(names) if whole else ""
    if said and len(headers) > 1:
        sheet.ask("columns", said, ways.COLUMNS, headers)
        sheet.ask("how_many", str(width), ways.COLUMN_COUNT, headers)
    if whole and 0 < len(rows) <= MOST_COUNTED and rows == list(range(len(rows))):
        sheet.ask("how_many", str(len(rows)), ways.ROW_COUNT, every)
    if not names or not whole or len(table.cells) != width * len(rows) or width < 2:
        return
    texts = {place: plain(cell.text) for place, cell in table.cells.items()}
    if not all(texts[place] or not cell.text.strip() for place, cell in table.cells.items()):
        return
    columns = sorted(table.headers)
    body = [[texts[row, column] for column in columns] for row in rows]
    answer = json.dumps({"columns": names, "rows": body})
    if len(answer) <= _LONGEST_JSON:
        sheet.ask("json", answer, "prompt:table-to-json", every)
    chosen = sorted(sheet.rng.sample(range(width), sheet.rng.randint(1, min(3, width))))
    keys = [names[place] for place in chosen]
    some = json.dumps([{key: row[place] for key, place in zip(keys, chosen, strict=True)} for row in body])
    if len(some) <= _LONGEST_JSON:
        sheet.ask("json", some, _COLUMN_JSON, every, keys=" and ".join(keys))
    place = sheet.rng.randrange(width)
    values = listed_names([row[place] for row in body]) if all(row[place] for row in body) else ""
    if values and len(body) <= MOST_COUNTED:
        needs = [headers[place], *(table.cells[row, columns[place]] for row in rows)]
        sheet.ask("list", values, ways.COLUMN_ALL, needs, c=names[place])

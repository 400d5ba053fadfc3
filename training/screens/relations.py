"""What people ask about tables of any kind: a value by its row, a row by its value, extremes, numbers, order, JSON.

For training images: held-out ones are asked what they were always asked.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from training.screens.ordinals import ORDINALS
from training.screens.phrases import MONTHS
from training.screens.place_phrasings import PLACE_TABLES
from training.screens.records import Question
from training.screens.table_phrasings import TABLE_PHRASINGS

_MOST_LISTED, _MOST_TEXT = 7, 160
"""Names in an answer, and its characters."""
_MOST_JSON = 400
_ORDINALS = ORDINALS[:10]
_FACTORS = {"bytes": 1e-3, "B": 1e-3, "kB": 1.0, "KB": 1.0, "MB": 1e3, "GB": 1e6, "TB": 1e9}
_NUMBER = re.compile(r"([$+-]?)(\d+(?:\.\d+)?) ?([A-Za-z%/]*)")
_TIME = re.compile(r"(\d\d):(\d\d)")
_DATES = (re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"), re.compile(r"(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d{4})"),
          re.compile(r"(?P<d>\d{1,2}) (?P<m>[A-Z][a-z]+) (?P<y>\d{4})"))  # fmt: skip

_NEW_KEYS = ("a", "b", "c", "d", "x", "y", "z", "first", "second", "one", "two", "k1", "k2")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Relation:
    """A table as it is shown; the cells of column `key` name the rows.

    Attributes:
        item, items: what a row is called, and several.
        header: whether the headings are shown.
        count_kind: what questions of how many are filed under.
        total: whether a row of totals follows, so that nothing is asked about the last row, nor about all of them.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    item: str = "row"
    items: str = "rows"
    key: int = 0
    header: bool = True
    count_kind: str = "count"
    total: bool = False


def relation_questions(rng: random.Random, table: Relation, *, most: int = 9, most_json: int = 2) -> list[Question]:
    """About so many questions that only these rows answer, no two of them the same."""
    asked = _Asked(rng, table)
    if not table.rows or not asked.keys:
        return []
    makers = list(_READ) if table.header and len(table.headings) > 1 else [_order, _counts, _beside]
    if table.total:
        makers = [maker for maker in makers if maker not in {_counts, _lists}]
    found: list[Question] = []
    for _ in range(3 * most):
        if len(found) >= most:
            break
        found += rng.choice(makers)(asked)
    if table.header and len(table.headings) > 1:
        for maker in rng.sample(_JSON[:4] if table.total else _JSON, most_json):
            found += [question for question in maker(asked) if len(question.answer) <= _MOST_JSON]
    once = {question.text: question for question in reversed(found) if question.kind != "present"}
    return [question for question in found if question.kind == "present" or once[question.text] is question]


class _Asked:
    """A table with the rows that have a name of their own."""

    def __init__(self, rng: random.Random, table: Relation) -> None:
        self.rng, self.table = rng, table
        names = [row[table.key] for row in table.rows]
        self.names = names
        self.keys = [n for n, name in enumerate(names) if name and names.count(name) == 1 and not name.endswith("...")]
        self.others = [place for place in range(len(table.headings)) if place != table.key]

    def ask(self, kind: str, answer: str, phrase: str, /, **slots: object) -> Iterator[Question]:
        """One question, unless the answer is empty or was cut."""
        if not answer or answer.endswith("...") or len(answer) > _MOST_TEXT:
            return
        filled = {"item": self.table.item, "items": self.table.items, **slots}
        text = self.rng.choice((*TABLE_PHRASINGS[phrase], *PLACE_TABLES.get(phrase, ())))
        text = _SLOT.sub(lambda slot: str(filled.get(slot[1], slot[0])), text.replace("{{", "{").replace("}}", "}"))
        yield Question(kind, text[0].upper() + text[1:] if text[0].islower() else text, answer)

    def cell(self) -> tuple[int, int]:
        """A row with a name of its own, and a column beside that of names."""
        return self.rng.choice(self.keys), self.rng.choice(self.others)

    def heading(self, place: int) -> str:
        name = str(self.table.headings[place])
        return name if (len(name) > 1 and name[1].isupper()) or self.rng.random() < 0.3 else name.lower()

    def column(self, place: int) -> list[str]:
        return [row[place] for row in self.table.rows]


def _cells(asked: _Asked) -> Iterator[Question]:
    n, place = asked.cell()
    value = asked.table.rows[n][place]
    yield from asked.ask("cell", value, "cell", column=asked.heading(place), key=asked.names[n])


def _by_value(asked: _Asked) -> Iterator[Question]:
    n, place = asked.cell()
    cells = asked.column(place)
    if not cells[n] or cells.count(cells[n]) > 1 or cells[n].endswith("..."):
        return
    slots = {"column": asked.heading(place), "value": cells[n]}
    if len(asked.others) > 1 and asked.rng.random() < 0.3:
        other = asked.rng.choice([one for one in asked.others if one != place])
        yield from asked.ask("cell", asked.table.rows[n][other], "cross", other=asked.heading(other), **slots)
    else:
        yield from asked.ask("cell", asked.names[n], "by_value", **slots)


def _extremes(asked: _Asked) -> Iterator[Question]:
    place = asked.rng.choice(asked.others)
    cells = asked.column(place)
    values = [measure(cell) for cell in cells]
    units = {value[1] for value in values if value}
    if len(cells) < 2 or not all(values) or len(units) > 1:
        return
    numbers = [value[0] for value in values if value]
    unit = units.pop()
    top = asked.rng.random() < 0.6
    extreme = max(numbers) if top else min(numbers)
    if numbers.count(extreme) > 1:
        return
    n, heading = numbers.index(extreme), asked.heading(place)
    dated = unit in {"date", "time"}
    if asked.rng.random() < 0.35 and not dated:
        yield from asked.ask("cell", cells[n], "most_value" if top else "least_value", column=heading)
    elif n in asked.keys:
        phrase = ("latest" if top else "earliest") if dated else ("most" if top else "least")
        yield from asked.ask("cell", asked.names[n], phrase, column=heading)


def _above(asked: _Asked) -> Iterator[Question]:
    place = asked.rng.choice(asked.others)
    values = [measure(cell) for cell in asked.column(place)]
    if not all(values) or len({value[1] for value in values if value}) > 1 or len(values) < 3:
        return
    numbers = sorted({value[0] for value in values if value}, reverse=True)
    unit = next(value[1] for value in values if value)
    if unit in {"date", "time", "size"} or len(numbers) < 3:
        return
    n = asked.rng.randrange(1, min(4, len(numbers)))
    limit = next(
        cell for cell, value in zip(asked.column(place), values, strict=True) if value and value[0] == numbers[n]
    )
    found = [name for name, value in zip(asked.names, values, strict=True) if value and value[0] > numbers[n]]
    if 0 < len(found) <= _MOST_LISTED:
        yield from asked.ask("menu", ", ".join(found), "above", column=asked.heading(place), value=limit)


def _with_value(asked: _Asked) -> Iterator[Question]:
    """Which rows have a value, preferably one that comes more than once; how many; or both."""
    place = asked.rng.choice(asked.others)
    cells = asked.column(place)
    often = [cell for cell in cells if cell and cells.count(cell) > 1] or cells
    value = asked.rng.choice(often)
    found = [name for name, cell in zip(asked.names, cells, strict=True) if cell == value]
    if not value or len(found) > _MOST_LISTED or value.endswith("...") or any(name.endswith("...") for name in found):
        return
    slots = {"column": asked.heading(place), "value": value}
    draw = asked.rng.random()
    if draw < 0.45:
        yield from asked.ask("menu", ", ".join(found), "which", **slots)
    elif draw < 0.8:
        yield from asked.ask(asked.table.count_kind, str(len(found)), "how_many_have", **slots)
    else:
        yield from asked.ask(
            asked.table.count_kind, f"{len(found)}: {', '.join(found)}", "count_and_name_with", **slots
        )


def _counts(asked: _Asked) -> Iterator[Question]:
    count, kind = len(asked.names), asked.table.count_kind
    draw = asked.rng.random()
    if draw < 0.55:
        yield from asked.ask(kind, str(count), "how_many")
    elif draw < 0.8 and count <= 12 and not any(name.endswith("...") for name in asked.names):
        yield from asked.ask(kind, f"{count}: {', '.join(asked.names)}", "count_and_name")
    elif asked.table.header and len(asked.table.headings) > 1:
        yield from asked.ask(kind, str(len(asked.table.headings)), "columns_count")


def _whether(asked: _Asked) -> Iterator[Question]:
    """Yes about a row's own value, no about that of another row."""
    n, place = asked.cell()
    value = asked.table.rows[n][place]
    others = [cell for cell in asked.column(place) if cell and cell != value and not cell.endswith("...")]
    if others and value and not value.endswith("..."):
        slots = {"column": asked.heading(place), "key": asked.names[n]}
        yield from asked.ask("present", "Yes", "is_value", value=value, **slots)
        yield from asked.ask("present", "No", "is_value", value=asked.rng.choice(others), **slots)


def _order(asked: _Asked) -> Iterator[Question]:
    rng, names = asked.rng, asked.names
    n = rng.randrange(min(len(names), len(_ORDINALS)))
    slots = {"nth": _ORDINALS[n], "n": n + 1}
    draw = rng.random()
    if draw < 0.35 and asked.table.header and asked.others:
        place = rng.choice(asked.others)
        if rng.random() < 0.25 and not asked.table.total:
            yield from asked.ask("cell", asked.table.rows[-1][place], "last_cell", column=asked.heading(place))
        else:
            yield from asked.ask("cell", asked.table.rows[n][place], "nth_cell", column=asked.heading(place), **slots)
    elif draw < 0.6:
        yield from asked.ask("cell", names[n], "nth_key", **slots)
    elif n + 1 < len(names):
        if n in asked.keys and rng.random() < 0.5:
            yield from asked.ask("cell", names[n + 1], "below_key", key=names[n])
        elif n + 1 in asked.keys:
            yield from asked.ask("cell", names[n], "above_key", key=names[n + 1])


def _beside(asked: _Asked) -> Iterator[Question]:
    n = asked.rng.choice(asked.keys)
    row = asked.table.rows[n]
    if len(row) < 2:
        return
    place = asked.rng.randrange(len(row) - 1)
    right = asked.rng.random() < 0.6
    known, sought = (place, place + 1) if right else (place + 1, place)
    everywhere = sum(cell == row[known] for other in asked.table.rows for cell in other)
    if row[known] and everywhere == 1 and not row[known].endswith("..."):
        yield from asked.ask(
            "cell", row[sought], "right" if right else "left", value=row[known], key=row[asked.table.key]
        )


def _lists(asked: _Asked) -> Iterator[Question]:
    rng, table = asked.rng, asked.table
    draw = rng.random()
    if draw < 0.5:
        n = rng.choice(asked.keys)
        if n < len(_ORDINALS) and all(table.rows[n]):
            slots = {"key": asked.names[n], "n": n + 1, "nth": _ORDINALS[n]}
            yield from asked.ask("menu", ", ".join(table.rows[n]), "whole_row", **slots)
    elif draw < 0.8:
        place = rng.choice(asked.others)
        cells = asked.column(place)
        if all(cells) and len(cells) <= 2 * _MOST_LISTED and not any(cell.endswith("...") for cell in cells):
            yield from asked.ask("menu", ", ".join(cells), "column_list", column=asked.heading(place))
    else:
        first = rng.random() < 0.5
        yield from asked.ask("cell", table.headings[0 if first else -1], "first_column" if first else "last_column")


_READ: tuple[Callable[[_Asked], Iterator[Question]], ...] = (
    _cells, _cells, _cells, _by_value, _by_value, _extremes, _extremes, _above, _with_value, _with_value, _with_value,
    _counts, _counts, _whether, _order, _order, _beside, _lists,
)  # fmt: skip


def measure(text: str) -> tuple[float, str] | None:
    """A number with its unit, a size in KB, a time in minutes or a date in days, to compare; None for other texts."""
    time = _TIME.fullmatch(text)
    if time:
        return int(time[1]) * 60 + int(time[2]), "time"
    for pattern in _DATES:
        date = pattern.fullmatch(text)
        if date:
            month = int(date["m"]) if date["m"].isdigit() else MONTHS.index(date["m"]) + 1 if date["m"] in MONTHS else 0
            return int(date["y"]) * 372 + month * 31 + int(date["d"]), "date"
    number = _NUMBER.fullmatch(text)
    if not number:
        return None
    value = float(number[2]) * (-1 if number[1] == "-" else 1)
    if number[3] in _FACTORS:
        return value * _FACTORS[number[3]], "size"
    return value, number[1].strip("+-") + number[3]


# --- as JSON


def _keys(asked: _Asked, places: Sequence[int]) -> dict[int, str]:
    """What the columns are called in JSON: as they are, in lower case, or with underscores."""
    manner = asked.rng.randrange(4)
    names = {}
    for place in places:
        heading = str(asked.table.headings[place])
        names[place] = heading if manner == 0 else heading.lower().replace(" ", "_" if manner > 1 else " ")
    return names


def _some(asked: _Asked, most: int = 3) -> dict[int, str]:
    places = range(len(asked.table.headings))
    return _keys(asked, sorted(asked.rng.sample(places, asked.rng.randint(1, min(most, len(places))))))


def _schema(asked: _Asked, keys: Sequence[str]) -> str:
    value = asked.rng.choice(('"..."', "string", '""', "..."))
    return "{" + ", ".join(f'"{key}": {value}' for key in keys) + "}"


def _json(asked: _Asked, value: object, phrase: str, /, **slots: object) -> Iterator[Question]:
    for question in asked.ask("json", "-", phrase, **slots):
        yield Question("json", question.text, json.dumps(value, ensure_ascii=False))


def _json_row(asked: _Asked) -> Iterator[Question]:
    n = asked.rng.choice(asked.keys)
    keys, row, key = _some(asked, 4), asked.table.rows[n], asked.names[n]
    if asked.rng.random() < 0.3:
        new = asked.rng.sample(
            ("a", "b", "c", "d", "x", "y", "z", "first", "second", "one", "two", "k1", "k2"), len(keys)
        )
        named = ", ".join(f'"{name}" is the {asked.heading(place)}' for name, place in zip(new, keys, strict=True))
        answer = {name: row[place] for name, place in zip(new, keys, strict=True)}
        yield from _json(asked, answer, "json_named", key=key, named=named)
    else:
        names = list(keys.values())
        answer = {name: row[place] for place, name in keys.items()}
        yield from _json(asked, answer, "json_row", key=key, keys=joined(names), schema=_schema(asked, names))


def _json_first(asked: _Asked) -> Iterator[Question]:
    n, keys = asked.rng.randint(2, 4), _some(asked)
    if n > len(asked.table.rows):
        return
    answer = [{name: row[place] for place, name in keys.items()} for row in asked.table.rows[:n]]
    names, said = list(keys.values()), asked.rng.choice((str(n), ("two", "three", "four")[n - 2]))
    yield from _json(asked, answer, "json_first", n=said, keys=joined(names), schema=_schema(asked, names))


def _json_with(asked: _Asked) -> Iterator[Question]:
    column = asked.rng.choice(asked.others)
    value = asked.rng.choice(asked.column(column))
    rows = [row for row in asked.table.rows if row[column] == value]
    keys = _some(asked)
    if value and len(rows) <= 4:
        answer = [{name: row[place] for place, name in keys.items()} for row in rows]
        slots = {"keys": joined(list(keys.values())), "column": asked.heading(column), "value": value}
        yield from _json(asked, answer, "json_with", **slots)


def _json_map(asked: _Asked) -> Iterator[Question]:
    place = asked.rng.choice(asked.others)
    if len(asked.keys) == len(asked.names):
        answer = dict(zip(asked.names, asked.column(place), strict=True))
        first = asked.heading(asked.table.key)
        yield from _json(asked, answer, "json_map", first=first, column=asked.heading(place))


def _json_column(asked: _Asked) -> Iterator[Question]:
    place = asked.rng.randrange(len(asked.table.headings))
    yield from _json(asked, asked.column(place), "json_column", column=asked.heading(place))


def _json_table(asked: _Asked) -> Iterator[Question]:
    rows = [list(row) for row in asked.table.rows]
    if asked.rng.random() < 0.3:
        yield from _json(asked, rows, "json_rows")
    else:
        yield from _json(asked, {"columns": list(asked.table.headings), "rows": rows}, "json_table")


_JSON: tuple[Callable[[_Asked], Iterator[Question]], ...] = (
    _json_row, _json_row, _json_first, _json_with, _json_map, _json_column, _json_table,
)  # fmt: skip


def joined(keys: Sequence[str]) -> str:
    """As English lists."""
    return " and ".join(filter(None, [", ".join(keys[:-1]), keys[-1]]))

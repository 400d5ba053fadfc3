"""JSON as CSV, and cells that a spreadsheet takes for text.

Text on a screen may be written to be pasted: a cell that begins with "=" is a formula to a spreadsheet, and a formula
can send what is in the sheet away. Such cells get an apostrophe in front, which marks text, and whoever copies them
learns of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.errors import UserError

_FORMULA = re.compile(r"[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER = re.compile(
    r"\s*[+-]?\s?[$\u20ac\u00a3]?\s?\d[\d.,' \u00a0\u202f]*(?:[eE][+-]?\d+)?\s?(?:[%$\u20ac\u00a3]|[A-Z]{3})?\s*"
)
_SIGN_ALONE = re.compile(r"\s*[+\-\u2013]\s*")


@dataclass(frozen=True)
class Csv:
    """A table as CSV (RFC 4180).

    Attributes:
        text: lines end with CR LF.
        n_guarded: cells that a spreadsheet would have taken for a formula.
    """

    text: str
    n_guarded: int


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; numbers and a lone sign are none."""
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell) and not _SIGN_ALONE.fullmatch(cell)


def guarded(cell: str) -> str:
    """A cell that a spreadsheet takes for text."""
    return f"'{cell}" if is_formula(cell) else cell


def to_csv(rows: Iterable[Sequence[str]]) -> Csv:
    """Rows as CSV; cells that would be formulas are guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    count = 0
    for row in rows:
        count += sum(map(is_formula, row))
        writer.writerow([guarded(cell) for cell in row])
    return Csv(out.getvalue(), count)


def to_tsv(rows: Iterable[Sequence[str]]) -> str:
    """Rows to be pasted into a spreadsheet."""
    return "\n".join("\t".join(guarded(" ".join(cell.split("\t"))).replace("\n", " ") for cell in row) for row in rows)


def holds_json_table(text: str) -> bool:
    """Whether `json_rows` may have something to say about a text; cheap."""
    return text.lstrip()[:1] in {"[", "{"} and text.rstrip()[-1:] in {"]", "}"}


def json_rows(text: str) -> list[list[str]]:
    """The table that a JSON value is, its header first.

    An array of objects has a row for each, an object one row; one that holds a single array of objects (a receipt and
    its lines) has that array's rows, with its own values before them. Values inside of objects are columns of their
    own (`place.x`), arrays of values are joined, and what is deeper is written as JSON. Numbers stay as written.

    Raises:
        UserError: it is no JSON, or nothing that is a table.
    """
    try:
        value = json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    except (ValueError, RecursionError) as error:
        raise UserError("This answer is no complete JSON, so it cannot be written as CSV; copy it as text.") from error
    records = _records(value)
    if not records:
        raise UserError("This JSON holds no list of entries, so it cannot be written as CSV; copy it as text.")
    columns = list(dict.fromkeys(column for record in records for column in record))
    return [columns, *([record.get(column, "") for column in columns] for record in records)]


def _records(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        lists = [key for key, one in value.items() if _is_list_of_objects(one)]
        if len(lists) == 1:
            shared = _flat({key: one for key, one in value.items() if key != lists[0]})
            return [{**shared, **_prefixed(_flat(one), shared, lists[0])} for one in value[lists[0]]]
        return [_flat(value)] if value else []
    if isinstance(value, list) and value:
        if all(isinstance(one, dict) for one in value):
            return [_flat(one) for one in value]
        if all(isinstance(one, list) for one in value):
            return [{str(number + 1): _cell(cell) for number, cell in enumerate(one)} for one in value]
        return [{"value": _cell(one)} for one in value]
    return []


def _prefixed(row: dict[str, str], taken: dict[str, str], name: str) -> dict[str, str]:
    return {f"{name}.{key}" if key in taken else key: one for key, one in row.items()}


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, one in value.items():
        if isinstance(one, dict) and one:
            out |= _flat(one, f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = _cell(one)
    return out


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return "; ".join(map(_cell, value))
    return json.dumps(_written(value), ensure_ascii=False)


def _written(value: Any) -> Any:
    """For JSON again, numbers as numbers."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    return json.loads(value) if isinstance(value, _Number) and _is_plain(value) else value


def _is_plain(number: str) -> bool:
    return number not in {"NaN", "Infinity", "-Infinity"}

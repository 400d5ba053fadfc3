"""Questions about rows of things: one value, one thing, how many, which, whether, all as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from training.interfaces.questions import phrasings as table_ways
from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.grid import Ran
from training.interfaces.terminals.listings import Listing, listing_of
from training.interfaces.terminals.view import Long, View, is_plain
from training.screens.line_numbering import near_miss

_MOST_COUNTED, _MOST_LISTED, _LONGEST_JSON = 12, 14, 900
_ASKED = 7
"""Values of a listing that are asked for."""
_NEAR_SHARE = 0.6
"""Of things that are not listed: those that look like one that is."""
_LONGEST_CELL, _MOST_OF_ENDING, _ABSENT_SHARE = 40, 8, 0.3
_UNITS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def ask_listing(view: View, ran: Ran, *, alone: bool = False) -> None:
    """What a command listed; of listings that are seen in part only what is asked about single rows.

    `alone`: nor is more asked where another output may list the same, and only about what stands on the screen once.
    """
    lines = view.printed(ran)
    listing = listing_of(ran.command, lines)
    if not listing or ran.status:
        return
    if not view.is_whole(ran):
        if listing.shown:  # the header may be gone, and another row taken for it
            return
        listing.whole = False
    if alone:
        listing.whole = False
        kept = [place for place, row in enumerate(listing.rows) if view.alone(row[listing.key])]
        listing.rows, listing.at = [listing.rows[one] for one in kept], [listing.at[one] for one in kept]
        listing.shown = False
    typed = {one.row for one in view.grid.seen()}
    others = [line for row, line in enumerate(view.lines) if not ran.row <= row < ran.end and row not in typed]
    if listing.rows:
        ask_about(view, listing, lines, ran.command, others)


def ask_about(view: View, listing: Listing, lines: Sequence[Long], command: str, others: Sequence[str] = ()) -> None:
    """All questions about a listing whose lines these are; what the `others` name, too, is not asked about alone."""
    keys = [row[listing.key] for row in listing.rows]
    rows_at = [list(range(lines[at].first, lines[at].last + 1)) for at in listing.at]
    head = list(range(lines[listing.header].first, lines[listing.header].last + 1)) if listing.header >= 0 else []
    single = [
        place
        for place, key in enumerate(keys)
        if keys.count(key) == 1 and is_plain(key) and len(key) <= 50 and not any(key in line for line in others)
    ]
    _ask_cells(view, listing, single, rows_at, head)
    every = [row for rows in rows_at for row in rows] + head
    if listing.whole:
        _ask_all(view, listing, keys, every, command, others)
    if listing.shown:
        _ask_table(view, listing, single, rows_at, every, head)
    if listing.columns[0] == "permissions":
        _ask_files(view, listing, single, rows_at, every, lines)
    _ask_largest(view, listing, every)


def _ask_cells(view: View, listing: Listing, single: Sequence[int], rows_at: Sequence[Sequence[int]],
               head: Sequence[int]) -> None:  # fmt: skip
    places = [(row, column) for row in single for column in range(len(listing.columns))
              if column != listing.key and listing.rows[row][column] and listing.columns[column]]  # fmt: skip
    for row, column in view.rng.sample(places, min(_ASKED, len(places))):
        key, value, name = listing.rows[row][listing.key], listing.rows[row][column], listing.columns[column]
        rows = [*rows_at[row], *head]
        phrasings = listing.ways.get(column, ())
        if (listing.shown and view.rng.random() < 0.7) or not phrasings:
            phrasings = ways.CELL
        view.ask("value", value, phrasings, rows, k=key, c=name)
        same = [one[column] for one in listing.rows].count(value)
        title = listing.columns[listing.key]
        if same == 1 and listing.shown and title and view.rng.random() < 0.4 and len(value) <= 40:
            view.ask("cell", key, ways.BY_CELL, None, f=title, c=name, v=value)
        if listing.noun == "commits":
            view.ask("value", key, ways.HASH, rows_at[row], k=value)
    for row, column in view.rng.sample(places, min(3, len(places))):
        key, value, name = listing.rows[row][listing.key], listing.rows[row][column], listing.columns[column]
        others = [one[column] for one in listing.rows if one[column] and one[column] != value]
        for said in (value, view.rng.choice(others)) if others and len(value) <= _LONGEST_CELL else ():
            view.yes_no(ways.IS_CELL, yes=said == value, rows=[*rows_at[row], *head], k=key, c=name, v=said)


def _ask_endings(view: View, keys: Sequence[str], every: Sequence[int], others: Sequence[str]) -> None:
    """How many files, and which, have an ending that no other output has; of one that none has."""
    found = Counter(match[0] for key in keys if (match := re.search(r"\.[a-z]{1,5}$", key)))
    said = [ending for ending in found if not any(ending in line for line in others)]
    absent = [
        one for one in (".txt", ".pdf", ".sh", ".csv", ".md", ".zip", ".py") if not any(one in key for key in keys)
    ]
    for ending in view.rng.sample(sorted(said), min(2, len(said))):
        named = [key for key in keys if key.endswith(ending)]
        if len(named) <= _MOST_COUNTED:
            view.ask("how_many", str(len(named)), ways.ENDING_COUNT, every, e=ending)
        if len(named) <= _MOST_OF_ENDING and not any("," in key for key in named):
            view.ask("list", ", ".join(named), ways.ENDING, every, e=ending)
    if absent and view.rng.random() < _ABSENT_SHARE:
        view.ask("how_many", "0", ways.ENDING_COUNT, every, e=view.rng.choice(absent))


def _ask_all(view: View, listing: Listing, keys: Sequence[str], every: Sequence[int], command: str,
             others: Sequence[str]) -> None:  # fmt: skip
    noun = listing.noun
    counted = [one for one in ways.COUNT if "{c}" not in one or ("'" not in command and is_plain(command))]
    if len(set(keys)) < len(keys):
        return
    if len(keys) <= _MOST_COUNTED and noun:
        view.ask("how_many", str(len(keys)), counted, every, n=noun, c=command)
    if 1 < len(keys) <= _MOST_LISTED and not any("," in key for key in keys) and noun not in ("rows", "lines"):
        view.ask("list", ", ".join(keys), ways.LISTED, every, n=noun)
    if noun in ("files", "files and folders", "entries", "paths"):
        _ask_endings(view, keys, every, others)
    there = [key for key in keys if is_plain(key) and len(key) <= 40]
    other = {"processes": str(view.rng.randrange(20000, 99999)), "commits": f"{view.rng.randrange(16**7):07x}"}.get(
        noun, view.writer.file() if "." in keys[0] else str(view.writer.slot("noun")))  # fmt: skip
    if there and noun != "processes" and view.rng.random() < _NEAR_SHARE:
        other = near_miss(view.rng, view.rng.choice(there))
    if there and is_plain(other) and not any(other in line for line in view.lines):
        view.yes_no(ways.IS_LISTED, yes=True, rows=every, k=view.rng.choice(there), n=noun)
        view.yes_no(ways.IS_LISTED, yes=False, rows=every, k=other, n=noun)


def _ask_table(view: View, listing: Listing, single: Sequence[int], rows_at: Sequence[Sequence[int]],
               every: Sequence[int], head: Sequence[int]) -> None:  # fmt: skip
    names = [name for name in listing.columns if name]
    if all(is_plain(name) for name in names) and view.tables == 1:
        view.ask("columns", ", ".join(names), table_ways.COLUMNS, head)
        view.ask("how_many", str(len(names)), table_ways.COLUMN_COUNT, head)
    if not all(listing.columns):
        return
    values = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
    for row in view.rng.sample(list(single), min(2, len(single))):
        view.ask(
            "json", json.dumps(values[row]), ways.TO_JSON, [*rows_at[row], *head], k=listing.rows[row][listing.key]
        )
    if view.tables != 1:
        return
    first = listing.columns[0] if view.rng.random() < 0.5 else listing.columns[listing.key]
    column = listing.columns.index(first)
    view.ask("cell", listing.rows[0][column], ways.FIRST_ROW, every, f=first)
    if not listing.whole:
        return
    if len(listing.rows) > 1:
        view.ask("cell", listing.rows[-1][column], ways.LAST_ROW, every, f=first)
    answer = json.dumps({"columns": list(listing.columns), "rows": listing.rows})
    if len(answer) <= _LONGEST_JSON:
        view.ask("json", answer, "prompt:table-to-json", every)
    chosen = view.rng.randrange(len(listing.columns))
    if len(listing.rows) <= _MOST_COUNTED and not any("," in row[chosen] for row in listing.rows):
        view.ask("list", ", ".join(row[chosen] for row in listing.rows), table_ways.COLUMN_ALL, every,
                 c=listing.columns[chosen])  # fmt: skip
    _ask_highest(view, listing, every)


def _ask_highest(view: View, listing: Listing, every: Sequence[int]) -> None:
    for column, name in enumerate(listing.columns):
        texts = [row[column] for row in listing.rows]
        if column == listing.key or len(texts) < 3 or not all(re.fullmatch(r"\d+(\.\d+)?%?", one) for one in texts):
            continue
        numbers = [float(one.rstrip("%")) for one in texts]
        if numbers.count(max(numbers)) == 1 and name.lower() not in ("id", "pid", "ppid", "tty"):
            key = listing.rows[numbers.index(max(numbers))][listing.key]
            view.ask("highest", key, ways.HIGHEST, every, f=listing.columns[listing.key], c=name)


def _ask_files(view: View, listing: Listing, single: Sequence[int], rows_at: Sequence[Sequence[int]],
               every: Sequence[int], lines: Sequence[Long]) -> None:  # fmt: skip
    folders = [row[listing.key] for row in listing.rows if row[0].startswith("d")]
    files = [row for row in listing.rows if row[0].startswith("-")]
    if listing.whole and len(listing.rows) <= 2 * _MOST_COUNTED:
        if 0 < len(folders) <= _MOST_COUNTED:
            view.ask("list", ", ".join(folders), ways.FOLDERS, every)
        if len(folders) <= _MOST_COUNTED:
            view.ask("how_many", str(len(folders)), ways.FOLDER_COUNT, every)
    for row in view.rng.sample(list(single), min(2, len(single))):
        view.yes_no(ways.IS_FOLDER, yes=listing.rows[row][0].startswith("d"), rows=rows_at[row],
                    k=listing.rows[row][listing.key])  # fmt: skip
    if lines[0].text.startswith("total ") and sum(line.startswith("total ") for line in view.lines) == 1:
        view.ask("value", lines[0].text.removeprefix("total "), ways.TOTAL, [lines[0].first])
    sizes = [_size(row[listing.sizes]) for row in files]
    if listing.whole and len(files) > 2 and sizes.count(min(sizes)) == 1 and view.rng.random() < 0.5:
        view.ask("lowest", files[sizes.index(min(sizes))][listing.key], ways.SMALLEST, every)


def _ask_largest(view: View, listing: Listing, every: Sequence[int]) -> None:
    if listing.sizes < 0 or not listing.whole:
        return
    rows = [row for row in listing.rows if not row[0].startswith("d") and row[listing.key] != "total"]
    sizes = [_size(row[listing.sizes]) for row in rows]
    if len(sizes) > 1 and sizes.count(max(sizes)) == 1 and rows[sizes.index(max(sizes))][listing.key] != ".":
        phrasings = ways.LARGEST if listing.columns[0] == "permissions" else ways.LARGEST_ENTRY
        view.ask("highest", rows[sizes.index(max(sizes))][listing.key], phrasings, every)


def _size(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)([KMGT]?)i?", text)
    return float(found[1]) * _UNITS[found[2]] if found else -1.0

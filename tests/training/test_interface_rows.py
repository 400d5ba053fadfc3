"""Rows by their place, counts, lines, groups, and yes or no about what windows of others show."""

from __future__ import annotations

import json
import random

from training.interfaces.questions.counts import ask_counts
from training.interfaces.questions.groups import ask_groups
from training.interfaces.questions.lines import ask_lines
from training.interfaces.questions.rows import ask_rows
from training.interfaces.questions.sheet import Asked, Earlier, Sheet
from training.interfaces.questions.values import ask_values
from training.interfaces.questions.whether import ask_whether
from training.interfaces.records import Control, Interface

_ROWS = (("Ash", "Ready", "3"), ("Elm", "Idle", "12"), ("Oak", "Ready", "7"), ("Fir", "Idle", "41"))


def _table() -> list[Control]:
    heads = [Control("header", text, (100.0 * place, 0, 100.0 * place + 90, 20), 10, container="t", column=place)
             for place, text in enumerate(("Name", "State", "Count"))]  # fmt: skip
    return heads + [
        Control("cell", text, (100.0 * column, 20.0 * row + 20, 100.0 * column + 90, 20.0 * row + 40), 10,
                container="t", row=row, column=column, selected=row == 2)
        for row, texts in enumerate(_ROWS) for column, text in enumerate(texts)
    ]  # fmt: skip


def _asked(ask, controls: list[Control], cut: frozenset[str] = frozenset()) -> list[Asked]:  # type: ignore[no-untyped-def]
    found: list[Asked] = []
    for seed in range(8):
        interface = Interface("window", "", False, "", tuple(controls), cut=cut)
        sheet = Sheet(random.Random(seed), interface, Earlier(), {})
        ask(sheet)
        found += sheet.asked
    return found


def _first(asked: Asked) -> str:
    return asked.phrasings[0].format(**asked.slots)


def test_rows_are_asked_for_by_their_place() -> None:
    said = {_first(one): one.answer for one in _asked(ask_rows, _table())}
    assert said['What is in the column "State" of the second row?'] == "Idle"
    assert said["What is the Count of the selected row?"] == "7"
    assert said['Which Name comes directly after "Elm"?'] == "Oak"
    assert said['What is in the column "Count" of the last row?'] == "41"
    row = said["Give the selected row as JSON with the column names as keys."]
    assert json.loads(row) == {"Name": "Oak", "State": "Ready", "Count": "7"}


def test_rows_below_what_is_seen_have_no_last_one() -> None:
    said = [_first(one) for one in _asked(ask_rows, _table(), frozenset({"t"}))]
    assert said
    assert not [text for text in said if "last row" in text]


def test_columns_without_headers_are_asked_for_what_is_beside() -> None:
    cells = [one for one in _table() if one.role == "cell" and one.column < 2]
    said = {_first(one): one.answer for one in _asked(ask_rows, cells)}
    assert said['What stands beside "Elm"?'] == "Idle"


def test_rows_with_a_value_are_counted() -> None:
    said = {_first(one): one.answer for one in _asked(ask_counts, _table())}
    assert said['In how many rows is "State" "Ready"?'] == "2"


def test_empty_fields_are_counted_where_all_are_seen() -> None:
    fields = [Control("field", text, (0, 30.0 * place, 90, 30.0 * place + 20), 10, label=f"Field {place}")
              for place, text in enumerate(("a", "", "b", ""))]  # fmt: skip
    said = {_first(one): one.answer for one in _asked(ask_counts, fields)}
    assert said["How many fields are empty?"] == "2"
    assert said["How many text fields are there?"] == "4"
    assert not _asked(ask_counts, fields, frozenset({""}))


def test_sliders_that_show_a_value_are_asked_for_it() -> None:
    sliders = [Control("slider", text, (0, 0, 90, 20), 10, label=label)
               for text, label in (("226", "Speed"), ("", "Size"))]  # fmt: skip
    said = {_first(one): one.answer for one in _asked(ask_values, sliders)}
    assert said == {'What is "Speed" set to?': "226", "Which fields are there?": "Speed, Size"}


def test_lines_of_a_text_are_asked_for() -> None:
    box = Control("text", "one red fox\ntwo hens\nthree very old geese", (0, 0, 200, 60), 10)
    said = {_first(one): one.answer for one in _asked(ask_lines, [box])}
    assert said["How many lines does the text have?"] == "3"
    assert said["What is the second line of the text?"] == "two hens"
    assert said['What does the line after "one red fox" say?'] == "two hens"
    assert said['Which line starts with "three very"?'] == "three very old geese"
    assert not _asked(ask_lines, [box, Control("message", "Five more geese sat there. " * 4, (0, 80, 200, 140), 10)])


def test_a_group_is_given_as_json() -> None:
    group = Control("group", "Proxy", (0, 0, 200, 100), 10, container="g", called="Proxy")
    inside = [
        Control("field", "ash.org", (10, 20, 190, 40), 10, label="Host", container="g", called="Proxy"),
        Control("checkbox", "Use it", (10, 50, 190, 70), 10, is_on=True, container="g", called="Proxy"),
    ]
    found = _asked(ask_groups, [group, *inside])
    assert json.loads(found[0].answer) == {"Host": "ash.org", "Use it": True}
    assert not _asked(ask_groups, [group, *inside], frozenset({"g"}))


def test_as_many_yes_as_no_about_values_and_rows() -> None:
    field = Control("field", "8080", (0, 200, 90, 220), 10, label="Port")
    found = _asked(ask_whether, [*_table(), field])
    assert sum(one.answer == "Yes" for one in found) == sum(one.answer == "No" for one in found) > 20
    port = [one for one in found if one.slots.get("k") == "Port"]
    assert {one.slots["v"] == "8080" for one in port if one.answer == "Yes"} == {True}
    assert "8080" not in {one.slots["v"] for one in port if one.answer == "No"}
    rows = {one.slots["k"]: one.answer for one in found if "selected row" in " ".join(one.phrasings)}
    assert rows["Oak"] == "Yes"
    assert "Yes" not in {answer for name, answer in rows.items() if name != "Oak"}

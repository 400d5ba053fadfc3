"""JSON as CSV as RFC 4180 has it, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.spreadsheet import guarded, is_formula, json_rows, to_csv, to_tsv

FORMULAS = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", " =1"),
    *("\uff1d1+1", "\u00a0=x", '=HYPERLINK("http://x")', "-a"),
]
HARMLESS = [
    *("-5", "+3.20", "-1,200.50 \u20ac", "-12 %", "\u20133", "-", "", "a=b", "-1e5", "- $5", "a@b.c"),
    "+49 30 1234567",
]
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('[{"a": 1, "b": "x"}, {"b": "y", "c": null}]', [["a", "b", "c"], ["1", "x", ""], ["", "y", ""]]),
        (
            '[{"p": {"x": 1.50, "y": [1, 2]}, "l": [{"k": 1e3}]}]',
            [["p.x", "p.y", "l"], ["1.50", "1; 2", '[{"k": 1000.0}]']],
        ),
        (
            '{"shop": "A", "items": [{"name": "tea", "price": 3.20}, {"name": "milk", "price": 0.99}], "total": 4.19}',
            [["shop", "total", "name", "price"], ["A", "4.19", "tea", "3.20"], ["A", "4.19", "milk", "0.99"]],
        ),
        ('{"name": "a", "items": [{"name": "b"}]}', [["name", "items.name"], ["a", "b"]]),
        ('{"a": true, "b": {}}', [["a", "b"], ["true", "{}"]]),
        ("[[1, 2], [3]]", [["1", "2"], ["1", "2"], ["3", ""]]),
        ('[1, "x"]', [["value"], ["1"], ["x"]]),
    ],
)
def test_json_as_rows(text: str, rows: list[list[str]]) -> None:
    assert json_rows(text) == rows


@pytest.mark.parametrize("text", ['[{"a": 1}', "hello", "[]", "{}", "3", "[" * 100_000])
def test_what_is_no_table_says_so(text: str) -> None:
    with pytest.raises(UserError, match="CSV"):
        json_rows(text)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\uff1d1+1",
        "\u00a0=x",
        '=HYPERLINK("http://x")',
        "-a",
    ],
)
def test_formulas_are_guarded(cell: str) -> None:
    assert is_formula(cell)
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


def test_csv_is_quoted_and_counts_what_is_guarded() -> None:
    made = to_csv([["a", "b"], ['say "x"', "1,2"], ["two\nlines", "=1+1"]])
    assert made.text == 'a,b\r\n"say ""x""","1,2"\r\n"two\nlines",\'=1+1\r\n'
    assert made.n_guarded == 1


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_rows_come_back(rows: list[list[str]]) -> None:
    made = to_csv(rows)
    back = list(csv.reader(io.StringIO(made.text, newline="")))
    assert back == [[guarded(cell) for cell in row] for row in rows]


def test_tabs_and_lines_break_no_row() -> None:
    assert to_tsv([["a\tb", "c\nd"], ["=x", "1"]]) == "a b\tc d\n'=x\t1"

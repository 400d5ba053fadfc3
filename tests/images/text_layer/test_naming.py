"""Which rows a question is about."""

from __future__ import annotations

import pytest

from desktop_vlm.api.text_layer import Box, Table, TextLayer, TextLine
from desktop_vlm.images.text_layer.naming import named, naming_words, rows_of

ROWS = ["Invoice 2024-118", "Total 1,284.50 EUR", "Zahlung fällig am 3. Mai", "the end of the page", "of the shop"]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What is the TOTAL?", 1),
        ("what are the totals", 1),
        ("Who sent invoice 2024-118?", 0),
        ("1,284.50 of what?", 1),
        ("Wann ist die Zahlung fallig?", 2),
    ],
)
def test_the_row_with_the_rare_words_is_named_most_clearly(question: str, best: int) -> None:
    scores = named(ROWS, question)
    assert max(scores, key=lambda at: scores[at]) == best


@pytest.mark.parametrize("question", ["", "Describe this.", "???", "Was steht da?"])
def test_a_question_may_name_nothing(question: str) -> None:
    assert named(ROWS, question) == {}


def test_words_of_every_row_name_none() -> None:
    rows = [f"the line number {at}" for at in range(40)]
    assert set(named(rows, "what is in the line 17")) == {17}


def test_the_words_that_name_a_row_are_given_as_they_are_written() -> None:
    assert naming_words("Total: 1,284.50 EUR (Total)", "the total in eur") == ("Total", "EUR")
    assert naming_words("Total: 1,284.50 EUR", "what is the weather") == ()


def line(text: str, left: float, top: float, height: float = 20) -> TextLine:
    return TextLine(text, Box(left, top, left + 10 * len(text), top + height), (), 1.0)


def test_a_tables_rows_are_rows_and_empty_cells_keep_their_place() -> None:
    lines = (line("Title", 0, 0, 40), line("a", 0, 50), line("b", 50, 50, 16), line("c", 100, 80), line("end", 0, 120))
    table = Table(1, 3, (((1,), (2,), ()), ((), (), (3,))))
    rows = rows_of(TextLayer(200, 200, lines, (0,), (table,)))
    assert [row.text for row in rows] == ["Title", "a | b | ", " |  | c", "end"]
    assert rows[1].box == Box(0, 50, 60, 70)
    assert rows[1].font_px == pytest.approx(16 / 1.2)

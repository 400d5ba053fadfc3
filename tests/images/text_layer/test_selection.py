"""Selecting in a layer: by places as a mouse gives them, and what is copied of it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.caret_edges import caret_edges
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.matching import find_exact
from desktop_vlm.images.text_layer.selection import Caret, CellBlock, Copied, SelectableText, TextRange, Unit
from desktop_vlm.images.text_layer.word_spans import next_word, previous_word, word_span, written_apart
from tests.images.text_layer.layers import line
from tests.quickest import quickest_s

TWO_COLUMNS = SelectableText(
    TextLayer(
        400,
        100,
        (
            line("The left column", 0, 0),
            line("ends here.", 0, 20),
            line("Right of it", 200, 0),
            line("is another one", 200, 20),
            line("with more", 200, 40),
        ),
        (0, 2),
    )
)

PRICES = TextLayer(
    400,
    120,
    (
        line("Prices of today", 0, 0),
        line("Item", 0, 20),
        line("Each", 200, 20),
        line("Pear", 0, 40),
        line("yellow", 40, 40),
        line("1.20", 200, 40),
        line("Fig", 0, 60),
        line("Sum <all>", 0, 80),
        line("3.40", 200, 80),
        line("Thank you", 0, 110),
    ),
    (0, 1, 9),
    (Table(1, 8, (((1,), (2,)), ((3, 4), (5,)), ((6,), ()), ((7,), (8,)))),),
)
TABLE = SelectableText(PRICES)


def copied(
    text: SelectableText, start: tuple[float, float], end: tuple[float, float], unit: Unit = Unit.CHARACTER
) -> str:
    return text.copied(text.dragged(text.spot(*start), text.spot(*end), unit)).text


def test_a_drag_selects_from_character_to_character_along_the_reading_order() -> None:
    assert copied(TWO_COLUMNS, (21, 5), (39, 5)) == "left"
    assert copied(TWO_COLUMNS, (39, 5), (21, 5)) == "left"
    assert copied(TWO_COLUMNS, (20, 5), (20, 25)) == "left column\nends"


def test_beside_a_short_line_its_end_is_meant_and_not_the_next_line() -> None:
    spot = TWO_COLUMNS.spot(74, 25)
    assert spot.caret == Caret(1, len("ends here."))
    assert TWO_COLUMNS.spot(195, 44).caret == Caret(4, 0)
    assert TWO_COLUMNS.spot(-50, 300).caret == Caret(1, 0)


def test_both_columns_in_order() -> None:
    selection = TWO_COLUMNS.dragged(TWO_COLUMNS.spot(25, 25), TWO_COLUMNS.spot(225, 5))
    assert TWO_COLUMNS.copied(selection) == Copied("here.\n\nRight")
    assert TWO_COLUMNS.boxes(selection) == [Box(24, 19, 51, 31), Box(199, -1, 226, 11)]


def test_what_is_text_and_what_is_not() -> None:
    assert [TWO_COLUMNS.is_text(x, y) for x, y in ((1, 1), (74, 9), (120, 5), (10, 15), (10, 60))] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert TABLE.is_text(120, 66)  # an empty cell: cells are selected from there


@pytest.mark.parametrize(
    ("at", "word"),
    [((1, 5), "The"), ((14, 5), "The"), ((24, 5), "left"), ((22, 25), "ends"), ((42, 25), "here"), ((48, 25), "here.")],
)
def test_a_double_click_takes_a_word_without_its_punctuation(at: tuple[float, float], word: str) -> None:
    assert copied(TWO_COLUMNS, at, at, Unit.WORD) == word


def test_words_and_lines_are_taken_whole_while_dragging_in_both_directions() -> None:
    assert copied(TWO_COLUMNS, (30, 5), (10, 25), Unit.WORD) == "left column\nends"
    assert copied(TWO_COLUMNS, (10, 25), (30, 5), Unit.WORD) == "left column\nends"
    assert copied(TWO_COLUMNS, (205, 25), (205, 25), Unit.LINE) == "is another one"
    assert copied(TWO_COLUMNS, (205, 45), (205, 25), Unit.LINE) == "is another one\nwith more"


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("mail (a@b.org), please", 8, "a@b.org"),
        ("it costs 12.50 EUR", 10, "12.50"),
        ("don't", 2, "don't"),
        ("--- next", 1, "---"),
        ("two  gaps", 4, "  "),
        ("end ", 3, "end"),
        ("Zürich: 東京タワーです。", 9, "東京"),
        ("Zürich: 東京タワーです。", 12, "タワー"),
        ("Zürich: 東京タワーです。", 13, "です"),
        ("", 0, ""),
    ],
)
def test_what_a_word_is(text: str, at: int, word: str) -> None:
    start, end = word_span(text, at)
    assert text[start:end] == word


def test_steps_from_word_to_word() -> None:
    text = "one  two three"
    assert [next_word(text, at) for at in (0, 3, 8, 14)] == [3, 8, 14, 14]
    assert [previous_word(text, at) for at in (14, 9, 8, 0)] == [9, 5, 5, 0]


def test_what_is_written_apart() -> None:
    text = " ab  c: 東京x y"
    assert [text[start:end] for start, end in written_apart(text)] == ["ab", "c:", "東", "京", "x", "y"]
    assert list(written_apart("")) == []


def test_the_keyboard_moves_the_end_that_moves() -> None:
    start = TextRange(Caret(0, 4), Caret(0, 8))  # "left"
    assert TWO_COLUMNS.moved(start, Unit.CHARACTER, 1).focus == Caret(0, 9)
    assert TWO_COLUMNS.moved(start, Unit.WORD, 1).focus == Caret(0, 15)
    assert TWO_COLUMNS.moved(start, Unit.LINE, 1).focus == Caret(1, 8)
    assert TWO_COLUMNS.moved(start, Unit.LINE, -1).focus == Caret(0, 0)
    at_end = TextRange(Caret(0, 0), Caret(0, 15))
    assert TWO_COLUMNS.moved(at_end, Unit.CHARACTER, 1).focus == Caret(1, 0)
    backwards = TextRange(Caret(4, 9), Caret(1, 0))
    assert TWO_COLUMNS.moved(backwards, Unit.CHARACTER, -1).focus == Caret(0, 15)
    assert TWO_COLUMNS.moved(TextRange(Caret(4, 9), Caret(4, 9)), Unit.WORD, 1).focus == Caret(4, 9)


def test_all_of_it_is_what_the_plain_form_says() -> None:
    for text in (TWO_COLUMNS, TABLE):
        assert text.copied(text.everything()).text == plain_text(text.layer)


def test_a_drag_across_cells_selects_cells_and_copies_them_for_spreadsheets() -> None:
    selection = TABLE.dragged(TABLE.spot(205, 65), TABLE.spot(10, 45))
    assert isinstance(selection, CellBlock)
    assert TABLE.copied(selection) == Copied(
        "Pear yellow\t1.20\nFig\t",
        "<table><tr><td>Pear yellow</td><td>1.20</td></tr><tr><td>Fig</td><td></td></tr></table>",
    )
    whole = TABLE.dragged(TABLE.spot(1, 21), TABLE.spot(219, 89))
    assert TABLE.copied(whole).text == "Item\tEach\nPear yellow\t1.20\nFig\t\nSum <all>\t3.40"
    assert "<td>Sum &lt;all&gt;</td>" in TABLE.copied(whole).html


def test_rows_and_columns_without_text_do_no_harm() -> None:
    rows = (((), (), ()), ((0,), (), (1,)), ((), (), ()), ((2,), (), ()))
    lines = (line("a", 0, 0), line("b", 100, 0), line("c", 0, 40))
    text = SelectableText(TextLayer(200, 100, lines, (0,), (Table(0, 2, rows), Table(3, 2, (((),),)))))
    assert copied(text, (1, 1), (104, 5)) == "a\t\tb"
    assert copied(text, (1, 1), (1, 45)) == "a\n\nc"


def test_one_column_of_a_table_is_lines() -> None:
    assert TABLE.copied(TABLE.dragged(TABLE.spot(205, 25), TABLE.spot(210, 85))) == Copied("Each\n1.20\n\n3.40")


def test_cells_are_lit_up_with_no_gap_between_them() -> None:
    selection = TABLE.dragged(TABLE.spot(1, 45), TABLE.spot(205, 45))
    assert TABLE.boxes(selection) == [Box(-4, 35, 224, 55)]
    selection = TABLE.dragged(TABLE.spot(1, 45), TABLE.spot(1, 25))
    assert TABLE.boxes(selection) == [Box(-4, 16, 135, 55)]


def test_within_one_cell_its_characters_are_selected() -> None:
    assert copied(TABLE, (1, 45), (11, 45)) == "Pe"
    assert copied(TABLE, (1, 45), (69, 45)) == "Pear yellow"


def test_a_drag_that_leaves_the_table_goes_along_the_reading_order() -> None:
    selection = TABLE.dragged(TABLE.spot(200, 45), TABLE.spot(25, 115))
    assert TABLE.copied(selection).text == "1.20\nFig\t\nSum <all>\t3.40\n\nThank"


def test_a_rectangle_takes_the_words_in_it_in_rows_and_columns() -> None:
    assert TWO_COLUMNS.within(Box(120, 60, 190, 90)) is None
    block = TWO_COLUMNS.within(Box(19, -5, 226, 32))
    assert block is not None
    assert TWO_COLUMNS.copied(block).text == "left column\tRight\nhere.\tis"
    lines = TWO_COLUMNS.within(Box(200, 15, 300, 60))
    assert lines is not None
    assert TWO_COLUMNS.copied(lines) == Copied("is another one\nwith more")


def test_a_rectangle_over_a_table_keeps_its_empty_cells() -> None:
    block = TABLE.within(Box(0, 38, 300, 92))
    assert block is not None
    assert TABLE.copied(block).text == "Pear yellow\t1.20\nFig\t\nSum <all>\t3.40"


def test_what_was_found_is_a_selection() -> None:
    (match,) = find_exact(TWO_COLUMNS.layer, "COLUMN ends")
    assert TWO_COLUMNS.copied(TWO_COLUMNS.of_match(match)) == Copied("column\nends")


def test_a_code_is_found_by_its_place() -> None:
    code = Code("QR Code", "https://example.org", Box(10, 10, 60, 60))
    text = SelectableText(TextLayer(100, 100, codes=(code,)))
    assert text.code_at(30, 30) == code
    assert text.code_at(70, 30) is None


def words(parts: Sequence[tuple[str, float, float]]) -> TextLine:
    made = tuple(Word(text, Box(left, 0, right, 10)) for text, left, right in parts)
    return TextLine(" ".join(text for text, _, _ in parts), Box(0, 0, 200, 10), made, 1.0)


def test_characters_are_as_wide_as_the_words_say() -> None:
    terminal = caret_edges(words([("illi", 0, 40), ("mmmm", 50, 90)]))
    assert terminal == (0, 10, 20, 30, 40, 50, 60, 70, 80, 90)
    proportional = caret_edges(words([("illi", 0, 20), ("mmmm", 25, 81)]))
    assert proportional == pytest.approx((0, 5, 10, 15, 20, 25, 39, 53, 67, 81))
    mixed = caret_edges(words([("im", 0, 19)]))
    assert mixed == pytest.approx((0, 5, 19))


def test_words_that_are_not_in_the_text_and_lines_without_words_do_no_harm() -> None:
    strange = TextLine("abc", Box(0, 0, 30, 10), (Word("xyz", Box(0, 0, 30, 10)),), 1.0)
    assert len(caret_edges(strange)) == 4
    assert caret_edges(TextLine("abc", Box(0, 0, 30, 10), (), 1.0)) == (0, 10, 20, 30)
    assert caret_edges(TextLine("", Box(5, 0, 30, 10), (), 1.0)) in {(5,), (30,)}


def test_five_thousand_words_answer_at_once() -> None:
    lines = [
        line("word number after word number and on", 20 + 190 * column, 20 + 18 * row)
        for column in range(7)
        for row in range(110)
    ]
    text = SelectableText(TextLayer(1400, 2100, tuple(lines), tuple(range(0, 770, 10))))
    start = text.spot(25, 25)

    def drag() -> None:
        for step in range(20):
            text.is_text(900, 100 * step)
            text.boxes(text.dragged(start, text.spot(1300, 100 * step)))

    assert quickest_s(drag, 20 * 0.05, clock=time.thread_time) < 20 * 0.05

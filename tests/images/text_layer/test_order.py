"""Reading order, paragraphs and tables of lines at known places; no engine."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.api.text_layer import TextLayer, TextLine
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.order import arrange
from tests.images.text_layer.layers import line

SENTENCE = "A long line of prose that fills its column"


def arranged(lines: Sequence[TextLine]) -> TextLayer:
    """The layer of lines that come in an order of no meaning."""
    mixed = list(lines)
    random.Random(1).shuffle(mixed)
    return arrange(mixed, 1000, 1000)


def texts(layer: TextLayer) -> list[str]:
    return [one.text for one in layer.lines]


def cells(layer: TextLayer, number: int = 0) -> list[list[str]]:
    return [[" ".join(layer.lines[one].text for one in cell) for cell in row] for row in layer.tables[number].rows]


def test_one_column_is_read_downwards() -> None:
    layer = arranged([line(f"line {number}", 10, 14 * number) for number in range(12)])
    assert texts(layer) == [f"line {number}" for number in range(12)]
    assert layer.paragraphs == (0,)
    assert (layer.width, layer.height, layer.source) == (1000, 1000, "ocr")


def test_lines_of_one_height_are_read_from_left_to_right() -> None:
    layer = arranged([line("right", 200, 9), line("left", 10, 10), line("middle", 100, 11)])
    assert texts(layer) == ["left", "middle", "right"]
    assert layer.tables == ()


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [line(f"{SENTENCE} L{number}", 10, 14 * number) for number in range(6)]
    right = [line(f"{SENTENCE} R{number}", 300, 14 * number) for number in range(6)]
    layer = arranged(left + right)
    assert texts(layer) == [one.text for one in left + right]
    assert layer.tables == ()
    assert layer.paragraphs == (0, 6)


def test_a_heading_over_columns_comes_first_and_a_footer_last() -> None:
    left = [line(f"{SENTENCE} L{number}", 10, 40 + 14 * number) for number in range(4)]
    right = [line(f"{SENTENCE} R{number}", 300, 40 + 14 * number) for number in range(4)]
    heading = line("A heading that goes over both of the columns and then some more", 10, 5)
    footer = line("A footer that goes over both of the columns and then some more of it", 10, 120)
    assert texts(arranged([*left, *right, heading, footer])) == [
        heading.text,
        *(one.text for one in left + right),
        footer.text,
    ]


def test_a_sidebar_is_read_on_its_own() -> None:
    menu = [line(name, 10 + 50 * number, 4) for number, name in enumerate(("File", "Edit", "View", "Tools", "Help"))]
    sidebar = [line(name, 10, 40 + 23 * number) for number, name in enumerate(("Inbox", "Drafts", "Sent", "Trash"))]
    content = [line(f"{SENTENCE} {number}", 120, 34 + 15 * number) for number in range(8)]
    status = line("4 messages, and a long line about what is going on in this window now", 10, 200)
    layer = arranged([*menu, *sidebar, *content, status])
    assert texts(layer) == [one.text for one in (*menu, *sidebar, *content, status)]
    assert layer.tables == ()


def test_messages_on_both_sides_keep_their_turns() -> None:
    talk = [
        line("Are you coming?", 10, 10),
        line("In ten minutes", 200, 40),
        line("Good", 10, 70),
        line("Yes", 255, 100),
    ]
    assert texts(arranged(talk)) == ["Are you coming?", "In ten minutes", "Good", "Yes"]


TABLE = [
    [("Item", 10), ("Qty", 120), ("Price", 200)],
    [("Desk lamp", 10), ("2", 130), ("24.90", 200)],
    [("Cable", 10), ("10", 125), ("3.15", 205)],
    [("Paper", 10), ("12", 125), ("4.99", 205)],
]


def test_a_table_is_read_in_rows() -> None:
    lines = [line(text, x, 20 + 16 * row) for row, made in enumerate(TABLE) for text, x in made]
    layer = arranged(lines)
    assert texts(layer) == [one.text for one in lines]
    assert cells(layer) == [[text for text, _ in row] for row in TABLE]
    assert (layer.tables[0].first, layer.tables[0].last) == (0, 11)
    assert plain_text(layer).splitlines()[1] == "Desk lamp\t2\t24.90"


def test_empty_cells_have_their_places() -> None:
    lines = [line(text, x, 20 + 16 * row) for row, made in enumerate(TABLE) for text, x in made]
    del lines[7], lines[3]
    assert cells(arranged(lines)) == [
        ["Item", "Qty", "Price"],
        ["", "2", "24.90"],
        ["Cable", "", "3.15"],
        ["Paper", "12", "4.99"],
    ]


def test_what_is_above_and_below_a_table_is_not_in_it() -> None:
    table = [line(text, x, 40 + 16 * row) for row, made in enumerate(TABLE) for text, x in made]
    above = [line("Invoice", 10, 2), line("of May", 10, 16)]
    below = [line("Thank you", 10, 130), line("Bye", 10, 146)]
    layer = arranged([*table, *above, *below])
    assert texts(layer) == [one.text for one in (*above, *table, *below)]
    assert (layer.tables[0].first, layer.tables[0].last) == (2, 13)
    assert [number for number in layer.paragraphs if number in {0, 2, 14}] == [0, 2, 14]


def test_labels_and_values_are_rows() -> None:
    fields = [("Name", "Ada Miller"), ("E-mail", "ada@example.org"), ("Total", "1,018.50")]
    layer = arranged(
        [line(text, 10 + 90 * side, 25 * row) for row, made in enumerate(fields) for side, text in enumerate(made)]
    )
    assert cells(layer) == [list(made) for made in fields]


def test_two_pairs_are_no_table() -> None:
    assert arranged([line("a", 0, 0), line("b", 90, 0), line("c", 0, 20), line("d", 90, 20)]).tables == ()


def test_paragraphs_begin_after_wider_gaps() -> None:
    tops = [0, 14, 28, 56, 70, 98]
    assert arranged([line(f"{SENTENCE} {top}", 10, top) for top in tops]).paragraphs == (0, 3, 5)


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    lines = [line("Heading", 10, 0, size=24), *(line(f"{SENTENCE} {top}", 10, top) for top in (30, 44, 58))]
    assert arranged(lines).paragraphs == (0, 1)


def test_evenly_spaced_items_are_one_paragraph() -> None:
    assert arranged([line(f"item {number}", 10, 25 * number) for number in range(5)]).paragraphs == (0,)


def test_nothing_is_an_empty_layer() -> None:
    assert arrange([], 1, 1) == TextLayer(1, 1)


boxes = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 40), st.integers(6, 40))


@settings(max_examples=40)
@given(st.lists(boxes, max_size=25))
def test_no_line_is_lost_and_none_is_doubled(places: list[tuple[int, int, int, int]]) -> None:
    lines = [line("x" * length, left, top, size=size) for left, top, length, size in places]
    layer = arrange(lines, 1000, 1000)
    assert sorted(map(id, layer.lines)) == sorted(map(id, lines))
    assert list(layer.paragraphs) == sorted(set(layer.paragraphs))
    assert layer.paragraphs[:1] == ((0,) if lines else ())
    for table in layer.tables:
        assert len({len(row) for row in table.rows}) == 1
        numbers = [number for row in table.rows for cell in row for number in cell]
        assert numbers == list(range(table.first, table.last + 1))


def test_a_very_long_page_is_read_downwards() -> None:
    lines = [line(f"{SENTENCE} {number}", 10, 14 * number) for number in range(300)]
    assert arranged(lines).lines == tuple(lines)

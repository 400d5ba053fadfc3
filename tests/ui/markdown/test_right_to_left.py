"""Answers in Arabic and Hebrew: lists, quotes and tables begin at the right."""

from __future__ import annotations

from itertools import groupby

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSlider
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from tests.ui.markdown.seen import only, picture


@pytest.mark.parametrize(
    ("text", "at_right"),
    [
        ("- \u0639\u0631\u0628\u064a \u0646\u0635", True),
        ("- \u05e2\u05d1\u05e8\u05d9\u05ea", True),
        ("1. **\u0639\u0631\u0628\u064a** with English", True),
        ("- English with \u0639\u0631\u0628\u064a", False),
        ("- 12 \u0639\u0631\u0628\u064a", True),
        ("> \u05e2\u05d1\u05e8\u05d9\u05ea", True),
        ("> English", False),
    ],
)
def test_lists_and_quotes_read_from_the_side_that_their_text_does(
    view: MarkdownView, text: str, at_right: bool
) -> None:
    view.set_markdown(text)
    image = picture(view)
    ground = image.pixel(image.width() // 2, 0)
    inked = [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))]
    assert inked
    if at_right:
        assert inked[0] > image.width() // 2
        assert image.width() - inked[-1] < 30  # its mark or bar
    else:
        assert inked[0] < 30
        assert inked[-1] < image.width() // 2


def test_each_item_of_a_list_has_its_side(view: MarkdownView) -> None:
    view.set_markdown("- English\n- \u05e2\u05d1\u05e8\u05d9\u05ea\n- 12")
    document = only(view, Prose).document()
    sides = [document.findBlockByNumber(number).blockFormat().layoutDirection() for number in range(3)]
    right = Qt.LayoutDirection.RightToLeft
    assert [side is right for side in sides] == [False, True, True]


def test_a_list_reads_as_its_words_do_and_not_as_its_code(view: MarkdownView) -> None:
    view.set_markdown("1. `Retry` \u05de\u05e0\u05e1\u05d4\n2. `Cancel` stops\n3. `only`")
    block, sides = only(view, Prose).document().firstBlock(), []
    while block.isValid():
        sides.append(block.blockFormat().layoutDirection())
        block = block.next()
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert [side is right for side in sides] == [True, False, False]
    assert left not in sides[:1]


@pytest.mark.parametrize(("text", "dot_is_left"), [("1. \u05e2\u05d1\u05e8\u05d9\u05ea", True), ("1. Word", False)])
def test_the_dot_of_a_number_is_between_it_and_its_text(view: MarkdownView, text: str, dot_is_left: bool) -> None:
    view.set_markdown(text)
    image = picture(view)
    ground, beside = image.pixel(image.width() // 2, 0), range(28)  # what is left free of text for the number
    columns = [image.width() - 28 + x if dot_is_left else x for x in beside]
    heights = [sum(image.pixel(x, y) != ground for y in range(image.height())) for x in columns]
    drawn = [max(run) for is_inked, run in groupby(heights, key=bool) if is_inked]
    assert len(drawn) == 2
    dot, digit = drawn if dot_is_left else reversed(drawn)
    assert digit > 2.5 * dot


def test_columns_of_an_arabic_table_run_from_right_to_left(view: MarkdownView) -> None:
    """So they are read; what is copied keeps the order of the source."""
    source = "| الاسم | السعر |\n| --- | ---: |\n| خبز | 3.20 |\n| `Tee` | 1 |"
    view.set_markdown(source)
    block = only(view, TableBlock)
    table = block._table
    assert table is not None
    layout = block.document().documentLayout()

    def shown(row: int) -> list[str]:
        cells = [table.cellAt(row, column).firstCursorPosition().block() for column in range(2)]
        return [
            one.text().strip("\u2063") for one in sorted(cells, key=lambda one: layout.blockBoundingRect(one).left())
        ]

    assert [shown(row) for row in range(3)] == [["السعر", "الاسم"], ["3.20", "خبز"], ["1", "Tee"]]
    assert [passage.text.strip("\u2063") for passage, _ in block.passages()] == [
        "الاسم",
        "السعر",
        "خبز",
        "3.20",
        "Tee",
        "1",
    ]
    right = layout.blockBoundingRect(table.cellAt(0, 1).firstCursorPosition().block()).right()
    assert block.width() - 30 < right <= block.width()
    assert [passage.group for passage, _ in block.passages()][:2] == ["0", "1"]
    assert block.as_rows() == [["الاسم", "السعر"], ["خبز", "3.20"], ["Tee", "1"]]
    cursor = table.cellAt(1, 0).firstCursorPosition()
    cursor.setPosition(table.cellAt(2, 0).firstCursorPosition().position(), cursor.MoveMode.KeepAnchor)
    block.setTextCursor(cursor)
    assert block.selected_text() == "3.20\n1"
    view.set_markdown(source.replace("الاسم", "Name"))
    assert shown_columns(view) == ["Name", "السعر"]


def shown_columns(view: MarkdownView) -> list[str]:
    table = only(view, TableBlock)._table
    assert table is not None
    return [table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns())]


def test_a_wide_arabic_table_begins_at_its_right_and_stays_where_it_was_moved(view: MarkdownView, qtbot: QtBot) -> None:
    head = " | ".join(f"العنوان الطويل جدا {number}" for number in range(12))
    source = f"| {head} |\n|{' --- |' * 12}\n|{' خبز وزبدة وقهوة |' * 12}\n"
    view.set_markdown(source)
    bar = only(view, TableBlock).horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    assert bar.value() == bar.maximum()
    view.resize(500, 400)
    qtbot.waitUntil(lambda: only(view, TableBlock).width() < 550)
    assert bar.value() == bar.maximum()
    bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepSub)
    moved = bar.value()
    assert moved < bar.maximum()
    view.resize(520, 400)
    qtbot.waitUntil(lambda: only(view, TableBlock).width() == view.width())
    assert bar.value() == moved


def test_finding_in_an_arabic_table_goes_from_right_to_left(view: MarkdownView) -> None:
    """The places of a search are counted in the source, whose first column stands at the right."""
    view.set_markdown("| الاسم | السعر |\n| --- | --- |\n| tea خبز | tea tea |\n| خبز | tea |")
    view.light_up(["tea"])
    block = only(view, TableBlock)
    assert block.n_lit == 4
    table = block._table
    assert table is not None
    cells = []
    for number in range(4):
        block.light_hit(number)
        start = block._lit[number][0]
        cells.append((table.cellAt(start).row(), table.cellAt(start).column()))
    assert cells == [(1, 1), (1, 0), (1, 0), (2, 0)]
    assert block._lit[1] < block._lit[2]

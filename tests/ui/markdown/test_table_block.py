"""Tables: cells, copies, and wide ones."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.table_block import TableBlock
from tests.ui.markdown.seen import TABLE, actions, clipboard, only, picture


def test_table_cells_alignment_and_copies(view: MarkdownView) -> None:
    view.set_markdown(TABLE)
    block = only(view, TableBlock)
    assert block._table is not None
    cell = block._table.cellAt(2, 1)
    assert cell.firstCursorPosition().block().text() == "4"
    assert cell.firstCursorPosition().blockFormat().alignment() & Qt.AlignmentFlag.AlignRight
    menu = actions(block, QPoint(1, 1))
    menu["Copy table as Markdown"].trigger()
    assert clipboard() == "| a | b |\n| :-- | --: |\n| `1` | $x$ |\n| 3 | 4 |"
    menu["Copy table for a spreadsheet"].trigger()
    assert clipboard() == "a\tb\n1\t$x$\n3\t4"


def test_wide_table_scrolls_and_its_height_includes_the_bar(view: MarkdownView) -> None:
    view.set_markdown("|" + " some words here |" * 12 + "\n" + "|-" * 12 + "|")
    view.resize(400, view.heightForWidth(400))
    QApplication.processEvents()
    block = only(view, TableBlock)
    assert block.horizontalScrollBar().maximum() > 300
    assert block.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", [600, 260])
def test_code_and_text_stand_on_one_line_in_a_table(view: MarkdownView, width: int) -> None:
    view.resize(width, 400)
    rows = ["| text | `code` | some `code` in it, and more than fits |"] * 3
    view.set_markdown("\n".join(["| a | `b` | c |", "|---|---|---|", *rows]))
    picture(view)
    block = only(view, TableBlock)
    table, layout = block._table, block.document().documentLayout()
    assert table is not None
    for row in range(table.rows()):
        baselines = []
        for column in range(3):
            text = table.cellAt(row, column).firstCursorPosition().block()
            line = text.layout().lineAt(0)
            baselines.append(layout.blockBoundingRect(text).top() + line.y() + line.ascent())
        assert max(baselines) - min(baselines) < 1

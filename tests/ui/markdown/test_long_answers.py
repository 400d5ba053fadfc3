"""Long answers: how they are cut, that nothing of them is lost, and that no turn of the event loop takes long."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from time import thread_time
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar
from pytestqt.qtbot import QtBot

from desktop_vlm.markdown import formula, highlight
from desktop_vlm.markdown.blocks import Code, Grid, Leaf, Table, Text
from desktop_vlm.markdown.formula import FormulaDrawing
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.markdown.pieces import CODE_PART, CODE_PART_LINES, PIECE
from desktop_vlm.markdown.table_text import cells_of, plain_cell
from desktop_vlm.ui.markdown import MarkdownView, formula_layout, preload
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.grid_block import GridBlock
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.widgets.turn import Turn

CODE = "".join(f"line_{number} = {number}  # text\n" for number in range(1_500))
LIST = "".join(f"{number}. item **{number}**\n" for number in range(1, 1_200))
PARAGRAPH = "The quick brown fox jumps over `the` lazy dog. " * 800
LINES = "".join(f"line {number}\n" for number in range(3_000))
ENTRIES = [{"name": f"n{number}", "values": [1, 2.5, None, True], "text": 'a "b" {c} [d]'} for number in range(400)]
GRID = "| a | b |\n|---|--:|\n" + "".join(f"| {number} | `{number}` |\n" for number in range(400))
LONG = {
    "code": f"Before\n\n```python\n{CODE}```\n\nafter",
    "list": LIST,
    "paragraph": PARAGRAPH,
    "lines": LINES,
    "json": json.dumps(ENTRIES),
    "table": f"Before\n\n{GRID}\nafter",
    "one line": "```js\n" + "a(b);" * 8_000 + "\n```",
    "deep list": "".join("  " * level + f"- item {level}\n" for level in range(150)),
    "formulas": "\n\n".join(rf"With $a_{{{number}}}$" for number in range(3)) + "\n\n" + PARAGRAPH,
}


def text_of(leaves: list[Leaf]) -> str:
    """All letters and digits, in order."""
    out = []
    for leaf in leaves:
        if isinstance(leaf, Text):
            out += [leaf.marker, *(span.text for span in leaf.spans)]
        elif isinstance(leaf, Code):
            out.append(leaf.text)
        elif isinstance(leaf, Grid):
            out.append(leaf.source)
    return "".join(char for char in "".join(out) if char.isalnum())


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize("name", LONG)
def test_nothing_is_lost_where_a_long_text_is_cut(name: str) -> None:
    source = LONG[name]
    leaves = Parser().parse(source)

    marked = source.replace("```python", "").replace("```js", "")
    assert text_of(leaves) == letters(marked)
    assert max(len(leaf.text) for leaf in leaves if isinstance(leaf, Code)) <= CODE_PART if name == "code" else True


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_that_streams_ends_as_complete(name: str) -> None:
    source = LONG[name]
    parser = Parser()
    for end in range(0, len(source), 977):
        parser.parse(source[:end], streaming=True)
    assert text_of(parser.parse(source)) == text_of(Parser().parse(source))


def test_parts_of_code_are_that_code() -> None:
    parts = [leaf for leaf in Parser().parse(LONG["code"]) if isinstance(leaf, Code)]

    assert "".join(part.text for part in parts) == CODE.removesuffix("\n")
    assert [part.part for part in parts] == list(range(len(parts)))
    assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]
    assert all(part.text.count("\n") <= CODE_PART_LINES for part in parts)
    assert {part.language for part in parts} == {"python"}


def test_code_whose_end_is_missing_is_code_to_the_end() -> None:
    parts = Parser().parse(f"```python\n{CODE}")
    assert "".join(part.text for part in parts if isinstance(part, Code)) == CODE
    assert len(parts) > 3


def test_a_fence_within_longer_code_ends_nothing() -> None:
    source = f"````\n{CODE}```\n{CODE}````\nafter"
    leaves = Parser().parse(source)
    assert "".join(leaf.text for leaf in leaves if isinstance(leaf, Code)) == f"{CODE}```\n{CODE}".rstrip("\n")
    assert isinstance(leaves[-1], Text)


def test_long_json_is_the_same_value() -> None:
    for streaming in (False, True):
        source = json.dumps(ENTRIES)
        parts = Parser().parse(source, streaming=streaming)
        assert len(source) > PIECE
        printed = "".join(part.text for part in parts if isinstance(part, Code))
        assert json.loads(printed) == ENTRIES
        assert printed.startswith('[\n  {\n    "name": "n0"')


def test_what_only_begins_like_json_is_text() -> None:
    leaves = Parser().parse("[1, 2] " + PARAGRAPH)
    assert all(isinstance(leaf, Text) for leaf in leaves)


def test_numbers_of_a_long_list_go_on() -> None:
    leaves = Parser().parse(LIST)
    assert [leaf.marker for leaf in leaves if isinstance(leaf, Text)] == [f"{number}." for number in range(1, 1_200)]


def test_a_table_that_grows_becomes_a_grid_and_what_follows_stays() -> None:
    kinds = []
    parser = Parser()
    for end in (60, 300, 5_000, len(LONG["table"])):
        leaves = parser.parse(LONG["table"][:end], streaming=True)
        kinds.append([type(leaf) for leaf in leaves])
    assert kinds[0] == [Text, Table]
    assert kinds[2] == [Text, Grid]
    assert kinds[3] == [Text, Grid, Text]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        (r"| a \| b | c |", ["a | b", "c"]),
        ("|  | b |", ["", "b"]),
    ],
)
def test_cells_of_a_line(line: str, cells: list[str]) -> None:
    assert cells_of(line) == cells


@pytest.mark.parametrize(
    ("cell", "plain"),
    [("**a** and `b`", "a and b"), ("2 * 3 * 4", "2 * 3 * 4"), ("snake_case_name", "snake_case_name"), (r"\*a", "*a")],
)
def test_a_cell_as_it_is_read(cell: str, plain: str) -> None:
    assert plain_cell(cell) == plain


# The view


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> Iterator[MarkdownView]:
    """In a frame that scrolls, as everywhere in the program."""
    preload()
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    made = MarkdownView(theme)
    area.setWidget(made)
    area.resize(640, 500)
    area.show()
    yield made
    made.set_markdown("")


def settle(view: MarkdownView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.is_settled)


def bar_of(view: MarkdownView) -> QScrollBar:
    area = view.window()
    assert isinstance(area, QScrollArea)
    return area.verticalScrollBar()


def test_only_what_is_near_the_screen_is_laid_out(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown(LONG["code"])
    settle(view, qtbot)
    first = view.parts()
    assert 0 < len(first) < len(view.items) - 3
    bar = bar_of(view)
    bar.setValue(bar.maximum())
    settle(view, qtbot)
    qtbot.waitUntil(lambda: view.items[-1].part is not None)
    assert view.items[-1].part.isVisible()  # type: ignore[union-attr]


def test_the_copy_button_copies_all_parts(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown(LONG["code"])
    settle(view, qtbot)
    block = next(part for part in view.parts() if isinstance(part, CodeBlock))
    block.copy_button.click()
    assert QApplication.clipboard().text() == CODE.removesuffix("\n")


def test_a_grid_shows_and_copies_its_cells(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown(LONG["table"])
    settle(view, qtbot)
    grid = next(part for part in view.parts() if isinstance(part, GridBlock))
    model = grid.table.model()
    assert (model.rowCount(), model.columnCount()) == (400, 2)
    assert model.index(399, 1).data() == "399"
    cells = QItemSelection(model.index(7, 0), model.index(7, 1))  # `selectRow` asks which keys are down
    grid.table.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    grid.table.copy()
    assert QApplication.clipboard().text() == "7\t7"
    grid.copy_button.click()
    assert QApplication.clipboard().text().split("\n")[:2] == ["a\tb", "0\t0"]


def test_what_is_read_stays_where_it_is_while_parts_above_are_laid_out(view: MarkdownView, qtbot: QtBot) -> None:
    moved: list[int] = []
    view.shifted.connect(moved.append)
    view.set_markdown(LONG["list"])
    settle(view, qtbot)
    bar = bar_of(view)
    bar.setValue(bar.maximum() // 2)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: any(not part.visibleRegion().isEmpty() for part in view.parts()))
    settle(view, qtbot)
    for _ in range(8):
        part = next(part for part in view.parts() if not part.visibleRegion().isEmpty())
        before = part.mapTo(view, QPoint(0, 0)).y()
        moved.clear()
        bar.setValue(bar.value() - 300)
        qtbot.wait(0)
        settle(view, qtbot)
        assert part.mapTo(view, QPoint(0, 0)).y() - before == sum(moved)


def test_a_theme_reaches_what_is_on_the_screen_and_what_comes_later(
    view: MarkdownView, theme: Theme, qtbot: QtBot
) -> None:
    view.set_markdown(LONG["code"])
    settle(view, qtbot)
    theme.apply_now(ThemeChoice.DARK, theme.text_px)
    settle(view, qtbot)
    text = next(part for part in view.parts() if isinstance(part, CodeBlock)).text
    assert text.document().begin().begin().fragment().charFormat().foreground().color() == theme.color("text")


def test_nothing_is_laid_out_while_a_theme_is_about_to_come(view: MarkdownView, theme: Theme, qtbot: QtBot) -> None:
    view.set_markdown(LONG["code"])
    settle(view, qtbot)
    theme.changing.emit()
    bar = bar_of(view)
    bar.setValue(bar.maximum())
    for _ in range(20):
        QApplication.processEvents()
    assert view.items[-1].part is None
    assert not view.is_settled
    theme.changed.emit()
    qtbot.waitUntil(lambda: view.items[-1].part is not None)
    settle(view, qtbot)


def test_a_view_is_settled_when_its_code_has_its_colours(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highlight, "_made", set())
    highlight._lexer.cache_clear()
    view.set_markdown("```rust\nfn main() {}\n```")
    settle(view, qtbot)
    text = next(part for part in view.parts() if isinstance(part, CodeBlock)).text
    assert text.document().begin().layout().formats()[0].length == len("fn")


def test_code_that_gets_its_colours_step_by_step_is_as_high_as_its_lines(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown("```python\n" + "\n".join(f"line_{number} = {number}" for number in range(3_000)) + "\n```")
    settle(view, qtbot)
    bar = bar_of(view)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: view.is_settled and view.items[-1].part is not None)
    for block in [part for part in view.parts() if isinstance(part, CodeBlock)]:
        last = block.text.document().lastBlock()
        assert block.text.height() >= block.text.document().documentLayout().blockBoundingRect(last).bottom()


def test_a_short_answer_is_there_at_once_and_two_of_them_come_one_after_the_other(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    monkeypatch.setattr(Turn, "_begun", None)
    view.set_markdown(f"Some text.\n\n```\ncode\n```\n\n{'Words. ' * 900}")
    assert len(view.parts()) == 3
    view.set_markdown(f"Another.\n\n```\ncode\n```\n\n{'Words. ' * 901}")
    assert not view.is_settled
    monkeypatch.undo()
    settle(view, qtbot)
    assert len(view.parts()) == 3


def test_the_windows_thread_lays_out_no_formula_and_what_needs_none_waits_for_none(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    class Client:
        def lay_out(self, latex: str, size_px: float, *, display: bool) -> FormulaDrawing | None:
            asked.append(latex)
            held.set()
            go_on.wait(20)
            return formula.lay_out_uncached(latex, size_px, display=display)

    monkeypatch.setattr(formula_layout, "_client", Client)
    threads = called_by(monkeypatch, formula, "lay_out_uncached")
    view.set_markdown("First.\n\n```\ncode\n```\n\nIt is $x_{9}+1$.\n\n$$x_{9}+2$$\n\nLast.")
    qtbot.waitUntil(held.is_set)
    qtbot.waitUntil(lambda: [type(part).__name__ for part in view.parts()] == ["Prose", "CodeBlock", "Prose"])
    assert not view.is_settled
    go_on.set()
    settle(view, qtbot)
    assert [type(part).__name__ for part in view.parts()] == ["Prose", "CodeBlock", "Prose", "FormulaBlock", "Prose"]
    assert sorted(asked) == ["x_{9}+1", "x_{9}+2"]
    assert threading.main_thread() not in threads


def called_by(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[threading.Thread]:
    """The threads that call a function."""
    real, threads = getattr(module, name), []

    def call(*arguments: Any, **named: Any) -> object:
        threads.append(threading.current_thread())
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, call)
    return threads


def test_many_parts_of_a_short_answer_that_grows_come_one_after_the_other(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    text = "".join(f"Part {number}.\n\n```\ncode\n```\n\n" for number in range(10))
    view.set_markdown(text, streaming=True)
    assert view.parts() == []
    monkeypatch.undo()
    settle(view, qtbot)
    assert len(view.parts()) == 20
    there = view.parts()
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    view.set_markdown(text + "The end.", streaming=True)
    assert view.parts()[:20] == there
    monkeypatch.undo()
    settle(view, qtbot)
    assert len(view.parts()) == 21


def test_many_short_lines_are_parsed_in_several_turns_and_none_is_shown_less(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    lines = "".join(f"- item {number}\n" for number in range(500))
    view.set_markdown(lines, streaming=True)
    assert not view.is_settled
    assert 0 < leaves_of(view) < 200
    monkeypatch.undo()
    settle(view, qtbot)
    assert leaves_of(view) == 500
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    view.set_markdown(lines + "- and more", streaming=True)
    assert leaves_of(view) == 501


def leaves_of(view: MarkdownView) -> int:
    return sum(len(item.group) for item in view.items if isinstance(item.group, list))


def test_only_so_much_is_shown(view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.ui.markdown.view.MOST_SHOWN", 20_000)
    view.set_markdown(LINES)
    assert 10_000 < view.shown_length <= 20_000
    assert LINES[view.shown_length - 1] == "\n"
    settle(view, qtbot)
    assert view.markdown() == LINES


CASES = ("code", "table", "one line", "deep list", "paragraph", "json", "formulas")


@pytest.mark.parametrize("name", CASES)
def test_no_turn_of_the_event_loop_takes_long(view: MarkdownView, name: str) -> None:
    """By processor time of the thread, which on a busy computer is more than the 50 ms of an idle one."""
    source = LONG[name] * 4
    longest = 0.0

    def turn(work: object) -> None:
        nonlocal longest
        begun = thread_time()
        assert callable(work)
        work()
        longest = max(longest, thread_time() - begun)

    turn(lambda: view.set_markdown(source, streaming=True))
    while not view.is_settled:
        turn(QApplication.processEvents)
    turn(lambda: view.set_markdown(source))
    while not view.is_settled:
        turn(QApplication.processEvents)
    assert longest < 0.15

"""The view: what is painted, kept, copied, and never done."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from time import thread_time
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QDesktopServices, QImage, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView, preload
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.theme import Theme, ThemeChoice
from tests.markdown.test_markdown_parser import ANSWER, NASTY, PIECES
from tests.ui.markdown.settled_view import SettledView

T = TypeVar("T", bound=QWidget)

CODE = 'def f(x):\n\treturn "\U0001f600" + x  # note\n'
TABLE = "| a | b |\n|:--|--:|\n| `1` | $x$ |\n| 3 | 4 |"


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> Iterator[MarkdownView]:
    preload()
    made = SettledView(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    yield made
    made.set_markdown("")


def only(view: MarkdownView, kind: type[T]) -> T:
    (part,) = [part for part in view.parts() if isinstance(part, kind)]
    return part


def picture(view: MarkdownView) -> QImage:
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()  # no caret in the picture
    assert isinstance(view, SettledView)
    view.settle()
    view.resize(view.width(), max(1, view.heightForWidth(view.width())))
    QApplication.processEvents()
    view.settle()
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    view.render(image)
    return image


def counted(image: QImage, color: str) -> int:
    requested = QColor(color).rgb()
    return sum(image.pixel(x, y) == requested for y in range(image.height()) for x in range(image.width()))


def actions(part: Prose | TableBlock, at: QPoint) -> dict[str, QAction]:
    return {action.text(): action for action in part.context_menu(at).actions()}


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_parts_of_an_answer(view: MarkdownView) -> None:
    view.set_markdown(ANSWER)
    kinds = [type(part).__name__ for part in view.parts()]
    assert kinds == [
        "Prose", "CodeBlock", "Prose", "TableBlock", "FormulaBlock", "FormulaBlock", "Prose", "CodeBlock", "Prose",
    ]  # fmt: skip
    assert view.markdown() == ANSWER
    prose = view.parts()[0]
    assert isinstance(prose, Prose)
    assert prose.document().toPlainText().replace("\u2063", "").splitlines()[:2] == [
        "A title",
        "Text with bold, code, \ufffc and a link.",
    ]


def test_streaming_leaves_finished_parts_alone(view: MarkdownView) -> None:
    text = f"First *paragraph*.\n\n```python\n{CODE}```\n\nSecond\n\n{TABLE}\n\n$$x$$\n\nLast words here"
    seen: dict[int, QWidget] = {}
    for end in range(1, len(text) + 1):
        view.set_markdown(text[:end], streaming=True)
        parts = view.parts()
        for index, part in enumerate(parts[:-1]):
            assert seen.setdefault(index, part) is part
    view.set_markdown(text)
    assert [seen[index] for index in sorted(seen)] == view.parts()[:-1]


def test_streamed_and_whole_answers_look_the_same(view: MarkdownView, theme: Theme, qtbot: QtBot) -> None:
    for end in range(0, len(ANSWER), 5):
        view.set_markdown(ANSWER[:end], streaming=True)
    view.set_markdown(ANSWER)
    whole = SettledView(theme)
    qtbot.addWidget(whole)
    whole.resize(600, 400)
    whole.show()
    whole.set_markdown(ANSWER)
    assert picture(view) == picture(whole)


def test_a_selection_survives_what_streams_in_after_it(view: MarkdownView) -> None:
    view.set_markdown("Alpha beta\n\ngamma `del", streaming=True)
    prose = only(view, Prose)
    cursor = prose.textCursor()
    cursor.setPosition(6)
    cursor.setPosition(14, QTextCursor.MoveMode.KeepAnchor)
    prose.setTextCursor(cursor)
    view.set_markdown("Alpha beta\n\ngamma `delta` and more\n\n```\ncode\n```", streaming=True)
    assert view.parts()[0] is prose
    assert view.selected_text() == "beta\ngam"


def test_one_selection_at_a_time(view: MarkdownView) -> None:
    view.set_markdown("Text\n\n```\ncode\n```")
    only(view, Prose).selectAll()
    only(view, CodeBlock).text.selectAll()
    assert view.selected_text() == "code"
    view.clear_selection()
    assert not view.has_selection()


def test_copied_prose_keeps_markers_and_formulas(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown("Is $x^2$ `so`\n\n1. one\n   - two")
    prose = only(view, Prose)
    prose.selectAll()
    qtbot.keyClick(prose, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "Is $x^2$ so\n1. one\n  \u2022 two"
    data = QApplication.clipboard().mimeData()
    assert data.formats() == ["text/plain", "text/html"]
    assert '<p dir="auto">Is $x^2$ <code' in data.html()
    assert "\u2022 two</p>" in data.html()


def test_code_is_highlighted_and_copied_exactly(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown(f"```py\n{CODE}```")
    block = only(view, CodeBlock)
    first, second = (block.text.document().findBlockByNumber(number) for number in (0, 1))
    runs = [(run.start, run.length) for run in first.layout().formats()]
    assert runs == [(0, 3), (4, 1), (5, 1), (7, 1), (8, 1)]  # def, f, (, ), :
    comment = second.layout().formats()[-1]
    assert second.text().encode("utf-16-le")[2 * comment.start :].decode("utf-16-le") == "# note"
    block.copy_button.setFocus()
    qtbot.keyClick(block.copy_button, Qt.Key.Key_Space)
    assert clipboard() == CODE.removesuffix("\n")
    assert block.copy_button.text() == "Copied"
    assert block.copy_button.accessibleName() == "Copied"
    qtbot.waitUntil(lambda: block.copy_button.text() == "Copy")


def test_colours_while_streaming_end_as_those_of_the_whole(view: MarkdownView) -> None:
    code = '"""Doc\n\nstring."""\n\nimport os\n\n\ndef f():\n    return 1\n'
    for end in range(len(code)):
        view.set_markdown("```python\n" + code[:end], streaming=True)
    view.set_markdown(f"```python\n{code}```")
    assert [run.role for run in only(view, CodeBlock).text._runs[2]] == ["comment"]
    assert [run.role for run in only(view, CodeBlock).text._runs[4]] == ["keyword", "type"]


def test_code_scrolls_sideways_and_leaves_the_wheel_to_the_conversation(view: MarkdownView) -> None:
    view.set_markdown("```\n" + "long " * 200 + "\n```")
    view.resize(600, view.heightForWidth(600))
    QApplication.processEvents()
    text = only(view, CodeBlock).text
    assert text.horizontalScrollBar().maximum() > 1000
    assert text.verticalScrollBar().maximum() == 0
    for delta, taken in ((QPoint(0, -120), False), (QPoint(-120, 0), True)):
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), delta, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        text.wheelEvent(event)
        assert event.isAccepted() is taken
    assert text.horizontalScrollBar().value() == 60


def test_json_answer_is_a_code_block(view: MarkdownView) -> None:
    view.set_markdown('{"total": 13.50}')
    assert only(view, CodeBlock).text.code == '{\n  "total": 13.50\n}'


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


@pytest.mark.parametrize("markdown", ["$$\\square\\blacksquare M$$", "so $MMM$"])
@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_formulas_have_the_colour_of_the_text(
    view: MarkdownView, theme: Theme, markdown: str, choice: ThemeChoice
) -> None:
    view.set_markdown(markdown)
    theme.apply_now(choice, 24)
    without = 0
    if markdown.startswith("so"):
        view.set_markdown("so ")
        without = counted(picture(view), theme.colors.text)
        view.set_markdown(markdown)
    assert counted(picture(view), theme.colors.text) > without + 20


def test_formula_source_is_one_click_away(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown("$$\n\\frac{a}{b}\n$$")
    block = only(view, FormulaBlock)
    assert block.is_drawn
    before = view.heightForWidth(600)
    with qtbot.waitSignal(view.height_changed):
        block.source_button.click()
    assert view.heightForWidth(600) > before + 30
    assert block._source.text.code == r"\frac{a}{b}"
    block.copy_button.click()
    assert clipboard() == r"\frac{a}{b}"
    block.source_button.click()
    assert view.heightForWidth(600) == before


@pytest.mark.parametrize("latex", ["x_{", r"\frac", "{" * 3000, r"\hspace{99999999em}x", "a & b", r"\begin{x}"])
def test_a_formula_that_cannot_be_drawn_shows_its_source(view: MarkdownView, latex: str) -> None:
    view.set_markdown(f"$$\n{latex}\n$$\n\nand ${latex}$")
    block = only(view, FormulaBlock)
    assert not block.is_drawn
    assert block._source.text.code == latex
    assert not block._source.isHidden()
    assert only(view, Prose).document().toPlainText().replace("\u200b", "") == f"and \u2063{latex}\u2063"


def test_source_of_several_lines_stays_in_its_paragraph(view: MarkdownView) -> None:
    view.set_markdown("so $$\nx_{\n$$ end\n\n> quote")
    assert only(view, Prose).document().toPlainText() == "so \u2063 x_{ \u2063 end\nquote"


def test_inline_formula_tells_its_source(view: MarkdownView) -> None:
    view.set_markdown("$\\alpha+\\beta+\\gamma$ text")
    picture(view)
    prose = only(view, Prose)
    actions(prose, QPoint(20, 12))["Copy LaTeX source"].trigger()
    assert clipboard() == r"\alpha+\beta+\gamma"
    assert "Copy LaTeX source" not in actions(prose, QPoint(400, 12))


def test_links_are_never_opened_but_can_be_copied(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    view.set_markdown("[the whole manual](https://example.org/m)")
    picture(view)
    prose = only(view, Prose)
    assert prose.anchorAt(QPoint(20, 12)) == "https://example.org/m"
    qtbot.mouseClick(prose.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    actions(prose, QPoint(20, 12))["Copy link address"].trigger()
    assert clipboard() == "https://example.org/m"
    assert opened == []


def test_nothing_is_loaded_whatever_the_text_says(view: MarkdownView, tmp_path: Path) -> None:
    asked: list[object] = []
    image = tmp_path / "secret.png"
    QImage(30, 30, QImage.Format.Format_RGB32).save(str(image))
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    port = server.getsockname()[1]
    view.set_markdown(
        f"![a]({image}) ![b](http://127.0.0.1:{port}/x.png) <img src='{image}'> <img src='http://127.0.0.1:{port}/y'>\n\n"
        f"$\\includegraphics{{{image}}}$ $\\href{{http://127.0.0.1:{port}/z}}{{x}}$\n\n<script>alert(1)</script>"
    )
    prose = only(view, Prose)
    prose.loadResource = lambda *args: asked.append(args)  # type: ignore[method-assign]
    picture(view)
    with server, pytest.raises(TimeoutError):
        server.accept()
    assert asked == []
    assert prose.document().toPlainText().startswith(f"a ({image}) b (http://127.0.0.1:{port}/x.png) <img src=")


def test_theme_switch_recolours_everything(view: MarkdownView, theme: Theme) -> None:
    view.set_markdown(ANSWER)
    parts = view.parts()
    light = picture(view)
    theme.apply_now(ThemeChoice.DARK, 14)
    dark = picture(view)
    assert view.parts() == parts
    assert counted(dark, theme.colors.code) > 5000
    assert counted(dark, "#f7f7f5") == 0
    assert counted(light, "#f7f7f5") > 5000
    theme.apply_now(ThemeChoice.LIGHT, 14)
    assert picture(view) == light


@pytest.mark.parametrize("width", [760, 420, 250])
def test_height_for_width_is_what_is_painted(view: MarkdownView, width: int) -> None:
    view.set_markdown(ANSWER)
    height = view.heightForWidth(width)
    view.resize(width, height)
    QApplication.processEvents()
    assert view.heightForWidth(width) == height
    last = view.parts()[-1]
    assert last.geometry().bottom() + 1 == height
    for part in view.parts():
        if isinstance(part, Prose | TableBlock):
            assert part.verticalScrollBar().maximum() == 0
    bottom = -1
    for part in view.parts():
        assert part.y() > bottom
        bottom = part.geometry().bottom()


def test_narrow_is_higher_and_asking_changes_nothing(view: MarkdownView) -> None:
    view.set_markdown("word " * 200)
    before = picture(view)
    heights = [view.heightForWidth(width) for width in (200, 400, 800)]
    assert heights[0] > 1.7 * heights[1] > 2.5 * heights[2]
    assert picture(view) == before


def test_height_changed_tells_of_every_change(view: MarkdownView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.height_changed):
        view.set_markdown("one")
    with qtbot.assertNotEmitted(view.height_changed):
        view.set_markdown("two")
    with qtbot.waitSignal(view.height_changed):
        view.set_markdown("one\n\ntwo")
    with qtbot.waitSignal(view.height_changed):
        view.set_markdown("")
    assert view.heightForWidth(600) == 0


def test_every_button_has_a_name_and_is_reached_by_tab(view: MarkdownView) -> None:
    view.set_markdown(ANSWER)
    buttons = view.findChildren(QToolButton)
    assert len(buttons) >= 4
    for button in buttons:
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert only(view, TableBlock).accessibleName() == "Table"


@pytest.mark.parametrize(
    "name", ["line", "code line", "inline code line", "stars", "pipes", "json", "words", "lists", "maths", "displays"]
)
def test_nasty_text_is_shown_in_bounded_time(view: MarkdownView, name: str) -> None:
    begun = thread_time()
    view.set_markdown(NASTY[name])
    view.heightForWidth(600)
    assert thread_time() - begun < 10.0
    assert view.parts()


@given(text=PIECES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_shown_and_streams(view: MarkdownView, text: str) -> None:
    for end in range(0, len(text) + 1, 9):
        view.set_markdown(text[:end], streaming=True)
        view.heightForWidth(500)
    view.set_markdown(text)
    picture(view)
    for part in view.parts():
        assert not isinstance(part, Prose) or part.document().blockCount() == len(part._leaves)


@pytest.mark.parametrize("number", [7, 38, 100, 2026])
def test_long_numbers_of_a_list_are_not_cut_off(view: MarkdownView, number: int) -> None:
    view.set_markdown(f"{number}. Entry")
    image = picture(view)
    background = image.pixelColor(image.width() - 1, 2)

    rows = range(image.height())
    inked = [x for x in range(30) if any(image.pixelColor(x, y) != background for y in rows)]
    assert inked, "no number"
    assert inked[0] >= 1


def test_words_are_lit_up_in_every_part_and_stay_so_while_text_comes(view: MarkdownView, theme: Theme) -> None:
    text = "# Müller 🎉\n\nSays *mull*er twice.\n\n```python\nmuller = 1\n```\n\n| a | b |\n|---|---|\n| x | MÜLLER |\n"

    def lit() -> list[str]:
        return [found for one in view._texts() for found in one.lit_texts()]

    view.light_up(["muller"])
    view.set_markdown(text)
    assert lit() == ["Müller", "muller", "muller", "MÜLLER"]
    assert view.markdown() == text
    view.set_markdown(text + "\nAnd muller.", streaming=True)
    assert len(lit()) == 5
    theme.apply_now(ThemeChoice.DARK, theme.text_px)
    assert len(lit()) == 5
    assert view.lit_top() is not None
    view.light_up(["twice", "absent"])
    assert lit() == ["twice"]
    assert (view.lit_top() or 0) > 0
    view.light_up(())
    assert (lit(), view.lit_top()) == ([], None)


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


def test_a_list_reads_as_its_words_do_and_not_as_its_code(view: MarkdownView) -> None:
    view.set_markdown("1. `Retry` \u05de\u05e0\u05e1\u05d4\n2. `Cancel` stops\n3. `only`")
    block, sides = only(view, Prose).document().firstBlock(), []
    while block.isValid():
        sides.append(block.blockFormat().layoutDirection())
        block = block.next()
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert [side is right for side in sides] == [True, False, False]
    assert left not in sides[:1]


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


def shown_columns(view: MarkdownView) -> list[str]:
    table = only(view, TableBlock)._table
    assert table is not None
    return [table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns())]

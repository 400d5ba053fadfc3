"""The view: its parts, what streams in, selections, heights and themes."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.theme import Theme, ThemeChoice
from tests.markdown.test_markdown_parser import ANSWER, NASTY, PIECES
from tests.ui.markdown.seen import CODE, TABLE, counted, only, picture
from tests.ui.markdown.settled_view import SettledView


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

"""Formulas, alone and within text: drawn in the colour of the text, with their source at hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.theme import Theme, ThemeChoice
from tests.ui.markdown.seen import actions, clipboard, counted, only, picture


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

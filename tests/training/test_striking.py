"""What is not asked: texts that a mark hides, lines of windows that have none to count."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from training.evaluate import screen_task
from training.screens import draw_desktop
from training.screens.mark_questions import Marked
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.stacking import Window
from training.screens.striking import struck_texts, unstruck
from training.screens.typefaces import fonts_folder
from training.screens.window_questions import questions_of


def line(text: str, top: float) -> list[Glyph]:
    return [Glyph(char, (10 + 8 * n, top, 18 + 8 * n, top + 10)) for n, char in enumerate(text)]


def test_only_texts_that_a_stroke_crosses_are_struck() -> None:
    glyphs = line("Above", 0) + line("Marked", 12) + line("Below it", 24) + line("Far", 60)
    box = Marked("Marked", "box", strokes=((8, 11), (70, 11), (70, 23), (8, 23), (8, 11)))
    assert struck_texts([box], glyphs) == set()
    circle = Marked("Marked", "circle", strokes=((0, 17), (30, 6), (60, 17), (30, 28), (0, 17)))
    assert struck_texts([circle], glyphs) == {"Above", "Below it"}


def test_what_is_struck_is_no_answer() -> None:
    asked = [Question("line", "Read line 1.", "Above"), Question("line", "Read line 3.", "Below it all"),
             Question("line", "Read line 4.", "Far"), Question("count", "How many?", "Above"),
             Question("json", "As JSON.", '["Above", "Far"]')]  # fmt: skip
    kept = unstruck(asked, {"Above", "Below it"})
    assert [one.kind for one in kept] == ["", "", "line", "count", ""]
    assert [one.text for one in kept] == [one.text for one in asked]
    assert screen_task(kept[0]) == ""
    assert unstruck([Question("button", "Which?", "OKs")], {"OK"})[0].kind == "button"


@pytest.mark.parametrize(
    ("kind", "expected"), [("dialog", ["", "line", "title"]), ("editor", ["line", "line", "title"])]
)
def test_lines_of_a_dialog_are_not_counted(kind: str, expected: list[str]) -> None:
    asked = (Question("line", "Read line 2.", "paper."), Question("line", "What is below 'No'?", "paper."),
             Question("title", "Title?", "Printer"))  # fmt: skip
    shown = Screen(Sketch(90, 40, (9, 9, 9)).image, (), asked, kind, kind)
    assert [one.kind for one in questions_of(Window(shown, "Printer", (0, 0, 90, 40), []))] == expected


def test_what_is_beside_a_thick_stroke_or_below_a_number_is_struck() -> None:
    glyphs = line("Above", 0) + line("Marked", 12) + line("Below it", 26) + line("Far", 60)
    thin = Marked("Marked", "underline", strokes=((10, 25), (60, 25)), thick=2)
    assert struck_texts([thin], glyphs) == set()
    assert struck_texts([replace(thin, thick=8)], glyphs) == {"Below it"}
    numbered = Marked("Marked", "box", number=1, covers=((0, -4, 12, 8),))
    assert struck_texts([numbered], glyphs) == {"Above"}


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")
def test_cells_of_a_column_are_not_called_rows() -> None:
    rng = random.Random(20261122)
    texts = [one.text for _ in range(40) for one in draw_desktop(rng, split="held_out").questions]
    assert any("cells of the column " in text for text in texts)
    assert not any("the rows as a JSON list" in text or "the rows as JSON." in text for text in texts)

"""Formulas: that what is written as LaTeX is what is drawn, and that nothing lies on anything else."""

from __future__ import annotations

import random

import pytest

from training.screens.formulas import Setter, _formula, _parsed, draw_formulas
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")


def setter() -> Setter:
    style = draw_style(random.Random(3), "train")
    return Setter(style.type.pen(1.4), style.type.pen(), (0, 0, 0))


def test_latex_has_braces_where_they_are_needed() -> None:
    made = setter()
    power = made.raised(made.text("x"), "10")
    assert made.fraction(power, made.root(made.text("b"))).latex == r"\frac{x^{10}}{\sqrt{b}}"
    assert made.row(made.lowered(made.text("a"), "1"), made.sign("+"), made.text("4c")).latex == "a_1 + 4c"
    assert _parsed("E=mc^2", made).latex == "E = mc^2"


def test_parts_have_the_size_that_they_are_drawn_at() -> None:
    for seed in range(30):
        part = _formula(random.Random(seed), setter())
        sketch = Sketch(part.wide + 20, part.up + part.down + 20, (255, 255, 255))
        part.draw(sketch, 10, 10 + part.up)
        boxes = [glyph.box for glyph in sketch.glyphs]
        assert min(box[0] for box in boxes) >= 9
        assert max(box[2] for box in boxes) <= part.wide + 12
        assert min(box[1] for box in boxes) >= 8
        assert max(box[3] for box in boxes) <= part.up + part.down + 12
        apart = [(a, b) for n, a in enumerate(boxes) for b in boxes[:n]
                 if a[0] < b[2] - 2 and b[0] < a[2] - 2 and a[1] < b[3] - 3 and b[1] < a[3] - 3]  # fmt: skip
        assert not apart, (seed, part.latex)


@pytest.mark.parametrize("seed", range(8))
def test_every_formula_is_on_a_line_of_its_own(seed: int) -> None:
    rng = random.Random(seed)
    screen: Screen = draw_formulas(rng, Writer(rng, "train"), draw_style(rng, "train"))
    (latex,) = [one.answer for one in screen.questions if one.text == PROMPTS["formula-to-latex"]]
    lines = latex.split("\n")
    assert all(line.startswith("$$") and line.endswith("$$") for line in lines)
    assert str(len(lines)) in [one.answer for one in screen.questions if one.kind == "count"]
    written = "".join(char for char in latex if char.isalnum())
    drawn = "".join(glyph.char for glyph in screen.glyphs)
    assert all(char in drawn for char in written.replace("frac", "").replace("sqrt", ""))

"""Taskbars: what is asked about them stands on them, and held-out ones stay as they were."""

from __future__ import annotations

import random

import pytest

from training.screens.asking import Asker
from training.screens.phrases import Writer
from training.screens.records import Question, Split
from training.screens.sketch import Sketch
from training.screens.taskbars import Taskbar, draw_plain_bar, draw_taskbar
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def drawn(seed: int, split: Split = "train") -> tuple[Sketch, Taskbar]:
    rng = random.Random(seed)
    sketch = Sketch(1600, 200, (40, 80, 120))
    style = draw_style(rng, split)
    return sketch, draw_taskbar(rng, sketch, style, Writer(rng, split), ["Mail", "notes.txt - Tally"], 36)


@needs_fonts
def test_answers_stand_on_the_bar() -> None:
    launchers = highlighted = more = 0
    for seed in range(40):
        sketch, bar = drawn(seed)
        shown = "".join(glyph.char for glyph in sketch.glyphs if glyph.char != " ")
        asker = Asker(random.Random(seed))
        bar.ask(random.Random(seed), asker)
        assert "".join(bar.clock.split()) in shown
        for question in asker.questions:
            for part in question.answer.split(", ") if question.kind == "list" else [question.answer]:
                assert question.kind == "how_many" or "".join(part.split()) in shown, question
        launchers, more = launchers + bool(bar.launcher), more + bar.others
        highlighted += bar.active == "notes.txt - Tally"
    assert min(launchers, highlighted, more) >= 6


@needs_fonts
def test_held_out_bars_are_plain() -> None:
    rng, sketch = random.Random(4), Sketch(900, 100, (0, 0, 0))
    style, writer = draw_style(rng, "held_out"), Writer(rng, "held_out")
    state = rng.getstate()
    bar = draw_taskbar(rng, sketch, style, writer, ["Mail", "Notes"], 30)
    again = Sketch(900, 100, (0, 0, 0))
    rng.setstate(state)
    assert draw_plain_bar(rng, again, style, writer, ["Mail", "Notes"], 30) == bar
    assert sketch.image.tobytes() == again.image.tobytes()
    assert sorted(bar.listed) == ["Mail", "Notes"]
    assert (bar.launcher, bar.active, bar.others) == ("", "", False)


def test_windows_that_only_the_bar_lists_are_not_counted_as_seen() -> None:
    counted = Question("count", "How many windows are open?", "2", ("window_count", {}))
    described = Question("describe", "Describe it.", "A desktop. In front: a dialog. 2 windows are open.")
    rng = random.Random(0)
    assert Taskbar(others=False).of_the_screen(rng, [counted]) == [counted]
    count, description = Taskbar(others=True).of_the_screen(rng, [counted, described])
    assert (count.answer, "open" in count.text) == ("2", False)
    assert description.answer == "A desktop. In front: a dialog. 2 windows are shown."

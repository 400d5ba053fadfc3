"""Windows of what is selected: the one that is marked is the answer, and what is ticked is not open."""

from __future__ import annotations

import random

import pytest

from training.screens.panes.frame import Frame
from training.screens.panes.states import _ask_tasks, draw_states
from training.screens.phrases import Writer
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


@pytest.mark.parametrize("size", [(420, 300), (1000, 700), (1900, 1000)])
def test_each_question_has_one_answer_that_stands_there(size: tuple[int, int]) -> None:
    kinds = set()
    for seed in range(25):
        rng = random.Random(seed)
        screen = draw_states(rng, Writer(rng, "train"), draw_style(rng, "train"), *size)
        shown = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        answers: dict[str, str] = {}
        for one in screen.questions:
            kinds.add(one.kind)
            assert answers.setdefault(one.text.lower().rstrip("?."), one.answer) == one.answer
            if one.kind == "selected":
                assert "".join(one.answer.split()) in shown
    assert {"selected", "is_checked", "yes_no", "program"} <= kinds


def test_tasks_that_are_ticked_are_not_open_and_all_are_counted() -> None:
    names, done = ["Call Ann", "Pay the cook", "Book a room"], [True, False, True]
    found: set[tuple[str, str]] = set()
    for seed in range(60):
        rng = random.Random(seed)
        frame = Frame(rng, Writer(rng, "train"), draw_style(rng, "train"), 800, 600, "planner")
        _ask_tasks(frame, names, done)
        found |= {(one.text, one.answer) for one in frame.asker.questions}
    assert found >= {
        ("Is 'Call Ann' ticked?", "Yes"), ("Is 'Call Ann' still open?", "No"), ("Is 'Pay the cook' done?", "No"),
        ("Is 'Pay the cook' not ticked?", "Yes"), ("Which tasks are done?", "Call Ann, Book a room"),
        ("Which tasks are still open?", "Pay the cook"), ("Count the checked tasks.", "2"),
        ("Count the unchecked tasks.", "1"),
    }  # fmt: skip
    assert len({text for text, _ in found}) == len(found)

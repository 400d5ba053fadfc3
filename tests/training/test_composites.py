"""Questions about several images at once that only a look at all of them answers."""

from __future__ import annotations

import random

import pytest

from training.screens import composites
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.typefaces import fonts_folder


def part(text: str, *asked: tuple[str, str]) -> Screen:
    glyphs = tuple(Glyph(char, (8.0 * i, 10, 8.0 * i + 8, 22)) for i, char in enumerate(text))
    questions = tuple(Question(kind, "?", answer) for kind, answer in asked)
    return Screen(Sketch(300, 60, (255, 255, 255)).image, glyphs, questions, "dialog", "dialog")


def test_a_button_of_several_parts_is_in_all_of_these() -> None:
    parts = [part("Save Cancel", ("buttons", "Save, Cancel")), part("Help", ("buttons", "Help")),
             part("Cancel", ("buttons", "Cancel"))]  # fmt: skip
    (one,) = composites._ask_both(random.Random(1), parts)
    assert (one.kind, one.answer) == ("which", "Pictures 1 and 3")
    assert "Cancel" in one.text
    parts[1] = part("Help with Cancel", ("buttons", "Help"))  # it says so, too
    assert composites._ask_both(random.Random(1), parts) == []


def test_the_highest_and_the_lowest_total_are_of_one_currency() -> None:
    parts = [part("", ("total", "$4.20")), part("", ("total", "$19.00")), part("", ("total", "$7.05"))]
    high, low = composites._ask_both(random.Random(1), parts)
    assert (high.answer, low.answer) == ("Picture 2", "Picture 1")
    assert composites._ask_both(random.Random(1), [*parts, part("", ("total", "EUR 1.00"))]) == []
    assert [one.answer for one in composites._ask_both(random.Random(1), [*parts, parts[0]])] == ["Picture 2"]


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")
def test_two_of_five_composites_have_parts_of_one_layout() -> None:
    kinds = [{one.kind for one in composites._compose(random.Random(seed), "train", 280)[0]} for seed in range(24)]
    assert sum(len(some) == 1 for some in kinds) >= 8
    held_out = [composites._compose(random.Random(seed), "held_out", 280)[0] for seed in range(6)]
    assert any(len({one.kind for one in some}) > 1 for some in held_out)

"""Lists to count: numbers are those of the states, none and all of them included, and yes is as often right as no."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from training.screens.panes.frame import Frame
from training.screens.panes.tallies import _DONE, _ask, _Kind, _states, draw_small_tallies, draw_tallies
from training.screens.phrases import Writer
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)
NAMES, STATES = ["Call Ann", "Pay the cook", "Book a room"], [0, 1, 0]


@needs_fonts
def test_numbers_and_lists_are_those_of_the_states() -> None:
    found: set[tuple[str, str]] = set()
    for seed in range(500):
        rng = random.Random(seed)
        frame = Frame(rng, Writer(rng, "train"), draw_style(rng, "train"), 800, 600, "planner")
        _ask(frame, _Kind("planner", "task", "tasks", _DONE, ("box",), "task"), NAMES, STATES)
        found |= {(one.text, one.answer) for one in frame.asker.questions}
    assert found >= {
        ("How many tasks are there?", "3"), ("How many tasks are done?", "2"), ("How many tasks are open?", "1"),
        ("Which tasks are done?", "Call Ann, Book a room"), ("Is 'Pay the cook' done?", "No"),
        ("Is 'Pay the cook' open?", "Yes"), ("Are all tasks done?", "No"), ("Are there more than 2 tasks?", "Yes"),
        ("Are there more than 3 tasks?", "No"), ("Are more tasks done than not done?", "Yes"),
        ("Is 'Call Ann' listed?", "Yes"),
    }  # fmt: skip
    assert len({text for text, _ in found}) == len(found)


@needs_fonts
@pytest.mark.parametrize("size", [(300, 200), (640, 480), (1500, 900)])
def test_a_window_of_any_size_has_one_answer_to_each_question(size: tuple[int, int]) -> None:
    for seed in range(25):
        rng = random.Random(seed)
        writer, style = Writer(rng, "train"), draw_style(rng, "train")
        for screen in (draw_tallies(rng, writer, style, *size), draw_small_tallies(rng, writer, style)):
            answers: dict[str, str] = {}
            for one in screen.questions:
                assert answers.setdefault(one.text.lower().rstrip("?."), one.answer) == one.answer


def test_any_number_of_things_has_the_state_as_often() -> None:
    counts = Counter(_states(random.Random(seed), 5, 2).count(0) for seed in range(1200))
    assert set(counts) == set(range(6))
    assert min(counts.values()) > 140

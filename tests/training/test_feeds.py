"""Dense lists of messages, commits and mails: a value is found by its neighbours."""

from __future__ import annotations

import random

import pytest

from training.screens.panes.feeds import draw_feed
from training.screens.panes.program_names import named_title, title_form
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def _feed(seed: int) -> Screen:
    rng = random.Random(seed)
    return draw_feed(rng, Writer(rng, "train"), draw_style(rng, "train"), 1000, 700)


def test_no_question_has_two_answers() -> None:
    for seed in range(25):
        answers: dict[str, str] = {}
        for one in _feed(seed).questions:
            assert answers.setdefault(one.text.lower().rstrip("?."), one.answer) == one.answer


def test_answers_are_on_the_screen() -> None:
    for seed in range(15):
        screen = _feed(seed)
        shown = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
        for one in screen.questions:
            if one.kind in {"value", "selected", "title"}:
                assert "".join(one.answer.split()) in shown, one


def test_what_follows_is_the_row_below() -> None:
    below = [one for seed in range(20) for one in _feed(seed).questions if one.text.startswith("What stands under '")]
    assert below
    assert all(one.answer not in one.text for one in below)


def test_most_titles_name_the_program_behind_what_is_open() -> None:
    rng = random.Random(3)
    forms = [title_form(rng, lambda char: char.isascii()) for _ in range(400)]
    behind = [form for form in forms if "{d}" in form and form.find("{a}") > form.find("{d}")]
    assert len(behind) > 240
    assert all(char.isascii() for form in forms for char in form)


def test_a_window_is_titled_with_its_program() -> None:
    for seed in range(30):
        rng = random.Random(seed)
        title, app = named_title(rng, Writer(rng, "train"), "terminal", str.isascii)
        assert app
        assert app in title

"""Web pages, editors, sessions and logs fill the size that they are given, and answers are what is seen."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from training.screens import Split
from training.screens.filling import FILLING
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder
from training.screens.words import held_out

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

LAYOUTS = [name for name, (_, draw) in FILLING.items() if ".sites." in draw.__module__ or ".coding." in draw.__module__]
SIZES = ((500, 350), (1100, 760), (2560, 1440))
READ = {
    "value",
    "title",
    "heading",
    "message",
    "line",
    "file",
    "command",
    "cell",
    "price",
    "date",
    "selected",
    "button",
}


def draw(layout: str, seed: int, size: tuple[int, int], split: Split = "train") -> Screen:
    rng = random.Random(seed)
    return FILLING[layout][1](rng, Writer(rng, split), draw_style(rng, split), *size)


def letters(screen: Screen) -> str:
    return "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")


def test_an_editor_whose_title_names_the_program_is_called_so() -> None:
    seen = set()
    for seed in range(24):
        answers = {one.kind: one.answer for one in draw("code_editor", seed, SIZES[1]).questions if one.kind != "text"}
        titled = "title" in answers
        assert (answers["program"] in answers["title"]) if titled else answers["program"] == "A code editor"
        seen.add(titled)
    assert seen == {True, False}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_fills_its_size_and_says_what_it_answers(layout: str) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(9):
        size = SIZES[seed % 3]
        screen = draw(layout, seed, size)
        assert screen.image.size == size
        shown = letters(screen)
        for question in screen.questions:
            kinds[question.kind] += 1
            if question.kind in READ and question.text not in PROMPTS.values():
                assert "".join(question.answer.split()) in shown, question
            if question.kind == "json":
                json.loads(question.answer)
            assert "{" not in question.text or question.kind == "json", question
        for glyph in screen.glyphs:
            left, top, right, bottom = glyph.box
            assert left >= 0
            assert top >= 0
            assert right <= size[0]
            assert bottom <= size[1]
    assert kinds["describe"] == 9
    assert kinds["present"] % 2 == 0
    assert sum(kinds.values()) > 60


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_draws_the_same(layout: str) -> None:
    first, second = (draw(layout, 4, SIZES[1]) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert (first.glyphs, first.questions) == (second.glyphs, second.questions)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("split", ["train", "held_out"])
def test_words_are_those_of_the_split(layout: str, split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    word = Writer.word

    def watched(writer: Writer) -> str:
        taken.append(word(writer))
        return taken[-1]

    monkeypatch.setattr(Writer, "word", watched)
    other: Split = "train" if split == "held_out" else "held_out"
    for seed in range(3):
        rng = random.Random(seed)
        writer = Writer(rng, split)
        assert all(held_out(writer.slot("noun")) == (split == "held_out") for _ in range(5))
        screen = FILLING[layout][1](rng, writer, draw_style(rng, split), *SIZES[1])
        assert screen.questions
    assert all(held_out(text) != (other == "held_out") for text in taken)

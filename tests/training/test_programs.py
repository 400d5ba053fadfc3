"""Windows of desktop programs: they have the size asked for, and what is asked about them can be read on them."""

from __future__ import annotations

import json
import random
import string
from collections import Counter

import pytest

from training.screens.filling import FILLING
from training.screens.phrases import Writer
from training.screens.program_questions import PROGRAM_PHRASINGS
from training.screens.records import Question, Screen, Split
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder
from training.screens.words import vocabulary

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

PROGRAMS = [name for name, (_, draw) in FILLING.items() if ".programs." in draw.__module__]
SIZES = ((500, 350), (1100, 740), (2560, 1440))
SEEDS = range(4)
NOT_READ = {"count", "present", "program", "describe", "json", "is_checked", "cell_name"}
LISTS = {"menu", "columns", "buttons", "checked"}


def drawn(name: str, seed: int, split: Split, size: tuple[int, int]) -> Screen:
    rng = random.Random(seed)
    return FILLING[name][1](rng, Writer(rng, split), draw_style(rng, split), *size)


def split_of(seed: int) -> Split:
    return "held_out" if seed % 2 else "train"


def missing(screen: Screen, question: Question) -> list[str]:
    """Parts of the answer that are not on the screen."""
    shown = "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())
    parts = question.answer.split(", ") if question.kind in LISTS else [question.answer]
    return [part for part in parts if part != "None" and "".join(part.split()) not in shown]


def texts(value: object) -> list[str]:
    """All texts in a piece of JSON, without its keys."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@needs_fonts
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_answers_can_be_read_at_every_size(name: str, size: tuple[int, int]) -> None:
    for seed in SEEDS:
        screen = drawn(name, seed, split_of(seed), size)
        assert screen.image.size == size
        kinds = Counter(question.kind for question in screen.questions)
        assert kinds["program"] == 2
        assert kinds["describe"] == 1
        assert sum(kinds.values()) >= 8
        for question in screen.questions:
            assert question.answer.strip()
            if question.kind not in NOT_READ:
                assert missing(screen, question) == [], question
            if question.kind == "json":
                parts = texts(json.loads(question.answer))
                assert [part for part in parts if missing(screen, Question("value", "", part))] == [], question


@needs_fonts
@pytest.mark.parametrize("name", PROGRAMS)
def test_letters_stay_inside_and_no_slot_is_left_open(name: str) -> None:
    for seed in SEEDS:
        screen = drawn(name, seed, split_of(seed), SIZES[seed % 3])
        width, height = screen.image.size
        assert all(glyph.box[0] >= -1 and glyph.box[2] <= width + 1 for glyph in screen.glyphs)
        assert all(glyph.box[1] >= -1 and glyph.box[3] <= height + 3 for glyph in screen.glyphs)
        slots = {"{" + slot + "}" for slot in SLOTS}
        assert not [question for question in screen.questions if any(slot in question.text for slot in slots)]


SLOTS = {slot for row in PROGRAM_PHRASINGS.values() for text in row for _, slot, _, _ in string.Formatter().parse(
    text.replace("[{schema}]", "{schema}")) if slot}  # fmt: skip


@needs_fonts
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_seed_draws_the_same_program(name: str) -> None:
    first, second = (drawn(name, 3, "train", (800, 600)) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert (first.glyphs, first.questions) == (second.glyphs, second.questions)


@needs_fonts
@pytest.mark.parametrize("name", PROGRAMS)
def test_held_out_programs_hold_no_training_name(name: str) -> None:
    """Apps and people are nothing but the split's; other words are also those of menus and headings."""
    known, others = vocabulary("held_out"), vocabulary("train")
    strange = (set(others.last_names) | set(others.apps)) - set(known.words) - set(known.nouns) - set(known.last_names)
    strange = {word for word in strange if len(word) > 4} - {word.capitalize() for word in known.words}
    strange -= {word.capitalize() for word in known.nouns}
    for seed in SEEDS:
        screen = drawn(name, seed, "held_out", (1100, 740))
        said = " ".join(question.answer for question in screen.questions).replace(",", " ").replace(".", " ").split()
        assert not strange & set(said)


@needs_fonts
def test_what_is_there_is_asked_as_often_as_what_is_not() -> None:
    said = Counter(
        question.answer
        for name in PROGRAMS
        for seed in SEEDS
        for question in drawn(name, seed, "train", (1100, 740)).questions
        if question.kind == "present"
    )
    assert said["Yes"] == said["No"] > len(PROGRAMS)

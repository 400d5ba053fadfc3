"""Programs made of panes: answers are what stands there, at the place that is asked for."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from training.screens.asking import PHRASINGS, Asker
from training.screens.filling import draw_filling
from training.screens.more_phrasings import MORE_PHRASINGS
from training.screens.neighbours import Text, texts_of
from training.screens.pages import PROMPTS
from training.screens.panes.errors import long_error
from training.screens.panes.fillings import PANES, SMALL
from training.screens.panes.names import Names
from training.screens.panes.questions import LIST_PHRASINGS
from training.screens.phrases import Writer
from training.screens.place_phrasings import PLACE_PHRASINGS, PLACE_TABLES
from training.screens.program_questions import PROGRAM_PHRASINGS
from training.screens.records import Question, Screen
from training.screens.several_windows import ask_taskbar, named_window, window_names
from training.screens.table_phrasings import TABLE_PHRASINGS
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)
SIZES = ((500, 350), (1100, 740), (1900, 1000))
READ = {"value", "title", "message", "line", "file", "command", "cell", "price", "heading", "total"}


def drawn(name: str, seed: int, size: tuple[int, int] = (1100, 740)) -> Screen:
    rng = random.Random(seed)
    writer, style = Writer(rng, "train"), draw_style(rng, "train")
    return PANES[name][1](rng, writer, style, *size) if name in PANES else SMALL[name][1](rng, writer, style)


def letters(screen: Screen) -> str:
    return "".join(glyph.char for glyph in screen.glyphs if not glyph.char.isspace())


@needs_fonts
@pytest.mark.parametrize("name", [*PANES, *SMALL])
def test_answers_stand_on_the_window(name: str) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(4):
        size = SIZES[seed % 3]
        screen = drawn(name, seed, size)
        assert name in SMALL or screen.image.size == size
        shown = letters(screen)
        for question in screen.questions:
            kinds[question.kind] += 1
            assert question.answer.strip()
            assert "{" not in question.text or question.kind == "json", question
            if question.kind in READ and question.text not in PROMPTS.values():
                assert "".join(question.answer.split()) in shown, question
            if question.kind == "json":
                assert json.loads(question.answer)
    assert kinds["describe"] == 4
    assert kinds["title"] == 4
    assert sum(kinds.values()) >= 24


@needs_fonts
def test_cells_are_where_their_references_say() -> None:
    found = 0
    for seed in range(6):
        screen = drawn("sheet", seed)
        texts = texts_of(screen.glyphs)
        for question in screen.questions:
            reference = re.search(r"\b([A-H])(\d+)\b", question.text)
            if question.kind == "cell" and reference:
                found += 1
                places = [one for one in texts if one.text == " ".join(question.answer.split())]
                assert any(in_cell(one, texts, *reference.groups()) for one in places), (seed, question)
    assert found > 15


def in_cell(cell: Text, texts: list[Text], letter: str, number: str) -> bool:
    """Whether a row's number stands left of the text at its height, and a column's letter above it, no other nearer."""
    middle = (cell.box[1] + cell.box[3]) / 2
    numbers = [one for one in texts if one.text == number and one.box[1] < middle < one.box[3]]
    heads = [one for one in texts if len(one.text) == 1 and one.text.isupper() and one.box[3] < cell.box[1]]
    if not heads:
        return False
    nearest = min(heads, key=lambda one: abs((one.box[0] + one.box[2]) / 2 - (cell.box[0] + cell.box[2]) / 2))
    left = [one for one in heads if one.box[2] < cell.box[0] + 1]
    return bool(numbers) and letter in {nearest.text, max(left, key=lambda one: one.box[0]).text if left else ""}


@needs_fonts
def test_one_pane_is_left_of_the_other() -> None:
    for seed in range(4):
        screen = drawn("two_panes", seed)
        paths = {one.text: one.box[0] for one in texts_of(screen.glyphs)}
        sides = {side: next(q.answer for q in screen.questions if q.kind == "file" and side in q.text)
                 for side in ("left", "right")}  # fmt: skip
        assert paths[sides["left"]] < paths[sides["right"]]


@needs_fonts
@pytest.mark.parametrize("name", ["code_window", "talk", "failure"])
def test_the_same_seed_draws_the_same(name: str) -> None:
    first, second = drawn(name, 5), drawn(name, 5)
    assert first.image.tobytes() == second.image.tobytes()
    assert first.questions == second.questions


@needs_fonts
def test_held_out_windows_are_none_of_them() -> None:
    rng = random.Random(2)
    writer = Writer(rng, "held_out")
    kinds = {draw_filling(rng, writer, draw_style(rng, "held_out"), 700, 500).kind for _ in range(12)}
    training = Writer(rng, "train")
    trained = {draw_filling(rng, training, draw_style(rng, "train"), 700, 500).kind for _ in range(12)}
    assert not kinds & set(PANES)
    assert trained & {"code_window", "sheet", "folder", "options", "talk", "build", "records", "database", "two_panes"}


def test_each_way_to_ask_about_names_has_eight_phrasings() -> None:
    assert {kind for kind, phrasings in LIST_PHRASINGS.items() if len(set(phrasings)) < 8} == set()


def test_names_are_asked_by_their_place() -> None:
    asked: list[tuple[str, str]] = []

    def say(kind: str, answer: str, phrasings: object, **slots: object) -> None:
        assert kind
        found = next((name for name, known in LIST_PHRASINGS.items() if known is phrasings), kind)
        asked.append((found, answer if "name" not in slots else f"{slots['name']}: {answer}"))

    rng = random.Random(3)
    names = ["Alpha", "Beta", "Gamma"]
    for _ in range(8):
        Names(rng, Writer(rng, "train"), say, names, "tab", "tabs", "", across=True).ask(
            "menu", selected="Beta", whole=True, most=8
        )
    known = dict(asked)
    assert known["all"] == "Alpha, Beta, Gamma"
    assert known["selected"] == "Beta"
    assert known["first"] == "Alpha"
    assert known["last"] == "Gamma"
    assert known["count"] == "3"
    assert {answer for kind, answer in asked if kind == "right"} <= {"Alpha: Beta", "Beta: Gamma"}
    assert {answer for kind, answer in asked if kind == "left"} <= {"Beta: Alpha", "Gamma: Beta"}


def test_phrasings_that_are_added_fill_slots_that_are_known() -> None:
    def slots(phrasings: Iterable[str]) -> set[str]:
        return {slot for text in phrasings for slot in re.findall(r"\{(\w+)\}", text)}

    for kind, added in PLACE_PHRASINGS.items():
        known = (PROGRAM_PHRASINGS.get(kind) or PHRASINGS[kind], MORE_PHRASINGS.get(kind, ()))
        assert slots(added) <= slots(known[0]) | slots(known[1]), kind
    for kind, added in PLACE_TABLES.items():
        assert slots(added) <= slots(TABLE_PHRASINGS[kind]), kind
        assert len({*added, *TABLE_PHRASINGS[kind]}) >= 8


def test_errors_are_of_several_words_and_end_filled() -> None:
    rng = random.Random(1)
    said = [long_error(rng, Writer(rng, "train")) for _ in range(60)]
    assert not [error for error in said if "{" in error and "}" in error and "noun" in error]
    assert sum(4 <= len(error.split()) <= 16 for error in said) > 50


def test_a_window_is_called_what_no_other_is_called() -> None:
    names = window_names("code editor", ["terminal", "code editor"], front=False)
    assert "code" in names
    assert "editor" in names
    assert "editor" not in window_names("code editor", ["text editor", "code editor"], front=False)
    assert window_names("terminal", ["terminal", "terminal"], front=False) == []
    assert window_names("terminal", ["terminal", "terminal"], front=True) == ["window in front"]
    assert "dialog in front" in window_names("error dialog", ["terminal", "error dialog"], front=True)


def test_a_question_gets_the_name_of_its_window() -> None:
    question = Question("value", "What is the port set to?", "80")
    texts = {named_window(random.Random(seed), question, ["code"]).text for seed in range(40)}
    assert "What is the port set to in the code?" in texts
    assert "In the code: what is the port set to?" in texts
    assert all("code" in text for text in texts)


def test_the_taskbar_is_read_from_left_to_right() -> None:
    asker = Asker(random.Random(0))
    ask_taskbar(random.Random(0), asker, ["Mail", "Notes"])
    assert [(one.kind, one.answer) for one in asker.questions] == [
        ("list", "Mail, Notes"), ("how_many", "2"), ("value", "Mail"), ("value", "Notes")]  # fmt: skip

"""What is said of things that a screen does not show, and what summaries and alternative texts say."""

from __future__ import annotations

import random

import pytest

from training.screens.absent import THINGS, absent_questions, absent_things, no_mark, no_mark_of
from training.screens.actions import TRANSLATION, action_questions, alternative, chart_explained, compared, summary
from training.screens.mark_questions import Marked, mark_questions
from training.screens.pages import PROMPTS
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch


def screen(kind: str, noun: str, text: str = "", questions: tuple[Question, ...] = ()) -> Screen:
    glyphs = tuple(Glyph(char, (8.0 * i, 10, 8.0 * i + 8, 22)) for i, char in enumerate(text))
    return Screen(Sketch(300, 60, (255, 255, 255)).image, glyphs, questions, kind, noun)


DIALOG = screen("dialog", "question dialog", "Save the letter to Ada",
                (Question("title", "Title?", "Letter"), Question("message", "Message?", "Save the letter to Ada?"),
                 Question("describe", "What is this?", "A question dialog.")))  # fmt: skip


def test_a_question_shows_none_of_the_things() -> None:
    assert set(absent_things([DIALOG])) == set(THINGS)


@pytest.mark.parametrize(
    ("text", "gone"),
    [("Cannot save", {"error"}), ("Total 4.20", {"receipt", "total"}), ("x = 4", {"formula"}), ("a(); b", {"code"}),
     ("the folder", {"file"}), ("Terminal", {"terminal"}), ("bar chart", {"chart"})],
)  # fmt: skip
def test_what_a_text_may_be_is_not_said_to_be_absent(text: str, gone: set[str]) -> None:
    assert not gone & set(absent_things([screen("dialog", "question dialog", text)]))
    assert not gone & set(absent_things([DIALOG], more=text))


def test_what_answers_a_prompt_is_there() -> None:
    error = screen("terminal", "terminal", "hello", (Question("message", PROMPTS["explain-error"], "hello"),))
    table = screen("dialog", "question dialog", "hello", (Question("cell", "Which age?", "4"),))
    assert "error" not in absent_things([error])
    assert "error" not in absent_things([screen("dialog", "error dialog", "hello")])
    assert "table" not in absent_things([table, DIALOG])
    assert "chart" not in absent_things([DIALOG, screen("webpage", "dashboard", "hello")])


def test_prompts_and_questions_have_the_same_sentence() -> None:
    rng = random.Random(4)
    for _ in range(40):
        prompt, asked = absent_questions(rng, [DIALOG])
        thing = next(one for one in THINGS.values() if one.answer == prompt.answer)
        assert prompt.text == PROMPTS[thing.prompt]
        assert asked.answer in {one.answer for one in THINGS.values()}
        assert prompt.kind == asked.kind == "absent"
    assert {one.answer for _ in range(20) for one in no_mark(rng, DIALOG)} == {"Nothing is circled.",
                                                                              "There is no arrow."}  # fmt: skip
    assert {one.answer for _ in range(20) for one in no_mark_of(rng, {"arrow", "box"})} == {"Nothing is circled."}
    assert no_mark_of(rng, {"arrow", "circle"}) == []


def test_no_words_tell_that_there_is_no_mark() -> None:
    rng = random.Random(3)
    asked = {one.text.lower().rstrip(".?") for _ in range(2500) for one in no_mark_of(rng, {"arrow"})}
    there = [question.text.lower().rstrip(".?") for _ in range(300)
             for question in mark_questions(rng, [Marked("Save", "circle")], [])
             if question.kind == "marked" and "circle" in question.text]  # fmt: skip
    assert sum(text in asked for text in there) > 0.97 * len(there)


def test_a_summary_and_an_alternative_text_quote_what_is_said() -> None:
    assert summary(DIALOG) == 'A question dialog titled "Letter". It says "Save the letter to Ada?".'
    assert alternative(DIALOG) == 'A question dialog titled "Letter" that says "Save the letter to Ada?".'
    page = screen("facts", "note", "", (Question("heading", "Heading?", "Birds"),))
    assert summary(page) == 'A note. Its heading is "Birds".'
    assert alternative(page) == 'A note with the heading "Birds".'
    asked = [one for seed in range(60) for one in action_questions(random.Random(seed), DIALOG, 1.0)]
    assert {one.answer for one in asked if one.kind == "translate"} == {TRANSLATION}
    assert {one.answer for one in asked if one.text == PROMPTS["alt-text"]} == {alternative(DIALOG)}
    assert not any("{" in one.text for one in asked)


def test_pictures_are_compared_by_what_each_says() -> None:
    page = screen("facts", "note", "", (Question("heading", "Heading?", "Birds"),))
    one = compared(random.Random(1), [DIALOG, page])[0]
    assert one.answer == ("They show different things.\n"
                          'Picture 1: A question dialog titled "Letter" that says "Save the letter to Ada?".\n'
                          'Picture 2: A note with the heading "Birds".')  # fmt: skip
    assert compared(random.Random(1), [page, page]) == []


def test_a_chart_is_explained_by_its_ends() -> None:
    bars = tuple(Question("value", f"{name}?", str(value), ("bar", {"label": name}))
                 for name, value in (("May", 4), ("June", 9)))  # fmt: skip
    chart = screen("chart", "bar chart", "", (
        *bars, Question("extreme", "Highest?", "June"), Question("extreme", "Lowest?", "May"),
        Question("describe", "What is this?", "A bar chart with values for May and June.")))  # fmt: skip
    (one,) = chart_explained(chart)
    assert one.answer == ("A bar chart with values for May and June. The highest is June with 9, the lowest is May with"
                          " 4.")  # fmt: skip

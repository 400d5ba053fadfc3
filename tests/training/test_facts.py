"""Facts in texts: values are read where they stand, what is asked has one answer, and yes and no are right."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from training.screens import Screen
from training.screens.covered import still_answered
from training.screens.facts.documents import FACT_FILLING, draw_small_facts, some_facts
from training.screens.facts.kinds import FactKind, Phrasing, kind, state
from training.screens.facts.questions import FACT, WHETHER, fact_questions
from training.screens.facts.single import one_fact
from training.screens.facts.slots import MAKERS, Maker, Value, draw_manner, mine
from training.screens.facts.subjects import KINDS
from training.screens.facts.telling import Statement, tell
from training.screens.facts.writing import choose_facts, how_many
from training.screens.generator import LAYOUTS
from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.records import Question
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder
from training.screens.words import NOUNS, held_out

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)
BUS = kind("bus", "s:line x:time", "The {s} leaves at {x}.", x="When does the {s} leave?", s="What leaves at {x}?",
           whether="Does the {s} leave at {x}?", least="What leaves first?", most="What leaves last?")  # fmt: skip
GATE = kind("gate", "s:gate", "", state("The {s} is open.", "Is the {s} open?", s="What is open?"),
            state("The {s} is shut.", "Is the {s} shut?", s="What is shut?"))  # fmt: skip


def maker(seed: int) -> Maker:
    rng = random.Random(seed)
    return Maker(rng, Writer(rng, "train"), draw_manner(rng))


def bus(line: str, time: str, minutes: int) -> Statement:
    values = {"s": Value(line), "x": Value(time, minutes)}
    return Statement(BUS, values, f"The {line} leaves at {time}.", frozenset("sx"))


def gate(name: str, which: int) -> Statement:
    chosen = GATE.states[which]
    text = chosen.forms[0].text.replace("{s}", name)
    return Statement(GATE, {"s": Value(name)}, text, frozenset("s"), chosen)


def answers(said: list[Statement], seeds: int = 12) -> set[tuple[str, str]]:
    """All questions that are asked, written alike, with their answers."""
    found: set[tuple[str, str]] = set()
    for seed in range(seeds):
        for one in fact_questions(random.Random(seed), maker(seed), said, 99):
            found.add((one.text.lower().rstrip("?."), one.answer))
    return found


def test_what_two_kinds_answer_differently_is_not_asked() -> None:
    other = kind(
        "ferry", "s:line x:time", "The {s} sails at {x}.", x="When does the {s} leave?", s="What sails at {x}?"
    )
    sails = Statement(
        other, {"s": Value("Aurora"), "x": Value("9:30", 570)}, "The Aurora sails at 9:30.", frozenset("sx")
    )
    both = [bus("Aurora", "8:15", 495), sails]
    assert ("when does the aurora leave", "8:15") in answers(both[:1])
    assert ("when does the aurora leave", "9:30") in answers(both[1:])
    found = answers(both)
    assert not [text for text, _ in found if text == "when does the aurora leave"]
    assert {("what leaves at 8:15", "Aurora"), ("what sails at 9:30", "Aurora")} <= found


def phrasings(of: FactKind) -> list[Phrasing]:
    states = [one for part in of.states for one in (*part.forms, *part.whether, *sum(part.asks.values(), ()))]
    return [*of.forms, *of.own, *of.whether, *of.least, *of.most, *sum(of.asks.values(), ()), *states]


def test_declarations_name_slots_that_exist_and_each_fact_is_asked_for() -> None:
    assert len(KINDS) >= 120
    assert len({one.name for one in KINDS}) == len(KINDS)
    for one in KINDS:
        assert one.forms or one.states, one.name
        assert one.asks or all(part.asks and part.whether for part in one.states), one.name
        assert set(one.asks) | set(one.columns) <= set(one.slots), one.name
        own = {"p"} if one.own else set()
        for phrasing in phrasings(one):
            assert phrasing.slots <= set(one.slots) | own, (one.name, phrasing)
            assert phrasing.text.count("{") == len(re.findall(r"\{\w\}", phrasing.text)), phrasing
        for spec in one.slots.values():
            assert spec in MAKERS or "/" in spec, (one.name, spec)


@pytest.mark.parametrize("seed", range(2))
def test_answers_stand_in_the_text_of_their_fact_alone(seed: int) -> None:
    for one in KINDS:
        made = maker(seed)
        said = tell(made.rng, made, one, 3)
        assert said, one.name
        for question in fact_questions(made.rng, made, said, 99):
            assert "{" not in question.text
            if question.kind == WHETHER:
                assert question.answer in {"Yes", "No"}
            else:
                assert any(question.answer in part.text for part in said), (question, said)


def test_lists_are_divided_between_the_splits() -> None:
    words = NOUNS[:80]
    train, other = (set(mine(Writer(random.Random(1), split), words)) for split in ("train", "held_out"))
    assert train | other == set(words)
    assert not train & other
    assert not any(map(held_out, train))


def test_a_value_and_what_has_it_are_kept_apart_from_those_of_other_facts() -> None:
    found = answers([bus("bus 4", "10:15", 615), bus("tram 9", "8:40", 520)])
    right = {
        "when does the bus 4 leave": "10:15",
        "when does the tram 9 leave": "8:40",
        "what leaves at 10:15": "bus 4",
        "what leaves first": "tram 9",
        "what leaves last": "bus 4",
        "does the bus 4 leave at 8:40": "No",
        "does the tram 9 leave at 8:40": "Yes",
    }
    assert set(right.items()) <= found
    by_text = Counter(text for text, _ in found)
    assert set(by_text.values()) == {1}


def test_what_two_facts_answer_is_not_asked() -> None:
    found = answers([bus("bus 4", "10:15", 615), bus("tram 9", "10:15", 615)])
    assert not any(text in {"what leaves at 10:15", "what leaves first", "what leaves last"} for text, _ in found)


def test_a_state_is_asked_for_where_one_has_it_and_yes_and_no_are_right() -> None:
    found = answers([gate("gate A", 0), gate("gate B", 1), gate("gate C", 1)], 30)
    assert ("what is open", "gate A") in found
    assert not any(text == "what is shut" for text, _ in found)
    assert {
        ("is the gate a open", "Yes"),
        ("is the gate a shut", "No"),
        ("is the gate b open", "No"),
        ("is the gate b shut", "Yes"),
    } <= found


def test_yes_and_no_are_about_as_often() -> None:
    counts: Counter[str] = Counter()
    for seed in range(3):
        made = maker(seed)
        for one in KINDS:
            asked = fact_questions(made.rng, made, tell(made.rng, made, one, 3), 99)
            counts.update(question.answer for question in asked if question.kind == WHETHER)
    assert 0.7 < counts["Yes"] / counts["No"] < 1.4


def test_people_tell_it_in_their_own_words() -> None:
    free = next(one for one in KINDS if one.name == "free_after")
    made, people = maker(3), [Value("Ada"), Value("Bo")]
    said = tell(made.rng, made, free, 2, people=people)
    assert {str(one.values["p"]) for one in said} == {"Ada", "Bo"}
    for one in said:
        assert str(one.values["p"]) not in one.text
        asked = fact_questions(made.rng, made, said, 99)
        assert any(str(one.values["p"]) in question.text and question.answer == one.values["x"] for question in asked)


def test_a_single_fact_is_a_sentence_that_holds_the_value() -> None:
    writer = Writer(random.Random(1), "train")
    for seed in range(60):
        text, value, questions = one_fact(random.Random(seed), writer, frozenset({"amount", "date"}))
        assert value in text
        assert text[-1] in ".!?"
        assert 1 <= len(questions) <= 6


def test_other_renderers_get_facts_of_several_kinds_and_ask_about_them() -> None:
    rng = random.Random(4)
    made, said = some_facts(rng, Writer(rng, "train"), 5)
    assert len({one.kind.name for one in said}) == 5
    asked = fact_questions(rng, made, said)
    assert all(any(one.answer in part.text for part in said) for one in asked if one.kind == FACT)
    assert len(asked) >= 10


def drawn(name: str, seed: int, size: tuple[int, int]) -> Screen:
    rng = random.Random(seed)
    writer, style = Writer(rng, "train"), draw_style(rng, "train")
    return draw_small_facts(rng, writer, style) if name == "small" else FACT_FILLING[name][1](rng, writer, style, *size)


@needs_fonts
@pytest.mark.parametrize("name", [*FACT_FILLING, "small"])
def test_answers_are_seen_and_no_question_has_two(name: str) -> None:
    asked = 0
    for seed, size in enumerate(((500, 350), (1100, 740), (1900, 1000))):
        screen = drawn(name, seed, size)
        assert name == "small" or screen.image.size == size
        shown = "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")
        answered: dict[str, str] = {}
        for question in screen.questions:
            if question.kind == FACT:
                assert "".join(question.answer.split()) in shown, question
            if question.kind in {FACT, WHETHER}:
                asked += 1
                assert answered.setdefault(question.text.lower().rstrip("?."), question.answer) == question.answer
    assert asked >= 10


@needs_fonts
def test_what_is_covered_is_not_asked() -> None:
    screen = drawn("fact_note", 5, (1100, 740))
    facts = [question for question in screen.questions if question.kind == FACT]
    assert still_answered(facts, screen.glyphs, []) == []
    assert len(still_answered(facts, screen.glyphs, screen.glyphs)) > len(facts) // 2
    assert still_answered([Question(WHETHER, "Is it on?", "Yes")], screen.glyphs, screen.glyphs) == []


def test_held_out_screens_have_none() -> None:
    assert LAYOUTS["facts"][0] == 0


def test_what_one_value_decides_is_not_asked_by_another() -> None:
    for one in KINDS:
        if "ordinal" in one.slots.values():  # a place in a table, which points do not decide
            ends = [phrasing.text for phrasing in (*one.most, *one.least)]
            assert not [text for text in ends if "leads" in text or "bottom" in text]
        sentences = [form.text for form in one.forms if form.is_sentence]
        orders = [text for text in sentences if re.search("[;,] (now|then) (type|press)", text)]
        assert not orders  # "is it true that ...; now type" is no question
    seen = {maker(seed).make("frequency") for seed in range(300)}
    assert len(seen) > 60
    assert not [one for one in seen if re.search("km|loads|rides|pages", one)]


@needs_fonts
def test_large_windows_are_full_of_facts_of_which_several_are_alike() -> None:
    alike = 0
    counts = {700: 0, 1400: 0}
    for seed in range(24):
        for height, before in counts.items():
            rng = random.Random(seed)
            style = draw_style(rng, "train")
            page = Page(rng, Writer(rng, "train"), style, 1100, height)
            kinds, each = how_many(page, on_lines=True)
            assert 3 <= kinds <= 26
            counts[height] = before + kinds * sum(each) // len(each)
            alike += max(each) > 3
    assert counts[1400] > 1.4 * counts[700]
    assert alike > 20


@needs_fonts
def test_the_topic_of_a_channel_is_asked_where_it_is_shown() -> None:
    topics = 0
    for seed in range(20):
        rng = random.Random(seed)
        style = draw_style(rng, "train")
        screen = FACT_FILLING["fact_chat"][1](rng, Writer(rng, "train"), style, 1200, 900)
        asked = [
            one.answer for one in screen.questions if re.search("(?i)topic of|read the topic|topic is set", one.text)
        ]
        shown = "".join(glyph.char for glyph in screen.glyphs if glyph.char.strip())
        assert all("".join(answer.split()) in shown for answer in asked)
        topics += len(asked)
    assert topics > 3


def test_what_is_to_be_done_is_no_inflected_verb_and_plurals_have_one_ending() -> None:
    for seed in range(200):
        one = maker(seed)
        verb = one.make("action").split()[0]
        assert not verb.endswith(("s", "ing", "ed")), verb
        things = one.things()
        assert things.endswith("s")
        assert not things.endswith("sss")


def test_a_large_page_of_a_small_subject_gets_facts_of_others() -> None:
    for seed in range(20):
        rng = random.Random(seed)
        writer = Writer(rng, "train")
        _, groups = choose_facts(rng, writer, 24)
        assert len(groups) == 24
        assert len({name for name in writer.stated if name.startswith("fact ")}) == 24


_DRAWN_QUESTIONS = """
import random, sys
sys.path.insert(0, {here!r})
from test_facts import maker
from training.screens.facts.questions import fact_questions
from training.screens.facts.subjects import KINDS
from training.screens.facts.telling import tell
for seed in range(3):
    for kind in KINDS[seed::3]:
        rng = random.Random(seed)
        said = tell(rng, maker(seed), kind, 4)
        print([(one.text, one.answer) for one in fact_questions(rng, maker(seed), said)])
"""


def test_a_seed_draws_the_same_questions_whatever_order_sets_have() -> None:
    here = Path(__file__).parent
    runs = [
        subprocess.run(
            [sys.executable, "-c", _DRAWN_QUESTIONS.format(here=str(here))],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": order, "PYTHONPATH": str(here.parents[1])},
        ).stdout
        for order in ("1", "2")
    ]
    assert runs[0].count("\n") == len(KINDS)
    assert runs[0] == runs[1]

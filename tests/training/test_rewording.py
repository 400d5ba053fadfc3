"""Questions in other words still ask for the same, and quick actions' own prompts stay word for word."""

from __future__ import annotations

import random
import re

import pytest

from training.screens.asking import PHRASINGS, Asker
from training.screens.more_phrasings import MORE_PHRASINGS
from training.screens.pages import PROMPTS
from training.screens.program_questions import PROGRAM_PHRASINGS
from training.screens.records import Question
from training.screens.rewording import in_other_words, reworded


def slots(texts: tuple[str, ...]) -> set[str]:
    return {slot for text in texts for slot in re.findall(r"\{(\w+)\}", text)}


@pytest.mark.parametrize("kind", MORE_PHRASINGS)
def test_every_phrasing_fills_the_slots_of_its_kind(kind: str) -> None:
    known = {**PHRASINGS, **PROGRAM_PHRASINGS}[kind]
    assert slots(MORE_PHRASINGS[kind]) <= slots(known)
    assert not set(MORE_PHRASINGS[kind]) & set(PHRASINGS.get(kind, ()))
    assert len(set(MORE_PHRASINGS[kind])) == len(MORE_PHRASINGS[kind])


def test_a_question_is_asked_in_many_ways_and_keeps_its_slots() -> None:
    texts = set()
    for seed in range(300):
        asker = Asker(random.Random(seed))
        asker.ask("price", "3.20", label="Brot {x}")
        (question,) = reworded(random.Random(seed), asker.take())
        assert (question.kind, question.answer) == ("price", "3.20")
        assert "brot {x}" in question.text.lower()
        texts.add(question.text)
    assert len(texts) > 12


def test_forms_and_frames_keep_the_words_of_the_question() -> None:
    asked = Question("value", "What is the booking number?", "K7")
    texts = {reworded(random.Random(seed), [asked])[0].text for seed in range(400)}
    assert {"Tell me the booking number.", "Can you read the booking number?"} <= texts
    assert any(text.startswith("Look at the screenshot: what is the booking number") for text in texts)
    assert "what is the booking number" in texts
    assert len(texts) > 40
    assert all("book" in text.lower() for text in texts)


def test_prompts_of_quick_actions_and_schemas_stay() -> None:
    asked = [Question("json", prompt, "{}") for prompt in PROMPTS.values()]
    asked.append(Question("json", 'Return JSON of this form: {"a": "..."}', "{}"))
    for seed in range(100):
        assert list(reworded(random.Random(seed), asked)) == asked


def test_a_question_without_known_phrasing_stays_until_it_is_framed() -> None:
    asked = [Question("value", "Wind?", "5 km/h")]
    assert all(list(in_other_words(random.Random(seed), asked)) == asked for seed in range(20))


def test_at_most_so_many_are_kept_in_their_order() -> None:
    asked = [Question("value", f"{number}?", str(number)) for number in range(50)]
    kept = [int(question.answer) for question in reworded(random.Random(1), asked, most=20)]
    assert len(kept) == 20
    assert kept == sorted(kept)


def test_what_ends_with_a_preposition_is_not_turned_into_a_request() -> None:
    asked = Question("marked", "What is the red arrow at?", "OK")
    texts = {reworded(random.Random(seed), [asked])[0].text.lower() for seed in range(200)}
    assert len(texts) > 20
    assert not [text for text in texts if " is " not in text]


@pytest.mark.parametrize("text", ["?", ".", " ?"])
def test_nothing_is_made_of_nothing(text: str) -> None:
    for seed in range(300):
        assert reworded(random.Random(seed), [Question("value", text, "x")])[0].text == text


def test_kinds_of_windows_are_not_looked_for() -> None:
    texts = {reworded(random.Random(seed), [Question("kind", "What is the window on top?", "A dialog.")])[0].text
             for seed in range(300)}  # fmt: skip
    assert not any(text.lower().startswith(("find", "look for", "show", "give")) for text in texts)
    called = {reworded(random.Random(seed), [Question("list", "What are the files called in it?", "x")])[0].text
              for seed in range(300)}  # fmt: skip
    assert all("are the files called in it" in text.lower() for text in called)
    titled = {reworded(random.Random(seed), [Question("title", "What is the window on top called?", "x")])[0].text
              for seed in range(300)}  # fmt: skip
    assert all("called" in text and "find the window" not in text.lower() for text in titled)

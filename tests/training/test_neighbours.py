"""Questions made from the places of characters: texts are put together, and answers are what stands there."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.neighbours import ask_neighbours, texts_of
from training.screens.records import Glyph


def drawn(text: str, left: float, top: float) -> list[Glyph]:
    """Glyphs of 5 x 10 px."""
    return [Glyph(char, (left + 5 * i, top, left + 5 * i + 5, top + 10)) for i, char in enumerate(text)]


GLYPHS = drawn("Name", 0, 0) + drawn("Ada King", 60, 0) + drawn("Town", 0, 14) + drawn("Lund", 60, 14) + [
    Glyph("red circle", (0, 0, 9, 9))
]  # fmt: skip


def test_characters_that_follow_each_other_are_one_text() -> None:
    texts = texts_of(GLYPHS)
    assert [one.text for one in texts] == ["Name", "Ada King", "Town", "Lund"]
    assert texts[1].box == (60, 0, 100, 10)


def test_answers_are_what_stands_beside_below_and_in_the_line() -> None:
    found = set()
    for seed in range(60):
        asker = Asker(random.Random(seed))
        ask_neighbours(random.Random(seed), asker, texts_of(GLYPHS), 4)
        found |= {(question.kind, question.answer) for question in asker.questions}
        assert not any("Lund" in question.text and question.answer != "Lund" for question in asker.questions)
    assert found == {("near", "Ada King"), ("near", "Lund"), ("near", "Town")}


def test_a_text_that_occurs_twice_is_not_asked_about() -> None:
    asker = Asker(random.Random(1))
    ask_neighbours(random.Random(1), asker, texts_of(drawn("Name", 0, 0) + drawn("Name", 0, 14)), 4)
    assert asker.questions == []

"""One fact in a sentence, for texts of other generators."""

from __future__ import annotations

import random
from collections.abc import Set

from training.screens.facts.questions import FACT, fact_questions
from training.screens.facts.slots import Maker, draw_manner
from training.screens.facts.subjects import KINDS
from training.screens.facts.telling import tell
from training.screens.phrases import Writer

_QUESTIONS = 6


def one_fact(rng: random.Random, writer: Writer, without: Set[str] = frozenset()) -> tuple[str, str, tuple[str, ...]]:
    """A sentence, a value in it, and questions that the value answers; of a kind that the writer has not stated yet.

    `without` names kinds of values that the sentence must not hold.
    """
    pool = [
        kind for kind in KINDS if f"fact {kind.name}" not in writer.stated and not without & set(kind.slots.values())
    ]
    maker = Maker(rng, writer, draw_manner(rng))
    while True:
        kind = rng.choice(pool or KINDS)
        said = tell(rng, maker, kind, 1, sentences=True)
        asked = [one for one in fact_questions(rng, maker, said, 60) if one.kind == FACT]
        if asked:
            break
    writer.stated.add(f"fact {kind.name}")
    value = rng.choice(asked).answer
    text = said[0].text
    questions = tuple(dict.fromkeys(one.text for one in asked if one.answer == value))[:_QUESTIONS]
    return text if text.endswith((".", "!", "?")) else text + ".", value, questions

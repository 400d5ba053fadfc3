"""How people write: one of several phrasings, sometimes in lower case, sometimes without a mark at the end."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.screens.records import Question


def phrased(rng: random.Random, phrasings: Sequence[str], **slots: object) -> str:
    """One of the phrasings, with its slots filled."""
    text = rng.choice(phrasings)
    if rng.random() < 0.25 and not text.startswith(("{", "'")):
        text = text[0].lower() + text[1:]
    if rng.random() < 0.25:
        text = text.rstrip("?.")
    return text.format(**slots)


def question(rng: random.Random, kind: str, answer: str, phrasings: Sequence[str], **slots: object) -> Question:
    """A question of this kind in one of the phrasings."""
    return Question(kind, phrased(rng, phrasings, **slots), answer)

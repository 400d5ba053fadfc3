"""Names, sentences and texts that fill files."""

from __future__ import annotations

import random

FIRST = ("garden", "budget", "holiday", "kitchen", "meeting", "invoice", "recipe", "project", "summer", "library",
          "travel", "school", "workshop", "concert", "survey", "harbor", "museum", "bicycle", "market",
          "letter", "harvest", "weather", "chess", "cinema", "choir", "dentist", "orchard", "ferry", "tunnel",
         "lantern", "pottery", "railway", "saddle", "theater", "violin")  # fmt: skip
SECOND = ("notes", "plan", "list", "draft", "report", "photos", "ideas", "summary", "table", "record", "copy",
           "review", "index", "figures", "schedule", "minutes", "guide", "log")  # fmt: skip
_VERBS = ("checks", "brings", "paints", "moves", "counts", "repairs", "orders", "measures", "writes", "collects")
_WHO = ("The neighbor", "Our team", "The baker", "A student", "The driver", "Marta", "Jonas", "The office", "Anneke")
_THINGS = ("the old boxes", "three chairs", "a blue lamp", "the long report", "seven tickets", "the spare keys",
           "two maps", "the garden tools", "fresh bread", "the new curtains")  # fmt: skip


def name_of(rng: random.Random) -> str:
    """Two words, as people name files."""
    return f"{rng.choice(FIRST)}{rng.choice(('-', '_', ' '))}{rng.choice(SECOND)}"


def sentence_of(rng: random.Random) -> str:
    """A sentence."""
    return f"{rng.choice(_WHO)} {rng.choice(_VERBS)} {rng.choice(_THINGS)}."


def text_of(rng: random.Random, paragraphs: int = 5) -> str:
    """Paragraphs of sentences."""
    return "\n\n".join(" ".join(sentence_of(rng) for _ in range(rng.randint(2, 5))) for _ in range(paragraphs)) + "\n"

"""Words that are nearly others, so that a model reads letters and does not guess the word they look like."""

from __future__ import annotations

import random
import string

_SUFFIXES = ("s", "ed", "ly", "er", "ing", "y", "al", "es", "en")
_SHARE = 0.35
"""Of the words of a text that are changed."""


def misspelt(rng: random.Random, text: str) -> str:
    """The text with a letter doubled, dropped, exchanged or swapped in some words, or with another end."""
    return " ".join(_changed(rng, word) if rng.random() < _SHARE else word for word in text.split(" "))


def _changed(rng: random.Random, word: str) -> str:
    end = len(word.rstrip(".,:;!?"))
    core, mark = word[:end], word[end:]
    if len(core) < 3 or not core.isascii() or not core.isalpha():
        return word
    place, draw = rng.randrange(1, len(core) - 1), rng.random()
    if draw < 0.25:
        core = core[: place + 1] + core[place:]
    elif draw < 0.45:
        core = core[:place] + core[place + 1 :]
    elif draw < 0.65:
        letter = rng.choice(string.ascii_uppercase if core.isupper() else string.ascii_lowercase)
        core = core[:place] + letter + core[place + 1 :]
    elif draw < 0.8:
        core = core[:place] + core[place + 1] + core[place] + core[place + 2 :]
    else:
        suffix = rng.choice(_SUFFIXES)
        core += suffix.upper() if core.isupper() else suffix
    return core + mark

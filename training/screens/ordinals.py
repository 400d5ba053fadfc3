"""First, second, third, and 1st, 2nd, 3rd."""

from __future__ import annotations

import random

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth")  # fmt: skip


def numeral(number: int) -> str:
    """A number with its ending, up to 110: 1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def draw_nth(rng: random.Random, place: int, words: float) -> str:
    """The ordinal of what so many are before: a word where there is one, in this share, else a number."""
    if place < len(ORDINALS) and rng.random() < words:
        return ORDINALS[place]
    return numeral(place + 1)

"""How people ask about what is marked on a screen, where one to three marks may be."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.phrasing import question
from training.screens.records import Question

_PLAIN = ("What is marked?", "Which text is marked?", "Read what is marked.", "What did I mark?",
          "What is the marked text?", "What does the mark show?", "Read the marked part.", "What do I point at?",
          "What is highlighted by the mark?", "Which text did I mark?")  # fmt: skip
_OF_KIND: dict[str, tuple[str, ...]] = {
    "box": ("What is in the {c} box?", "What does the {c} box mark?", "Read what is framed in {c}.",
            "What stands in the {c} frame?", "Read the text in the {c} rectangle.", "What does the {c} frame contain?",
            "What is inside the {c} box?", "Which text is in the {c} box?", "The {c} box: what does it say?"),
    "circle": ("What is circled in {c}?", "What is in the {c} circle?", "Read what is in the {c} circle.",
               "What does the {c} circle mark?", "Which text is circled in {c}?", "What is inside the {c} circle?",
               "What is in the {c} ring?", "The {c} circle: what does it say?"),
    "arrow": ("What does the {c} arrow point at?", "Read what the {c} arrow points at.", "What is the {c} arrow at?",
              "Which text does the {c} arrow point to?", "What is at the tip of the {c} arrow?",
              "Where does the {c} arrow point?", "What does the {c} arrow show?", "The {c} arrow points at what?"),
    "underline": ("What is underlined in {c}?", "Read the text with the {c} line below it.",
                  "Which text is underlined?",
                  "What does the {c} line underline?", "Read what is underlined.", "What is above the {c} line?"),
    "highlight": ("What is highlighted in {c}?", "Read the text on {c}.", "Which text is highlighted?",
                  "What did the {c} marker mark?", "Read what is highlighted.", "What is highlighted?"),
}  # fmt: skip
_OF_KIND_ALONE: dict[str, tuple[str, ...]] = {
    "box": ("What is in the box that I drew?", "What is framed?", "Read what is framed.", "What did I frame?",
            "What is in the frame?"),
    "circle": ("What is circled?", "Read what is circled.", "What did I circle?", "Which text is circled?",
               "What is the circled text?"),
    "arrow": ("What does the arrow point at?", "Read what the arrow points at.", "What does the arrow point to?",
              "What is the arrow pointing at?", "Where does the arrow point?"),
    "underline": ("What is underlined?", "Which text is underlined?", "Read what is underlined."),
    "highlight": ("What is highlighted?", "Which text is highlighted?", "Read what is highlighted."),
}  # fmt: skip
_OF_COLOUR = ("What is marked in {c}?", "Read what is marked in {c}.", "Which text is marked in {c}?",
              "What did I mark in {c}?", "What does the {c} mark say?", "The text that is marked in {c}?")  # fmt: skip
_OF_NUMBER = ("What is number {n}?", "What is marked with {n}?", "Read what is marked with number {n}.",
              "What is in box {n}?", "What does number {n} mark?", "Which text has the number {n}?",
              "What stands at {n}?", "Read number {n}.")  # fmt: skip
_COLOURS = ("Which colour is the mark around '{t}'?", "In which colour is '{t}' marked?",
            "What colour is the mark at '{t}'?")  # fmt: skip
_WHETHER = ("Is '{t}' marked?", "Did I mark '{t}'?", "Is there a mark at '{t}'?")


@dataclass(frozen=True)
class Marked:
    """What is marked, by what.

    Attributes:
        kind: "box", "circle", "arrow", "underline" or "highlight".
        colour: its name.
        strokes: the corners of the lines it is drawn with, px.
        number: what is written beside it; 0 for none.
    """

    text: str
    kind: str
    colour: str = "red"
    strokes: tuple[tuple[float, float], ...] = ()
    number: int = 0


def mark_questions(rng: random.Random, marked: Sequence[Marked], others: Sequence[str]) -> list[Question]:
    """Questions about every mark that say which one is meant; `others` are texts without a mark."""
    found: list[Question] = []
    kinds, colours = [one.kind for one in marked], [one.colour for one in marked]
    for one in marked:
        ways: list[tuple[str, ...]] = []
        if one.number:
            ways += [_OF_NUMBER] * 2
        else:
            ways += [_OF_KIND[one.kind], _OF_KIND[one.kind]]
            ways += [_OF_KIND_ALONE[one.kind]] * (kinds.count(one.kind) == 1)
            ways += [_OF_COLOUR] * (colours.count(one.colour) == 1)
        ways += [_PLAIN] * 2 * (len(marked) == 1)
        for way in rng.sample(ways, min(len(ways), 3)):
            ambiguous = kinds.count(one.kind) > 1 and not one.number
            phrasings = [text for text in way if not ambiguous or "{c}" in text] or list(_OF_KIND[one.kind])
            found.append(question(rng, "marked", one.text, phrasings, c=one.colour, n=one.number))
    one = rng.choice(list(marked))
    if _quotable(one.text) and not one.number:
        found.append(question(rng, "mark_colour", one.colour, _COLOURS, t=one.text))
    free = [text for text in others if _quotable(text) and not any(text in m.text or m.text in text for m in marked)]
    if free and _quotable(one.text):
        found.append(question(rng, "present", "Yes", _WHETHER, t=one.text))
        found.append(question(rng, "present", "No", _WHETHER, t=rng.choice(free)))
    return found


def _quotable(text: str) -> bool:
    return not any(char in text for char in "'{}")

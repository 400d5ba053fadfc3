"""How people ask about what is marked on a screen, where one to three marks may be."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.neighbours import Text
from training.screens.phrasing import question
from training.screens.records import Box, Question

_PLAIN = ("What is marked?", "Which text is marked?", "Read what is marked.", "What did I mark?",
          "What is the marked text?", "What does the mark show?", "Read the marked part.", "What do I point at?",
          "What is highlighted by the mark?", "Which text did I mark?", "What's marked?", "Read the marked text.",
          "What is the mark on?", "Which text has the mark?")  # fmt: skip
_OF_KIND: dict[str, tuple[str, ...]] = {
    "box": ("What is in the {c} box?", "What does the {c} box mark?", "Read what is framed in {c}.",
            "What stands in the {c} frame?", "Read the text in the {c} rectangle.", "What does the {c} frame contain?",
            "What is inside the {c} box?", "Which text is in the {c} box?", "The {c} box: what does it say?",
            "What does the text in the {c} box say?", "What is the {c} box around?", "What's in the {c} box?"),
    "circle": ("What is circled in {c}?", "What is in the {c} circle?", "Read what is in the {c} circle.",
               "What does the {c} circle mark?", "Which text is circled in {c}?", "What is inside the {c} circle?",
               "What is in the {c} ring?", "The {c} circle: what does it say?", "Read the text circled in {c}.",
               "What is the {c} circle around?", "What's in the {c} circle?", "What did I circle in {c}?"),
    "arrow": ("What does the {c} arrow point at?", "Read what the {c} arrow points at.", "What is the {c} arrow at?",
              "Which text does the {c} arrow point to?", "What is at the tip of the {c} arrow?",
              "Where does the {c} arrow point?", "What does the {c} arrow show?", "The {c} arrow points at what?",
              "What does the {c} arrow point to?", "What is the {c} arrow pointing at?"),
    "underline": ("What is underlined in {c}?", "Read the text with the {c} line below it.",
                  "Which text is underlined in {c}?",
                  "What does the {c} line underline?", "Read what is underlined in {c}.",
                  "What is above the {c} line?"),
    "highlight": ("What is highlighted in {c}?", "Which text is on the {c} ground?",
                  "Read the text under the {c} marker.",
                  "What did the {c} marker mark?", "Read what is highlighted in {c}.",
                  "Which text is highlighted in {c}?"),
}  # fmt: skip
_OF_KIND_ALONE: dict[str, tuple[str, ...]] = {
    "box": ("What is in the box that I drew?", "What is framed?", "Read what is framed.", "What did I frame?",
            "What is in the frame?", "Read the framed text.", "What's in the box?", "Which text is framed?"),
    "circle": ("What is circled?", "Read what is circled.", "What did I circle?", "Which text is circled?",
               "What is the circled text?", "Read the circled text.", "What's in the circle?",
               "What does the circled text say?"),
    "arrow": ("What does the arrow point at?", "Read what the arrow points at.", "What does the arrow point to?",
              "What is the arrow pointing at?", "Where does the arrow point?", "Read the text at the arrow's tip.",
              "Which text does the arrow point to?", "The arrow points at what?"),
    "underline": ("What did I underline?", "Which text has the thick line under it?", "Read what I underlined."),
    "highlight": ("What did I highlight with the marker?", "Which text did I mark with the marker?",
                  "Read what is under the marker."),
}  # fmt: skip
_OF_COLOUR = ("What is marked in {c}?", "Read what is marked in {c}.", "Which text is marked in {c}?",
              "What did I mark in {c}?", "What does the {c} mark say?", "The text that is marked in {c}?")  # fmt: skip
_OF_NUMBER = ("What is number {n}?", "What is marked with {n}?", "Read what is marked with number {n}.",
              "What is in box {n}?", "What does number {n} mark?", "Which text has the number {n}?",
              "What stands at {n}?", "Read number {n}.")  # fmt: skip
_COLOURS = ("Which colour is the mark around '{t}'?", "In which colour is '{t}' marked?",
            "What colour is the mark at '{t}'?")  # fmt: skip
_FROM = ("Where does the {c} arrow start?", "At which text does the {c} arrow begin?",
         "From where does the {c} arrow come?",
         "Which text is at the tail of the {c} arrow?", "What is at the other end of the {c} arrow, without the tip?",
         "The {c} arrow leads from which text?", "Read the text where the {c} arrow begins.",
         "What does the {c} arrow lead away from?")  # fmt: skip
_HOW_MANY = ("How many marks are there?", "How many things did I mark?", "How many texts are marked?",
             "Count the marks.", "How many marks did I draw?", "Number of marks?", "How many places are marked?",
             "How many marks do you see?")  # fmt: skip
_ALL = ("Which texts are marked, from top to bottom?", "List what is marked, from top to bottom.",
        "Read all marked texts, from top to bottom.", "What did I mark? List it from top to bottom.",
        "All marked texts, from the top down?", "Name everything that is marked, top first.")  # fmt: skip
_NAMED = {"box": ("the {c} box", "the {c} frame", "the {c} rectangle"), "circle": ("the {c} circle", "the {c} ring"),
          "arrow": ("the text at the tip of the {c} arrow", "what the {c} arrow points at"),
          "underline": ("the text underlined in {c}", "what is underlined in {c}"),
          "highlight": ("the text highlighted in {c}", "what is highlighted in {c}")}  # fmt: skip
_BESIDE: dict[str, tuple[str, ...]] = {
    "right": ("What is right of {m}?", "Which text is right of {m}?", "Read what is to the right of {m}.",
              "What stands next to {m}, on the right?"),
    "left": ("What is left of {m}?", "Which text is left of {m}?", "Read what is to the left of {m}.",
             "What stands next to {m}, on the left?"),
    "below": ("What is below {m}?", "Which text is under {m}?", "Read the text directly below {m}.",
              "What stands under {m}?"),
    "above": ("What is above {m}?", "Which text is over {m}?", "Read the text directly above {m}.",
              "What stands above {m}?"),
}  # fmt: skip
_IN_WINDOW = ("In which window is {m}?", "Which window has {m} in it?", "What is the title of the window with {m}?",
              "{m}: in which window is that?", "On which window is {m}?", "Which window is {m} in?",
              "Title of the window in which {m} is?", "Which window did I draw {m} on?")  # fmt: skip
_LONGEST = 60
"""Characters of a text beside a mark."""
_WHETHER = ("Is '{t}' marked?", "Did I mark '{t}'?", "Is there a mark at '{t}'?")


@dataclass(frozen=True)
class Marked:
    """What is marked, by what.

    Attributes:
        kind: "box", "circle", "arrow", "underline" or "highlight".
        colour: its name.
        strokes: the corners of the lines it is drawn with, px.
        number: what is written beside it; 0 for none.
        box: of the text, px, where a whole text is marked.
        origin: the text from which an arrow comes; "" for none.
        thick: of its strokes, px, where what they hide beside them counts.
        covers: what else of it hides texts, such as the disc of a number, px.
    """

    text: str
    kind: str
    colour: str = "red"
    strokes: tuple[tuple[float, float], ...] = ()
    number: int = 0
    box: Box | None = None
    origin: str = ""
    thick: float = 0.0
    covers: tuple[Box, ...] = ()


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
        for way in rng.sample(ways, min(len(ways), 4 if len(marked) == 1 else 3)):
            ambiguous = kinds.count(one.kind) > 1 and not one.number
            phrasings = [text for text in way if not ambiguous or "{c}" in text] or list(_OF_KIND[one.kind])
            found.append(question(rng, "marked", one.text, phrasings, c=one.colour, n=one.number))
    found += _about_all(rng, marked)
    one = rng.choice(list(marked))
    if _quotable(one.text) and not one.number:
        found.append(question(rng, "mark_colour", one.colour, _COLOURS, t=one.text))
    free = [text for text in others if _quotable(text) and not any(text in m.text or m.text in text for m in marked)]
    if free and _quotable(one.text):
        found.append(question(rng, "present", "Yes", _WHETHER, t=one.text))
        found.append(question(rng, "present", "No", _WHETHER, t=rng.choice(free)))
    return found


def unmarked_ways(rng: random.Random, kind: str) -> list[str]:
    """How a mark of this kind is asked for, as in `mark_questions`; for where there is none."""
    colour = rng.choice(("red", "red", "red", "green", "blue", "orange", "yellow"))
    way = rng.choice((_OF_KIND[kind], _OF_KIND[kind], _OF_KIND_ALONE[kind]))
    return [text.replace("{c}", colour) for text in way]


def _about_all(rng: random.Random, marked: Sequence[Marked]) -> list[Question]:
    """Where arrows come from, how many marks there are, and all of them in their order."""
    found = [question(rng, "marked", one.origin, _FROM, c=one.colour) for one in marked if one.origin]
    found.append(question(rng, "how_many", str(len(marked)), _HOW_MANY))
    tops = [one.box[1] for one in marked if one.box]
    apart = all(abs(a - b) > 8 for n, a in enumerate(tops) for b in tops[:n])
    if len(marked) > 1 and len(tops) == len(marked) and apart and not any("," in one.text for one in marked):
        ordered = sorted(marked, key=lambda one: one.box[1] if one.box else 0.0)
        found.append(question(rng, "list", ", ".join(one.text for one in ordered), _ALL))
    return found


def beside_marks(rng: random.Random, one: Marked, texts: Sequence[Text], title: str) -> list[Question]:
    """What is next to a mark, and in which window it is: `texts` are all of that one, `title` is its, or ""."""
    name = f"number {one.number}" if one.number else rng.choice(_NAMED[one.kind]).replace("{c}", one.colour)
    found = [question(rng, "which_window", title, _IN_WINDOW, m=name)] if title and title != one.text else []
    if not one.box:
        return found
    sides = next_to(one.box, texts)
    chosen = rng.sample(sorted(sides), min(2, len(sides)))
    return found + [question(rng, "near", sides[side], _BESIDE[side], m=name) for side in chosen]


def next_to(box: Box, texts: Sequence[Text]) -> dict[str, str]:
    """The nearest texts in the same row, and above and below with the same left edge, where they are near."""
    left, top, right, bottom = box
    high = bottom - top
    row = [one for one in texts if abs(one.box[1] + one.box[3] - top - bottom) < high]
    column = [one for one in texts if abs(one.box[0] - left) < high / 2]
    some = {
        "right": [(one.box[0] - right, one) for one in row if -1 <= one.box[0] - right < 14 * high],
        "left": [(left - one.box[2], one) for one in row if -1 <= left - one.box[2] < 14 * high],
        "below": [(one.box[1] - bottom, one) for one in column if -1 <= one.box[1] - bottom < 3 * high],
        "above": [(top - one.box[3], one) for one in column if -1 <= top - one.box[3] < 3 * high],
    }
    nearest = {side: min(found, key=lambda pair: pair[0])[1].text for side, found in some.items() if found}
    return {side: text for side, text in nearest.items() if 2 <= len(text) <= _LONGEST}


def _quotable(text: str) -> bool:
    return not any(char in text for char in "'{}")

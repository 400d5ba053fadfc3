"""What kind of thing a marked text is, a button or a value with its label, and how people ask by that; for training.

Which texts are buttons, menus, headings and values is known from what a screen's own questions are answered with.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.screens.mark_questions import Marked
from training.screens.neighbours import Text
from training.screens.phrasing import question
from training.screens.records import Question
from training.screens.words import with_article

_LISTED = {"buttons": "button", "menu": "menu", "columns": "column heading"}
"""Kinds of questions whose answers list texts of one kind, and what these are called."""
_MENUS = re.compile(r"\bmenus\b|menu bar", re.IGNORECASE)
"""Other lists of that kind are of links, pages or entries."""
_SHORTEST = 3
"""Characters of a label with its colon."""
_NEAR, _FAR = 12.0, 30.0
"""Heights of a label, to the right of it: its value begins; no other text stands."""
_WHOLE = {"title": "window title", "heading": "heading"}
_MARKED = {"box": ("framed", "in the box", "in the frame"), "circle": ("circled", "in the circle", "in the ring"),
           "arrow": ("at the tip of the arrow",), "underline": ("underlined",),
           "highlight": ("highlighted",)}  # fmt: skip
"""How a thing is that has such a mark."""
_IN_COLOUR = {"box": ("framed in {c}", "in the {c} box", "in the {c} frame"),
              "circle": ("circled in {c}", "in the {c} circle", "in the {c} ring"),
              "arrow": ("at the tip of the {c} arrow", "that the {c} arrow points at"),
              "underline": ("underlined in {c}",), "highlight": ("highlighted in {c}",)}  # fmt: skip
_WHICH = ("Which {k} is {m}?",)
_NAME = ("What is the name of the {k} {m}?", "Read the {k} {m}.", "What does the {k} {m} say?", "Name the {k} {m}.",
         "What's the {k} {m}?", "What is the {k} {m} called?")  # fmt: skip
_KIND = ("What kind of thing is {m}?", "What sort of thing is {m}?", "What kind of element is {m}?",
         "A thing is {m}: of what kind is it?",
         "Is it a button, a menu, a title or what that is {m}?")  # fmt: skip
_VALUE_OF = ("What is the label of the value {m}?", "What does the value {m} stand for?",
             "The value {m}: what is it called?", "What is the name of the field {m}?")  # fmt: skip
_BOTH = ("Which value is {m} and what is its label?", "Read the value {m}, with its label.",
         "What is {m}? Say its label and the value.", "Label and value of what is {m}?")  # fmt: skip
_VALUE = ("What is the value of the field {m}?", "What does the field {m} contain?", "Which value has the label {m}?",
          "What does it say for the label {m}?", "What is entered for the label {m}?")  # fmt: skip


@dataclass(frozen=True)
class Role:
    """What a text is: "button", "value", "label", ...; of values the label, of labels the value."""

    kind: str
    other: str = ""


def roles_of(questions: Iterable[Question], texts: Sequence[Text]) -> dict[str, Role]:
    """What those texts are, of all that are seen, that are there once and of which it is known."""
    said = Counter(one.text.rstrip(":") for one in texts)
    found: dict[str, set[Role]] = {}
    for one in questions:
        if one.kind in _LISTED and (one.kind != "menu" or _MENUS.search(one.text)):
            for text in one.answer.split(", "):
                found.setdefault(text, set()).add(Role(_LISTED[one.kind]))
        elif one.kind in _WHOLE:
            found.setdefault(one.answer, set()).add(Role(_WHOLE[one.kind]))
        elif one.asked and one.asked[0] == "is_checked":
            found.setdefault(str(one.asked[1]["label"]), set()).add(Role("check box"))
    for label, value in _labelled(texts):
        if said[label] == said[value] == 1:
            found.setdefault(value, set()).add(Role("value", label))
            found.setdefault(label, set()).add(Role("label", value))
    return {text: roles.pop() for text, roles in found.items() if len(roles) == 1 and said[text] == 1 and text}


def _labelled(texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Labels with a colon, and the only text in the row to the right of each."""
    found = []
    for label in texts:
        left, top, right, bottom = label.box
        if not label.text.endswith(":") or len(label.text) < _SHORTEST:
            continue
        high = bottom - top
        row = [one for one in texts if one is not label
               and abs(one.box[1] + one.box[3] - top - bottom) < high
               and left - 2 * high < one.box[0] < right + _FAR * high]  # fmt: skip
        if len(row) == 1 and right - 1 <= row[0].box[0] < right + _NEAR * high and not row[0].text.endswith(":"):
            found.append((label.text.rstrip(":"), row[0].text))
    return found


def control_questions(rng: random.Random, marked: Sequence[Marked], roles: dict[str, Role]) -> list[Question]:
    """By what is marked: which button it is, what kind of thing, a value's label, a label's value."""
    found: list[Question] = []
    for one in marked:
        role = roles.get(one.text.rstrip(":"))
        if role is None or one.number or one.box is None:  # a word of a longer text is none of these
            continue
        alone = [other.kind for other in marked].count(one.kind) == 1
        ways = _MARKED[one.kind] if alone and rng.random() < 0.6 else _IN_COLOUR[one.kind]
        way = rng.choice(ways).format(c=one.colour)
        if len(marked) == 1 and rng.random() < 0.4:
            way = "marked"
        is_so = way if not way.startswith("that ") else f"at the tip of the {one.colour} arrow"
        which = way if " " in way and not way.endswith(f"in {one.colour}") else f"that is {way}"
        if role.kind == "value":
            found.append(question(rng, "marked", role.other, _VALUE_OF, m=which))
            found.append(question(rng, "marked", f"{role.other}: {one.text}", _BOTH, m=is_so))
        elif role.kind == "label":
            found.append(question(rng, "marked", role.other, _VALUE, m=which))
        else:
            found.append(question(rng, "marked", one.text, _NAME, m=which, k=role.kind))
            found.append(question(rng, "marked", one.text, _WHICH, m=is_so, k=role.kind))
            kind = f"{with_article(role.kind, capital=True)}."
            found.append(question(rng, "kind", kind, _KIND, m=is_so))
    return found

"""Windows that others cover in part: which texts, and answers, are seen as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from training.screens.marks import runs_of
from training.screens.pages import PROMPTS
from training.screens.records import Glyph, Question

_QUOTED = frozenset({"title", "message", "value", "heading", "status", "selected", "file", "command", "cell", "near",
                     "line", "line_found", "lines", "checked", "button", "paragraph", "fact"})  # fmt: skip
"""Kinds whose answers stand on the window as they are; yes and no must stay as often as each other."""
_LISTS = frozenset({"buttons", "menu", "columns", "labels", "row", "list"})
_OF_ALL = re.compile(
    r"\b(first|second|third|fourth|fifth|\w+th|last|top|topmost|bottom|lowest|highest|largest|smallest|earliest|latest|"
    r"most|least|newest|oldest|longest|shortest|cheapest|no|nothing|missing|without|empty|"
    r"above|below|before|after|(row|line|entry|number|item) \d+)\b",
    re.IGNORECASE,
)
"""Words of questions that what is covered may answer otherwise."""
_LEAST = 3
"""Characters of a word by which a question says what it is about."""


def whole_texts(glyphs: Sequence[Glyph], seen: Sequence[Glyph]) -> list[Glyph]:
    """The characters of those texts that are not covered anywhere; `seen` are the uncovered ones of `glyphs`."""
    uncovered = {glyph.box for glyph in seen}
    letters = [glyph for glyph in glyphs if len(glyph.char) == 1]
    return [glyph for run in runs_of(letters) if all(glyph.box in uncovered for glyph in run) for glyph in run]


def still_answered(questions: Sequence[Question], glyphs: Sequence[Glyph],
                   uncovered: Sequence[Glyph]) -> list[Question]:  # fmt: skip
    """Questions whose answer, and what they say it is about, is seen wherever it was before anything covered it."""
    full, seen = _letters(glyphs), _letters(uncovered)
    return [question for question in questions if _answers(question, full, seen)]


def _answers(question: Question, full: tuple[str, str], seen: tuple[str, str]) -> bool:
    if question.text in PROMPTS.values() and question.kind != "json":
        return False
    if _OF_ALL.search(question.text):
        return False
    if question.kind in {"line", "lines"} and "'" not in question.text:
        return False  # lines are counted from the top, where some may be covered
    if question.kind == "json":
        parts = leaves(json.loads(question.answer))
    elif question.kind in _LISTS:
        parts = question.answer.split(", ")
    elif question.kind in _QUOTED:
        parts = question.answer.split("\n")
    else:
        return False
    named = [word.strip("'\"?.,:()") for word in question.text.split()]
    parts = ["".join(part.split()) for part in parts]
    return all(_is_seen(part, full, seen) for part in parts if part) and all(
        word in seen[0] or word not in full[0] for word in named if len(word) >= _LEAST
    )


def _is_seen(part: str, full: tuple[str, str], seen: tuple[str, str]) -> bool:
    """Whether each text with this in it is uncovered; where no text has it, whether all texts in a row have."""
    place = 1 if part in full[1] else 0
    return part in seen[place] and full[place].count(part) == seen[place].count(part)


def _letters(glyphs: Sequence[Glyph]) -> tuple[str, str]:
    """All of them, and after that each text by itself: a short answer is no part of two texts side by side."""
    letters = [glyph for glyph in glyphs if len(glyph.char) == 1]
    alone = ("".join(glyph.char for glyph in run if glyph.char != " ") for run in runs_of(letters))
    return "".join(glyph.char for glyph in letters if glyph.char != " "), "\n".join(alone)


def leaves(value: object) -> list[str]:
    """Of a JSON value, as texts."""
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [str(value)]

"""The quick actions' prompts, word for word, about small images: copy all text, describe, explain the error."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.screens.absent import absent_questions
from training.screens.actions import action_questions, chart_explained, receipt_copied
from training.screens.describing import window_described
from training.screens.neighbours import Text, texts_of
from training.screens.pages import PROMPTS, explained
from training.screens.records import Glyph, Question, Screen
from training.screens.stacking import Window

_UNREAD = frozenset({"shapes", "chart", "keypad", "formula"})
"""Images whose text stands about rather than in lines."""
MOST_COPIED = 900
"""Characters of a text that is asked for as a whole."""
NO_ERROR = "There is no error."
_ACTION_SHARE, _ABSENT_PROMPT_SHARE, _ABSENT_SHARE = 0.35, 0.4, 0.25
"""Of images: a summary is asked for, and so on; quick actions, and people, ask for what is not there."""
_ERRORS = ("error dialog", "terminal")
_MAYBE_ERRORS = frozenset({"terminal", "status", "line", "paragraph", "dialog", "window"})
"""Layouts in which a random text may tell of an error."""


def prompted(rng: random.Random, screen: Screen) -> Screen:
    """The screen with those of the prompts that it answers and is not asked yet."""
    asked = {question.text for question in screen.questions}
    found: list[Question] = []
    text = text_in_lines(screen.glyphs) if screen.located and screen.kind not in _UNREAD else ""
    if 0 < len(text) <= MOST_COPIED and rng.random() < 0.7:
        found.append(Question("copied", PROMPTS["extract-text"], text))
    described = window_described(screen)
    if described and screen.kind != "shapes":
        found.append(Question("describe", PROMPTS["describe"], described))
    errors = [question.answer for question in screen.questions if question.kind == "message"]
    if errors and screen.noun in _ERRORS:
        found.append(Question("explained", PROMPTS["explain-error"], explained(errors[0], screen.noun)))
    elif screen.kind not in _MAYBE_ERRORS and rng.random() < 0.12:
        found.append(Question("explained", PROMPTS["explain-error"], NO_ERROR))
    if screen.kind != "shapes":
        found += [*action_questions(rng, screen, _ACTION_SHARE), *chart_explained(screen), *receipt_copied(screen)]
    if screen.located:
        found += absent_questions(rng, [screen], prompts=int(rng.random() < _ABSENT_PROMPT_SHARE),
                                  ways=int(rng.random() < _ABSENT_SHARE))  # fmt: skip
    once = {one.text: one for one in reversed(found) if one.text not in asked}
    return replace(screen, questions=(*screen.questions, *reversed(once.values())))


def holds(question: Question, asked: Sequence[str], windows: int) -> bool:
    """Whether a prompt about a screen with so many windows has this one answer; `asked` are the questions' texts."""
    if question.text == PROMPTS["extract-text"]:
        return windows == 1
    return question.text not in PROMPTS.values() or asked.count(question.text) == 1


def copied(window: Window, legible: bool) -> list[Question]:
    """The only window's whole text, where it is short and no terminal has said what its text is."""
    prompt = PROMPTS["extract-text"]
    if (
        not (legible and window.whole)
        or window.screen.unlocated
        or any(question.text == prompt for question in window.screen.questions)
    ):
        return []
    text = text_in_lines(window.glyphs)
    return [Question("copied", prompt, text)] if 0 < len(text) <= MOST_COPIED else []


def text_in_lines(glyphs: Sequence[Glyph]) -> str:
    """All texts from top to bottom and from left to right; those at one height make a line."""
    rows: list[list[Text]] = []
    for one in sorted(texts_of(glyphs), key=_middle):
        if rows and _middle(one) - _middle(rows[-1][0]) < 0.5 * _height(rows[-1][0]):
            rows[-1].append(one)
        else:
            rows.append([one])
    return "\n".join(" ".join(one.text for one in sorted(row, key=lambda one: one.box[0])) for row in rows)


def _middle(one: Text) -> float:
    return (one.box[1] + one.box[3]) / 2


def _height(one: Text) -> float:
    return one.box[3] - one.box[1]

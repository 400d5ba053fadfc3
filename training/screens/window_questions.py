"""Which questions about an image are asked about it as one window of a desktop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from training.screens.covered import leaves, still_answered
from training.screens.describing import window_described
from training.screens.generator import LAYOUTS
from training.screens.records import Question, Screen
from training.screens.stacking import Window
from training.screens.webpages import INTERFACE, INTERFACE_DIALOG, KIND

_UNNUMBERED = frozenset({"dialog", "window", "status", "line", "paragraph"})
"""Layouts whose lines nobody counts where a title bar, menus and buttons are among them."""
_OWN_TEXTS = frozenset({"title", "heading", "file", "menu", "text", "buttons"})
"""Kinds of questions about a page that need what they are answered with."""
_NOT_OF_A_WINDOW = frozenset({"count", "kind", "colour", "shape"})
"""Kinds of questions that would be about the whole screen."""


def questions_of(window: Window) -> list[Question]:
    """Those about the window that what is seen of it answers."""
    screen = window.screen
    questions = [_as_on_a_desktop(one, screen) for one in screen.questions if _of_a_window(one, screen)]
    if screen.kind in (INTERFACE, INTERFACE_DIALOG):
        return [one for one in questions if (window.answers(one) if one.needs else window.whole)]
    if window.screen.kind == KIND and not window.whole:
        return [question for question in questions if window.answers(question)]
    if window.whole:
        return questions
    seen = [question for question in questions if window.answers(question)]
    others = [question for question in questions if not question.needs]
    return [*seen, *still_answered(others, window.drawn, window.texts)]


def decided(window: Window, questions: Sequence[Question]) -> list[Question]:
    """The questions; those about a page that its window's edge or its links make unclear are not asked (kind "")."""
    if window.screen.kind != "browser":
        return list(questions)
    left, top, right, bottom = window.box
    within = [glyph for glyph in window.drawn if left <= glyph.box[0] and glyph.box[2] <= right
              and top <= glyph.box[1] and glyph.box[3] <= bottom]  # fmt: skip
    shown = "".join(glyph.char for glyph in within if glyph.char != " ")
    tables = [json.loads(one.answer) for one in questions if one.kind == "json"]
    parts = {"table": leaves(tables), "describe": [head for one in tables if isinstance(one, dict)
                                                   for head in leaves(one.get("columns", []))]}  # fmt: skip
    below = any(glyph.box[3] > bottom for glyph in window.drawn)
    found = []
    for one in questions:
        seen = len(within) == len(window.drawn) or _all_in(_parts(one, parts), shown)
        clear = one.kind != "buttons" or not (below or "click" in one.text)
        found.append(one if seen and clear else replace(one, kind=""))
    return found


def _parts(question: Question, parts: dict[str, list[str]]) -> list[str]:
    """The texts that a question about a page needs: `parts` are those of its table, and of a description of it."""
    if question.kind in _OWN_TEXTS:
        lines = [line for line in question.answer.split("\n") if not line.startswith("```")]
        return [part for line in lines for part in line.split(", ")]
    return parts.get(question.kind, parts["table"])


def _all_in(parts: Sequence[str], shown: str) -> bool:
    return all("".join(part.split()) in shown for part in parts)


def _as_on_a_desktop(question: Question, screen: Screen) -> Question:
    """Descriptions get the title; lines by number are not asked for (kind "") where nobody would count them."""
    if question.kind == "describe":
        return replace(question, answer=window_described(screen))
    counted = question.kind == "line" and screen.kind in _UNNUMBERED and "'" not in question.text
    return replace(question, kind="") if counted else question


def _of_a_window(question: Question, screen: Screen) -> bool:
    """Whether it stays clear beside other windows: what a program lists is counted by its name."""
    if not question.text:
        return False
    return question.kind not in _NOT_OF_A_WINDOW or (question.kind == "count" and screen.kind not in LAYOUTS)

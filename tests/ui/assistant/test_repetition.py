"""Answers that repeat themselves without end are ended."""

from __future__ import annotations

import random

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.history.details import REPEATS
from desktop_vlm.history.records import MessageState
from desktop_vlm.ui.assistant.repetition import repeats_itself
from tests.ui.assistant.test_assistant import ask, kept
from tests.ui.conftest import Parts

LONG = "The quick brown fox jumps over the lazy dog, and the dog gets up; " * 3
"""198 characters."""
ROW = "| 2026-11-30 | 0.00 | 0.00 | open |\n"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("", False),
        ("<" * 599, False),
        ("<" * 600, True),
        ("A dialog: " + '"Yusuf", ' * 67, True),
        ("A dialog: " + '"Yusuf", ' * 66, False),  # 594 characters
        (LONG[:-1].rstrip() + " " + "x" * 80 + "\n" + ROW * 19, False),
        (ROW * 20, True),
        (LONG * 20, True),
        ("\n".join(f"{number} rows" for number in range(300)), False),
        ("".join(random.Random(1).choices("ab ", k=5000)), False),
    ],
)
def test_the_same_again_and_again_is_found(text: str, is_so: bool) -> None:
    assert repeats_itself(text) is is_so


def test_such_an_answer_is_ended_and_says_why(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "Summarise")
    for _ in range(110):
        parts.engine.say("Yusuf, ")
    assert parts.engine.stops == 1
    parts.engine.end("cancelled", None)

    answer = kept(parts)[-1]
    assert (answer.state, answer.details[REPEATS]) == (MessageState.CUT, True)
    assert answer.text == "Yusuf, " * 110


def test_an_answer_that_ended_by_itself_is_whole(qtbot: QtBot, parts: Parts) -> None:
    ask(qtbot, parts, "Copy it")
    parts.engine.say("." * 700)
    parts.engine.end("stop")

    answer = kept(parts)[-1]
    assert (answer.state, REPEATS in answer.details) == (MessageState.COMPLETE, False)

"""Histories whose opening, scrolling and searching is hard."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.stall_texts import formulas, paragraph, sections
from benchmarks.window import screenshot
from desktop_vlm.history.records import MessageState
from desktop_vlm.history.store import History

MESSAGES = 500
"""Of the long conversation."""

CONVERSATIONS = 5_000
"""Beside the others, in a history of years."""


def long_conversation(history: History) -> int:
    """500 messages; some of them with code, a table and a formula."""
    conversation = history.create_conversation("500 messages")
    parent = None
    part = sections(1)
    for number in range(MESSAGES // 2):
        question = history.add_message(conversation, parent, "user", f"Question {number}: what does this say?")
        text = (part if number % 3 else "") + paragraph(800) + ("\n\n" + formulas(1) if number % 5 == 0 else "")
        parent = history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE).id
    return conversation


def long_question(history: History) -> int:
    """A question of a megabyte."""
    conversation = history.create_conversation("1 MB question")
    question = history.add_message(conversation, None, "user", "word and word " * 75_000)
    history.add_message(conversation, question.id, "assistant", "Yes.", state=MessageState.COMPLETE)
    return conversation


def _pictures(history: History, numbers: Iterable[int], size: tuple[int, int]) -> list[str]:
    """Screenshots of this size, all different: their SHA-256."""
    return [
        history.add_picture(screenshot(number, size), name=f"{number}.png", width=size[0], height=size[1])
        for number in numbers
    ]


def many_pictures(history: History) -> int:
    """A question with 100 pictures."""
    conversation = history.create_conversation("100 pictures")
    shots = _pictures(history, range(100), (320, 200))
    question = history.add_message(conversation, None, "user", "What do they show?", pictures=shots)
    history.add_message(conversation, question.id, "assistant", "Tiles.", state=MessageState.COMPLETE)
    return conversation


def picture_conversation(history: History) -> int:
    """50 questions with 10 pictures each."""
    conversation = history.create_conversation("500 pictures")
    parent = None
    for number in range(50):
        shots = _pictures(history, range(1000 + 10 * number, 1010 + 10 * number), (320, 200))
        question = history.add_message(conversation, parent, "user", "What do they show?", pictures=shots)
        text = f"Tiles, {number} times ten."
        parent = history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE).id
    return conversation


def picture_question(history: History) -> int:
    """A question with 500 pictures."""
    conversation = history.create_conversation("500 pictures in a question")
    shots = _pictures(history, range(2000, 2500), (64, 40))
    question = history.add_message(conversation, None, "user", "What do they show?", pictures=shots)
    history.add_message(conversation, question.id, "assistant", "Tiles.", state=MessageState.COMPLETE)
    return conversation


def large_picture(history: History) -> int:
    """A question with one picture of 16,000 x 4,000 pixels."""
    conversation = history.create_conversation("A large picture")
    shot = history.add_picture(screenshot(1, (16_000, 4_000)), name="large.png", width=16_000, height=4_000)
    question = history.add_message(conversation, None, "user", "What does it show?", pictures=[shot])
    history.add_message(conversation, question.id, "assistant", "Tiles.", state=MessageState.COMPLETE)
    return conversation


def many_conversations(history: History) -> None:
    """Years of short ones; a word stands in each question, and in each answer."""
    for number in range(CONVERSATIONS):
        conversation = history.create_conversation(f"The window number {number}")
        question = history.add_message(conversation, None, "user", f"What does the window number {number} show?")
        text = f"The window shows {number} entries; the window below it shows none."
        history.add_message(conversation, question.id, "assistant", text, state=MessageState.COMPLETE)

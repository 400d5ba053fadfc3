"""What the engine is asked for a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_vlm.history.records import Message, MessageState, Picture
from desktop_vlm.ui.assistant.prompt import chat_messages, title_of


def message(number: int, role: str, text: str, *pictures: bool) -> Message:
    """A message with a picture for each flag, which says whether it is switched on."""
    held = tuple(Picture(f"{number}-{i}", "p.png", 1, 1, 1, included) for i, included in enumerate(pictures))
    return Message(number, 1, None, role, text, held, MessageState.COMPLETE, "", 0.0, "", "", {}, (number,))


def test_the_composite_stands_with_the_last_question_that_brought_a_visible_picture() -> None:
    thread = [
        message(1, "user", "one", True),
        message(2, "assistant", "first"),
        message(3, "user", "two", True),
        message(4, "assistant", "second"),
        message(5, "user", "three"),
    ]

    assert chat_messages(thread, b"png", "Be brief.") == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "first"},
        {"role": "user", "content": [{"type": "image", "image": b"png"}, {"type": "text", "text": "two"}]},
        {"role": "assistant", "content": "second"},
        {"role": "user", "content": "three"},
    ]


def test_a_picture_that_is_switched_off_does_not_hold_the_composite() -> None:
    thread = [message(1, "user", "one", True), message(2, "assistant", "a"), message(3, "user", "two", False)]

    content = chat_messages(thread, b"png", "")[0]["content"]

    assert content == [{"type": "image", "image": b"png"}, {"type": "text", "text": "one"}]


def test_answers_that_failed_before_their_first_word_are_left_out() -> None:
    failed = replace(message(2, "assistant", ""), state=MessageState.FAILED)

    messages = chat_messages([message(1, "user", "one"), failed, message(3, "user", "two")], None, " ")

    assert messages == [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]


@pytest.mark.parametrize(
    ("text", "pictures", "action", "title"),
    [
        ("What is it?", [], "", "What is it?"),
        ("\n  What is it?\nThe rest", [], "", "What is it?"),
        ("word " * 20, [], "", "word word word word word word word word…"),
        ("", ["shot.png"], "", "shot.png"),
        ("Long prompt of the action", ["shot.png"], "Describe", "Describe: shot.png"),
        ("Long prompt of the action", [], "Describe", "Describe"),
        ("x" * 100, [], "", "x" * 44 + "…"),
    ],
)
def test_titles(text: str, pictures: list[str], action: str, title: str) -> None:
    assert title_of(text, pictures, action) == title

"""What the engine is asked for a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage

from desktop_vlm.api.image_sizing import EncodedSize
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.history.records import Message, MessageState, Picture
from desktop_vlm.images.collage import plan
from desktop_vlm.ui.assistant.prompt import chat_messages, title_of
from desktop_vlm.ui.pictures.composer import Composition, NativeImage, Prepared


def message(number: int, role: str, text: str, *pictures: bool) -> Message:
    """A message with a picture for each flag, which says whether it is switched on."""
    held = tuple(Picture(f"{number}-{i}", "p.png", 1, 1, 1, included) for i, included in enumerate(pictures))
    return Message(number, 1, None, role, text, held, MessageState.COMPLETE, "", 0.0, "", "", {}, (number,))


COMPOSITE = Prepared(Composition(b"png", plan([(1, 1)], tile_size=28, max_tiles=1), (1, 1), QImage(), "composite"))


def natively(*sha256s: str) -> Prepared:
    size = EncodedSize(28, 28, 1)
    return Prepared(images=tuple(NativeImage(one, one.encode(), (28, 28), size, (28, 28), QImage()) for one in sha256s))


THREAD = [
    message(1, "user", "one", True),
    message(2, "assistant", "first"),
    message(3, "user", "two", True, False),
    message(4, "assistant", "second"),
    message(5, "user", "three"),
]


def test_the_composite_stands_with_the_last_question_that_brought_a_visible_picture() -> None:
    assert chat_messages(THREAD, COMPOSITE, "Be brief.") == [
        ChatMessage.of("system", "Be brief."),
        ChatMessage.of("user", "one"),
        ChatMessage.of("assistant", "first"),
        ChatMessage.of("user", "two", "composite"),
        ChatMessage.of("assistant", "second"),
        ChatMessage.of("user", "three"),
    ]


def test_a_picture_that_is_switched_off_does_not_hold_the_composite() -> None:
    thread = [message(1, "user", "one", True), message(2, "assistant", "a"), message(3, "user", "two", False)]

    assert chat_messages(thread, COMPOSITE, "")[0] == ChatMessage.of("user", "one", "composite")


def test_images_that_go_as_they_are_stand_in_their_own_turns() -> None:
    assert chat_messages(THREAD, natively("1-0", "3-0"), "") == [
        ChatMessage.of("user", "one", "1-0"),
        ChatMessage.of("assistant", "first"),
        ChatMessage.of("user", "two", "3-0"),  # 3-1 is switched off
        ChatMessage.of("assistant", "second"),
        ChatMessage.of("user", "three"),
    ]
    # What is not sent, because the model takes no more, leaves its turn's text.
    assert chat_messages(THREAD, natively("3-0"), "")[0] == ChatMessage.of("user", "one")


def test_a_question_of_pictures_alone_is_a_message() -> None:
    assert chat_messages([message(1, "user", "", True)], natively("1-0"), "") == [ChatMessage.of("user", "", "1-0")]


def test_answers_that_failed_before_their_first_word_are_left_out() -> None:
    failed = replace(message(2, "assistant", ""), state=MessageState.FAILED)

    messages = chat_messages([message(1, "user", "one"), failed, message(3, "user", "two")], Prepared(), " ")

    assert messages == [ChatMessage.of("user", "one"), ChatMessage.of("user", "two")]


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

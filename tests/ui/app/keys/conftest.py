"""The window with real keys, mouse and drops: what each item of the issue about it promises, and which test shows it.

| item | what | tests |
|---|---|---|
| 1 | Escape does what the focused thing says | `test_asking.py` |
| 2 | drafts belong to their conversation, and survive a kill | `test_pictures.py` |
| 3 | questions are queued, rows say how it is | `test_asking.py` |
| 4 | editing a question | `test_asking.py` |
| 5 | search by keys, finding in a conversation | `test_asking.py` |
| 6 | limits before sending, broken files in one message | `test_pictures.py` |
| 7 | a failed load says the same everywhere | `test_models_and_order.py` |
| 8 | numbers of images stay when one is left out | `test_pictures.py` |
| 9 | Tab order, lists from right to left | `test_models_and_order.py` |
| 10 | capture comes first, its key is introduced once and tried | `test_captures.py` |
| 11 | drawing on a capture; the editor; black-out is for good | `test_captures.py`, `test_image_tools.py` |
| 12 | pointing at a place: the pixels that are sent | `test_image_tools.py` |
| 13 | recent captures, the same region again, a watched region | `test_captures.py` |
| 14 | pages are picked before they are added | `test_pictures.py` |
| 15 | answers as rich text, Markdown, CSV, web page, PDF | `test_answers.py` |
| 16 | instructions, sampling and actions of a conversation | `test_answers.py` |
| 17 | images are moved, cleared and brought back | `test_pictures.py` |

The rest of 8 and 17 has no test here yet.

One program lives as long as a file's tests; each test begins with a new conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from Xlib import X
from Xlib.display import Display

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen, screen


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        with closing(Display(made.environment["DISPLAY"])) as connection:
            # On a busy machine a key that is let go late would be pressed again.
            connection.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
            connection.sync()
        yield made


@pytest.fixture(scope="module")
def program(display: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    """The program of a file's tests."""
    made = Hand(display, tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def hand(program: Hand) -> Hand:
    """The program before a new conversation, whatever the test before left."""
    program.begin_again()
    return program

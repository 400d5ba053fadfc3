"""The window with real keys, mouse and drops: what each item of the issue about it promises, and which test shows it.

| item | what | tests |
|---|---|---|
| 1 | Escape does what the focused thing says | `test_asking.py` |
| 3 | questions are queued, rows say how it is | `test_asking.py` |
| 4 | editing a question | `test_asking.py` |
| 5 | search by keys, finding in a conversation | `test_asking.py` |

One program lives as long as a file's tests; each test begins with a new conversation.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen, screen


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
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
    program.begin_anew()
    return program

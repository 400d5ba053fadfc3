"""A conversation with pictures and versions, and an empty folder to export it to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_vlm.history import History, MessageState
from tests.export.contents import JPEG, PNG


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "data" / "history.db", clock=lambda: 1_790_000_000.25) as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def conversation(history: History) -> int:
    """Two pictures, one of them twice and under two names, an answer with two versions, the first one active."""
    made = history.create_conversation("Prices: 2026/11 #1")
    chart = history.add_picture(PNG, name="a [chart].jpeg", width=30, height=20)
    photo = history.add_picture(JPEG, name="../../photo", width=3, height=2)
    question = history.add_message(
        *(made, None, "user", "# Which **is** it?\n\n```\n  verbatim *\n```"),
        pictures=[chart, photo],
        action="Describe",
    )
    history.set_included(question.id, photo, False)
    first = history.add_message(made, question.id, "assistant", "The chart ", model="demo", details={"tokens": 7})
    history.finish_message(first.id, MessageState.CUT)
    history.add_message(made, question.id, "assistant", "Another answer")
    history.switch_to(first.id)
    history.add_picture(PNG, name="again.png", width=30, height=20)
    history.add_message(made, first.id, "user", "And now?", pictures=[chart])
    return made

"""What comes from the picture threads is handed out as there is time."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.background import Background, free_elsewhere, pool
from desktop_vlm.ui.widgets.turn import Turn


def test_what_comes_at_once_is_handed_out_over_several_turns_in_its_order(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QObject()
    background = Background(owner)
    got: list[object] = []
    asked: list[int] = []

    def has_time() -> bool:
        asked.append(len(got))
        return len(asked) % 3 != 0  # two things, and the turn is over

    monkeypatch.setattr(Turn, "has_time", has_time)
    background.stream(lambda: range(9), got.append, lambda: got.append("done"), got.append)
    pool().waitForDone()
    assert got == []
    qtbot.waitUntil(lambda: got[-1:] == ["done"])
    assert got == [*range(9), "done"]
    turns = [0, *asked[2::3], len(got)]
    assert max(after - before for before, after in pairwise(turns)) == 2


def test_nothing_is_handed_out_once_the_owner_is_gone(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = QObject()
    background = Background(owner)
    got: list[int] = []
    gone: list[bool] = []
    monkeypatch.setattr(Turn, "has_time", lambda: not got or bool(gone))  # whoever else asks
    background.stream(lambda: range(3), got.append, lambda: None, lambda _sentence: None)
    qtbot.waitUntil(lambda: len(got) == 1)
    shiboken6.delete(owner)
    gone.append(True)
    qtbot.waitUntil(lambda: not background._jobs)
    assert got == [0]


def test_large_things_go_in_a_picture_thread() -> None:
    """Pixels of a large image take tens of milliseconds to be given back."""
    gone: list[int] = []

    class Large:
        def __del__(self) -> None:
            gone.append(threading.get_ident())

    free_elsewhere([Large(), Large()])
    pool().waitForDone(20_000)
    assert len(gone) == 2
    assert threading.get_ident() not in gone

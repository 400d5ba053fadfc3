"""What is laid out in one turn of the event loop, and where very many parts stand."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown.stack import Stack
from desktop_vlm.ui.widgets import turn
from desktop_vlm.ui.widgets.turn import Turn


def test_so_much_is_done_in_a_turn_and_the_next_has_time_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(turn, "thread_time", lambda: now[0])
    monkeypatch.setattr(turn, "perf_counter", lambda: 0.0)
    monkeypatch.setattr(Turn, "_begun", None)
    assert Turn.has_time()
    now[0] += turn.MOST_S * 0.9
    assert Turn.has_time()
    now[0] += turn.MOST_S * 0.2
    assert not Turn.has_time()
    Turn.begin()
    assert Turn.has_time()
    now[0] += turn.MOST_S * 1.1
    assert not Turn.has_time()
    qtbot.waitUntil(Turn.has_time)


def test_little_of_a_short_answer_is_laid_out_be_there_time_or_not(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turn, "_begun", None)
    assert Turn.takes(turn.MOST_CHARACTERS - 10)
    assert not Turn.takes(11)
    assert Turn.takes(10)
    assert not Turn.takes(1)
    assert Turn.takes(0)
    qtbot.waitUntil(lambda: Turn._begun is None)
    assert Turn.takes(turn.MOST_CHARACTERS)


def test_a_turn_whose_end_nobody_said_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(turn, "thread_time", lambda: 5.0)
    monkeypatch.setattr(turn, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(Turn, "_begun", 1.0)
    monkeypatch.setattr(Turn, "_begun_by_clock", 0.0)
    assert not Turn.has_time()
    clock[0] = 2.0
    assert Turn.has_time()


def test_a_stack_knows_where_its_parts_are() -> None:
    stack = Stack()
    assert (stack.total, stack.first_below(0)) == (0, 0)
    stack.extend([0, 5, 5], [10, 20, 30])
    assert [stack.top(number) for number in range(3)] == [0, 15, 40]
    assert stack.total == 70
    assert [stack.first_below(y) for y in (0, 9, 10, 34, 35, 70)] == [0, 0, 1, 1, 2, 3]
    stack.set_height(1, 21)
    assert (stack.top(2), stack.total) == (41, 71)
    stack.cut(1)
    assert (len(stack), stack.total) == (1, 10)

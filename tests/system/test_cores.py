"""Work that is spread over cores."""

from __future__ import annotations

import threading

import pytest

from desktop_vlm.system import cores
from desktop_vlm.system.cores import in_threads


def test_results_are_in_order_whichever_thread_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "usable_cores", lambda: 3)
    both = threading.Barrier(2)  # passed only by two threads that wait at once

    def square(number: int) -> int:
        if number < 2:
            both.wait(20)
        return number * number

    assert in_threads(square, range(50)) == [number * number for number in range(50)]


def test_one_core_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "usable_cores", lambda: 1)
    assert set(in_threads(lambda _: threading.current_thread(), range(4))) == {threading.current_thread()}


def test_an_error_of_one_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "usable_cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 // number, [2, 1, 0, 3])


def test_a_system_without_threads_left_does_it_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(cores, "usable_cores", lambda: 3)
    monkeypatch.setattr(threading.Thread, "start", none_left)
    assert in_threads(lambda number: number + 1, range(5)) == [1, 2, 3, 4, 5]


def test_all_threads_have_ended_when_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN an error of one WHEN it is raised THEN nobody is at work any more, on memory that may be given back."""
    monkeypatch.setattr(cores, "usable_cores", lambda: 4)
    finished, both = [], threading.Barrier(2)

    def fail_or_finish(number: int) -> None:
        both.wait(20)
        if number == 0:
            raise ValueError("the first")
        for _ in range(200_000):
            pass
        finished.append(number)

    with pytest.raises(ValueError, match="the first"):
        in_threads(fail_or_finish, range(2))
    assert finished == [1]

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

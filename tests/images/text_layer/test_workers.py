"""Work on all cores keeps its order and can be stopped."""

from __future__ import annotations

import threading

import pytest

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.images.text_layer.workers import each


def nothing() -> None:
    pass


def test_results_come_in_the_items_order() -> None:
    assert each(lambda number: number * number, range(20), nothing) == [number * number for number in range(20)]
    assert each(str, [], nothing) == []


def test_what_fails_in_a_worker_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        each(lambda number: 1 / number, [1, 0], nothing)


def test_a_stop_leaves_undone_what_has_not_begun() -> None:
    begun: list[int] = []
    go_on = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number:
            go_on.wait(10)

    def check() -> None:
        if begun:
            go_on.set()
            raise Cancelled

    with pytest.raises(Cancelled):
        each(work, range(500), check)
    assert 0 < len(begun) < 500


def test_nothing_begins_after_a_stop() -> None:
    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        each(lambda _: pytest.fail("began"), [1], check)

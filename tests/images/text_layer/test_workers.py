"""Work on all cores keeps its order and can be stopped."""

from __future__ import annotations

import time

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

    def work(number: int) -> None:
        begun.append(number)
        time.sleep(0.02)

    def check() -> None:
        if begun:
            raise Cancelled

    with pytest.raises(Cancelled):
        each(work, range(20_000), check)  # minutes of work: no machine is too slow to stop it
    assert 0 < len(begun) < 20_000


def test_nothing_begins_after_a_stop() -> None:
    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        each(lambda _: pytest.fail("began"), [1], check)

"""How long drafts are: simulated devices, for which every figure is known."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from desktop_vlm.runtime.draft_length import DraftLength, Making
from desktop_vlm.runtime.pass_times import ROWS

MEMORY_BOUND = {1: 5.0, 2: 5.2, 4: 6.0, 8: 8.5, 16: 9.0}
"""Milliseconds of a pass, as a large GPU takes them."""
COMPUTE_BOUND = {1: 8.0, 2: 16.0, 4: 31.0, 8: 62.0, 16: 104.0}
"""As a processor with few cores takes them."""


def answer(
    length: DraftLength, times: dict[int, float], right: Callable[[], bool], n_tokens: int, agreed: int = 3
) -> float:
    """Milliseconds of an answer, relative to token by token."""
    made, took = 0, 0.0
    while made < n_tokens:
        n_drafted = length.choose(1, 15, agreed)
        n_right = 0
        while n_right < n_drafted and right():
            n_right += 1
        milliseconds = times[1 + n_drafted]
        length.note(1, n_drafted, n_right, agreed, milliseconds / 1000)
        made += 1 + n_right
        took += milliseconds
    return took / (made * times[1])


@pytest.mark.parametrize("times", [MEMORY_BOUND, COMPUTE_BOUND])
@pytest.mark.parametrize("on_gpu", [True, False])
def test_where_nothing_is_right_it_costs_less_than_three_percent(times: dict[int, float], on_gpu: bool) -> None:
    length = DraftLength(on_gpu=on_gpu)
    answer(length, times, lambda: False, 64)  # what is tried first
    assert answer(length, times, lambda: False, 2000) < 1.03


def test_where_all_is_right_a_gpu_is_many_times_as_fast() -> None:
    length = DraftLength(on_gpu=True)
    answer(length, MEMORY_BOUND, lambda: True, 100)
    assert answer(length, MEMORY_BOUND, lambda: True, 1000) < 0.125  # 16 tokens in 9 ms instead of 80


def test_half_right_still_pays_on_a_gpu() -> None:
    chance = random.Random(3)
    length = DraftLength(on_gpu=True)
    assert answer(length, MEMORY_BOUND, lambda: chance.random() < 0.5, 2000) < 0.75


def test_a_processor_that_computes_all_the_time_drafts_nothing() -> None:
    length = DraftLength(on_gpu=False)
    length.note_prefill(100, 100 * 7e-3)
    length.note(1, 0, 0, 0, 8e-3)
    assert [length.choose(1, found, 4) for found in (1, 3, 7, 15)] == [0, 0, 0, 0]


def test_a_processor_that_waits_for_memory_drafts() -> None:
    length = DraftLength(on_gpu=False)
    length.note_prefill(100, 100 * 5e-3)
    assert length.choose(1, 15, 4) == 0  # what a token takes is not known yet
    length.note(1, 0, 0, 0, 100e-3)
    assert length.choose(1, 15, 4) == 15


def test_short_prompts_tell_nothing() -> None:
    length = DraftLength(on_gpu=False)
    length.note_prefill(8, 8 * 1e-3)
    length.note(1, 0, 0, 0, 100e-3)
    assert length.choose(1, 15, 4) == 0


def test_the_sizes_of_passes_are_few() -> None:
    length = DraftLength(on_gpu=True)
    length.note(1, 0, 0, 0, 5e-3)
    for n_chosen in range(1, 16):
        for n_found in range(16):
            drafted = length.choose(n_chosen, n_found, 4)
            assert drafted <= n_found
            assert drafted == 0 or n_chosen + drafted in ROWS


def test_drafts_come_back_after_a_bad_time() -> None:
    length = DraftLength(on_gpu=True)
    answer(length, MEMORY_BOUND, lambda: False, 500)
    assert answer(length, MEMORY_BOUND, lambda: True, 1500) < 0.5


def test_one_stall_does_not_change_what_is_known() -> None:
    length = DraftLength(on_gpu=True)
    for _ in range(10):
        length.note(1, 3, 3, 4, 6e-3)
        length.note(1, 0, 0, 0, 5e-3)
    before = length.choose(1, 3, 4)
    length.note(1, 3, 3, 4, 2.0)
    assert before == 3
    assert length.times.of(4) < 9e-3


@pytest.mark.parametrize("on_gpu", [True, False])
def test_passes_behind_a_draft_are_its_fault_on_a_gpu(on_gpu: bool) -> None:
    """GIVEN a wrong draft WHEN passes of one token are slow behind it THEN that counts as the draft's cost."""
    length = DraftLength(on_gpu=on_gpu)
    length.note_prefill(100, 0.1)
    for _ in range(10):
        length.note(1, 0, 0, 0, 5e-3)
    length.note(1, 1, 0, 4, 5.2e-3)
    for _ in range(2):
        length.note(1, 0, 0, 0, 9e-3)
    lost_s = -length._balance_s
    assert lost_s == pytest.approx(0.25e-3 + 2 * 4e-3 if on_gpu else 0.0, rel=0.1)  # of the draft's pass, and behind it


def test_what_a_prompt_makes_slow_is_no_fault_of_drafts() -> None:
    """GIVEN that a GPU's passes of any size are slow behind a prompt THEN drafts begin there, and not in the middle."""
    length = DraftLength(on_gpu=True)
    for _ in range(150):
        length.note(1, 0, 0, 0, 4e-3)
    making = Making(2e-3, 1e-3)
    assert length.choose(1, 1, 4, making) == 0
    length.note_prefill(100, 0.1)
    assert length.choose(1, 1, 4, making) == 1
    before = length._balance_s
    length.note(1, 1, 0, 4, 9e-3, 3e-3)
    assert length._balance_s - before == pytest.approx(-(1.15 - 1) * 4e-3 - 3e-3, rel=0.05)


def test_a_gpu_stays_at_a_size_that_is_nearly_as_good() -> None:
    length = DraftLength(on_gpu=True)
    chosen = []
    for rows in (4, 8):
        for size, milliseconds in {1: 5.0, 4: 6.0, 8: 8.3}.items():
            for _ in range(8):
                length.times.note(size, milliseconds / 1e3)
        length.times.note(rows, {4: 6.0, 8: 8.3}[rows] / 1e3)
        chosen.append(1 + length.choose(1, 7, 4))
    assert chosen == [4, 8]

"""What passes take, as a GPU and a processor show it."""

from __future__ import annotations

import pytest

from desktop_vlm.runtime.pass_times import pass_times


def test_a_gpu_that_makes_its_graphs_is_not_taken_to_be_slow() -> None:
    """GIVEN what an H200 took for its first passes of 2 tokens THEN they are believed as soon as they are warm."""
    times = pass_times(on_gpu=True)
    for _ in range(8):
        times.note(1, 3.86e-3)
    for milliseconds in (6.6, 11.9, 6.1):
        times.note(2, milliseconds / 1e3)
        assert times.of(2) == pytest.approx(1.15 * 3.86e-3)
        assert times.of(16) == pytest.approx(2.2 * 3.86e-3)
    for milliseconds in (4.6, 4.6, 4.6):
        times.note(2, milliseconds / 1e3)
    assert times.of(2) == pytest.approx(4.6e-3)


def test_a_size_that_was_slow_is_taken_to_be_as_ever_some_hundred_passes_later() -> None:
    times = pass_times(on_gpu=True)
    times.note(1, 4e-3)
    for _ in range(8):
        times.note(4, 40e-3)
    assert times.of(4) == pytest.approx(40e-3)
    for _ in range(600):
        times.note(1, 4e-3)
    assert times.of(4) == pytest.approx(1.5 * 4e-3)


def test_a_gpu_has_just_changed_its_size_behind_a_prompt() -> None:
    times = pass_times(on_gpu=True)
    for _ in range(3):
        times.note(1, 4e-3)
    assert times.change_s == pytest.approx(2 * 4e-3)
    times.note_prefill(100, 0.1)
    assert times.change_s == 0.0
    assert (times.stays(1), times.stays(2)) == (True, False)


def test_a_processor_s_prompt_says_what_tokens_take() -> None:
    times = pass_times(on_gpu=False)
    times.note(1, 8e-3)
    assert times.of(4) == float("inf")
    times.note_prefill(100, 0.7)
    assert times.of(4) == pytest.approx(4 * 7e-3)
    assert times.of(1) == pytest.approx(8e-3)
    assert (times.change_s, times.stays(1)) == (0.0, False)


def test_a_processor_s_stall_counts_for_twice_the_usual() -> None:
    times = pass_times(on_gpu=False)
    times.note(1, 10e-3)
    times.note(1, 5.0)
    assert times.of(1) == pytest.approx(0.7 * 10e-3 + 0.3 * 20e-3)

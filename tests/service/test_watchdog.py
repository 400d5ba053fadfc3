"""What gets on is left alone, however slow; what only seems to work is noticed."""

from __future__ import annotations

import os
import sys
import time

import pytest

from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import frames, job_frames
from desktop_vlm.service.framing import Framed
from desktop_vlm.service.pulse import Pulse, pulse
from desktop_vlm.service.watchdog import Allowance, Patience, Watchdog
from desktop_vlm.system import steps
from desktop_vlm.system.effort import Effort, effort_of

PATIENCE = Patience(10, idle_s=90, computing_s=180, idle_on_gpu_s=300, computing_on_gpu_s=1200)
IDLE = "it got no further for 90 seconds"
COMPUTING = "it computed for 180 seconds and got no further"


class Process:
    """One that says something each second, and whoever watches it."""

    def __init__(self) -> None:
        self.watchdog = Watchdog(PATIENCE)
        self.watchdog.begin()
        self.said = Pulse()

    def second(self, *others: Framed, **more: float) -> str:
        """A second in which it used and did so much more."""
        now = {name: getattr(self.said, name) + value for name, value in more.items()}
        self.said = Pulse(**{**vars(self.said), **now})
        for message in (*others, self.said):
            self.watchdog.hear(message)
        return self.watchdog.tick(1)

    def ends_after(self, most: int, **more: float) -> tuple[int, str]:
        for second in range(1, most + 1):
            if reason := self.second(**more):
                return second, reason
        return 0, ""


def test_one_that_says_nothing() -> None:
    watchdog = Watchdog(PATIENCE)
    watchdog.begin()
    assert [watchdog.tick(1) for _ in range(10)] == [""] * 9 + ["it gave no sign of life for 10 seconds"]
    watchdog.hear(Pulse())
    assert watchdog.tick(1) == ""


def test_one_that_only_says_that_it_is_there() -> None:
    second, reason = Process().ends_after(200)
    assert reason == IDLE
    assert 90 <= second <= 92
    assert Process().ends_after(200, busy_s=0.01, waited_s=0.05)[1] == IDLE  # what saying so takes on a busy machine


def test_one_that_computes_and_never_arrives() -> None:
    second, reason = Process().ends_after(400, busy_s=1.0)
    assert reason == COMPUTING
    assert 180 <= second <= 182
    assert 180 <= Process().ends_after(400, busy_s=8.0)[0] <= 182  # on many cores


@pytest.mark.parametrize(
    ("does", "what"),
    [
        ({"busy_s": 4.0, "steps": 1}, "layers, chunks or tokens, on several cores"),
        ({"busy_s": 0.01, "reads": 1}, "a model comes from a slow disk"),
        ({"busy_s": 0.0, "steps": 1}, "a wait for a server, that is counted"),
    ],
)
def test_honest_work_may_take_hours(does: dict[str, float], what: str) -> None:
    assert Process().ends_after(10_000, **does) == (0, ""), what


def test_a_layer_a_minute_is_honest() -> None:
    slow = Process()
    for _ in range(60):
        assert slow.ends_after(59, busy_s=1.0) == (0, "")
        assert slow.second(steps=1) == ""


def test_one_that_gets_no_turn_is_not_idle_and_what_it_computes_counts() -> None:
    # A 50th of a processor: an hour later it has computed for 72 seconds.
    assert Process().ends_after(3600, busy_s=0.02, waited_s=0.9) == (0, "")


def test_gpus_take_longer() -> None:
    process = Process()
    process.said = Pulse(on_gpu=True)
    second, reason = process.ends_after(400)
    assert reason == "it got no further for 300 seconds"
    assert 300 <= second <= 302
    process = Process()
    process.said = Pulse(on_gpu=True)
    assert process.ends_after(1100, busy_s=1.0) == (0, "")


def test_a_machine_that_slept_is_no_reason() -> None:
    # Ticks are counted: one of them came after the night. Its clocks of effort did not run either.
    process = Process()
    assert process.ends_after(80) == (0, "")
    assert process.second(steps=1) == ""
    assert process.ends_after(80) == (0, "")


def test_reports_prove_something_only_where_they_say_more_than_ever() -> None:
    process = Process()
    stages = [frames.Progress(1, "encode", fraction) for fraction in (0.1, 0.2)]
    reason, seconds = "", 0
    while not reason and seconds < 200:
        reason = process.second(stages[seconds % 2])
        seconds += 1
    assert reason == IDLE
    process = Process()
    for second in range(1000):
        assert process.second(frames.Progress(1, "encode", second / 1000)) == ""
    job = Process()
    for second in range(1000):
        assert job.second(job_frames.Progress(JobProgress("download", second))) == ""
    assert Process().watchdog.tick(1) == ""


def test_stages_cannot_be_made_up_for_ever() -> None:
    process = Process()
    ended = next(n for n in range(1000) if process.second(frames.Progress(1, f"stage {n}", 0.0)))
    assert ended < 32 + 95


def test_text_and_results_are_progress() -> None:
    process = Process()
    for _ in range(500):
        assert process.second(frames.Chunk(1, "a")) == ""


def test_new_work_begins_at_its_own_beginning() -> None:
    process = Process()
    assert process.ends_after(85) == (0, "")
    process.watchdog.begin()
    assert process.ends_after(85) == (0, "")
    process.watchdog.begin()
    process.watchdog.hear(frames.Progress(2, "encode", 0.1))
    assert process.watchdog.tick(80) == "it gave no sign of life for 10 seconds"


def test_one_that_cannot_even_say_so_is_seen_from_outside() -> None:
    def ends_after(most: int, busy_s: float, waited_s: float) -> tuple[int, str]:
        watchdog = Watchdog(PATIENCE)
        watchdog.begin()
        for second in range(1, most + 1):
            if watchdog.is_silent:
                watchdog.look(Effort(busy_s * second, waited_s * second), 1)
            if reason := watchdog.tick(1):
                return second, reason
        return 0, ""

    assert ends_after(100, 0.0, 0.0) == (10, "it gave no sign of life for 10 seconds")  # it hangs, or was stopped
    assert ends_after(100, 0.05, 0.9) == (0, "")  # others have their turns
    assert ends_after(100, 0.9, 0.1) == (0, "")  # one long call
    second, reason = ends_after(400, 1.0, 0.0)
    assert reason == COMPUTING
    assert 180 <= second <= 190


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
def test_a_process_is_seen_from_outside() -> None:
    before = effort_of(os.getpid())
    until_s = time.process_time() + 0.05
    while time.process_time() < until_s:
        pass
    after = effort_of(os.getpid())
    assert after.busy_s - before.busy_s >= 0.02
    assert after.waited_s >= before.waited_s >= 0
    assert effort_of(2**22 + 1) == Effort()


def test_a_pulse_says_what_this_process_did() -> None:
    before = pulse()
    steps.count()
    sum(range(200_000))
    after = pulse()
    assert after.steps > before.steps
    assert after.busy_s > before.busy_s
    assert after.reads >= before.reads
    assert after.waited_s >= 0.0


def test_an_allowance_is_used_up_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr("desktop_vlm.service.watchdog.time.monotonic", lambda: now_s)
    allowance = Allowance(at_once=5, per_s=2)
    assert [allowance.take() for _ in range(7)] == [True] * 5 + [False] * 2
    now_s += 3.0
    assert [allowance.take() for _ in range(5)] == [True] * 4 + [False]

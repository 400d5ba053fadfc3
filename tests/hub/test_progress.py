"""How far a download is: bytes, rate, time left, and what a person should know."""

from __future__ import annotations

import pytest

from desktop_vlm.hub.progress import Asking, DownloadProgress, Meter


class Clock:
    """Time that a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 100.0
        monkeypatch.setattr("desktop_vlm.hub.progress.time.monotonic", lambda: self.now_s)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def meter_of(total: int, there: int = 0) -> tuple[Meter, list[DownloadProgress]]:
    """A meter of one file, `there` bytes of which came earlier, and what it says."""
    said: list[DownloadProgress] = []
    meter = Meter(total, said.append)
    meter.done_bytes = lambda: there
    return meter, said


def test_the_rate_is_that_of_the_last_ten_seconds(clock: Clock) -> None:
    meter, said = meter_of(10_000, there=4000)
    for _ in range(20):
        clock.now_s += 1
        meter.arrived("a", 100)
    meter.tick()
    assert (said[-1].rate, said[-1].seconds_left) == (110.0, 6000 / 110)  # eleven arrivals from 0 to 10 s ago
    clock.now_s += 20
    meter.tick()
    assert (said[-1].rate, said[-1].seconds_left) == (0.0, None)


def test_what_was_there_before_is_done_but_no_rate(clock: Clock) -> None:
    meter, said = meter_of(1000, there=900)
    clock.now_s += 2
    meter.tick()
    assert said == [DownloadProgress("", "download", 900, 1000, 0.0, None, "")]


def test_at_the_end_no_time_is_left(clock: Clock) -> None:
    meter, said = meter_of(1000, there=1000)
    clock.now_s += 2
    meter.arrived("a", 1000)
    meter.tick()
    assert (said[-1].rate, said[-1].seconds_left) == (500.0, 0.0)


def test_every_note_is_said_and_the_last_one_stays_until_something_comes(clock: Clock) -> None:
    meter, said = meter_of(1000)
    meter.say("first")
    meter.say("second")
    meter.tick()
    meter.tick()
    meter.say("third")
    meter.arrived("a", 1)
    meter.tick()
    meter.tick()
    assert [one.note for one in said] == ["first", "second", "second", "third", ""]
    del clock


def test_verifying_is_said_when_nothing_else_goes_on(clock: Clock) -> None:
    meter, said = meter_of(1000)
    meter.arrived("b", 10)
    meter.verifies("a")
    meter.tick()
    assert (said[-1].stage, said[-1].file) == ("download", "b")
    clock.now_s += 0.6
    meter.tick()
    assert (said[-1].stage, said[-1].file) == ("verify", "a")
    meter.arrived("b", 10)
    clock.now_s += 0.6
    meter.tick()
    assert (said[-1].stage, said[-1].file) == ("download", "b")
    # and at once where all bytes are there
    meter.verifies("b")
    meter.done_bytes = lambda: 1000
    meter.tick()
    assert (said[-1].stage, said[-1].file) == ("verify", "b")


def test_asking_has_no_bytes() -> None:
    said: list[DownloadProgress] = []
    asking = Asking(said.append)
    asking.check()
    asking.notice("Too many requests")
    asking.check()
    assert [(one.stage, one.total_bytes, one.note) for one in said] == [
        ("list", 0, ""),
        ("list", 0, "Too many requests"),
    ]

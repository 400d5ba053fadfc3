"""What a person sees of long work: a line that is drawn over and over, or a few lines in a log."""

from __future__ import annotations

import io

import pytest

from desktop_vlm.cli.meter import ConversionMeter, DownloadMeter, Meter, duration, size
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.hub.progress import DownloadProgress


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def downloaded(
    done: int,
    total: int = 4_000_000,
    rate: float = 0.0,
    left: float | None = None,
    note: str = "",
    stage: str = "download",
) -> DownloadProgress:
    return DownloadProgress("model.safetensors", stage, done, total, rate, left, note)


def test_a_log_gets_a_line_at_every_quarter() -> None:
    stream = io.StringIO()
    meter = DownloadMeter(Meter(stream))
    for done in range(0, 4_000_001, 100_000):
        meter.show(downloaded(done))
    assert stream.getvalue().splitlines() == [
        "Downloading",
        "25% 1.0 MB of 4.0 MB",
        "50% 2.0 MB of 4.0 MB",
        "75% 3.0 MB of 4.0 MB",
        "100% 4.0 MB of 4.0 MB",
    ]


def test_a_second_download_and_a_conversion_are_counted_again() -> None:
    stream = io.StringIO()
    meter = Meter(stream)
    download, conversion = DownloadMeter(meter), ConversionMeter(meter)
    download.show(downloaded(30_000, total=30_000))
    download.show(downloaded(2_000_000))
    conversion.show(Progress(1_000_000, 2_000_000, "a", "x.gguf"))
    conversion.show(Progress(2_000_000, 2_000_000, "b", "y.gguf"))
    assert stream.getvalue().splitlines() == [
        "Downloading", "100% 30 kB of 30 kB", "50% 2.0 MB of 4.0 MB",
        "Writing x.gguf", "50% 1.0 MB of 2.0 MB", "Writing y.gguf", "100% 2.0 MB of 2.0 MB",
    ]  # fmt: skip


def test_what_a_person_should_know_gets_a_line_once() -> None:
    stream = io.StringIO()
    meter = DownloadMeter(Meter(stream))
    for note in ("", "Too many requests", "Too many requests", "", "Too many requests"):
        meter.show(downloaded(0, total=0, note=note))
    assert stream.getvalue().splitlines() == ["Too many requests", "Too many requests"]


def test_a_terminal_gets_one_line_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.cli.meter._columns", lambda _: 79)
    stream = Terminal()
    meter = Meter(stream)
    shown = DownloadMeter(meter)
    shown.show(downloaded(1_000_000, rate=2_500_000, left=75.0))
    shown.show(downloaded(4_000_000, rate=2_500_000, left=0.0, stage="verify"))
    shown.show(downloaded(4_000_000, note="It starts over."))
    ConversionMeter(meter).show(Progress(1, 2_000_000, "a", "x.gguf"))
    meter.close()
    drawn = stream.getvalue()
    assert drawn.startswith("\r[#######.......................] 25% 1.0 MB of 4.0 MB, 2.5 MB/s, 1:15 left\x1b[K\r[")
    assert "] 100% 4.0 MB of 4.0 MB, verifying\x1b[K\nIt starts over.\n\r[" in drawn
    assert drawn.endswith("0% 0 kB of 2.0 MB\x1b[K\n")
    assert all(len(line) <= 79 + 4 for line in drawn.replace("\r", "\n").splitlines())


@pytest.mark.parametrize(
    ("n_bytes", "text"), [(0, "0 kB"), (99_499, "99 kB"), (100_000, "0.1 MB"), (999e6, "999.0 MB"), (1e9, "1.00 GB")]
)
def test_sizes(n_bytes: float, text: str) -> None:
    assert size(n_bytes) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3661, "1:01:01")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text

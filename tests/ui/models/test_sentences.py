from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from desktop_vlm.api.library import Speed
from desktop_vlm.ui.models.protocol import Job, JobKind, JobState
from desktop_vlm.ui.models.sentences import (
    about_installed,
    amount_text,
    in_one_line,
    job_text,
    job_title,
    last_used_text,
    percent_text,
    size_text,
    time_left,
)
from tests.ui.models.fake_models import installed

JOB = Job(1, JobKind.GET, "x", "Qwen", "Q8_0", JobState.RUNNING, "download", 3_200_000_000, 21_300_000_000, 2.4e7, 905)


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ")


def test_sizes() -> None:
    sizes = (212_300_000_000, 4_910_000_000, 98_000_000, 900_000, 0)
    assert [size_text(n) for n in sizes] == ["212 GB", "4.9 GB", "98 MB", "0.9 MB", "0.1 MB"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s left"),
        (59.4, "59 s left"),
        (60, "1 min left"),
        (3500, "58 min left"),
        (3600, "1 h 0 min left"),
        (8000, "2 h 15 min left"),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("", "not used yet"),
        ("2026-11-28T06:00:00", "used today"),
        ("2026-11-27T23:59:00", "used yesterday"),
        ("2026-11-20T12:00:00", "used 8 days ago"),
        ("2026-02-01T12:00:00", "used on 2026-02-01"),
    ],
)
def test_last_used(when: str, text: str) -> None:
    assert last_used_text(when, datetime(2026, 11, 28, 12)) == text


def test_a_model_in_one_line() -> None:
    model = replace(installed("x", "X", "LLaVA"), speed=Speed(decode_tokens_per_s=7.25))
    assert plain(about_installed(model)) == "LLaVA  ·  Q4_K_M + Q8_0  ·  3.0 GB  ·  7.2 tokens/s here  ·  not used yet"


def test_where_a_line_wraps_figures_stay_whole() -> None:
    words = "A sentence of so many words that it may well be broken."
    assert in_one_line(words, "", "3 GB") == f"{words}  ·  3\u00a0GB"


def test_how_far_a_job_is() -> None:
    assert (job_title(JOB), percent_text(JOB), amount_text(JOB)) == ("Getting Qwen", "15\u00a0%", "3.2 of 21.3 GB")
    assert plain(job_text(JOB)) == "Downloading  ·  3.2 of 21.3 GB  ·  24 MB/s  ·  15 min left"
    assert job_text(replace(JOB, state=JobState.PAUSED)) == "Paused at 3.2 of 21.3 GB"
    assert job_text(replace(JOB, state=JobState.WAITING)) == "Waits for the work before it"
    unknown = replace(JOB, stage="", total_bytes=0, done_bytes=0, bytes_per_s=None, seconds_left=None)
    assert (job_text(unknown), percent_text(unknown)) == ("Starting", "")
    assert plain(job_text(replace(unknown, stage="convert"))) == "Downloading and converting"
    assert job_text(replace(unknown, stage="convert", kind=JobKind.IMPORT)) == "Converting"
    assert amount_text(replace(JOB, done_bytes=900_000_000)) == "900 MB of 21.3 GB"

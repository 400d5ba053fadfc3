"""The chart of `desktop-vlm bench`: what it says is what was measured, and nothing leaves its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from desktop_vlm.diagnostics.speed.chart import OURS, PLAIN, Box, Words, lay_out
from desktop_vlm.diagnostics.speed.chart_file import text_width, write_chart
from desktop_vlm.diagnostics.speed.figures import MS, SECONDS, TOKENS_PER_S, BenchResult, Requested, figures, table

SERIES = {"load": [2.0], "ours": [0.02, 0.01, 0.04], "plain": [0.04, 0.01, 0.04], "alone": [0.5]}
REQUESTED = (
    Requested("load", SECONDS, "load"),
    Requested("encode", MS, "ours", "plain"),
    Requested("decode", TOKENS_PER_S, "ours", "plain", 8),
    Requested("nothing", MS, "missing", "missing"),
    Requested("half", MS, "missing", "alone"),
)


@pytest.fixture
def result() -> BenchResult:
    return BenchResult(
        model="model.gguf",
        mmproj=None,
        family="generic",
        devices=["CPU (a processor)"],
        placement="All on the processor.",
        n_threads=2,
        n_prompt=4,
        n_generate=8,
        image=None,
        n_turns=3,
        is_complete=True,
        load_s=2.0,
        encode_ms=None,
        rows={},
        figures=figures(REQUESTED, SERIES),
        passes_ms={1: 10.0, 2: 12.5},
        versions={"desktop-vlm": "0"},
        date="2026-11-29",
    )


def test_figures_are_medians_in_their_unit(result: BenchResult) -> None:
    load, encode, decode, half = result.figures
    assert (load.ours, load.plain, load.times_as_fast) == (2.0, None, None)
    assert (encode.ours, encode.plain, encode.lowest, encode.highest) == (20.0, 40.0, 10.0, 40.0)
    assert encode.times_as_fast == 1.0  # the median of 2, 1 and 1
    assert (decode.ours, decode.plain) == (400.0, 200.0)
    assert (decode.lowest, decode.highest) == (200.0, 800.0)
    assert (half.name, half.ours, half.plain) == ("half", None, 500.0)
    assert table(result)[2].split() == ["encode", "20.0", "ms", "40.0", "ms", "1.000"]


def test_bars_are_as_long_as_what_they_stand_for(result: BenchResult) -> None:
    chart = lay_out(result, text_width)
    bars = [part for part in chart.parts if isinstance(part, Box) and part.height == 12]
    widths = [(bar.width, bar.color) for bar in bars]
    whole = max(width for width, _ in widths)
    assert widths == [(whole / 2, OURS), (whole, PLAIN), (whole, OURS), (whole / 2, PLAIN)]


def test_long_and_strange_names_stay_inside(result: BenchResult, tmp_path: Path) -> None:
    long = replace(
        result, model="Donaudampfschifffahrt\x07<&>" * 12 + ".gguf", devices=["\u0645\u0631\u062d\u0628\u0627 " * 60]
    )
    chart = lay_out(long, text_width)
    for part in chart.parts:
        assert 0 <= part.y <= chart.height
        if isinstance(part, Words):
            width = text_width(part.text, part.size, part.bold)
            left = part.x - width if part.anchor == "end" else part.x
            assert 0 <= left <= left + width <= chart.width
    title = next(part for part in chart.parts if isinstance(part, Words))
    assert title.text.startswith("Donau")
    assert "..." in title.text
    assert title.text.endswith(".gguf")
    write_chart(long, tmp_path / "chart.svg")
    write_chart(long, tmp_path / "chart.png")
    words = [one.text for one in ElementTree.parse(tmp_path / "chart.svg").iter() if one.tag.endswith("text")]
    assert words[0] == title.text.replace("\x07", " ")
    with Image.open(tmp_path / "chart.png") as image:
        assert image.size == (2 * chart.width, 2 * chart.height)


def test_a_chart_that_cannot_be_written_leaves_nothing(result: BenchResult, tmp_path: Path) -> None:
    (tmp_path / "chart.svg").mkdir()
    with pytest.raises(IsADirectoryError):
        write_chart(result, tmp_path / "chart.svg")
    assert [one.name for one in tmp_path.iterdir()] == ["chart.svg"]

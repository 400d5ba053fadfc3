import argparse
import json
import re
from pathlib import Path

import pytest

from benchmarks import against_transformers, memory, report
from benchmarks.chart import Chart, Line, svg
from benchmarks.model_bytes import BytesPerToken, bytes_per_token
from benchmarks.quiet import Quiet
from benchmarks.random_model import write
from benchmarks.report import ratios, summary
from desktop_vlm.families.mllama.mmproj import open_mmproj
from desktop_vlm.runtime.ggml.device import cpu_device


def test_a_summary_holds_the_median_and_the_spread() -> None:
    assert summary([3.0, 1.0, 2.0], "s") == {
        "unit": "s",
        "median": 2.0,
        "lowest": 1.0,
        "highest": 3.0,
        "values": [3.0, 1.0, 2.0],
    }


def test_a_ratio_is_taken_turn_by_turn() -> None:
    """GIVEN a machine that is ten times slower in one turn THEN its ratio is as in the others."""
    assert ratios([1.0, 10.0, 2.0], [2.0, 20.0, 4.0])["values"] == [2.0, 2.0, 2.0]


def test_comparisons_name_each_transformers_and_the_ideal() -> None:
    turns = {
        "encode, transformers float32": [8.0],
        "encode, transformers bfloat16": [4.0],
        "encode, ours, Q8_0": [2.0],
        "first token, transformers float32": [6.0],
        "first token, transformers bfloat16": [9.0],
        against_transformers.FIRST: [3.0],
        against_transformers.SECOND: [0.3],
        "decode, transformers float32": [0.5],
        "decode, transformers bfloat16": [0.4],
        against_transformers.PLAIN: [0.1],
        against_transformers.IDLE: [0.101],
        against_transformers.IMAGE: [0.16],
    }
    read = BytesPerToken(text=100, cross_weights=20, cross_keys=30)
    found = {name: figure["median"] for name, figure in against_transformers.compare(turns, read).items()}
    assert found == pytest.approx(
        {
            "encode, ours, Q8_0: times as fast as transformers float32": 4.0,
            "encode, ours, Q8_0: times as fast as transformers bfloat16": 2.0,
            "first token, ours: times as fast as transformers float32": 2.0,
            "first token, ours: times as fast as transformers bfloat16": 3.0,
            "decode, ours, image: times as fast as transformers float32": 3.125,
            "decode, ours, image: times as fast as transformers bfloat16": 2.5,
            "first token, same image again: part of the first time": 0.1,
            "decode, idle hook: part of plain llama.cpp's time": 1.01,
            "decode, image: part of the ideal's speed (weights)": 0.75,
            "decode, image: part of the ideal's speed (weights and keys)": 0.9375,
        }
    )


def test_bytes_of_a_token_leave_out_what_it_does_not_read(tmp_path: Path) -> None:
    text_path, mmproj_path = write("tiny", tmp_path, "F32", "F32")
    read = bytes_per_token(text_path, open_mmproj(mmproj_path))
    width, ffn, kv_width, vocab = 256, 768, 128, 4096
    layer = 2 * width * width + 2 * width * kv_width + 3 * width * ffn + 2 * width
    rope_factors = 64
    assert read.text == 4 * (4 * layer + vocab * width + width + rope_factors)
    q_norm, gates = 128, 2
    assert read.cross_weights == 4 * (2 * width * width + 3 * width * ffn + 2 * width + q_norm + gates)
    assert read.cross_keys == 2 * 4 * 65 * kv_width * 2


def test_a_random_model_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    paths = write("tiny", tmp_path, "Q4_K_M", "Q8_0")
    written = [path.stat().st_mtime_ns for path in paths]
    assert write("tiny", tmp_path, "Q4_K_M", "Q8_0") == paths
    assert [path.stat().st_mtime_ns for path in paths] == written
    assert [path.name for path in paths] == [
        "randomtiny-text-Q4_K_M.gguf",
        "randomtiny-mmproj-Q8_0-cross-Q4_K_M.gguf",
    ]


@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_memory_is_measured_for_nine_ways_of_loading_or_more(device: str) -> None:
    names = [case.name for case in memory.cases("11B", device)]
    assert len(set(names)) == len(names) >= 9


def test_a_report_says_what_it_was_computed_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "found.json"
    report.write(out, "waits", argparse.Namespace(shape="tiny", device="cpu"), {})
    (place,) = json.loads(out.read_text(encoding="utf-8"))["computed_on"]
    assert (place["backend"], place["name"]) == ("CPU", "CPU")
    assert place["description"] == cpu_device().description != ""
    assert f"on CPU: {place['description']} (CPU)\n" in capsys.readouterr().out


def test_a_chart_draws_to_scale() -> None:
    chart = Chart("t", "x", "y", [0, 50, 100], [Line("a & b", [(0, 0), (50, 2), (100, 4)])])
    drawn = svg(chart)
    points = re.search(r'points="([^"]*)"', drawn)
    assert points
    (left, bottom), (middle, half), (right, top) = (map(float, point.split(",")) for point in points[1].split())
    assert (middle - left, half - bottom) == pytest.approx((right - middle, top - half), abs=0.2)
    assert right > left
    assert top < bottom
    assert "a &amp; b" in drawn


def test_without_patience_everything_is_measured_once() -> None:
    answers = iter([1.5, 2.5])
    quiet = Quiet(0)
    assert quiet.measure(lambda: next(answers)) == 1.5
    assert (next(answers), quiet.disturbed) == (2.5, 0)

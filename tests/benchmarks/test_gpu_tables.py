"""Tables of a run: what was measured becomes a row, and what was not is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.gpu_tables import Run, tables

MTMD = "times as fast as llama.cpp's mtmd"


def figure(*values: float) -> dict[str, Any]:
    return {"lowest": min(values), "median": sorted(values)[len(values) // 2], "highest": max(values)}


def write(folder: Path, name: str, **results: Any) -> None:
    (folder / f"{name}.json").write_text(json.dumps({"results": results}))


def test_what_was_measured_is_a_row(tmp_path: Path) -> None:
    """GIVEN an encoder with some threads, a family, its growth, that of Llama 3.2 Vision, and a goal."""
    torch = {"transformers float32": figure(0.2), "transformers bfloat16": figure(0.5)}
    write(tmp_path, "encoder-8-threads", times=torch | {"ours, Q8_0": figure(0.1), "ours, Q6_K": figure(0.16)})
    kinds = ("encode", "first token, same pixels", "decode")
    write(
        tmp_path,
        "pixtral",
        times={f"{kind}, ours": figure(0.0123) for kind in kinds},
        ratios={f"{kind}: {MTMD}": figure(0.98765) for kind in kinds},
    )
    growth = {"times": {"encode, 448 x 448, ours": figure(1.5)}, "ratios": {f"encode, 448 x 448: {MTMD}": figure(1.01)}}
    write(tmp_path, "pixtral-growth-cpu", **growth)
    decode = {"ours, image": figure(0.005), "plain llama.cpp, text": figure(0.004)}
    tile = {f"{what}, ours": figure(0.05) for what in ("encode", "first token", "decode")}
    contexts, tiles = [{"context_tokens": 4096, "decode": decode}], [{"tiles": 1, "times": tile}]
    write(tmp_path, "mllama-growth", contexts=contexts, tiles=tiles)
    write(tmp_path, "memory", cases=[{"peak_bytes": 7 * 2**30}])
    found = "\n".join(tables(Run(tmp_path)))
    assert "| peak of the GPU's memory | 7 GiB | <= 7.4 GiB | reached |" in found
    assert "| 8 threads | 100 ms | 160 ms | 200 ms | 500 ms | 2.00, 1.25 |" in found
    assert "| pixtral | 12.3 ms | 0.988 | 12.3 ms | 0.988 | 12.3 ms | 0.988 |" in found
    assert "| pixtral, processor | encode, 448 x 448 | 1,500 ms | 1.010 |" in found
    assert "| mllama, GPU | a token after 4,096 | 5 ms | 0.800, of plain llama.cpp's without an image |" in found
    assert "| mllama, GPU | first token, 1 tile | 50 ms |  |" in found
    assert found.count("\n\n| ") == 4


def test_nothing_measured_is_no_table(tmp_path: Path) -> None:
    assert list(tables(Run(tmp_path))) == []

"""Charts of what `benchmarks.scaling` measured.

    python -m benchmarks.plots docs/benchmarks/scaling-*.json

Beside each report two files: decode time against context length, and the cost of an image against its tiles.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.chart import Chart, Line, svg


def context_chart(report: dict[str, Any]) -> Chart:
    """Milliseconds for a token against the tokens before it."""
    rows = report["results"]["contexts"]
    return Chart(
        title=f"Decoding one token, {_subject(report)}",
        x_label="tokens in the context",
        y_label="ms for a token",
        x_ticks=[row["context_tokens"] for row in rows],
        lines=[
            Line(name, [(row["context_tokens"], row["decode"][name]["median"] * 1e3) for row in rows])
            for name in rows[0]["decode"]
        ],
        note=_note(report),
    )


def tiles_chart(report: dict[str, Any]) -> Chart:
    """Milliseconds of encoding and to the first token against the tiles of the image."""
    rows = report["results"]["tiles"]
    names = [name for name in rows[0]["times"] if not name.startswith("decode")]
    return Chart(
        title=f"A new image, {_subject(report)}",
        x_label="tiles of the image",
        y_label="ms",
        x_ticks=[row["tiles"] for row in rows],
        lines=[Line(name, [(row["tiles"], row["times"][name]["median"] * 1e3) for row in rows]) for name in names],
        note=_note(report),
    )


def memory_chart(report: dict[str, Any]) -> Chart:
    """Peak memory against the tiles of the image."""
    rows = [row for row in report["results"]["tile_memory"] if "peak_bytes" in row]
    return Chart(
        title=f"Peak memory of an answer, {_subject(report)}",
        x_label="tiles of the image",
        y_label="MiB",
        x_ticks=[row["tiles"] for row in rows],
        lines=[Line("ours", [(row["tiles"], row["peak_bytes"] / 2**20) for row in rows])],
        note=_note(report),
    )


def _subject(report: dict[str, Any]) -> str:
    types = report["results"]["types"]
    return f"{report['shape']['name']} shape, {types['text']} text, {types['vision']} vision"


def _note(report: dict[str, Any]) -> str:
    machine = report["machine"]
    gpus = ", ".join(gpu["name"] for gpu in machine["gpus"])
    device = gpus if report["device"] == "gpu" else f"{machine['cpu']}, {machine['cores']} cores"
    return f"{device}; random weights; medians"


def main() -> None:
    """Draw every report that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path, nargs="+")
    for path in parser.parse_args().reports:
        found = json.loads(path.read_text(encoding="utf-8"))
        for kind, draw in (("context", context_chart), ("tiles", tiles_chart), ("memory", memory_chart)):
            out = path.with_name(f"{path.stem}-{kind}.svg")
            out.write_text(svg(draw(found)), encoding="utf-8")
            print(out)


if __name__ == "__main__":
    main()

"""Tables in Markdown of what `on_a_gpu` measured, as they stand in docs/benchmarks.md.

    python -m benchmarks.gpu_tables OUT

Of measurements that are not there, rows and tables are left out. Times are medians (lowest - highest).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gpu_measurements import FAMILIES, GOALS, PUBLISHED
from benchmarks.on_a_gpu import against

Figures = dict[str, Any]
"""Summaries by name, as `report.summary` makes them."""

_TIMES_AS_FAST = ": times as fast as "
_OURS = ", ours"
_MTMD = "llama.cpp's mtmd"
_DEVICES = (("GPU", ""), ("processor", "-cpu"))
"""And what the names of measurements end with."""


class Run:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def results(self, measurement: str) -> dict[str, Any]:
        """Of a measurement; nothing where it is not there."""
        try:
            found = json.loads((self.folder / f"{measurement}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        results: dict[str, Any] = found["results"]
        return results

    def figures(self, measurement: str, kind: str) -> Figures:
        """Summaries of one kind, such as `times`."""
        found: Figures = self.results(measurement).get(kind, {})
        return found


def tables(run: Run) -> Iterator[str]:
    """Each table, with a line before it."""
    for name, header, rows in (
        ("Goals", ("", "found", "goal", ""), list(_goals(run))),
        ("Llama 3.2 11B beside transformers and plain llama.cpp", _TIME, list(_times(run, "against-transformers"))),
        ("Ratios", _RATIO, list(_ratios(run, "against-transformers", "waits"))),
        ("A first token, part by part", _TIME, list(_times(run, "first-token"))),
        ("Lookup decoding", _TIME, [*_times(run, "lookup", "per_pass"), *_times(run, "lookup", "per_token")]),
        ("A draft model", _TIME, list(_times(run, "drafting"))),
        ("What it brings", _RATIO, list(_ratios(run, "drafting"))),
        ("Every family beside llama.cpp's mtmd", _FAMILY, list(_families(run))),
        ("How they grow", _GROWTH, list(_growth(run))),
        ("The encoder on processors beside torch", _ENCODER, list(_encoders(run))),
    ):
        if rows:
            yield f"{name}:\n\n{table(header, rows)}\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_TIME = ("", "time")
_RATIO = ("", "ratio")
_FAMILY = ("", "encode", "times as fast", "first token", "times as fast", "decode", "times as fast")
_GROWTH = ("family, device", "what", "ours", "times as fast as llama.cpp's mtmd")
_ENCODER = (
    "threads",
    "ours, Q8_0",
    "ours, Q6_K",
    "transformers float32",
    "transformers bfloat16",
    "times as fast as the faster",
)


def _goals(run: Run) -> Iterator[Sequence[str]]:
    for goal in GOALS:
        value = against(goal, run.folder)
        if value is not None:
            found = f"{value * goal.factor:.3g} {goal.unit}".strip()
            yield (
                goal.name,
                found,
                f"{goal.bound} {goal.unit}".strip(),
                "reached" if goal.is_reached(value) else "missed",
            )


def _times(run: Run, measurement: str, kind: str = "times") -> Iterator[Sequence[str]]:
    for name, figure in run.figures(measurement, kind).items():
        yield name, _spread(figure, 1e3, "ms")


def _ratios(run: Run, *measurements: str) -> Iterator[Sequence[str]]:
    for measurement in measurements:
        for name, figure in run.figures(measurement, "ratios").items():
            yield name, _spread(figure, 1, "")


def _families(run: Run) -> Iterator[Sequence[str]]:
    names = [f"{family}{suffix}" for _, suffix in _DEVICES for family in FAMILIES]
    for name in (*names, *PUBLISHED):
        times, ratios = run.figures(name, "times"), run.figures(name, "ratios")
        if times:
            row = [name]
            for kind in ("encode", "first token, same pixels", "decode"):
                row += [_ms(times[kind + _OURS]), f"{ratios[kind + _TIMES_AS_FAST + _MTMD]['median']:.3f}"]
            yield row


def _growth(run: Run) -> Iterator[Sequence[str]]:
    for device, suffix in _DEVICES:
        for family in FAMILIES:
            times = run.figures(f"{family}-growth{suffix}", "times")
            for name, figure in run.figures(f"{family}-growth{suffix}", "ratios").items():
                what = name.partition(_TIMES_AS_FAST)[0]
                yield f"{family}, {device}", what, _ms(times[what + _OURS]), f"{figure['median']:.3f}"
        scaling = run.results(f"mllama-growth{suffix}")
        for row in scaling.get("contexts", []):
            ours, text = row["decode"]["ours, image"], row["decode"]["plain llama.cpp, text"]
            ratio = f"{text['median'] / ours['median']:.3f}, of plain llama.cpp's without an image"
            yield f"mllama, {device}", f"a token after {row['context_tokens']:,}", _ms(ours), ratio
        for row in scaling.get("tiles", []):
            for what in ("encode", "first token", "decode"):
                n = row["tiles"]
                yield f"mllama, {device}", f"{what}, {n} tile{'s' * (n > 1)}", _ms(row["times"][what + _OURS]), ""


def _encoders(run: Run) -> Iterator[Sequence[str]]:
    for path in sorted(run.folder.glob("encoder-*.json"), key=lambda path: (len(path.stem), path.stem)):
        times = run.figures(path.stem, "times")
        peers = [times[f"transformers {dtype}"] for dtype in ("float32", "bfloat16")]
        fastest = min(peer["median"] for peer in peers)
        ours = [times[f"ours, {kind}"] for kind in ("Q8_0", "Q6_K")]
        name = path.stem.removeprefix("encoder-").replace("-", " ")
        yield name, *map(_ms, (*ours, *peers)), ", ".join(f"{fastest / one['median']:.2f}" for one in ours)


def _ms(figure: dict[str, Any]) -> str:
    return f"{figure['median'] * 1e3:.3g} ms" if figure["median"] < 1 else f"{figure['median'] * 1e3:,.0f} ms"


def _spread(figure: dict[str, Any], factor: float, unit: str) -> str:
    low, middle, high = (_digits(figure[key] * factor) for key in ("lowest", "median", "highest"))
    return f"{middle} ({low} - {high}) {unit}".strip()


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder that `on_a_gpu` wrote")
    print("\n".join(tables(Run(parser.parse_args().out))))


if __name__ == "__main__":
    main()

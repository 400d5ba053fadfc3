"""Rows measured turn by turn in one run, so that a machine that slows down for a while slows all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.quiet import Quiet

Turns = dict[str, list[float]]
"""Seconds of each row, one a turn."""

_WARM_UP = 2


def take_turns(rows: Mapping[str, Callable[[], float]], n_turns: int, quiet: Quiet) -> Turns:
    """Measure each row once a turn; two turns before those that count warm up.

    Args:
        rows: what returns seconds, by name.
        n_turns: those that count.
        quiet: waits for a machine at rest.
    """
    turns: Turns = {name: [] for name in rows}
    for turn in range(_WARM_UP + n_turns):
        print(f"turn {turn + 1} of {_WARM_UP + n_turns}", flush=True)
        for name, measure in rows.items():
            seconds = quiet.measure(measure)
            if turn >= _WARM_UP:
                turns[name].append(seconds)
    return turns


def show(times: Mapping[str, Any], comparisons: Mapping[str, Any]) -> None:
    """Print summaries of seconds as milliseconds, and those of ratios below."""
    for name, figure in times.items():
        low, middle, high = (figure[key] * 1e3 for key in ("lowest", "median", "highest"))
        print(f"{name:66}{middle:10.2f} ms   ({low:.2f} - {high:.2f})")
    for name, figure in comparisons.items():
        print(f"{name:66}{figure['median']:10.3f}      ({figure['lowest']:.3f} - {figure['highest']:.3f})")

"""All figures of docs/benchmarks.md that need a GPU, and those of the processor beside it, in one command.

    python -m benchmarks.on_a_gpu OUT
    python -m benchmarks.on_a_gpu OUT --only against-transformers,first-token
    python -m benchmarks.on_a_gpu OUT --budget 350

Measurements (`--list`; `benchmarks/gpu_measurements.py`) run one after the other, each in a process of its own and for
so long at most. One that fails, or takes too long, is named, and the others go on. With a budget of seconds those that
come last are left out. What takes no times (tests, making random models) runs at once at the beginning.

OUT gets NAME.txt, what a measurement printed, NAME.json, its figures, and summary.txt and summary.json: what ran, what
failed, and the goals beside what was found. The exit code is 1 if anything failed; a goal that is missed is no failure.
`--dry` runs all of it with tiny models on a processor, to see that it runs; its figures mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import report
from benchmarks.gpu_measurements import GOALS, Files, Goal, Measurement, Scale, measurements

_LEAST_S = 8
"""With less time left nothing is started."""
_TAIL = 8
"""Last lines of a measurement that failed are shown."""


@dataclass(frozen=True)
class Outcome:
    """What became of one measurement.

    Attributes:
        result: "done", or why there are no figures.
        seconds: it took.
    """

    name: str
    command: str
    result: str
    seconds: float

    @property
    def failed(self) -> bool:
        return self.result not in {"done", _LEFT_OUT}


_LEFT_OUT = "left out, no time"


class Runner:
    """Runs measurements into a folder until the time is over."""

    def __init__(self, out: Path, budget_s: float) -> None:
        self._out = out
        self._end = time.monotonic() + budget_s
        self.outcomes: list[Outcome] = []

    def run(self, chosen: Sequence[Measurement]) -> None:
        """Run them: those without times at once, then the others in turn."""
        together = [one for one in chosen if not one.is_timed]
        if together:
            with ThreadPoolExecutor(len(together)) as pool:
                for outcome in pool.map(self._measure, together):
                    self._note(outcome)
        for one in chosen:
            if one.is_timed:
                self._note(self._measure(one))

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        print(f"{outcome.name:24}{outcome.seconds:7.1f} s   {outcome.result}", flush=True)
        if outcome.failed:
            printed = (self._out / f"{outcome.name}.txt").read_text(encoding="utf-8", errors="replace").splitlines()
            print("\n".join(f"    {line[:200]}" for line in printed[-_TAIL:]), flush=True)

    def _measure(self, one: Measurement) -> Outcome:
        started = time.monotonic()
        command = shlex.join([*_before(one), "python", *one.arguments])
        left_s = self._end - started
        if left_s < _LEAST_S:
            return Outcome(one.name, command, _LEFT_OUT, 0.0)
        with (self._out / f"{one.name}.txt").open("w", encoding="utf-8") as printed:
            result = _run(one, printed.fileno(), min(one.limit_s, left_s))
        return Outcome(one.name, command, result, time.monotonic() - started)


def _before(one: Measurement) -> list[str]:
    """What stands before Python in its command."""
    before = [f"{name}={value}" for name, value in one.environment.items()]
    if one.cores:
        usable = sorted(os.sched_getaffinity(0))[: one.cores]
        before += ["taskset", "--cpu-list", ",".join(map(str, usable))]
    return before


def _run(one: Measurement, printed: int, limit_s: float) -> str:
    """Run one, with all processes that it starts; how it ended."""
    process = subprocess.Popen(
        ["env", *_before(one), sys.executable, *one.arguments],
        stdin=subprocess.DEVNULL,
        stdout=printed,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        code = process.wait(limit_s)
        return "done" if code == 0 else f"failed, exit code {code}"
    except subprocess.TimeoutExpired:
        return f"ended after {limit_s:.0f} s"
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a measurement's processes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def goals(out: Path) -> list[str]:
    """One line for each goal whose figure is there."""
    lines = []
    for goal in GOALS:
        value = against(goal, out)
        if value is not None:
            verdict = "reached" if goal.is_reached(value) else "missed"
            found = f"{value * goal.factor:10.3f} {goal.unit:6}"
            lines.append(f"{goal.name:58}{found} goal {goal.bound:10}{verdict}")
    return lines


def against(goal: Goal, out: Path) -> float | None:
    """What was found for a goal; None where it was not measured."""
    try:
        found = json.loads((out / f"{goal.measurement}.json").read_text(encoding="utf-8"))
        return float(goal.value(found["results"]))
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _summary(outcomes: Sequence[Outcome], out: Path) -> str:
    lines = [json.dumps({"machine": report.machine(), "versions": report.versions()}), _lscpu(), ""]
    lines += [f"{one.name:24}{one.seconds:7.1f} s   {one.result:24}{one.command}" for one in outcomes]
    return "\n".join([*lines, "", *goals(out), ""])


def _lscpu() -> str:
    """The processor as `lscpu` tells it, its flags too; empty without that program."""
    try:
        return subprocess.run(["lscpu"], capture_output=True, text=True, check=False, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def main() -> None:
    """Measure, show, write."""
    parser = report.parser_for(__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("build/benchmarks/gpu"), help="folder for all files")
    parser.add_argument("--only", metavar="NAMES", help="measurements, separated by commas (default: all)")
    parser.add_argument("--skip", metavar="NAMES", default="", help="measurements that are left out")
    parser.add_argument("--budget", type=float, default=3600, metavar="SECONDS", help="for everything together")
    parser.add_argument("--models", type=Path, default=Path("build/benchmarks"), help="where random models are kept")
    parser.add_argument(
        "--demo", type=Path, nargs=2, metavar=("TEXT", "MMPROJ"), help="the demo's files, to measure its answers, too"
    )
    parser.add_argument("--dry", action="store_true", help="tiny models on a processor, to see that it runs")
    parser.add_argument("--list", action="store_true", help="name the measurements and end")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    files = Files(args.out, args.models, tuple(args.demo) if args.demo else None)
    chosen = _chosen(parser, measurements(Scale.dry() if args.dry else Scale(), files), args.only, args.skip)
    if args.list:
        print("\n".join(f"{one.name:24}{one.what}" for one in chosen))
        return
    runner = Runner(args.out, args.budget)
    try:
        runner.run(chosen)
    finally:
        summary = _summary(runner.outcomes, args.out)
        (args.out / "summary.txt").write_text(summary, encoding="utf-8")
        (args.out / "summary.json").write_text(json.dumps([asdict(one) for one in runner.outcomes], indent=1) + "\n")
    print("\n".join(["", *goals(args.out)]))
    failed = [one.name for one in runner.outcomes if one.failed]
    print(f"failed: {', '.join(failed)}" if failed else f"nothing failed; {args.out}/summary.txt")
    sys.exit(1 if failed else 0)


def _chosen(
    parser: argparse.ArgumentParser, known: Sequence[Measurement], only: str | None, skip: str
) -> list[Measurement]:
    names = [one.name for one in known]
    asked = only.split(",") if only else names
    left_out = skip.split(",") if skip else []
    if unknown := [name for name in (*asked, *left_out) if name not in names]:
        parser.error(f"no such measurement: {', '.join(unknown)}; there are {', '.join(names)}")
    return [one for one in known if one.name in asked and one.name not in left_out]


if __name__ == "__main__":
    main()

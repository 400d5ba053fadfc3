"""One command for all figures: what it runs, what it does when something fails, and how it holds figures to goals."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import on_a_gpu
from benchmarks.gpu_measurements import GOALS, Files, Measurement, Scale, measurements
from benchmarks.on_a_gpu import Runner, goals


def program(name: str, code: str, limit_s: float = 60, **more: object) -> Measurement:
    return Measurement(name, "", ("-c", code), limit_s, **more)  # type: ignore[arg-type]


def results(runner: Runner) -> dict[str, str]:
    return {one.name: one.result for one in runner.outcomes}


def test_what_fails_or_hangs_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    """GIVEN one that fails, one that hangs with a child that holds its output, and one after them."""
    runner = Runner(tmp_path, 100)
    hanging = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(90)'])"
    runner.run(
        [
            program("fails", "print('why'); raise SystemExit(3)"),
            program("hangs", f"{hanging}; time.sleep(90)", limit_s=1.5),
            program("works", "print('fine')"),
        ]
    )
    assert results(runner) == {"fails": "failed, exit code 3", "hangs": "ended after 2 s", "works": "done"}
    assert (tmp_path / "fails.txt").read_text() == "why\n"
    assert [one.failed for one in runner.outcomes] == [True, True, False]


def test_without_time_the_last_ones_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_a_gpu, "_LEAST_S", 1e9)
    runner = Runner(tmp_path, 100)
    runner.run([program("late", "print('fine')")])
    assert results(runner) == {"late": "left out, no time"}
    assert not runner.outcomes[0].failed


def test_those_without_times_run_at_once(tmp_path: Path) -> None:
    """GIVEN two that wait for each other's file."""
    waiting = (
        "import pathlib, time\npathlib.Path({!r}).touch()\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.01)"
    )
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    runner = Runner(tmp_path, 100)
    runner.run(
        [program("one", waiting.format(a, b), is_timed=False), program("two", waiting.format(b, a), is_timed=False)]
    )
    assert results(runner) == {"one": "done", "two": "done"}


def test_a_measurement_gets_its_variables_and_its_cores(tmp_path: Path) -> None:
    code = "import os; print(os.environ['ONEDNN_MAX_CPU_ISA'], len(os.sched_getaffinity(0)))"
    runner = Runner(tmp_path, 100)
    runner.run([program("one", code, environment={"ONEDNN_MAX_CPU_ISA": "SSE41"}, cores=1)])
    assert (tmp_path / "one.txt").read_text() == "SSE41 1\n"
    assert runner.outcomes[0].command.startswith("ONEDNN_MAX_CPU_ISA=SSE41 taskset --cpu-list ")


class _Read(Exception):  # noqa: N818 - nothing went wrong
    """A command line was read."""


def read_options(one: Measurement, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a measurement's module read its command line, and stop there.

    Raises:
        _Read: it takes all of it.
        SystemExit: it does not.
    """
    module = importlib.import_module(one.arguments[1])
    parse = argparse.ArgumentParser.parse_args

    def parse_and_stop(parser: argparse.ArgumentParser) -> argparse.Namespace:
        parse(parser)
        raise _Read

    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", [one.arguments[1], *one.arguments[2:]])
        patch.setattr(argparse.ArgumentParser, "parse_args", parse_and_stop)
        module.main()


@pytest.mark.parametrize("scale", [Scale(), Scale.dry()], ids=["full", "dry"])
def test_every_module_takes_the_options_that_it_gets(
    scale: Scale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = measurements(scale, Files(tmp_path, tmp_path, (Path("text.gguf"), Path("mmproj.gguf"))))
    assert len({one.name for one in found}) == len(found)
    for one in found:
        if one.name not in {"tests", "models"}:
            with pytest.raises(_Read):
                read_options(one, monkeypatch)


@pytest.mark.parametrize(("median", "expected"), [(2.0, "0.500        goal <= 0.6    reached"), (1.5, "missed")])
def test_a_figure_stands_beside_its_goal(median: float, expected: str, tmp_path: Path) -> None:
    name = "first token, ours: times as fast as transformers bfloat16"
    report = {"results": {"ratios": {name: {"median": median}}}}
    (tmp_path / "against-transformers.json").write_text(json.dumps(report))
    (line,) = goals(tmp_path)
    assert line.startswith("first token / transformers'")
    assert line.endswith(expected)


def test_goals_are_of_measurements_that_there_are(tmp_path: Path) -> None:
    names = {one.name for one in measurements(Scale(), Files(tmp_path, tmp_path))}
    assert {goal.measurement for goal in GOALS} <= names


def test_an_unknown_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask: Callable[[], None] = on_a_gpu.main
    monkeypatch.setattr(sys, "argv", ["on_a_gpu", str(tmp_path), "--only", "lookup,nothing"])
    with pytest.raises(SystemExit):
        ask()
    assert "no such measurement: nothing; there are tests, models" in capsys.readouterr().err

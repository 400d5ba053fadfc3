"""`desktop-vlm bench`: how fast a model is here, beside plain llama.cpp, as a table, as JSON and as a chart."""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.cli import predict
from desktop_vlm.cli.options import add_model_options, load_options, model_ref
from desktop_vlm.cli.status_line import StatusLine
from desktop_vlm.diagnostics.bench import PLAIN, BenchPlan, BenchResult, measure
from desktop_vlm.diagnostics.speed.chart_file import check_chart_path, write_chart
from desktop_vlm.diagnostics.speed.figures import Figure, passes, table, threads
from desktop_vlm.system import steps
from desktop_vlm.system.border.streams import require_stdout

_WIDTH = 110
_SIZE = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `bench` command to the program's commands."""
    parser = subparsers.add_parser(
        "bench",
        help="measure loading, images, prompts and answers",
        description="Measure a model beside plain llama.cpp on the same weights, turn by turn in one run. Figures are "
        "medians. Ctrl+C ends it and shows what was measured so far.",
    )
    parser.add_argument("--prompt", type=int, default=256, metavar="TOKENS", help="prompt length (default: 256)")
    parser.add_argument("--generate", type=int, default=32, metavar="TOKENS", help="answer length (default: 32)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="turns (default: 5)")
    parser.add_argument(
        "--image",
        metavar="WIDTHxHEIGHT",
        help="size of the image, such as 1920x1080 (default: all tiles of the model, or the size that it prefers)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--picture",
        dest="chart",
        type=Path,
        metavar="FILE",
        help="draw the table as a chart, too: FILE.svg or FILE.png",
    )
    parser.add_argument(
        "--predict",
        metavar="GPU",
        help="measure nothing, and say what to expect of a GPU that is not here, such as 'RTX 4060'; 'list' names all. "
        "--model may be one that `pull` offers (default: all of them)",
    )
    add_model_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: the model, a setting or the chart's file is wrong.
        EngineError: the model, memory or device failed.
        KeyboardInterrupt: it was stopped, and said what was measured.
    """
    if args.predict is not None:
        return predict.run(args)
    require_stdout()
    plan = BenchPlan(args.prompt, args.generate, args.repeat, _size(args.image))
    if args.chart:
        check_chart_path(args.chart)
    status = StatusLine(sys.stderr)
    try:
        with steps.at_work(steps.Work.COMPUTING):
            result = measure(model_ref(args), load_options(args), plan, status.show)
    except KeyboardInterrupt:
        status.clear()
        print("Stopped before anything was measured.", file=sys.stderr)
        raise
    status.clear()
    print(json.dumps(asdict(result), indent=2) if args.json else "\n".join(_described(result)))
    if args.chart:
        write_chart(result, args.chart)
    if not result.is_complete:
        raise KeyboardInterrupt
    return 0


def _size(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    found = _SIZE.fullmatch(given)
    if not found:
        raise UserError(f"{given} is no size of an image; give its width and height in pixels, such as 1920x1080.")
    return int(found[1]), int(found[2])


def _described(result: BenchResult) -> Iterator[str]:
    files = " and ".join(name for name in (result.model, result.mmproj) if name)
    yield f"{files} on {', '.join(result.devices)}, {threads(result)}"
    yield from textwrap.wrap(result.placement, _WIDTH)
    yield ""
    yield from table(result)
    yield ""
    if line := passes(result):
        yield line
    yield from textwrap.wrap(_how(result), _WIDTH)
    for note in result.notes:
        yield from textwrap.wrap(note, _WIDTH)


def _how(result: BenchResult) -> str:
    turns = (
        f"medians of {result.n_turns} turn{'s' if result.n_turns > 1 else ''}"
        if result.n_turns
        else "one turn, which also warmed up"
    )
    stopped = "" if result.is_complete else "Stopped: not everything was measured. "
    images = ", and libmtmd for images" if any(one.name.startswith("encode") for one in _compared(result)) else ""
    return f"{stopped}Figures are {turns}. Beside it: {PLAIN}, over the same weights{images}."


def _compared(result: BenchResult) -> list[Figure]:
    return [one for one in result.figures if one.plain is not None]

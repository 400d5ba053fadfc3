"""`desktop-vlm bench`: how fast a model is here, and what images cost on top of the bare language model."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from desktop_vlm.cli import predict
from desktop_vlm.cli.options import add_model_options, load_options, model_ref
from desktop_vlm.cli.status_line import StatusLine
from desktop_vlm.diagnostics.bench import BenchResult, measure
from desktop_vlm.system import steps
from desktop_vlm.system.border.streams import require_stdout


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `bench` command to the program's commands."""
    parser = subparsers.add_parser(
        "bench",
        help="measure encode, prefill and decode",
        description="Measure a model beside the same text GGUF in plain llama.cpp, turn by turn in one run. "
        "Figures are medians.",
    )
    parser.add_argument("--prompt", type=int, default=256, metavar="TOKENS", help="prompt length (default: 256)")
    parser.add_argument("--generate", type=int, default=32, metavar="TOKENS", help="answer length (default: 32)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="turns (default: 5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
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
        UserError: the model or a setting is wrong.
        EngineError: the model, memory or device failed.
    """
    if args.predict is not None:
        return predict.run(args)
    require_stdout()
    status = StatusLine(sys.stderr)
    with steps.at_work(steps.Work.COMPUTING):
        result = measure(
            model_ref(args),
            load_options(args),
            n_prompt=args.prompt,
            n_generate=args.generate,
            n_repeat=args.repeat,
            progress=lambda done, total: status.show("Measuring", done / total),
        )
    status.clear()
    print(json.dumps(asdict(result), indent=2) if args.json else _table(result))
    return 0


def _table(result: BenchResult) -> str:
    lines = [f"{result.model} on {', '.join(result.devices)}, {result.n_threads} threads"]
    if result.encode_ms is not None:
        lines.append(f"{'encode an image of all tiles':42}{result.encode_ms:10.1f} ms")
    lines.append(f"{'':42}{'prefill':>13}{'decode':>13}{'decode ratio':>14}")
    for name, row in result.rows.items():
        ratio = f"{row.decode_ratio:.3f}"
        lines.append(f"{name:42}{row.prefill_tokens_per_s:9.1f} t/s{row.decode_tokens_per_s:9.1f} t/s{ratio:>14}")
    return "\n".join(lines)

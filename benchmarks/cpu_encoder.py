"""The vision encoder on some cores: our kernels, ggml's operations and torch, turn by turn.

    python -m benchmarks.cpu_encoder --json docs/benchmarks/cpu-encoder-mid.json
    ONEDNN_MAX_CPU_ISA=AVX512_CORE_FP16 python -m benchmarks.cpu_encoder --threads 8 --json FILE

With one thread, which never waits for another, the time that the core worked for it is taken: that of a machine at
rest, caches aside, whatever else runs there. With more it is the time that passes. `ONEDNN_MAX_CPU_ISA` keeps torch off
the matrix units (AMX) that servers have and desktops do not. A ratio is the median of the turns' ratios.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from time import perf_counter, process_time
from typing import Any

from benchmarks import report
from benchmarks.ours import Encoder
from benchmarks.peer import Peer
from benchmarks.quiet import Quiet
from benchmarks.random_model import write
from benchmarks.turns import Turns, show, take_turns

_TEXT_TYPE = "Q4_K_M"
Clock = Callable[[], float]


def rows_of(
    args: argparse.Namespace, types: list[str], dtypes: list[str], stack: ExitStack, clock: Clock
) -> dict[str, Callable[[], float]]:
    """What is measured, by name; all models are loaded, and closed with `stack`."""
    rows: dict[str, Callable[[], float]] = {}
    for dtype in dtypes:
        peer = stack.enter_context(Peer(args.shape, "cpu", dtype, processor_time=clock is process_time))
        rows[peer.name] = peer.encode
    for kind in types:
        path = write(args.shape, args.models, _TEXT_TYPE, kind)[1]
        for name, kernels in (("ours", True),) if args.no_ggml else (("ggml", False), ("ours", True)):
            encoder = stack.enter_context(closing(Encoder(path, "cpu", kernels=kernels)))
            rows[f"{name}, {kind}"] = partial(_seconds, encoder, clock)
    return rows


def _seconds(encoder: Encoder, clock: Clock) -> float:
    tiles = encoder.tiles(4)
    started = clock()
    encoder.encode(tiles)
    return clock() - started


def compare(turns: Turns, types: list[str]) -> dict[str, dict[str, Any]]:
    """How many times as fast ours is as each of the others."""
    others = [name for name in turns if name.startswith("transformers")]
    return {
        f"ours, {kind}: times as fast as {other}": report.ratios(turns[f"ours, {kind}"], turns[other])
        for kind in types
        for other in [f"ggml, {kind}", *others]
        if other in turns
    }


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--vision-types", default="Q8_0,Q6_K,BF16", metavar="TYPES", help="types of the vision file")
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="turns after two that warm up")
    parser.add_argument(
        "--dtypes", default="float32,bfloat16", help="of transformers, which need not be installed for an empty list"
    )
    parser.add_argument("--no-ggml", action="store_true", help="without ggml's own operations")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="and as many cores")
    args = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-args.threads :])
    clock, patience_s = (process_time, 0.0) if args.threads == 1 else (perf_counter, args.patience)
    types, dtypes = args.vision_types.split(","), [dtype for dtype in args.dtypes.split(",") if dtype]
    with ExitStack() as stack:
        rows = rows_of(args, types, dtypes, stack, clock)
        turns = take_turns(rows, args.repeat, Quiet(patience_s))
    unit = "s of a processor" if args.threads == 1 else "s"
    times = {name: report.summary(seconds, unit) for name, seconds in turns.items()}
    comparisons = compare(turns, types)
    show(times, comparisons)
    report.write(args.json, "cpu_encoder", args, {"times": times, "comparisons": comparisons})


if __name__ == "__main__":
    main()

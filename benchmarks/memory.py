"""Peak memory of an answer about an image, for several ways of loading the model.

    python -m benchmarks.memory --shape 11B --device gpu --json docs/benchmarks/memory-11B-gpu.json

Each case is a process of its own: load, encode an image of four tiles, prefill 512 tokens, decode 32. On a
GPU the parent watches the GPU's memory, every few milliseconds, from outside, so that what lives only
for a moment (and the driver's own share) counts; on a processor it is the child's peak resident set, Python and
all. Beside it stands what the planner expected before it loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from benchmarks import report
from benchmarks.memory_case import DECODE, PREFILL
from benchmarks.memory_watch import DeviceWatch
from benchmarks.random_model import SHAPES, write


@dataclass(frozen=True)
class Case:
    """One way of loading and using a model.

    Attributes:
        n_gpu_layers: negative for all.
        n_tiles: of the image.
        gpu_gib: the memory that the planner believes the GPUs to have; 0 for what they have.
    """

    text_type: str
    vision_type: str
    n_ctx: int
    kv_type: str
    n_gpu_layers: int
    n_tiles: int = 4
    gpu_gib: float = 0

    @property
    def name(self) -> str:
        layers = "all" if self.n_gpu_layers < 0 else str(self.n_gpu_layers)
        gpu = f", a GPU of {self.gpu_gib:g} GiB" if self.gpu_gib else ""
        return (
            f"{self.text_type} text, {self.vision_type} vision, {self.kv_type} KV, context {self.n_ctx}, "
            f"layers {layers}, tiles {self.n_tiles}{gpu}"
        )


def cases(shape: str, device: str) -> list[Case]:
    """What is measured by default: every setting that memory depends on, varied around the issue's own case."""
    base = Case("Q4_K_M", "Q8_0", 4096, "Q8_0", -1 if device == "gpu" else 0)
    varied: list[Mapping[str, Any]] = [
        {},
        {"kv_type": "F16"},
        {"vision_type": "F16"},
        {"vision_type": "F16", "kv_type": "F16"},
        {"text_type": "Q8_0", "kv_type": "F16"},
        {"text_type": "Q8_0", "n_ctx": 8192},
        {"n_ctx": 2048},
        {"n_ctx": 16384},
        {"n_ctx": 16384, "kv_type": "F16"},
    ]
    if device == "gpu":
        n_layers = SHAPES[shape].text["num_hidden_layers"] - len(SHAPES[shape].text["cross_attention_layers"])
        varied += [{"gpu_gib": 8.0}, {"gpu_gib": 6.0}]
        varied += [{"n_gpu_layers": n_layers // 2}, {"n_gpu_layers": n_layers // 4, "kv_type": "F16"}]
    return [Case(**(asdict(base) | dict(changes))) for changes in varied]


def predicted_bytes(stages: dict[str, dict[str, Any]], device: str) -> int:
    """What the planner expected at the peak, on all GPUs or for the processor."""
    needs: dict[str, int] = stages["load"]["planned_bytes"]
    return needs["CPU"] if device == "cpu" else sum(n_bytes for name, n_bytes in needs.items() if name != "CPU")


def measure(args: argparse.Namespace, case: Case) -> dict[str, Any]:
    """Run one case in a child process: its peaks in bytes, stage by stage, and what was there before it."""
    text_path, mmproj_path = write(args.shape, args.models, case.text_type, case.vision_type)
    job = asdict(case) | {"text_path": str(text_path), "mmproj_path": str(mmproj_path)}
    return {"case": asdict(case)} | measure_job("benchmarks.memory_case", job, args.device)


def measure_job(module: str, job: dict[str, Any], device: str) -> dict[str, Any]:
    """Run `module` with `job` as a child process: its peaks in bytes by stage, beside what the planner expected.

    Args:
        module: says what `memory_case.say` says.
        job: its only argument, as JSON.
        device: "cpu" or "gpu": whose memory counts.
    """
    command = [sys.executable, "-m", module, json.dumps(job)]
    with (
        DeviceWatch() if device == "gpu" else _NoWatch() as watch,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child,
    ):
        assert child.stdout is not None
        said = list(_stages(child.stdout, watch))
    if child.returncode != 0:
        return {"failed": child.returncode}
    stages = {stage["stage"]: stage for stage in said}
    counted = "device_peak_bytes" if device == "gpu" else "peak_resident_bytes"
    peaks = {name: stage[counted] for name, stage in stages.items()}
    peak, expected = max(peaks.values()), predicted_bytes(stages, device)
    return {
        "peak_bytes": peak,
        "peak_bytes_by_stage": peaks,
        "predicted_bytes": expected,
        "predicted_by_measured": expected / peak,
        "plan": stages["load"]["plan"],
        "stages": said,
    }


class _NoWatch:
    """For a processor: the child itself knows its peak."""

    def __enter__(self) -> _NoWatch:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def next_peak(self) -> int:
        return 0


def _stages(lines: Any, watch: DeviceWatch | _NoWatch) -> Iterator[dict[str, Any]]:
    """What the child says at the end of each stage, with the device's peak during that stage."""
    for line in lines:
        yield json.loads(line) | {"device_peak_bytes": watch.next_peak()}


def show(result: dict[str, Any], name: str) -> None:
    """Print one case on one line."""
    if "failed" in result:
        print(f"{name}\n    failed (exit code {result['failed']})")
        return
    stages = "  ".join(f"{stage} {n_bytes / 2**20:,.0f}" for stage, n_bytes in result["peak_bytes_by_stage"].items())
    ratio = f"planned / measured {result['predicted_by_measured']:.3f}"
    print(f"{name}\n    peak {result['peak_bytes'] / 2**20:,.0f} MiB   {ratio}   ({stages})", flush=True)


def add_choice(parser: argparse.ArgumentParser) -> None:
    """The option that chooses among the cases."""
    parser.add_argument("--only", type=int, nargs="*", metavar="N", help="numbers of cases, from 0 (default: all)")


class Named(Protocol):
    """A case."""

    @property
    def name(self) -> str: ...


AnyCase = TypeVar("AnyCase", bound=Named)


def measure_all(
    args: argparse.Namespace,
    cases: Sequence[AnyCase],
    measure: Callable[[argparse.Namespace, AnyCase], dict[str, Any]],
) -> dict[str, Any]:
    """Measure and print the chosen cases; returns what the report says of them."""
    results = []
    for case in [cases[number] for number in args.only] if args.only else cases:
        result = measure(args, case)
        show(result, case.name)
        results.append(result)
    return {"prefill": PREFILL, "decode": DECODE, "cases": results}


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    add_choice(parser)
    args = parser.parse_args()
    results = measure_all(args, cases(args.shape, args.device), measure)
    report.write(args.json, "memory", args, results)


if __name__ == "__main__":
    main()

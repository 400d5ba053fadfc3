"""What every benchmark writes: machine, versions, command and shapes beside the figures."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.random_model import SHAPES
from desktop_vlm.runtime.ggml.device import cpu_device, gpu_devices
from desktop_vlm.system.cores import usable_cores

_PACKAGES = ("desktop-vlm", "llama-cpp-python", "gguf", "numpy", "pillow", "torch", "transformers")
_VARIABLES = ("ONEDNN_MAX_CPU_ISA", "OMP_NUM_THREADS", "GOMP_SPINCOUNT", "CUDA_VISIBLE_DEVICES", "GGML_CUDA_PDL")


def summary(values: Sequence[float], unit: str) -> dict[str, Any]:
    """Median and spread of one figure.

    Args:
        values: one per turn.
        unit: such as "s" or "ratio".
    """
    return {
        "unit": unit,
        "median": median(values),
        "lowest": min(values),
        "highest": max(values),
        "values": list(values),
    }


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Summary of theirs / ours turn by turn: how many times as fast we are when both are times."""
    return summary([other / own for own, other in zip(ours, theirs, strict=True)], "ratio")


def machine() -> dict[str, Any]:
    """The processor, its memory, how busy it was, and the GPUs with their driver."""
    total_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu_name(),
        "cores": usable_cores(),
        "memory_bytes": total_bytes,
        "load_average_1min": os.getloadavg()[0],
        "gpus": _gpus(),
    }


def computed_on(device: str) -> list[dict[str, str]]:
    """What `--device` meant: backend, name and description of each device, as the library has them."""
    places = gpu_devices() if device == "gpu" else [cpu_device()]
    return [{"backend": one.registry, "name": one.name, "description": one.description} for one in places]


def versions() -> dict[str, str | None]:
    """Versions of Python and of what computes; None for what is not installed."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def parser_for(description: str | None) -> argparse.ArgumentParser:
    """A parser that prints a module's docstring as it stands."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that all benchmarks of Llama 3.2 Vision share."""
    parser.add_argument("--shape", choices=SHAPES, default="mid", help="whose layers, with random weights")
    add_common_arguments(parser)


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that all benchmarks of models share."""
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument(
        "--models", type=Path, default=Path("build/benchmarks"), help="where the random models are kept"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=600,
        metavar="SECONDS",
        help="how long to wait, in all, for a processor at rest",
    )
    parser.add_argument("--json", type=Path, help="write machine, versions and all figures here")


def add_speed_arguments(parser: argparse.ArgumentParser, context: str) -> None:
    """Options of what is decoded; `context` says where the tokens of `--context` stand."""
    parser.add_argument("--context", type=int, default=512, metavar="TOKENS", help=context)
    parser.add_argument("--generate", type=int, default=32, metavar="TOKENS", help="decoded in each turn")
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="turns after two that warm up")


def write(
    path: Path | None,
    benchmark: str,
    args: argparse.Namespace,
    results: dict[str, Any],
    shape: dict[str, Any] | None = None,
) -> None:
    """Say what it ran on, and write the report unless `path` is None. `shape` is that of `args.shape` unless given."""
    places = computed_on(args.device)
    print("on " + ", ".join(f"{one['name']}: {one['description']} ({one['backend']})" for one in places))
    if path is None:
        return
    if shape is None:
        known = SHAPES[args.shape]
        shape = {"name": args.shape, "text": known.text, "vision": known.vision}
    report = {
        "benchmark": benchmark,
        "command": " ".join([*_environment(), "python", "-m", f"benchmarks.{benchmark}", *sys.argv[1:]]),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "device": args.device,
        "computed_on": places,
        "shape": shape,
        "results": results,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}")


def _environment() -> list[str]:
    """The variables that change what is measured, as they stand before a command."""
    return [f"{name}={os.environ[name]}" for name in _VARIABLES if name in os.environ]


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _gpus() -> list[dict[str, str]]:
    """Name, driver and memory of every GPU that nvidia-smi knows; empty without it."""
    fields = ("name", "driver_version", "memory.total")
    command = ["nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader"]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return []
    return [dict(zip(fields, (part.strip() for part in line.split(",")), strict=True)) for line in lines]

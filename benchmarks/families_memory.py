"""Peak memory of an answer about an image, for the families that libmtmd runs.

    python -m benchmarks.families_memory --model qwen2.5-vl-7b --device gpu --json memory-qwen2.5-vl-7b-gpu.json

As `benchmarks.memory`: each case is a process of its own that loads, encodes an image, prefills 512 tokens after it
and decodes 32. The planner expects the largest image that it lets through, so that is what its figure is to be held
against; smaller ones are listed to show what they leave free.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import random_families, report
from benchmarks.families import add_arguments
from benchmarks.families_ours import FamilyModel
from benchmarks.images import smooth_noise
from benchmarks.memory import add_choice, measure_all, measure_job
from benchmarks.memory_case import DECODE, PREFILL, say
from benchmarks.mtmd_peer import WARM_UP_TOKENS
from benchmarks.ours import n_gpu_layers
from desktop_vlm.api.options import LoadOptions

_N_CTX = 4096
_LARGE = (2560, 1440)
_SMALLER = ((1920, 1080), (1280, 720), (448, 448))


@dataclass(frozen=True)
class Case:
    """One way of loading and using a model.

    Attributes:
        image: width and height of the image that is shown, in pixels.
    """

    text_type: str
    vision_type: str
    n_ctx: int
    kv_type: str
    image: tuple[int, int]

    @property
    def name(self) -> str:
        width, height = self.image
        return (
            f"{self.text_type} text, {self.vision_type} vision, {self.kv_type} KV, context {self.n_ctx}, "
            f"image of {width} x {height}"
        )


def cases(model: str, text_type: str) -> list[Case]:
    """Both types of the projector with an image as large as any; smaller ones where a model takes any size."""
    found = [Case(text_type, vision, _N_CTX, "F16", _LARGE) for vision in ("F16", "Q8_0")]
    if random_families.MODELS[model].family == "qwen25vl":
        found += [Case(text_type, "F16", _N_CTX, "F16", size) for size in _SMALLER]
    return found


def run(job: dict[str, Any]) -> None:
    """In a process of its own: load, encode, prefill and decode; `job` is a `Case`, both paths and the device."""
    say("start")
    options = LoadOptions(job["n_ctx"], n_gpu_layers(job["device"]), kv_type=job["kv_type"])
    ours = FamilyModel(Path(job["text_path"]), Path(job["mmproj_path"]), options)
    needs = {name: need.total for name, need in ours.plan.needs.items()}
    say("load", planned_bytes=needs, plan=ours.plan.reason)
    width, height = job["image"]
    image = smooth_noise(width, height, 0)
    ours.fill(image, 1)
    n_image = ours.session.n_evaluated - 1
    say("encode", image_tokens=n_image)
    n_prefill = min(PREFILL, job["n_ctx"] - n_image - WARM_UP_TOKENS - DECODE)
    ours.fill(image, n_prefill)
    say("prefill", tokens=n_prefill)
    ours.extend(DECODE)
    say("decode")
    ours.close()


def measure(args: argparse.Namespace, case: Case) -> dict[str, Any]:
    """Run one case in a child process (see `memory.measure_job`)."""
    text_path, mmproj_path = random_families.write(args.model, args.models, case.text_type, case.vision_type)
    paths = {"text_path": str(text_path), "mmproj_path": str(mmproj_path), "device": args.device}
    return {"case": asdict(case)} | measure_job("benchmarks.families_memory", asdict(case) | paths, args.device)


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    add_arguments(parser)
    add_choice(parser)
    args = parser.parse_args()
    results = measure_all(args, cases(args.model, args.text_type), measure)
    report.write(args.json, "families_memory", args, results, asdict(random_families.MODELS[args.model]))


if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1].startswith("{"):
        run(json.loads(sys.argv[1]))
    else:
        main()

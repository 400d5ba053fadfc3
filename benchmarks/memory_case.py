"""The child process of `benchmarks.memory`: uses a model once and says after each stage what it holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.ours import Settings, WithImage
from desktop_vlm.runtime.ggml.device import gpu_devices

PREFILL, DECODE = 512, 32


def say(stage: str, **more: Any) -> None:
    """One line about the end of a stage: this process's resident memory, and the devices' free memory, in bytes."""
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if ":" in line
    )
    print(
        json.dumps(
            {
                "stage": stage,
                "resident_bytes": int(status["VmRSS"].split()[0]) * 1024,
                "peak_resident_bytes": int(status["VmHWM"].split()[0]) * 1024,
                "device_free_bytes": [device.memory()[0] for device in gpu_devices()],
                **more,
            }
        ),
        flush=True,
    )


def _share(gpu_gib: float) -> float:
    """The part of the free memory that a smaller GPU would have beside the driver's; 1 for `gpu_gib` 0."""
    memories = [device.memory() for device in gpu_devices()]
    free_bytes = sum(free for free, _ in memories)
    taken_bytes = sum(total for _, total in memories) - free_bytes
    return min((gpu_gib * 2**30 - taken_bytes) / free_bytes, 1.0) if gpu_gib and free_bytes else 1.0


def run(job: dict[str, Any]) -> None:
    """Load, encode, prefill and decode; `job` is a `memory.Case` and both paths."""
    say("start")
    settings = Settings(job["n_ctx"], job["n_gpu_layers"], job["kv_type"], _share(job["gpu_gib"]))
    ours = WithImage(Path(job["text_path"]), Path(job["mmproj_path"]), settings)
    needs = {name: need.total for name, need in ours.plan.needs.items()}
    say("load", planned_bytes=needs, plan=ours.plan.reason)
    ours.fill(1, n_tiles=job["n_tiles"])
    say("encode")
    ours.fill(PREFILL, n_tiles=job["n_tiles"])
    say("prefill")
    ours.decode(PREFILL, DECODE, n_tiles=job["n_tiles"])
    say("decode")
    ours.close()


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))

"""The child process of `benchmarks.memory`: uses a model once and says after each stage what it holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.ours import Settings, WithPicture
from desktop_vlm.engine.ggml.device import gpu_devices

_PREFILL, _DECODE = 512, 32


def say(stage: str) -> None:
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
            }
        ),
        flush=True,
    )


def run(job: dict[str, Any]) -> None:
    """Load, encode, prefill and decode; `job` is a `memory.Case` and both paths."""
    say("start")
    settings = Settings(job["n_ctx"], job["n_gpu_layers"], job["kv_type"])
    ours = WithPicture(Path(job["text_path"]), Path(job["mmproj_path"]), settings)
    say("load")
    ours.fill(1, n_tiles=job["n_tiles"])
    say("encode")
    ours.fill(_PREFILL, n_tiles=job["n_tiles"])
    say("prefill")
    ours.decode(_PREFILL, _DECODE, n_tiles=job["n_tiles"])
    say("decode")
    ours.close()


if __name__ == "__main__":
    run(json.loads(sys.argv[1]))

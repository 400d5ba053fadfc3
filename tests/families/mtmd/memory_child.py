"""The child process of `test_memory`: encodes the largest image, and says what was planned and what was taken."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.families.mtmd.runner import MtmdRunner
from desktop_vlm.runtime.memory import CPU


def main(text: str, mmproj: str, n_ctx: int) -> None:
    model = backend.load(text, mmproj, n_ctx=n_ctx, n_threads=1, n_gpu_layers=0)
    runner = model._session.vision
    assert isinstance(runner, MtmdRunner)
    size = runner.setup.shape.largest(runner.sizing)
    square = int((size[0] * size[1]) ** 0.5)
    image = Image.new("RGB", (square, square), (90, 120, 30))
    model.next_logits([5, model.n_vocab, 6, 7], [image])
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kib = int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])
    planned = model._loaded.plan.needs[CPU]
    print(
        json.dumps(
            {
                "planned_bytes": planned.total,
                "encoding_bytes": planned.encoding,
                "measured_bytes": peak_kib * 1024,
                "tokens": model._session.measure("key", image).n_tokens,
                "flash": runner.setup.shape.flash_attention,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

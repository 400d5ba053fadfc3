"""What of a GPU's memory does not come back when models of several families are loaded again and again.

`python -m tests.gpu_loads FOLDER LOADS` prints JSON: a process of its own, where the driver is another.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.runtime.ggml.device import gpu_devices
from tests.fuzz.gguf.subjects import write_subject

NAMES = ("mllama", "mllama-q8", "llava", "pixtral", "qwen", "gemma")
_IMAGE = Image.linear_gradient("L").resize((30, 30))


def lost_mib(folder: Path, n_loads: int) -> list[float]:
    """MiB that did not come back after each of `n_loads` loads, of which each is asked about an image.

    The first is that after a round of all models, with which driver and libraries take what they keep.
    """
    gpu = gpu_devices()[0]
    pairs = [write_subject(name, folder) for name in NAMES]
    message = [{"role": "user", "content": [{"type": "image", "image": _IMAGE}, {"type": "text", "text": "a"}]}]
    free_bytes = []
    for load in range(len(pairs) + n_loads):
        text, mmproj = pairs[load % len(pairs)]
        with backend.load(text, mmproj, n_ctx=512, n_threads=2) as model:
            assert list(model.chat(message, max_tokens=2, temperature=0.0))[-1].finish_reason in ("stop", "length")
        if load >= len(pairs) - 1:
            free_bytes.append(gpu.memory()[0])
    return [(free_bytes[0] - free) / 2**20 for free in free_bytes]


if __name__ == "__main__":
    print(json.dumps(lost_mib(Path(sys.argv[1]), int(sys.argv[2]))))

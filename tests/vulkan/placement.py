"""What is put on which device, and whether it computes right there: `python -m tests.vulkan.placement TEXT MMPROJ`.

Prints JSON. A process of its own, since the loader looks for drivers once. The model is the checkpoint "alpha".
"""

from __future__ import annotations

import json
import logging
import re
import sys

from desktop_vlm import backend
from desktop_vlm.families.loading import device_budgets
from desktop_vlm.runtime.ggml.device import devices, gpu_devices
from tests.goldens import deviation, prompt


class _Lines(logging.Handler):
    """llama.cpp's own words about the layers."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.layers: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if found := re.search(r"layer +\d+ assigned to device (\w+)", record.getMessage()):
            self.layers[found[1]] = self.layers.get(found[1], 0) + 1


def main(text: str, mmproj: str) -> None:
    lines = _Lines()
    log = logging.getLogger("desktop_vlm.runtime.llama_log")
    log.setLevel(logging.DEBUG)
    log.addHandler(lines)
    used, budgets = gpu_devices(), device_budgets()
    ids, images, expected = prompt("alpha", "two_turns")
    with backend.load(text, mmproj, n_ctx=512, n_threads=2) as model:
        layers = dict(lines.layers)
        found = {
            "devices": [[one.name, one.description] for one in devices() if one.is_gpu],
            "used": [one.name for one in used],
            "free_mib": [one.free_bytes >> 20 for one in budgets],
            "shares": [one.shares_main_memory for one in budgets],
            "layers": layers,
            "n_layers": [model.n_gpu_layers, model.n_layers],
            "placement": model.placement,
            "deviation": deviation(model.logits(ids, images or None), expected),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

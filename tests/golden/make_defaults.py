"""Write `tests/golden/families/defaults.json`: what transformers takes for settings that a checkpoint leaves out.

Run from the repository root: `python -m tests.golden.make_defaults`, in an environment with transformers 5.24.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.golden.make_families import without_torchvision

PATH = Path(__file__).resolve().parent / "families" / "defaults.json"

CONFIGS: dict[str, dict[str, Any]] = {
    "llava": {"model_type": "llava"},
    "llava-clip": {"model_type": "llava", "vision_config": {"model_type": "clip_vision_model"}},
    "pixtral": {
        "model_type": "llava",
        "text_config": {"model_type": "mistral"},
        "vision_config": {"model_type": "pixtral"},
        "vision_feature_layer": -1,
        "vision_feature_select_strategy": "full",
    },
    "qwen": {"model_type": "qwen2_5_vl"},
}
"""Settings with next to nothing in them, by name."""

_NOT_NEEDED = ("id2label", "label2id", "layer_types", "transformers_version")


def main() -> None:
    """Write the file."""
    without_torchvision()
    from transformers import AutoConfig  # type: ignore[import-not-found]

    found = {}
    for name, config in CONFIGS.items():
        settings = {key: value for key, value in config.items() if key != "model_type"}
        whole = AutoConfig.for_model(config["model_type"], **settings).to_dict()
        for part in (whole, whole["text_config"], whole["vision_config"]):
            for key in _NOT_NEEDED:
                part.pop(key, None)
        found[name] = whole
    PATH.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The models that this program is for, known without their files: settings, and what each half would hold."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.conversion.config import ModelConfig, read_config

IMAGE_MEAN = [0.48145466, 0.4578275, 0.40821073]
IMAGE_STD = [0.26862954, 0.26130258, 0.27577711]

VISION: dict[str, Any] = {
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_global_layers": 8,
    "attention_heads": 16,
    "num_channels": 3,
    "image_size": 560,
    "patch_size": 14,
    "max_num_tiles": 4,
    "intermediate_layers_indices": [3, 7, 15, 23, 30],
    "vision_output_dim": 7680,
    "supported_aspect_ratios": [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]],
    "norm_eps": 1e-5,
    "hidden_act": "gelu",
}
"""The encoder of both sizes."""

TEXT_11B: dict[str, Any] = {
    "vocab_size": 128256,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 40,
    "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "rms_norm_eps": 1e-5,
    "rope_theta": 500000.0,
    "rope_scaling": {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    },
    "max_position_embeddings": 131072,
    "hidden_act": "silu",
}


@dataclass(frozen=True)
class Shape:
    """Settings of a model as a checkpoint's `config.json` has them.

    Attributes:
        text: its `text_config`.
        vision: its `vision_config`.
    """

    text: dict[str, Any]
    vision: dict[str, Any]


SHAPES: dict[str, Shape] = {
    "11B": Shape(TEXT_11B, VISION),
    "90B": Shape(
        TEXT_11B
        | {
            "hidden_size": 8192,
            "intermediate_size": 28672,
            "num_hidden_layers": 100,
            "cross_attention_layers": list(range(3, 100, 5)),
            "num_attention_heads": 64,
        },
        VISION,
    ),
}
"""Llama 3.2 Vision, by size."""


def config_of(shape: Shape) -> ModelConfig:
    """The settings as the converter reads them, with its checks."""
    settings = {"model_type": "mllama", "image_token_index": shape.text["vocab_size"]}
    settings |= {"text_config": shape.text, "vision_config": shape.vision}
    processor = {
        "max_image_tiles": shape.vision["max_num_tiles"],
        "size": {"height": shape.vision["image_size"], "width": shape.vision["image_size"]},
        "image_mean": IMAGE_MEAN,
        "image_std": IMAGE_STD,
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.json").write_text(json.dumps(settings), encoding="utf-8")
        Path(folder, "preprocessor_config.json").write_text(json.dumps(processor), encoding="utf-8")
        return read_config(Path(folder))

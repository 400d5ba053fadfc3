"""A stand-in for the demo model: SmolLM2's text half, untouched, with an adapter that has no eyes yet.

The adapter is a complete checkpoint of Llama 3.2 Vision's form with random weights and closed gates: pictures
are encoded and attended to, and then add nothing. So answers are SmolLM2's own, in real sentences, and the
whole way from a checkpoint to an answer can be run and measured without a download.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from desktop_vlm.conversion.config import read_config
from desktop_vlm.conversion.tensor_map import mmproj_tensors
from desktop_vlm.convert import convert_vision
from desktop_vlm.demo import demo_text

# SmolLM2-135M-Instruct's shape, and six cross-attention layers among its thirty.
_TEXT: dict[str, Any] = {
    "model_type": "mllama_text_model",
    "vocab_size": 49152,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 36,
    "cross_attention_layers": [3, 9, 15, 21, 27, 33],
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "rms_norm_eps": 1e-5,
    "rope_theta": 100000.0,
    "rope_scaling": {"rope_type": "default"},
    "max_position_embeddings": 8192,
    "hidden_act": "silu",
}
_VISION: dict[str, Any] = {
    "model_type": "mllama_vision_model",
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_hidden_layers": 4,
    "num_global_layers": 1,
    "attention_heads": 4,
    "num_channels": 3,
    "image_size": 224,
    "patch_size": 14,
    "max_num_tiles": 4,
    "intermediate_layers_indices": [1, 3],
    "vision_output_dim": 384,
    "supported_aspect_ratios": [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]],
    "norm_eps": 1e-5,
    "hidden_act": "gelu",
}
_PREPROCESSOR: dict[str, Any] = {
    "image_processor_type": "MllamaImageProcessor",
    "max_image_tiles": 4,
    "size": {"height": 224, "width": 224},
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
}


def write_checkpoint(folder: Path) -> Path:
    """Write the adapter's checkpoint into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": "mllama",
        "architectures": ["MllamaForConditionalGeneration"],
        "image_token_index": _TEXT["vocab_size"],
        "text_config": _TEXT,
        "vision_config": _VISION,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "preprocessor_config.json").write_text(json.dumps(_PREPROCESSOR, indent=1))
    random = np.random.RandomState(0)
    weights = {}
    for tensor in mmproj_tensors(read_config(folder)):
        shape = tensor.source_shape
        if "cross_attn" in tensor.source and tensor.source.endswith("gate"):
            values = np.zeros(shape)
        elif tensor.source.endswith("norm.weight"):
            values = np.ones(shape)
        else:
            values = random.standard_normal(shape) * 0.02
        weights[tensor.source] = values.astype(np.float16)
    save_file(weights, folder / "model.safetensors")
    return folder


def make(folder: Path, vision_type: str = "Q8_0") -> tuple[Path, Path]:
    """The text GGUF and the converted adapter, made in `folder` where it is not there already."""
    checkpoint = folder / "blind"
    if not (checkpoint / "model.safetensors").exists():
        write_checkpoint(checkpoint)
    return demo_text(), convert_vision(checkpoint, folder, vision_type=vision_type)


if __name__ == "__main__":
    for path in make(Path(sys.argv[1])):
        print(path)

"""Models of the real shapes with random weights, for measuring speed and memory where no weights can be had.

    python -m benchmarks.random_model 11B OUT --text-type Q4_K_M --vision-type Q8_0

Each tensor repeats a few hundred packed rows: what is computed takes as long as with real weights.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from gguf import TokenType

from desktop_vlm.conversion.config import ModelConfig, read_config
from desktop_vlm.conversion.gguf_file import Layout, PlacedTensor, lay_out, padded
from desktop_vlm.conversion.metadata import Origin, mmproj_metadata, text_metadata
from desktop_vlm.conversion.quant_types import file_type, mmproj_type, text_type
from desktop_vlm.conversion.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.conversion.tokenizer import Tokenizer
from desktop_vlm.engine.ggml.quantize import quantize_rows

_ROWS = 256

_VISION: dict[str, Any] = {
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
_TEXT: dict[str, Any] = {
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
SHAPES: dict[str, dict[str, Any]] = {
    "11B": _TEXT,
    "90B": _TEXT
    | {
        "hidden_size": 8192,
        "intermediate_size": 28672,
        "num_hidden_layers": 100,
        "cross_attention_layers": list(range(3, 100, 5)),
        "num_attention_heads": 64,
    },
}


def config_of(shape: str) -> ModelConfig:
    """The settings of a model of one of `SHAPES`."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"model_type": "mllama", "text_config": SHAPES[shape], "vision_config": _VISION}
        processor = {
            "max_image_tiles": 4,
            "size": {"height": 560, "width": 560},
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
        }
        Path(folder, "config.json").write_text(json.dumps(settings))
        Path(folder, "preprocessor_config.json").write_text(json.dumps(processor))
        return read_config(Path(folder))


def write(shape: str, folder: Path, text_name: str, vision_name: str) -> tuple[Path, Path]:
    """Write both files of a random model; returns the text GGUF and the mmproj."""
    config, text, vision = config_of(shape), file_type(text_name), file_type(vision_name)
    origin = Origin(f"random {shape}", None, "0" * 64)
    text_layout = lay_out(
        text_metadata(config, _tokenizer(config), text, origin),
        [(tensor, text_type(tensor, text, config.text)) for tensor in text_tensors(config.text)],
    )
    mmproj_layout = lay_out(
        mmproj_metadata(config, vision, origin),
        [(tensor, mmproj_type(tensor, vision, text, config.text)) for tensor in mmproj_tensors(config)],
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / f"random{shape}-text-{text_name}.gguf", folder / f"random{shape}-mmproj-{vision_name}.gguf"
    for path, layout in zip(paths, (text_layout, mmproj_layout), strict=True):
        _write_random(path, layout)
    return paths


def _write_random(path: Path, layout: Layout) -> None:
    random = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(layout.header)
        for placed in layout.tensors:
            packed = _random_rows(placed, random)
            rows_left = placed.tensor.n_rows
            while rows_left > 0:
                file.write(packed[: min(rows_left, len(packed))].tobytes())
                rows_left -= len(packed)
            file.write(b"\0" * (padded(placed.n_bytes) - placed.n_bytes))


def _random_rows(placed: PlacedTensor, random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.uint8]]:
    tensor = placed.tensor
    if tensor.values is not None:
        rows = tensor.values.reshape(tensor.n_rows, -1)
    elif tensor.name.endswith("norm.weight"):
        rows = np.ones((tensor.n_rows, tensor.n_per_row), dtype=np.float32)
    else:
        count = min(tensor.n_rows, max(1, min(_ROWS, (1 << 22) // tensor.n_per_row)))
        rows = (random.standard_normal((count, tensor.n_per_row)) * 0.02).astype(np.float32)
    return quantize_rows(placed.type, rows)


def _tokenizer(config: ModelConfig) -> Tokenizer:
    """A vocabulary of the right size whose tokens mean nothing, with Llama 3's control tokens at its end."""
    control = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    n_plain = config.text.vocab_size - len(control)
    letters = [chr(c) for c in range(33, 127)] + ["Ġ", "Ċ"]
    tokens = letters + [f"t{i}" for i in range(n_plain - len(letters))] + control
    types = [TokenType.NORMAL] * n_plain + [TokenType.CONTROL] * len(control)
    ids = {token: i for i, token in enumerate(tokens)}
    return Tokenizer(
        tokens=tokens,
        types=types,
        merges=["t 1"],
        pre="llama-bpe",
        add_bos=True,
        add_eos=False,
        bos=ids["<|begin_of_text|>"],
        eos=ids["<|end_of_text|>"],
        eot=ids["<|eot_id|>"],
        eom=None,
        pad=None,
        chat_template="",
    )


def main() -> None:
    """Write a random model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("out", type=Path)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--vision-type", default="Q8_0")
    args = parser.parse_args()
    for path in write(args.shape, args.out, args.text_type, args.vision_type):
        print(path)


if __name__ == "__main__":
    main()

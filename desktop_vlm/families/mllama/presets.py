"""Llama 3.2 Vision in both sizes, known without files: settings, and how large what is."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.conversion.gguf_file import PlacedTensor, lay_out
from desktop_vlm.conversion.quant_types import FileType, file_type, text_type
from desktop_vlm.families.base import KnownModel
from desktop_vlm.families.mllama.convert.config import ModelConfig, read_config
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.convert.types import mmproj_type, self_attention_stack
from desktop_vlm.families.mllama.image_processor import ImageProcessorConfig
from desktop_vlm.families.mllama.memory import vision_shape
from desktop_vlm.families.mllama.mmproj import CrossAttentionConfig, Mmproj, TensorInfo, VisionEncoderConfig
from desktop_vlm.runtime.memory import ModelShape
from desktop_vlm.runtime.model_shape import TextShape

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


TYPES = (
    ("11B", "Q4_K_M", "Q8_0"),
    ("11B", "Q5_K_M", "Q8_0"),
    ("11B", "Q8_0", "Q8_0"),
    ("11B", "F16", "F16"),
    ("90B", "Q4_K_M", "Q8_0"),
)
"""The types that people convert it to: size, type of the language model and the cross-attention layers, type of the
rest; the types as `convert --text-type` and `--vision-type` take them."""


def known_models() -> list[KnownModel]:
    """Both sizes in those types, and Llama Guard, which has the shape of the smaller one."""
    models = [
        KnownModel(_name(size, text, vision), shape_of(config_of(SHAPES[size]), text, vision))
        for size, text, vision in TYPES
    ]
    guard = KnownModel(f"Llama Guard 3 11B Vision {TYPES[0][1]}, vision {TYPES[0][2]}", models[0].shape)
    return [*models[:-1], guard, models[-1]]


def _name(size: str, text_type: str, vision_type: str) -> str:
    vision = "" if vision_type == text_type else f", vision {vision_type}"
    return f"Llama 3.2 Vision {size} {text_type}{vision}"


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


def shape_of(config: ModelConfig, text_name: str, vision_name: str) -> ModelShape:
    """What `families.loading.open_files` would read from the two files that a checkpoint is converted to.

    Args:
        config: the checkpoint's settings.
        text_name: type of the language model and the cross-attention layers.
        vision_name: type of the rest.

    Raises:
        UserError: there is no such type.
    """
    text, vision = file_type(text_name), file_type(vision_name)
    return ModelShape(_text_shape(config, text), vision_shape(_mmproj(config, vision, text)))


def _text_shape(config: ModelConfig, kind: FileType) -> TextShape:
    text = config.text
    by_layer = [0] * len(text.self_layers)
    outside: dict[str, int] = {}
    stack = self_attention_stack(text)
    for placed in lay_out([], [(tensor, text_type(tensor, kind, stack)) for tensor in text_tensors(text)]).tensors:
        name = placed.tensor.name
        if name.startswith("blk."):
            by_layer[int(name.split(".")[1])] += placed.n_bytes
        else:
            outside[name] = placed.n_bytes
    return TextShape(
        layer_bytes=tuple(by_layer),
        output_bytes=outside["output.weight"],
        embedding_bytes=outside["token_embd.weight"],
        width=text.width,
        feed_forward=text.ffn_width,
        n_heads=text.n_heads,
        kv_width=text.n_heads_kv * text.head_dim,
        head_dim=text.head_dim,
        n_ctx_train=text.context_length,
        is_f32=kind.name == "F32",
    )


def _mmproj(config: ModelConfig, vision_kind: FileType, cross_kind: FileType) -> Mmproj:
    """The vision projector as `open_mmproj` would open it, if there were a file."""
    text, vision = config.text, config.vision
    tensors = [(tensor, mmproj_type(tensor, vision_kind, cross_kind, text)) for tensor in mmproj_tensors(config)]
    return Mmproj(
        path=Path(),
        vision=VisionEncoderConfig(
            hidden_size=vision.width,
            num_attention_heads=vision.n_heads,
            num_hidden_layers=vision.n_layers,
            num_global_layers=vision.n_global_layers,
            intermediate_layers_indices=vision.taps,
            norm_eps=vision.norm_eps,
            hidden_act=vision.activation,
            image_size=vision.tile_px,
            patch_size=vision.patch_px,
            num_channels=vision.n_channels,
            max_num_tiles=vision.max_tiles,
        ),
        cross_attention=CrossAttentionConfig(
            hidden_size=text.width,
            num_attention_heads=text.n_heads,
            num_key_value_heads=text.n_heads_kv,
            rms_norm_eps=text.rms_eps,
            cross_attention_layers=text.cross_layers,
            num_self_attention_layers=len(text.self_layers),
        ),
        image_processor=ImageProcessorConfig(vision.tile_px, vision.max_tiles, config.image_mean, config.image_std),
        tensors={placed.tensor.name: _info(placed) for placed in lay_out([], tensors).tensors},
    )


def _info(placed: PlacedTensor) -> TensorInfo:
    return TensorInfo(placed.type, tuple(reversed(placed.tensor.shape)), placed.offset, placed.n_bytes)

"""A whole checkpoint folder of LLaVA 1.5, Pixtral or Qwen2.5-VL."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.configs import Dtype
from tests.checkpoints.families import byte_tokenizers, llama_tokenizer
from tests.checkpoints.families.configs import FamilyCheckpoint
from tests.checkpoints.families.templates import TEMPLATES
from tests.checkpoints.families.tensors import stored_name, stored_order, tensor_shapes, tensor_values
from tests.checkpoints.seeded import encode, write_json, write_shards


def family_tensors(checkpoint: FamilyCheckpoint) -> dict[str, NDArray[np.float32]]:
    """The values that the checkpoint holds, rounded to the stored type, by canonical name, in Hugging Face's order."""
    return {
        name: _rounded(tensor_values(checkpoint, name, shape), checkpoint.dtype)
        for name, shape in tensor_shapes(checkpoint).items()
    }


def _rounded(values: NDArray[np.float32], dtype: Dtype) -> NDArray[np.float32]:
    raw = np.frombuffer(encode(values, dtype), dtype={"f32": "<f4", "f16": "<f2", "bf16": "<u2"}[dtype])
    if dtype == "bf16":
        raw = (raw.astype(np.uint32) << 16).view(np.float32)
    return raw.astype(np.float32).reshape(values.shape)


def build_family(checkpoint: FamilyCheckpoint, folder: Path) -> Path:
    """Write the checkpoint into `folder` (made if missing) and return `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _settings(checkpoint).items():
        write_json(folder / name, content)
    if checkpoint.family == "llava15":
        (folder / "tokenizer.model").write_bytes(llama_tokenizer.tokenizer_model())
    _write_weights(checkpoint, folder)
    return folder


def _write_weights(checkpoint: FamilyCheckpoint, folder: Path) -> None:
    shapes = tensor_shapes(checkpoint)
    shards: list[dict[str, tuple[tuple[int, ...], bytes]]] = [{} for _ in range(checkpoint.shards)]
    for number, (name, shape) in enumerate(shapes.items()):
        values = stored_order(checkpoint, name, tensor_values(checkpoint, name, shape))
        shard = shards[number * checkpoint.shards // len(shapes)]
        shard[stored_name(checkpoint, name)] = (shape, encode(values, checkpoint.dtype))
    stem = "consolidated" if checkpoint.layout == "mistral" else "model"
    write_shards(folder, shards, checkpoint.dtype, stem)


def _settings(checkpoint: FamilyCheckpoint) -> dict[str, dict[str, Any]]:
    """Every JSON file of the folder."""
    if checkpoint.layout == "mistral":
        n_tokens = len(byte_tokenizers.PIXTRAL_SPECIAL) + len(byte_tokenizers.byte_tokens())
        return {"params.json": mistral_params(checkpoint), "tekken.json": byte_tokenizers.tekken_json(n_tokens)}
    template = TEMPLATES[checkpoint.family]
    files = {"config.json": _written_config(checkpoint), "preprocessor_config.json": checkpoint.preprocessor}
    if checkpoint.family == "llava15":
        files["tokenizer.json"] = llama_tokenizer.tokenizer_json(pairs=checkpoint.layout != "old")
        files["tokenizer_config.json"] = llama_tokenizer.tokenizer_config()
        files["processor_config.json"] = {
            "image_token": "<image>",
            "num_additional_image_tokens": 1,
            "patch_size": checkpoint.config["vision_config"]["patch_size"],
            "processor_class": "LlavaProcessor",
            "vision_feature_select_strategy": "default",
        }
        files["chat_template.json"] = {"chat_template": template}
    elif checkpoint.family == "pixtral":
        files["tokenizer.json"] = byte_tokenizers.pixtral_tokenizer_json()
        files["tokenizer_config.json"] = byte_tokenizers.pixtral_tokenizer_config()
        files["processor_config.json"] = {
            "image_break_token": "[IMG_BREAK]",
            "image_end_token": "[IMG_END]",
            "image_token": "[IMG]",
            "patch_size": checkpoint.config["vision_config"]["patch_size"],
            "processor_class": "PixtralProcessor",
        }
        files["chat_template.json"] = {"chat_template": template}
    else:
        files["tokenizer.json"] = byte_tokenizers.qwen_tokenizer_json()
        files["tokenizer_config.json"] = byte_tokenizers.qwen_tokenizer_config(template)
    return files


def _written_config(checkpoint: FamilyCheckpoint) -> dict[str, Any]:
    """config.json as the layout has it: old Qwen2.5-VL checkpoints keep the language model's keys at the top."""
    config = copy.deepcopy(checkpoint.config)
    if checkpoint.family == "qwen25vl" and checkpoint.layout == "old":
        text = config.pop("text_config")
        text.pop("model_type")
        config |= text
    return config


def mistral_params(checkpoint: FamilyCheckpoint) -> dict[str, Any]:
    """Content of params.json."""
    text, vision = checkpoint.config["text_config"], checkpoint.config["vision_config"]
    special = byte_tokenizers.PIXTRAL_SPECIAL
    return {
        "dim": text["hidden_size"],
        "n_layers": text["num_hidden_layers"],
        "head_dim": text["head_dim"],
        "hidden_dim": text["intermediate_size"],
        "n_heads": text["num_attention_heads"],
        "n_kv_heads": text["num_key_value_heads"],
        "rope_theta": text["rope_theta"],
        "norm_eps": text["rms_norm_eps"],
        "vocab_size": text["vocab_size"],
        "vision_encoder": {
            "hidden_size": vision["hidden_size"],
            "num_channels": 3,
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
            "rope_theta": vision["rope_theta"],
            "intermediate_size": vision["intermediate_size"],
            "num_hidden_layers": vision["num_hidden_layers"],
            "num_attention_heads": vision["num_attention_heads"],
            "image_token_id": special.index("[IMG]"),
            "image_break_token_id": special.index("[IMG_BREAK]"),
            "image_end_token_id": special.index("[IMG_END]"),
            "adapter_bias": True,
        },
    }

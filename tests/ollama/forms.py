"""Both forms of `llama3.2-vision` from our two files of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter
from gguf.quants import dequantize
from numpy.typing import NDArray

from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from tests.gguf_files import GgufFile, StoredTensor, read_gguf

IMAGE_TOKEN = "<|image|>"
_OLD_NAMES = {
    "attn_output": "attn_out",
    "attn_norm": "ln1",
    "ffn_norm": "ln2",
    "ffn_up": "ffn_down",
    "ffn_down": "ffn_up",
}
_NUMBERS = (
    "context_length",
    "embedding_length",
    "feed_forward_length",
    "attention.head_count",
    "attention.head_count_kv",
    "attention.layer_norm_rms_epsilon",
    "rope.freq_base",
    "rope.dimension_count",
    "vocab_size",
)
_VISION_NUMBERS = {
    "block_count": "block_count",
    "global_block_count": "global.block_count",
    "embedding_length": "embedding_length",
    "feed_forward_length": "feed_forward_length",
    "attention.head_count": "attention.head_count",
    "image_size": "image_size",
    "patch_size": "patch_size",
    "max_num_tiles": "max_num_tiles",
    "num_channels": "num_channels",
}

Data = tuple[Type, NDArray[Any], tuple[int, ...]]
"""Type, packed rows, and the shape as NumPy has it."""


@dataclass(frozen=True)
class OllamaFiles:
    """The files of a model by kind of layer: `model`, and `projector` in the old form."""

    model: Path
    projector: Path | None = None

    @property
    def layers(self) -> dict[str, Path]:
        return {"model": self.model} | ({"projector": self.projector} if self.projector else {})


@dataclass(frozen=True)
class Changes:
    """What differs from what most files are like.

    Attributes:
        cross_rows: how rows of cross-attention's q and k are stored.
        global_gates: `tanh`, or `raw` as Ollama 0.7.0 stored them.
        vision_rows: how rows of the encoder's q and k are stored.
        edit: changes the tensors of the model at the end.
        settings: of the model, changed or (None) left out.
    """

    cross_rows: str = "interleaved"
    global_gates: str = "tanh"
    vision_rows: str = "interleaved"
    edit: Callable[[dict[str, Data]], None] | None = None
    settings: dict[str, Any] | None = None


def write_new_form(files: ModelFiles, out: Path, changes: Changes | None = None) -> OllamaFiles:
    """One file with everything, as Ollama 0.7 and later writes it."""
    changes = changes or Changes()
    text, mmproj = read_gguf(files.text), read_gguf(files.mmproj)
    tensors = {**_vision_tensors(mmproj, changes, old=False), **_text_tensors(text, mmproj, changes)}
    path = out / "model"
    _write(path, {**_text_settings(text, mmproj), **_vision_settings(mmproj)}, tensors, changes)
    return OllamaFiles(path)


def write_old_form(files: ModelFiles, out: Path, changes: Changes | None = None) -> OllamaFiles:
    """A model and a projector, as Ollama 0.4 to 0.6 has them."""
    changes = changes or Changes()
    text, mmproj = read_gguf(files.text), read_gguf(files.mmproj)
    model, projector = out / "model", out / "projector"
    _write(
        model, {"general.type": "model", **_text_settings(text, mmproj)}, _text_tensors(text, mmproj, changes), changes
    )
    settings = _vision_settings(mmproj)
    settings["mllama.vision.projection_dim"] = text.fields["llama.embedding_length"]
    _write(projector, settings, _vision_tensors(mmproj, changes, old=True), Changes())
    return OllamaFiles(model, projector)


# Tensors


def _interleaved(rows: NDArray[Any], head_dim: int) -> NDArray[Any]:
    """Rows of a head in the order 0, h/2, 1, h/2 + 1, ..."""
    return rows.reshape(-1, 2, head_dim // 2, rows.shape[-1]).swapaxes(1, 2).reshape(rows.shape)


def _data(tensor: StoredTensor) -> Data:
    kind = Type[tensor.type_name]
    items = {Type.F32: np.float32, Type.F16: np.float16}.get(kind, np.uint8)
    return kind, np.frombuffer(tensor.data, items).reshape(*tensor.shape[:-1], -1), tensor.shape


def _text_tensors(text: GgufFile, mmproj: GgufFile, changes: Changes) -> dict[str, Data]:
    cross = mmproj.fields["mllama.cross_attention_layers"]
    n_layers = text.fields["llama.block_count"] + len(cross)
    own = [layer for layer in range(n_layers) if layer not in cross]
    head_dim = text.fields["llama.rope.dimension_count"]
    found: dict[str, Data] = {}
    for name, tensor in text.tensors.items():
        if name.startswith("blk."):
            number, part = name.removeprefix("blk.").split(".", 1)
            found[f"blk.{own[int(number)]}.{part}"] = _data(tensor)
        else:
            found[name] = _data(tensor)
    for name, tensor in mmproj.tensors.items():
        if name.startswith("blk."):
            kind, data, shape = _data(tensor)
            moved = name.endswith(("_q_proj.weight", "_k_proj.weight")) and changes.cross_rows == "interleaved"
            found[name] = (kind, _interleaved(data, head_dim) if moved else data, shape)
    kind, rows, shape = found["token_embd.weight"]
    extra = _data(mmproj.tensors["token_embd.extra.weight"])[1]
    packed = extra.astype(rows.dtype) if kind in (Type.F32, Type.F16) else quantize_rows(kind, extra)
    found["token_embd.weight"] = (kind, np.concatenate([rows, packed]), (shape[0] + len(extra), shape[1]))
    if changes.edit:
        changes.edit(found)
    return found


def _vision_tensors(mmproj: GgufFile, changes: Changes, *, old: bool) -> dict[str, Data]:
    head_dim = mmproj.fields["clip.vision.embedding_length"] // mmproj.fields["clip.vision.attention.head_count"]
    patch = mmproj.fields["clip.vision.patch_size"]
    found: dict[str, Data] = {}
    for name, tensor in mmproj.tensors.items():
        if not name.startswith(("v.", "mm.")):
            continue
        kind, data, shape = _data(tensor)
        if name.endswith(("attn_q.weight", "attn_k.weight")) and changes.vision_rows == "interleaved":
            data = _interleaved(data, head_dim)
        if name == "v.patch_embd.weight":
            shape = (shape[0], 3, patch, patch)
            data = data.reshape(shape)
        if name == "v.tile_position_embd.weight":  # always F32 there
            kind, data = Type.F32, dequantize(data, kind).astype(np.float32).reshape(shape)
        is_global = name.startswith("v.global.")
        if name.endswith("gate") and not (is_global and changes.global_gates == "raw"):
            data = np.tanh(data)
        if name == "v.position_embd.gate":
            found["v.tile_position_embd.gate"] = (kind, data, shape)
            data = np.float32(1) - data
        found[old_name(name) if old else name] = (kind, data, shape)
    return found


def old_name(name: str) -> str:
    """What the old form calls a tensor of the vision encoder."""
    parts = name.split(".")
    if "blk" in parts:
        at = parts.index("blk") + 2
        parts[at] = _OLD_NAMES.get(parts[at], parts[at])
    return ".".join(parts)


# Settings


def _text_settings(text: GgufFile, mmproj: GgufFile) -> dict[str, Any]:
    cross = mmproj.fields["mllama.cross_attention_layers"]
    settings: dict[str, Any] = {
        "general.name": "Tiny",
        "general.file_type": text.fields["general.file_type"],
        "mllama.block_count": text.fields["llama.block_count"] + len(cross),
        "mllama.attention.cross_attention_layers": cross,
    }
    settings |= {f"mllama.{key}": text.fields[f"llama.{key}"] for key in _NUMBERS}
    tokens = text.fields["tokenizer.ggml.tokens"]
    settings |= {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "llama-bpe",
        "tokenizer.ggml.tokens": [*tokens, IMAGE_TOKEN],
        "tokenizer.ggml.token_type": [*text.fields["tokenizer.ggml.token_type"], 3],
        "tokenizer.ggml.scores": [0.0] * (len(tokens) + 1),
        "tokenizer.ggml.merges": text.fields["tokenizer.ggml.merges"],
        "tokenizer.ggml.bos_token_id": text.fields["tokenizer.ggml.bos_token_id"],
        "tokenizer.ggml.eos_token_id": text.fields["tokenizer.ggml.eos_token_id"],
        "tokenizer.ggml.eos_token_ids": [text.fields["tokenizer.ggml.eos_token_id"]],
        "tokenizer.ggml.add_bos_token": True,
    }
    return settings


def _vision_settings(mmproj: GgufFile) -> dict[str, Any]:
    prefix = "mllama.vision."
    settings = {f"{prefix}{new}": mmproj.fields[f"clip.vision.{old}"] for old, new in _VISION_NUMBERS.items()}
    for key in ("attention.layer_norm_epsilon", "intermediate_layers_indices"):
        settings[prefix + key] = mmproj.fields[f"clip.vision.{key}"]
    return settings


def _write(path: Path, settings: dict[str, Any], tensors: dict[str, Data], changes: Changes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(path, "mllama")
    for key, value in {**settings, **(changes.settings or {})}.items():
        if value is None:
            continue
        if isinstance(value, bool):
            writer.add_bool(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        elif isinstance(value, str):
            writer.add_string(key, value)
        else:
            writer.add_array(key, value)
    for name, (kind, data, _) in tensors.items():
        writer.add_tensor(name, np.ascontiguousarray(data), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

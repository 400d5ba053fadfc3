"""The published sizes in both forms: whole headers, and data that is all zeros and takes no room on the disk."""

from __future__ import annotations

from pathlib import Path

from gguf import GGMLQuantizationType as Type
from gguf import GGUFValueType

from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.metadata import KeyValue, array, f32, ints, string, u32
from desktop_vlm.conversion.quant_types import file_type, text_type
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.families.mllama.convert.config import ModelConfig
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.convert.types import mmproj_type, self_attention_stack
from desktop_vlm.families.mllama.presets import SHAPES, config_of
from tests.ollama.forms import IMAGE_TOKEN, OllamaFiles, old_name

Typed = tuple[GgufTensor, Type]


def write_full_size(size: str, form: str, out: Path, type_name: str = "Q4_K_M") -> OllamaFiles:
    """`size` is `11B` or `90B`, `form` is `old` or `new`."""
    config = config_of(SHAPES[size])
    text, vision = _text(config, type_name), _vision(config, old=form == "old")
    model = out / "model"
    if form == "new":
        _write(model, [*_text_settings(config), *_vision_settings(config)], [*vision, *text])
        return OllamaFiles(model)
    projector = out / "projector"
    _write(model, _text_settings(config), text)
    _write(projector, _vision_settings(config), vision)
    return OllamaFiles(model, projector)


def _text(config: ModelConfig, type_name: str) -> list[Typed]:
    kind, stack = file_type(type_name), self_attention_stack(config.text)
    found: list[Typed] = []
    for tensor in text_tensors(config.text):
        chosen = text_type(tensor, kind, stack)
        name, shape = tensor.name, tensor.shape
        if name.startswith("blk."):
            number, part = name.removeprefix("blk.").split(".", 1)
            name = f"blk.{config.text.self_layers[int(number)]}.{part}"
        if name == "token_embd.weight":
            shape = (shape[0] + 8, shape[1])
        found.append((GgufTensor(name, shape, tensor.role), chosen))
    cross = [tensor for tensor in mmproj_tensors(config) if tensor.name.startswith("blk.")]
    return found + [(tensor, mmproj_type(tensor, kind, kind, config.text)) for tensor in cross]


def _vision(config: ModelConfig, *, old: bool) -> list[Typed]:
    found: list[Typed] = [(GgufTensor("v.tile_position_embd.gate", (1,), Role.EXACT), Type.F32)]
    for tensor in mmproj_tensors(config):
        if tensor.name.startswith(("v.", "mm.")):
            is_exact = tensor.role in (Role.EXACT, Role.POSITIONS)
            name = old_name(tensor.name) if old else tensor.name
            found.append((GgufTensor(name, tensor.shape, tensor.role), Type.F32 if is_exact else Type.F16))
    return found


def _text_settings(config: ModelConfig) -> list[KeyValue]:
    text = config.text
    special = ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
    tokens = [*(f"t{number}" for number in range(text.vocab_size - len(special))), *special, IMAGE_TOKEN]
    types = [3 if token.startswith("<|") else 1 for token in tokens]
    return [
        string("general.architecture", "mllama"),
        u32("general.file_type", 15),
        u32("mllama.block_count", text.n_layers),
        u32("mllama.context_length", text.context_length),
        u32("mllama.embedding_length", text.width),
        u32("mllama.feed_forward_length", text.ffn_width),
        u32("mllama.attention.head_count", text.n_heads),
        u32("mllama.attention.head_count_kv", text.n_heads_kv),
        f32("mllama.attention.layer_norm_rms_epsilon", text.rms_eps),
        f32("mllama.rope.freq_base", text.rope_theta),
        u32("mllama.rope.dimension_count", text.head_dim),
        u32("mllama.vocab_size", text.vocab_size),
        ints("mllama.attention.cross_attention_layers", list(text.cross_layers)),
        string("tokenizer.ggml.model", "gpt2"),
        string("tokenizer.ggml.pre", "llama-bpe"),
        array("tokenizer.ggml.tokens", tokens, GGUFValueType.STRING),
        ints("tokenizer.ggml.token_type", types),
        array("tokenizer.ggml.merges", ["t 1"], GGUFValueType.STRING),
        u32("tokenizer.ggml.bos_token_id", text.vocab_size - 5),
        u32("tokenizer.ggml.eos_token_id", text.vocab_size - 1),
    ]


def _vision_settings(config: ModelConfig) -> list[KeyValue]:
    vision, prefix = config.vision, "mllama.vision."
    return [
        string("general.architecture", "mllama"),
        u32(f"{prefix}block_count", vision.n_layers),
        u32(f"{prefix}global.block_count", vision.n_global_layers),
        u32(f"{prefix}embedding_length", vision.width),
        u32(f"{prefix}feed_forward_length", vision.ffn_width),
        u32(f"{prefix}attention.head_count", vision.n_heads),
        f32(f"{prefix}attention.layer_norm_epsilon", vision.norm_eps),
        u32(f"{prefix}image_size", vision.tile_px),
        u32(f"{prefix}patch_size", vision.patch_px),
        u32(f"{prefix}max_num_tiles", vision.max_tiles),
        ints(f"{prefix}intermediate_layers_indices", list(vision.taps)),
    ]


def _write(path: Path, settings: list[KeyValue], tensors: list[Typed]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    layout = lay_out(list({entry.key: entry for entry in settings}.values()), tensors)
    with path.open("wb") as file:
        file.write(layout.header)
        file.truncate(layout.n_bytes)

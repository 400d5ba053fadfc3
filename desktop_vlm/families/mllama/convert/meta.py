"""Llama 3.2 Vision as Meta publishes it: params.json, consolidated.*.pth and tiktoken's tokenizer.model.

Names and shapes are those of Meta's reference implementation (llama-models, `models/llama3/multimodal/model.py`), which
keeps self-attention and cross-attention layers in two lists, and splits large tensors over several files for as many
GPUs. They become the tensors that transformers' checkpoints have; only rows of q and k stay as they are, in ggml's own
order. What the code has built in and the file does not say are the constants below.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.assembled_tensor import joined
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.json_file import read_optional_object, section_of
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.stored_tensor import SourceTensor, StoredTensor
from desktop_vlm.conversion.tensor_names import Spelling
from desktop_vlm.conversion.weight_headers import read_header
from desktop_vlm.families.mllama.convert.meta_names import Kind, kind_of, renamed
from desktop_vlm.families.mllama.convert.ratio_table import RatioTable, first_value, reshaped
from desktop_vlm.system.bounded.section import Section

SETTINGS_NAME = "params.json"
SPECIAL_TOKENS = (
    *("<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>"),
    *("<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>"),
    *("<|eot_id|>", "<|python_tag|>", *(f"<|reserved_special_token_{i}|>" for i in range(2, 247))),
)
"""Behind the tokens of tokenizer.model; `<|image|>` is behind the vocabulary, as in transformers' checkpoints."""

PAD = "<|finetune_right_pad_id|>"

_FILES = "consolidated*.pth"
_VISION_HEADS = 16
_TAPS = (3, 7, 15, 23, 30)
_CONTEXT_LENGTH = 131072
_ROPE_SCALING = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}


def is_meta_layout(settings: Settings) -> bool:
    """Whether the folder's weights are in Meta's layout, and in no other."""
    folder = settings.folder
    others = ("model*.safetensors", "pytorch_model*.bin", "model*.index.json")
    return any(folder.glob(_FILES)) and not any(path for pattern in others for path in folder.glob(pattern))


def config_of(settings: Settings) -> dict[str, Any]:
    """What transformers' config.json says of such a model.

    It is the one in the folder, or above Meta's files in a repository of transformers'; otherwise it is derived from
    params.json and the tensors' shapes.

    Raises:
        UserError: a file is broken or incomplete.
    """
    parents = [settings.folder.parent] if settings.folder.name == "original" else []
    for folder in (settings.folder, *parents):
        content = read_optional_object(folder / "config.json")
        if content.get("model_type") == "mllama":
            return content
    path = settings.folder / SETTINGS_NAME
    params = section_of(settings.params, path)
    if isinstance(settings.params.get("model"), dict):
        params = params.section("model")
    shapes = _Shapes(_assembled(settings.folder), settings.folder)
    text = _text_config(params, shapes)
    return {
        "model_type": "mllama",
        "image_token_index": text["vocab_size"],
        "text_config": text,
        "vision_config": _vision_config(params, shapes),
    }


class _Shapes:
    """The shapes of the tensors, by their names in transformers' checkpoints."""

    def __init__(self, tensors: dict[str, SourceTensor], folder: Path) -> None:
        self._tensors, self._folder = tensors, folder

    def of(self, name: str, n_sides: int) -> tuple[int, ...]:
        tensor = self._tensors.get(name)
        if tensor is None or len(tensor.shape) != n_sides:
            raise UserError(
                f"{self._folder}: its files have no `{name}` as Llama 3.2 Vision has it: "
                f"{get_again(self._folder, 'the whole checkpoint')}."
            )
        return tensor.shape

    def count(self, prefix: str) -> int:
        """How many layers there are whose names begin with `prefix`."""
        names = (name.removeprefix(prefix) for name in self._tensors if name.startswith(prefix))
        return len({name.partition(".")[0] for name in names})


def _n_cross_layers(params: Section) -> int:
    older = params.section("vision_model").section("cross_attention_adapter")
    return params.integer("vision_num_cross_attention_layers", older.values.get("num_layers"), most=1000)


def _cross_layers(params: Section) -> list[int]:
    """Places of the cross-attention layers among all layers: each stands before a self-attention layer."""
    n_layers, n_cross = params.integer("n_layers", most=1000), _n_cross_layers(params)
    step = math.ceil(n_layers / n_cross)
    before = list(range(n_layers))[::-1][::step][:n_cross][::-1]
    return [layer + i for i, layer in enumerate(before)]


def _text_config(params: Section, shapes: _Shapes) -> dict[str, Any]:
    n_heads = params.integer("n_heads")
    vocab_size, width = shapes.of("language_model.lm_head.weight", 2)
    cross = _cross_layers(params)
    first = next(i for i in range(len(cross) + 1) if i not in cross)
    return {
        "vocab_size": vocab_size,
        "hidden_size": width,
        "num_hidden_layers": params.integer("n_layers") + len(cross),
        "cross_attention_layers": cross,
        "num_attention_heads": n_heads,
        "num_key_value_heads": params.integer("n_kv_heads", n_heads),
        "intermediate_size": shapes.of(f"language_model.model.layers.{first}.mlp.gate_proj.weight", 2)[0],
        "rms_norm_eps": params.number("norm_eps", 1e-5),
        "rope_theta": params.number("rope_theta", 500000.0),
        "rope_scaling": _ROPE_SCALING if params.values.get("use_scaled_rope") is True else None,
        "max_position_embeddings": _CONTEXT_LENGTH,
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": None,
    }


def _vision_config(params: Section, shapes: _Shapes) -> dict[str, Any]:
    width, _, patch, _ = shapes.of("vision_model.patch_embedding.weight", 4)
    tile_px = params.integer("vision_chunk_size", 448, most=1 << 14)
    n_positions = shapes.of("vision_model.gated_positional_embedding.embedding", 2)[0]
    if n_positions != (tile_px // patch) ** 2 + 1:
        raise UserError(
            f"{params.where}: `vision_chunk_size` is {tile_px}, but the weights have {n_positions} positions for tiles "
            f"of {patch * math.isqrt(n_positions)}: take the version for transformers, whose positions were adapted."
        )
    return {
        "hidden_size": width,
        "intermediate_size": shapes.of("vision_model.transformer.layers.0.mlp.fc1.weight", 2)[0],
        "attention_heads": _VISION_HEADS,
        "num_hidden_layers": shapes.count("vision_model.transformer.layers."),
        "num_global_layers": shapes.count("vision_model.global_transformer.layers."),
        "image_size": tile_px,
        "patch_size": patch,
        "max_num_tiles": params.integer("vision_max_num_chunks", 4, most=64),
        "intermediate_layers_indices": list(_TAPS),
        "vision_output_dim": shapes.of("multi_modal_projector.weight", 2)[1],
        "supported_aspect_ratios": None,
    }


def open_meta_checkpoint(settings: Settings, cross_layers: tuple[int, ...]) -> Checkpoint:
    """The weights by the names of transformers' checkpoints.

    Raises:
        UserError: a file is missing or broken, or they do not fit together.
    """
    tensors = _assembled(settings.folder, cross_layers)
    return Checkpoint(settings.folder, tensors, {}, Spelling(), SETTINGS_NAME)


def _files(folder: Path) -> list[Path]:
    """consolidated.pth, or all of consolidated.00.pth, consolidated.01.pth, ...

    Raises:
        UserError: one of several is missing.
    """
    if (folder / "consolidated.pth").is_file():
        return [folder / "consolidated.pth"]
    found = sorted(path for path in folder.glob(_FILES) if path.is_file())
    expected = [folder / f"consolidated.{number:02d}.pth" for number in range(len(found))]
    if found != expected or not found:
        missing = next((path for path in expected if path not in found), folder / "consolidated.00.pth")
        beside = found[0].name if found else SETTINGS_NAME
        raise UserError(f"{missing} is missing beside {beside}: {get_again(folder, 'the whole checkpoint')}.")
    return found


def _assembled(folder: Path, cross_layers: tuple[int, ...] | None = None) -> dict[str, SourceTensor]:
    """Every tensor of the files, whole and by its name in transformers' checkpoints."""
    files = [{stored.name: stored for stored in read_header(path)} for path in _files(folder)]
    if any(file.keys() != files[0].keys() for file in files):
        raise UserError(f"{folder}: its files hold different tensors: {get_again(folder, 'the whole checkpoint')}.")
    if cross_layers is None:
        path = folder / SETTINGS_NAME
        params = section_of(read_optional_object(path), path)
        cross_layers = tuple(_cross_layers(params.section("model") if "model" in params.values else params))
    found: dict[str, SourceTensor] = {}
    for name in files[0]:
        kind = kind_of(name)
        if kind is None:
            if name.endswith("rope.freqs"):
                continue
            raise UserError(f"{files[0][name].path} holds a tensor `{shown(name)}` that Llama 3.2 Vision has not.")
        found[renamed(name, cross_layers)] = _whole([file[name] for file in files], kind)
    _join_embeddings(found)
    return found


def _whole(pieces: list[StoredTensor], kind: Kind) -> SourceTensor:
    if kind is Kind.ROWS:
        return joined(pieces, 0)
    if kind is Kind.COLUMNS:
        return joined(pieces, 1)
    if kind is Kind.PATCHES:
        return reshaped(joined(pieces, 0))
    if kind is Kind.GATE:
        return first_value(pieces[0])
    if kind is Kind.RATIOS:
        return RatioTable.of(pieces[0])
    return pieces[0]


def _join_embeddings(found: dict[str, SourceTensor]) -> None:
    """Make the table of all embeddings, which are two in these files."""
    name, extra = "language_model.model.embed_tokens.weight", "language_model.model.learnable_embedding.weight"
    if name in found and extra in found:
        found[name] = joined([found[name], found.pop(extra)], 0)

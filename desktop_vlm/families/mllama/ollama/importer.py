"""Ollama's `llama3.2-vision` in both forms, and pairs on the hub that were made from it, as our two files.

The tensors of the two files are those that converting a checkpoint makes, by name and shape; for each of them this
says where its bytes are in Ollama's files, and what has to be undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_copy import Change, CopiedTensor, TensorSource, read_values
from desktop_vlm.conversion.importer import ImportedFile, ImportOptions, ImportRecipe
from desktop_vlm.conversion.metadata import tokenizer_metadata
from desktop_vlm.conversion.quant_types import FILE_TYPES, FileType
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.families.mllama.convert.config import ModelConfig
from desktop_vlm.families.mllama.convert.metadata import mmproj_metadata, text_metadata
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.ollama.config import read_config
from desktop_vlm.families.mllama.ollama.cross_rows import plain_order
from desktop_vlm.families.mllama.ollama.gates import Gates, are_raw, study
from desktop_vlm.families.mllama.ollama.layout import (
    OllamaFiles,
    holds_language_model,
    holds_vision,
    open_form,
    vision_file,
)
from desktop_vlm.families.mllama.ollama.row_order import decide_order
from desktop_vlm.families.mllama.ollama.tokenizer import read_tokenizer
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

ROPE_FACTORS = "rope_freqs.weight"
_POSITION_GATE, _TILE_GATE = "v.position_embd.gate", "v.tile_position_embd.gate"
_UNPACKED = (Type.F32, Type.F16, Type.BF16)


class OllamaImporter:
    """Imports files whose `general.architecture` is `mllama` (`conversion.importer.Importer`)."""

    title = "Llama 3.2 Vision as Ollama has it (mllama)"
    family = "mllama"

    def recognises(self, file: GgufFile) -> bool:
        return holds_language_model(file) or holds_vision(file)

    def is_projector(self, file: GgufFile) -> bool:
        return not holds_language_model(file)

    def needs_projector(self, file: GgufFile) -> bool:
        return not holds_vision(file)

    def recipe(self, model: GgufFile, projector: GgufFile | None, options: ImportOptions) -> ImportRecipe:
        if not holds_language_model(model):
            raise UserError(f"{model.path} is a vision projector without its language model: give the language model.")
        vision = vision_file(model, projector)
        config = read_config(model, vision)
        files = open_form(model, vision, config.vision)
        for file in files.files:
            file.check_data()
        gates_are_raw = are_raw(_values(_global_gates(files, config))) or False
        order, why = decide_order(files, config, options, rows_stayed=gates_are_raw)
        sources = _TensorSources(files, config, gates_are_raw, cross_is_interleaved=order == "interleaved")
        return ImportRecipe(sources.text(), sources.mmproj(), (*sources.notes(), why))


class _TensorSources:
    """Finds every tensor of the two files in Ollama's."""

    def __init__(
        self, files: OllamaFiles, config: ModelConfig, gates_are_raw: bool, *, cross_is_interleaved: bool
    ) -> None:
        self._files = files
        self._config = config
        self._gates_are_raw = gates_are_raw
        self._cross_is_interleaved = cross_is_interleaved
        as_tanh = _other_gates(files) + ([] if gates_are_raw else _global_gates(files, config))
        self._gates: Gates = study([gate for _, gate in _values(as_tanh)])

    def text(self) -> ImportedFile:
        config, model = self._config, self._files.model
        tensors = [self._text_tensor(tensor) for tensor in text_tensors(config.text)]
        if ROPE_FACTORS in model.tensors:
            factors = GgufTensor(ROPE_FACTORS, (config.text.head_dim // 2,), Role.EXACT)
            tensors.append(self._copied(factors, TensorSource(model, ROPE_FACTORS)))
        metadata = [*text_metadata(config), *tokenizer_metadata(read_tokenizer(model, config.text.vocab_size))]
        return ImportedFile("llama", _file_type(model, tensors), metadata, tensors)

    def mmproj(self) -> ImportedFile:
        tensors = [self._copied(tensor, self._mmproj_source(tensor)) for tensor in mmproj_tensors(self._config)]
        vision = [copied for copied in tensors if copied.tensor.name.startswith("v.")]
        return ImportedFile("clip", _file_type(None, vision), mmproj_metadata(self._config), tensors)

    def notes(self) -> Iterator[str]:
        if ROPE_FACTORS not in self._files.model.tensors:
            yield (
                f"{self._files.model.path.name} has no factors of rotary frequencies ({ROPE_FACTORS}); answers to long "
                "conversations may suffer."
            )
        if self._gates_are_raw:
            yield "The gates of the vision encoder are stored as Ollama 0.7.0 stored them, without tanh."

    # Where tensors are

    def _text_tensor(self, tensor: GgufTensor) -> CopiedTensor:
        model, name = self._files.model, tensor.name
        if name.startswith("blk."):
            number, part = name.removeprefix("blk.").split(".", maxsplit=1)
            name = f"blk.{self._config.text.self_layers[int(number)]}.{part}"
        elif name == "output.weight" and name not in model.tensors:
            name = "token_embd.weight"
        return self._copied(tensor, TensorSource(model, name))

    def _mmproj_source(self, tensor: GgufTensor) -> TensorSource:
        text, vision, name = self._config.text, self._config.vision, tensor.name
        if name == "token_embd.extra.weight":
            return TensorSource(self._files.model, "token_embd.weight", first_row=text.vocab_size)
        if name.startswith("blk."):
            is_moved = self._cross_is_interleaved and name.endswith(("_q_proj.weight", "_k_proj.weight"))
            return TensorSource(self._files.model, name, order=plain_order(text.head_dim) if is_moved else None)
        if name == _POSITION_GATE and _TILE_GATE in self._files.vision.tensors:
            return TensorSource(self._files.vision, _TILE_GATE, change=self._gates.from_tanh)
        head_dim = vision.width // vision.n_heads
        # Nothing turns or scales these rows, so that any order that q and k share gives the same attention.
        is_moved = name.endswith(("attn_q.weight", "attn_k.weight")) and head_dim % 2 == 0 and not self._gates_are_raw
        order = plain_order(head_dim) if is_moved else None
        return TensorSource(self._files.vision, self._files.of_vision(name), order=order, change=self._change(name))

    def _change(self, name: str) -> Change | None:
        if name == _POSITION_GATE:
            return self._gates.from_one_minus_tanh
        if name.endswith("_gate") and self._gates_are_raw:
            return None
        return self._gates.from_tanh if name.endswith("gate") else None

    def _copied(self, tensor: GgufTensor, source: TensorSource) -> CopiedTensor:
        """The tensor with its source, which must be there and have room for it."""
        place = source.file.tensors.get(source.name)
        if place is None:
            raise UserError(f"{source.file.path} has no tensor `{source.name}`, which a model of its kind has.")
        shape, n_values = tuple(reversed(tensor.shape)), tensor.n_rows * tensor.n_per_row
        if source.name == "token_embd.weight":
            fits = place.shape[0] == shape[0] and place.n_rows >= source.first_row + tensor.n_rows
        else:
            is_reshaped = place.type in _UNPACKED and tensor.role in (Role.EXACT, Role.PATCHES, Role.POSITIONS)
            fits = place.shape == shape or (is_reshaped and place.n_rows * place.n_per_row == n_values)
        if not fits:
            raise UserError(
                f"{source.file.path}: the tensor `{source.name}` has the shape {list(place.shape)} where "
                f"{list(shape)} is needed."
            )
        return CopiedTensor(tensor, Type.F32 if tensor.role is Role.EXACT else place.type, source)


def _file_type(file: GgufFile | None, tensors: list[CopiedTensor]) -> FileType:
    """What the file says of itself, or the type of most of its bytes."""
    number = file.value("general.file_type") if file else None
    named = next((one for one in FILE_TYPES.values() if file and int(one.number) == number), None)
    if named:
        return named
    sizes: Counter[Type] = Counter()
    for copied in tensors:
        sizes[copied.type] += copied.source.place.n_bytes
    base = sizes.most_common(1)[0][0]
    return next((one for one in FILE_TYPES.values() if one.base is base), FILE_TYPES["F16"])


# Gates


def _global_gates(files: OllamaFiles, config: ModelConfig) -> list[TensorSource]:
    layers = range(config.vision.n_global_layers)
    return _present(files, [f"v.global.blk.{layer}.{part}_gate" for layer in layers for part in ("attn", "ffn")])


def _other_gates(files: OllamaFiles) -> list[TensorSource]:
    """Those that every release has stored as their tanh."""
    return _present(files, [_TILE_GATE, "v.pre_tile_position_embd.gate", "v.post_tile_position_embd.gate"])


def _present(files: OllamaFiles, names: list[str]) -> list[TensorSource]:
    return [TensorSource(files.vision, name) for name in names if name in files.vision.tensors]


def _values(sources: list[TensorSource]) -> list[tuple[Type, NDArray[np.float32]]]:
    return [(source.place.type, read_values(source, 1)) for source in sources]

"""The gate for a language model's file."""

from __future__ import annotations

import re

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.gate.decoder_tables import decoder_rules
from desktop_vlm.runtime.gate.file import check_file
from desktop_vlm.runtime.gate.hyperparameters import read_hyperparameters
from desktop_vlm.runtime.gate.parts import parts_of
from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.gate.tables import check_table
from desktop_vlm.runtime.gate.vocabulary import check_vocabulary
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_LAYER = re.compile(r"blk\.(\d{1,4})\.\S+")


def check_language_model(file: GgufFile) -> list[GgufFile]:
    """Check a language model by its header, and return all files that it consists of.

    Raises:
        UserError: llama.cpp could not run it; the sentence names the file and the field.
    """
    parts = parts_of(file)
    if not file.architecture:
        raise refused(file, "the setting general.architecture is missing or no name")
    if file.architecture == "clip":
        raise UserError(
            f"{file.path.name} is the vision projector of a model; give the text GGUF that was made with it."
        )
    for part in parts:
        check_file(part)
    model = read_hyperparameters(file)
    for part in parts:
        _check_layers(part, model.n_layers)
    n_tokens = check_vocabulary(file)
    if len(parts) == 1:
        check_table(file, decoder_rules(model, n_tokens))
    return parts


def _check_layers(file: GgufFile, n_layers: int) -> None:
    for name in file.tensors:
        if name.startswith("blk."):
            found = _LAYER.fullmatch(name)
            if not found or int(found[1]) >= n_layers:
                raise refused(file, f"the tensor {name} belongs to none of the {n_layers} layers (block_count)")

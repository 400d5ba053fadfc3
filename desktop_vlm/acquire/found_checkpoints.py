"""Folders with a checkpoint among those that a person pointed at, and what converting each would take."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from desktop_vlm import convert
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import FoundModel

_TELLING = ("config.json", "params.json", "adapter_config.json")
"""One of them is in every checkpoint's folder: of Hugging Face, of Meta and Mistral, and of a LoRA."""


def is_checkpoint(path: Path) -> bool:
    """Whether a path is a checkpoint's folder; False where it cannot be read."""
    try:
        return any((path / name).is_file() for name in _TELLING) and not any(path.glob("*.gguf"))
    except OSError:
        return False


def find_checkpoints(paths: Iterable[Path], models_folder: Path) -> tuple[FoundModel, ...]:
    """What those of the paths are that are checkpoints; one that cannot be converted says why."""
    return tuple(_found(path, models_folder) for path in paths if is_checkpoint(path))


def _found(path: Path, models_folder: Path) -> FoundModel:
    name, place = path.name, str(path.parent)
    try:
        files = convert.plan(path, models_folder).files
    except UserError as error:
        return FoundModel(name, place, path, problem=str(error), is_checkpoint=True)
    note = f"A checkpoint: it is converted to {convert.TEXT_TYPE}, and stays as it is."
    return FoundModel(name, place, path, sum(file.n_bytes for file in files), note, is_checkpoint=True)

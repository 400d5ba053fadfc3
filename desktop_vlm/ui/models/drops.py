"""Whether a drop means a model. Only names are looked at, and the first bytes of files that have no telling name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import open_regular

_MOST_ENTRIES = 500
_MAGIC = b"GGUF"
_SUFFIXES = (".gguf", ".safetensors")
_TELLING_NAMES = {"adapter_config.json", "manifests"}
"""In a folder: of a LoRA, and of Ollama's models."""


def models_among(paths: Iterable[Path]) -> list[Path]:
    """Those that are a model's file or folder."""
    return [path for path in paths if is_model(path)]


def is_model(path: Path) -> bool:
    """Whether a path is a GGUF file, or a folder that holds weights; False where it cannot be read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            with os.scandir(path) as entries:
                return any(_tells(entry.name) for entry in islice(entries, _MOST_ENTRIES))
        return stat.S_ISREG(mode) and (path.suffix.lower() == ".gguf" or (not path.suffix and _begins_as_gguf(path)))
    except (OSError, ValueError, UserError):
        return False


def _tells(name: str) -> bool:
    lower = name.lower()
    return (
        lower.endswith(_SUFFIXES) or lower in _TELLING_NAMES or (lower.startswith("consolidated") and ".pth" in lower)
    )


def _begins_as_gguf(path: Path) -> bool:
    with open_regular(path) as file:
        return file.read(len(_MAGIC)) == _MAGIC

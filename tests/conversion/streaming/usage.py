"""What files are, and what folders take on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gguf import GGUFReader

_ORIGIN = ("desktop_vlm.source_fingerprint", "general.source.url", "general.name", "GGUF.kv_count")
"""Where a file says what it was made from."""


def values_of(path: Path) -> tuple[dict[str, Any], list[tuple[str, str, bytes]]]:
    """Everything in a GGUF file: entries but those of its origin, and tensors in order."""
    reader = GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items() if name not in _ORIGIN}
    return fields, [(one.name, one.tensor_type.name, one.data.tobytes()) for one in reader.tensors]


def disk_bytes(folder: Path) -> int:
    """What the files below `folder` take on the disk."""
    return sum(_blocks(path) * 512 for path in _files(folder))


def _blocks(path: Path) -> int:
    try:
        return path.stat().st_blocks
    except FileNotFoundError:  # dropped meanwhile
        return 0


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def header_bytes(path: Path) -> int:
    """Of a safetensors file."""
    with path.open("rb") as file:
        return 8 + int.from_bytes(file.read(8), "little")

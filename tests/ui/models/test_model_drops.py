from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_vlm.ui.models.drops import is_model, models_among


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.gguf", True),
        ("MODEL.GGUF", True),
        ("sha256-0123", True),
        ("picture.png", False),
        ("notes", False),
    ],
)
def test_files(tmp_path: Path, name: str, expected: bool) -> None:
    file = tmp_path / name
    file.write_bytes(b"GGUF\x03" if name.startswith("sha256") else b"nothing")
    assert is_model(file) is expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("a-text.gguf", True),
        ("model-00001-of-00005.safetensors", True),
        ("adapter_config.json", True),
        ("consolidated.00.pth", True),
        ("manifests", True),
        ("photo.jpg", False),
        ("weights.pth", False),
    ],
)
def test_folders(tmp_path: Path, inside: str, expected: bool) -> None:
    (tmp_path / inside).touch()
    assert is_model(tmp_path) is expected


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.gguf"
    os.mkfifo(fifo)
    bad = Path(f"{tmp_path}/\0")
    assert models_among([tmp_path / "missing.gguf", fifo, bad, tmp_path / "empty"]) == []

"""Settings and sizes of a GGUF, as ggml reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gguf import GGUFReader

from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.ggml.gguf_header import read_header


def test_it_says_what_the_file_says(model_files: Callable[..., ModelFiles]) -> None:
    path = model_files("alpha").text
    header = read_header(path)
    assert header is not None
    assert header.texts["general.architecture"] == "llama"
    assert header.integers["llama.block_count"] == 5
    assert header.tensors == {tensor.name: int(tensor.n_bytes) for tensor in GGUFReader(path).tensors}


def test_what_is_no_gguf_has_no_header(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    assert read_header(broken) is None
    assert read_header(tmp_path / "missing.gguf") is None

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_vlm import convert
from desktop_vlm.acquire.found_checkpoints import find_checkpoints, is_checkpoint


def test_a_checkpoint_says_what_converting_it_takes(checkpoint_folder: Callable[[str], Path], tmp_path: Path) -> None:
    source = checkpoint_folder("alpha")
    (found,) = find_checkpoints([tmp_path, source], tmp_path / "models")
    expected = sum(file.n_bytes for file in convert.plan(source, tmp_path).files)
    assert (found.name, found.place, found.source, found.n_bytes) == ("alpha", str(source.parent), source, expected)
    assert found.is_checkpoint
    assert found.problem == ""
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_converted_says_why(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (found,) = find_checkpoints([tmp_path], tmp_path)
    assert found.n_bytes == 0
    assert "describes a model without a vision encoder" in found.problem


def test_a_folder_with_finished_files_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    assert is_checkpoint(tmp_path)
    (tmp_path / "model.gguf").touch()
    assert not is_checkpoint(tmp_path)
    assert not is_checkpoint(tmp_path / "config.json")

"""Finding the two files of a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.models.files import find_model


def make(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).touch()
    return [folder / name for name in names]


def test_the_projector_beside_the_text(tmp_path: Path) -> None:
    text, mmproj = make(tmp_path, "m-text-Q4_K_M.gguf", "m-mmproj-Q8_0.gguf")
    assert find_model(text) == (text, mmproj)
    assert find_model(tmp_path) == (text, mmproj)


def test_the_projector_of_the_same_model_wins(tmp_path: Path) -> None:
    text, mmproj, *_ = make(tmp_path, "a-text-F16.gguf", "a-mmproj-F16.gguf", "b-text-F16.gguf", "b-mmproj-F16.gguf")
    assert find_model(text) == (text, mmproj)
    with pytest.raises(UserError, match=r"holds 2 text GGUFs \(a-text-F16.gguf, b-text-F16.gguf\)"):
        find_model(tmp_path)


def test_an_only_projector_is_taken_whatever_its_name(tmp_path: Path) -> None:
    text, mmproj = make(tmp_path, "SmolLM2.gguf", "eyes-mmproj.gguf")
    assert find_model(text) == (text, mmproj)


def test_without_a_projector_the_model_sees_no_images(tmp_path: Path) -> None:
    (text,) = make(tmp_path, "m.gguf")
    assert find_model(text) == (text, None)
    assert find_model(text, tmp_path / "given.gguf") == (text, tmp_path / "given.gguf")


def test_what_is_unclear_is_an_error(tmp_path: Path) -> None:
    text, mmproj, _ = make(tmp_path, "m-text-F16.gguf", "m-mmproj-F16.gguf", "m-mmproj-Q8_0.gguf")
    with pytest.raises(UserError, match="choose one with --mmproj"):
        find_model(text)
    with pytest.raises(UserError, match="is the vision projector"):
        find_model(mmproj)
    with pytest.raises(UserError, match="There is no model"):
        find_model(tmp_path / "nothing.gguf")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no text GGUF"):
        find_model(tmp_path / "empty")

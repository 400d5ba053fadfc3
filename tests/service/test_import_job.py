"""The jobs that look for models of other programs, and import them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.convert import ModelFiles
from desktop_vlm.service import job_frames as frames
from desktop_vlm.service.job_work import work
from tests.ollama import add_model, write_new_form


@pytest.fixture
def ollama(model_files: Callable[..., ModelFiles], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ollama's folder, where it usually is."""
    models = tmp_path / "home" / ".ollama" / "models"
    add_model(models, write_new_form(model_files("alpha", "Q8_0"), tmp_path / "new").layers, tag="11b")
    monkeypatch.setenv("OLLAMA_MODELS", str(models))
    return models


@pytest.mark.parametrize("paths", ["usual", "given"])
def test_what_is_found_can_be_imported(paths: str, ollama: Path, tmp_path: Path) -> None:
    settings = frames.JobSettings(tmp_path / "models")
    found = work(frames.FindModels(settings, (ollama,) if paths == "given" else ()), lambda _: None)
    assert isinstance(found, frames.Found)
    assert found.has_ollama
    (model,) = [one for one in found.models if one.place == "Ollama" and one.source == ollama]
    assert (model.name, model.problem) == ("llama3.2-vision:11b", "")
    seen: list[JobProgress] = []
    done = work(frames.ImportModel(settings, model.source, model.name), seen.append)
    assert isinstance(done, frames.Finished)
    assert done.model.files.text.is_relative_to(tmp_path / "models")
    assert seen[-1].done_bytes == seen[-1].total_bytes == done.model.n_bytes
    again = work(frames.ImportModel(settings, Path(), model.name), seen.append)
    assert isinstance(again, frames.Finished)
    assert again.model.id == done.model.id


def test_files_that_were_dropped_are_found(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own, settings = model_files("alpha"), frames.JobSettings(tmp_path / "models")
    found = work(frames.FindModels(settings, (own.mmproj,)), lambda _: None)
    assert isinstance(found, frames.Found)
    (model,) = found.models
    assert (model.name, model.source, model.n_bytes) == (own.text.stem, own.text, 0)
    assert not found.has_ollama
    done = work(frames.ImportModel(settings, model.source, model.name), lambda _: None)
    assert isinstance(done, frames.Finished)
    assert (done.model.files.text, done.model.files.mmproj) == (own.text, own.mmproj)
    assert not done.model.is_owned
    with pytest.raises(UserError, match=r"There is no file .*gone\.gguf"):
        work(frames.ImportModel(settings, tmp_path / "gone.gguf"), lambda _: None)

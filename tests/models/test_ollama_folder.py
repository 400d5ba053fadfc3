"""Ollama's folder: found, listed, and never left, whatever its manifests and links say."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.models import ollama_folder
from desktop_vlm.models.ollama_folder import (
    OllamaFolder,
    OllamaModel,
    find_folders,
    find_models,
    list_models,
    look_at,
    model_of_blob,
    unfinished_downloads,
)
from tests.ollama import add_model

DIGEST = "sha256:" + "ab" * 32


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with one model of two files and one of one file."""
    folder = tmp_path / "home" / ".ollama" / "models"
    for name, content in (("model", b"GGUF model"), ("projector", b"GGUF projector"), ("other", b"GGUF other")):
        (tmp_path / name).write_bytes(content)
    add_model(folder, {"model": tmp_path / "model", "projector": tmp_path / "projector"}, tag="11b")
    add_model(folder, {"model": tmp_path / "other"}, name="llama3.1", tag="8b-instruct-q4_K_M")
    return folder


def opened(folder: Path) -> OllamaFolder:
    found = look_at(folder)
    assert found is not None
    return found


def only(folder: Path, name: str) -> OllamaModel:
    (found,) = [model for model in list_models(opened(folder)) if model.name == name]
    return found


def manifest(folder: Path, content: Any, name: str = "bad") -> None:
    path = folder / "manifests" / "registry.ollama.ai" / "library" / name / "latest"
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def layer(digest: Any = DIGEST, size: Any = 10, kind: str = "model") -> dict[str, Any]:
    return {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": digest, "size": size}


# Where it is


def test_the_variable_comes_first_and_each_folder_once(models: Path, tmp_path: Path) -> None:
    other = tmp_path / "disk" / "ollama"
    add_model(other, {"model": tmp_path / "other"})
    home = tmp_path / "home"
    assert [one.path for one in find_folders({"OLLAMA_MODELS": f'"{other}"'}, home)][:2] == [other, models]
    assert [one.path for one in find_folders({"OLLAMA_MODELS": str(models)}, home)].count(models) == 1


def test_the_folder_around_it_is_as_good(models: Path) -> None:
    assert opened(models.parent).path == models
    assert look_at(models / "blobs") is None
    assert look_at(models / "missing") is None


def test_a_link_to_the_whole_folder_is_the_persons_own(models: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(models)
    assert [model.problem for model in list_models(opened(tmp_path / "link"))] == ["", ""]


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may read everything; as somebody else for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are others on Windows")
def test_an_unreadable_folder_is_explained_with_the_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "ollama" / ".ollama" / "models"
    (tmp_path / "file").write_bytes(b"GGUF")
    add_model(folder, {"model": tmp_path / "file"})
    for one in (tmp_path, *tmp_path.parents):
        if one.stat().st_uid == os.geteuid() and one != Path("/"):
            one.chmod(one.stat().st_mode | 0o011)
    folder.parent.parent.chmod(0o700 if not os.geteuid() else 0)
    try:
        with without_rights():
            (found,) = [one for one in find_folders({"OLLAMA_MODELS": str(folder)}, tmp_path) if one.path == folder]
            assert f'sudo setfacl -R -m u:"$USER":rX {tmp_path}/share/ollama' in found.problem
            with pytest.raises(UserError, match="belongs to another user"):
                list_models(found)
    finally:
        folder.parent.parent.chmod(0o755)


# What is in it


def test_models_have_the_names_that_ollama_shows(models: Path, tmp_path: Path) -> None:
    add_model(models, {"model": tmp_path / "other"}, name="Llama-3.2-GGUF", tag="Q4_K_M", place="hf.co/leafspark")
    add_model(models, {"model": tmp_path / "other"}, place="registry.ollama.ai/x")
    names = [model.name for model in list_models(opened(models))]
    assert names == [
        "hf.co/leafspark/Llama-3.2-GGUF:Q4_K_M",
        "llama3.1:8b-instruct-q4_K_M",
        "llama3.2-vision:11b",
        "x/llama3.2-vision:latest",
    ]


def test_a_model_is_its_files(models: Path) -> None:
    model = only(models, "llama3.2-vision:11b")
    assert model.model is not None
    assert model.projector is not None
    assert model.model.read_bytes() == b"GGUF model"
    assert model.projector.read_bytes() == b"GGUF projector"
    assert model.n_bytes == len(b"GGUF modelGGUF projector")
    assert [one.name for one in model_of_blob(model.projector)] == ["llama3.2-vision:11b"]
    assert model_of_blob(models.parent / "model") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("llama3.2-vision", ["llama3.2-vision:11b", "llama3.2-vision:90b"]),
        ("llama3.2-vision:90b", ["llama3.2-vision:90b"]),
        ("library/llama3.2-vision:11B", ["llama3.2-vision:11b"]),
        ("registry.ollama.ai/library/llama3.2-vision:11b", ["llama3.2-vision:11b"]),
        ("llama3.1", ["llama3.1:8b-instruct-q4_K_M"]),
        ("x/latest", ["x/latest:latest"]),
        ("llama3.2-vision:7b", []),
        ("../llama3.2-vision:11b", []),
        ("", []),
    ],
)
def test_models_are_found_by_name(name: str, found: list[str], models: Path, tmp_path: Path) -> None:
    add_model(models, {"model": tmp_path / "other"}, tag="90b")
    add_model(models, {"model": tmp_path / "other"}, name="latest", place="registry.ollama.ai/x")
    add_model(models, {"model": tmp_path / "other"}, name="latest", tag="q8", place="registry.ollama.ai/x")
    assert [model.name for model in find_models(name, [opened(models)])] == found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        ([], "no list of `layers`"),
        ({"layers": {}}, "no model file"),
        ({"layers": 7}, "no list of `layers`"),
        ({"layers": None}, "no model file on this disk"),
        ({"layers": [1]}, "no `mediaType`"),
        ({"layers": [{}] * 5000}, "no list of `layers`"),
        ({"layers": [layer("sha256:" + "../" * 21 + "x")]}, "`digest` of its model is not"),
        ({"layers": [layer("../../../../etc/passwd")]}, "`digest` of its model is not"),
        ({"layers": [layer(DIGEST + "/../x")]}, "`digest` of its model is not"),
        ({"layers": [layer(DIGEST + "\n")]}, "`digest` of its model is not"),
        ({"layers": [layer(7)]}, "`digest` of its model is not"),
        ({"layers": [layer(size=-1)]}, "`size` of its model is not"),
        ({"layers": [layer(size=1 << 60)]}, "`size` of its model is not"),
        ({"layers": [layer(size=True)]}, "`size` of its model is not"),
        ({"layers": [layer(size="10")]}, "`size` of its model is not"),
        ({"layers": [layer(), layer("sha256:" + "cd" * 32)]}, "lacks its file sha256-abab"),
        ({"layers": [layer(kind="tensor")] * 3}, "MLX engine"),
    ],
)
def test_a_bad_manifest_is_one_sentence_and_no_other_models(content: Any, sentence: str, models: Path) -> None:
    manifest(models, content)
    assert sentence in only(models, "bad:latest").problem
    assert only(models, "llama3.2-vision:11b").problem == ""


def test_a_huge_manifest_is_not_read(models: Path) -> None:
    manifest(models, b" " * (5 << 20))
    assert "no list of `layers`" in only(models, "bad:latest").problem


def test_an_adapter_is_not_forgotten(models: Path, tmp_path: Path) -> None:
    add_model(models, {"model": tmp_path / "other", "adapter": tmp_path / "model"}, name="tuned")
    assert "has a LoRA adapter" in only(models, "tuned:latest").problem


def test_downloads_that_are_not_finished_are_named(models: Path) -> None:
    model = only(models, "llama3.2-vision:11b").model
    assert model is not None
    model.rename(model.with_name(f"{model.name}-partial"))
    assert only(models, "llama3.2-vision:11b").problem == (
        "llama3.2-vision:11b is not downloaded whole: run `ollama pull llama3.2-vision:11b` first."
    )
    assert unfinished_downloads(opened(models)) == [f"{model.name}-partial"]


def test_a_file_that_is_too_short_is_named(models: Path) -> None:
    model = only(models, "llama3.2-vision:11b").model
    assert model is not None
    model.write_bytes(b"GGUF")
    assert "has 4 bytes of 10" in only(models, "llama3.2-vision:11b").problem


def test_names_of_files_may_have_the_older_colon(models: Path) -> None:
    model = only(models, "llama3.2-vision:11b").model
    assert model is not None
    model.rename(model.with_name(model.name.replace("-", ":")))
    assert only(models, "llama3.2-vision:11b").problem == ""


# Never out of it


def test_links_out_of_the_folder_are_not_followed(models: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"GGUF model")
    model = only(models, "llama3.2-vision:11b").model
    assert model is not None
    model.unlink()
    model.symlink_to(secret)
    assert "leads out of Ollama's folder" in only(models, "llama3.2-vision:11b").problem
    model.unlink()
    os.mkfifo(model)
    assert "not an ordinary file" in only(models, "llama3.2-vision:11b").problem


def test_linked_manifests_are_not_there(models: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    add_model(outside, {"model": tmp_path / "other"}, name="evil")
    library = models / "manifests" / "registry.ollama.ai" / "library"
    (library / "evil").symlink_to(outside / "manifests" / "registry.ollama.ai" / "library" / "evil")
    (library / "llama3.1" / "linked").symlink_to(library / "llama3.1" / "8b-instruct-q4_K_M")
    assert [model.name for model in list_models(opened(models))] == [
        "llama3.1:8b-instruct-q4_K_M",
        "llama3.2-vision:11b",
    ]


def test_a_folder_of_blobs_elsewhere_is_not_followed(models: Path, tmp_path: Path) -> None:
    (models / "blobs").rename(tmp_path / "blobs")
    (models / "blobs").symlink_to(tmp_path / "blobs")
    assert all("leads out of Ollama's folder" in model.problem for model in list_models(opened(models)))


# Other systems


@pytest.mark.parametrize(
    ("system", "expected", "absent"),
    [
        ("linux", "/usr/share/ollama/.ollama/models", "System32"),
        ("darwin", "/home/me/.ollama/models", "/usr/share"),
        ("win32", "System32", "/usr/share"),
    ],
)
def test_every_system_has_its_places(system: str, expected: str, absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(ollama_folder, "look_at", OllamaFolder)
    places = [str(one.path) for one in find_folders({"OLLAMA_MODELS": "/disk/models"}, Path("/home/me"))]
    assert places[:2] == ["/disk/models", "/home/me/.ollama/models"]
    assert any(expected in place for place in places)
    assert not any(absent in place for place in places)


def test_the_services_own_setting_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit, drop_in = tmp_path / "ollama.service", tmp_path / "ollama.service.d"
    unit.write_text("[Service]\nEnvironment=PATH=/bin\n")
    drop_in.mkdir()
    (drop_in / "override.conf").write_text('[Service]\nEnvironment="OLLAMA_MODELS=/big disk/models"\n# no more\n')
    (drop_in / "more.conf").write_text("Environment=OLLAMA_HOST=0.0.0.0 OLLAMA_MODELS=/other/models\n")
    monkeypatch.setattr(ollama_folder, "_SERVICE_FILES", (str(unit), str(drop_in), str(tmp_path / "missing")))
    monkeypatch.setattr(ollama_folder, "look_at", OllamaFolder)
    places = [str(one.path) for one in find_folders({}, tmp_path)]
    assert "/big disk/models" in places
    assert "/other/models" in places

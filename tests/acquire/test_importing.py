"""Importing into the library and elsewhere: what is written, what stays, and that the originals never change."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.acquire.found_models import find_importable
from desktop_vlm.acquire.import_plan import carry_out, plan_import
from desktop_vlm.acquire.importing import find_imported, import_model, plan_for_library
from desktop_vlm.acquire.placing import Placing
from desktop_vlm.acquire.sources import find_source
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.conversion.importer import ImportOptions
from desktop_vlm.convert import ModelFiles, convert
from desktop_vlm.families.mllama.presets import SHAPES, config_of, shape_of
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.record import read_record
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests.ollama import OllamaFiles, add_model, write_new_form, write_old_form
from tests.ollama.full_size import write_full_size

Own = Callable[[str], ModelFiles]


@pytest.fixture(scope="module")
def own(checkpoint_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Own:
    """Type of the language model -> our own conversion of a checkpoint, the encoder in F16."""
    out = tmp_path_factory.mktemp("own")
    return lambda kind: convert(checkpoint_folder("alpha"), out / kind, text_type=kind, vision_type="F16")


@pytest.fixture
def ollama(own: Own, tmp_path: Path) -> Path:
    """Ollama's folder with both forms, a plain pair, and a language model alone."""
    models = tmp_path / "ollama" / "models"
    converted = own("Q8_0")
    add_model(models, write_old_form(converted, tmp_path / "old").layers, tag="11b")
    add_model(models, write_new_form(converted, tmp_path / "new").layers)
    add_model(models, {"model": converted.text, "projector": converted.mmproj}, name="plain")
    add_model(models, {"model": converted.text}, name="llama3.1", tag="8b")
    return models


def digests(folder: Path) -> dict[str, tuple[str, int]]:
    """Of all files: content and time of the last change."""
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# The same answers as our own conversion


@pytest.mark.parametrize(
    ("kind", "write"), [("F16", write_old_form), ("Q8_0", write_new_form), ("Q4_K_M", write_old_form)]
)
def test_logits_are_those_of_our_own_conversion(
    kind: str, write: Callable[[ModelFiles, Path], OllamaFiles], own: Own, tmp_path: Path
) -> None:
    converted = own(kind)
    files = write(converted, tmp_path)
    plan = plan_import(find_source(files.model, mmproj=files.projector), tmp_path / "out")
    carry_out(plan)
    assert plan.result.mmproj is not None
    assert plan.result.mmproj.name == f"model-mmproj-F16{'' if kind == 'F16' else f'-cross-{kind}'}.gguf"
    if kind != "F16":  # one of the spare embeddings stands for the image; Ollama has packed them with the others
        copy_tensor(converted.mmproj, plan.result.mmproj, "token_embd.extra.weight")
    expected = logits(converted.text, converted.mmproj)
    assert np.array_equal(logits(plan.result.text, plan.result.mmproj), expected)


def logits(text: Path, mmproj: Path) -> NDArray[np.float32]:
    image = Image.fromarray(np.random.RandomState(2).randint(0, 255, (70, 50, 3), np.uint8))
    model = backend.load(text, mmproj, n_ctx=512, n_threads=1)
    try:
        return model.logits([5, 6, model.n_vocab, *range(20, 32)], image)
    finally:
        model.close()


def copy_tensor(source: Path, target: Path, name: str) -> None:
    old, new = read_gguf(source).tensors[name], read_gguf(target).tensors[name]
    assert (old.shape, old.type) == (new.shape, new.type)
    with source.open("rb") as file:
        file.seek(old.offset)
        raw = file.read(old.n_bytes)
    with target.open("r+b") as file:
        file.seek(new.offset)
        file.write(raw)


# Into the library


def test_a_model_of_ollama_becomes_one_of_the_library(ollama: Path, folder: ModelsFolder) -> None:
    before = digests(ollama)
    seen: list[JobProgress] = []
    model = import_model(ollama, folder, name="llama3.2-vision:11b", progress=seen.append)
    assert (model.name, model.family, model.text_type, model.vision_type) == (
        "llama3.2-vision:11b",
        "mllama",
        "Q8_0",
        "F16",
    )
    assert model.is_owned
    assert model.origin.kind == "import"
    assert model.problem == ""
    assert model.n_bytes == model.files.text.stat().st_size + (model.files.mmproj or Path()).stat().st_size
    record = read_record(model.files.text.parent / "model.json")
    assert record.text.sha256 == hashlib.sha256(model.files.text.read_bytes()).hexdigest()
    assert seen[0].stage == "scan"
    assert {at.stage for at in seen[1:]} == {"copy"}
    assert [at.done_bytes for at in seen] == sorted(at.done_bytes for at in seen)
    assert (seen[-1].done_bytes, seen[-1].total_bytes) == (model.n_bytes, model.n_bytes)
    assert digests(ollama) == before
    assert not any((folder.path / ".partial").glob("import*/*"))


def test_importing_again_writes_nothing(ollama: Path, folder: ModelsFolder) -> None:
    first = import_model(ollama, folder, name="llama3.2-vision:latest")
    before = digests(folder.path)
    assert import_model(ollama, folder, name="llama3.2-vision:latest").id == first.id
    assert digests(folder.path) == before
    other = import_model(ollama, folder, name="llama3.2-vision", options=ImportOptions("plain"))
    assert other.id != first.id


def test_a_plain_pair_stays_where_it_is(ollama: Path, folder: ModelsFolder) -> None:
    model = import_model(ollama, folder, name="plain")
    assert not model.is_owned
    assert model.origin.kind == "reference"
    assert model.files.text.parent == ollama / "blobs"
    assert import_model(ollama, folder, name="plain").id == model.id
    record = read_record(folder.path / model.id / "model.json")
    assert record.text.sha256 == hashlib.sha256(model.files.text.read_bytes()).hexdigest()
    plan = plan_for_library(find_source(ollama, name="plain"), folder)
    assert plan.notes == ("Its files stay Ollama's: it is gone when Ollama removes it.",)
    assert find_imported(plan, folder) is None


@pytest.mark.parametrize("placing", ["copy", "link"])
def test_a_plain_pair_may_be_copied_or_linked(placing: Placing, ollama: Path, folder: ModelsFolder) -> None:
    before = digests(ollama)
    model = import_model(ollama, folder, name="plain", placing=placing)
    original = find_source(ollama, name="plain").pair.model.path
    assert model.is_owned
    assert model.files.text.name == "plain-latest-text.gguf"
    assert model.files.text.read_bytes() == original.read_bytes()
    assert model.files.text.samefile(original) == (placing == "link")
    assert import_model(ollama, folder, name="plain", placing=placing).id == model.id
    folder.remove(model.id)
    assert digests(ollama) == before


def test_a_language_model_alone_says_that_it_sees_nothing(ollama: Path, folder: ModelsFolder) -> None:
    plan = plan_for_library(find_source(ollama, name="llama3.1"), folder)
    assert plan.notes[0] == "It chats, and sees no images without a vision projector."
    assert not import_model(ollama, folder, name="llama3.1").sees_images


def test_a_copy_beside_the_original_is_the_original(own: Own, tmp_path: Path) -> None:
    converted = own("Q8_0")
    out = tmp_path / "out"
    plan = plan_import(find_source(converted.text), out, "copy")
    carry_out(plan)
    again = plan_import(find_source(plan.result.text), out, "copy")
    assert (again.files, again.result) == ((), plan.result)


# Stopped, full, taken


@pytest.mark.parametrize("stop_at", [1, 10, 200])
def test_stopping_leaves_nothing_in_the_library(stop_at: int, ollama: Path, folder: ModelsFolder) -> None:
    calls = 0

    def stop(_: JobProgress) -> None:
        nonlocal calls
        calls += 1
        if calls > stop_at:
            raise Cancelled

    before = digests(ollama)
    with pytest.raises(Cancelled):
        import_model(ollama, folder, name="llama3.2-vision:11b", progress=stop)
    assert digests(ollama) == before
    assert list(folder.path.rglob("*.gguf*")) == []
    assert folder.entries() == []


def test_no_room_is_said_before_a_byte_is_written(
    ollama: Path, folder: ModelsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(ollama)._replace(free=1000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(UserError, match=r"0\.0 GB free, but the result needs 0\.0 GB: make room"):
        import_model(ollama, folder, name="llama3.2-vision:11b")
    assert list(folder.path.rglob("*.gguf*")) == []


def test_a_damaged_blob_is_named(ollama: Path, folder: ModelsFolder) -> None:
    model = find_source(ollama, name="llama3.2-vision:latest").pair.model.path
    raw = bytearray(model.read_bytes())
    at = raw.index(b"mllama.block_count") + len(b"mllama.block_count") + 4
    raw[at : at + 4] = (99).to_bytes(4, "little")
    model.write_bytes(raw)
    with pytest.raises(UserError, match=rf"{model.name}.* has no tensor `blk"):
        import_model(ollama, folder, name="llama3.2-vision:latest")
    assert folder.entries() == []


# What there is


def test_everything_found_says_what_would_become_of_it(ollama: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"GGUF and nothing else")
    add_model(ollama, {"model": tmp_path / "bad"}, name="bad")
    found, has_ollama = find_importable([ollama])
    assert has_ollama
    said = {model.name: (model.n_bytes > 0, model.note or model.problem) for model in found}
    assert said.keys() == {"bad:latest", "llama3.1:8b", "llama3.2-vision:11b", "llama3.2-vision:latest", "plain:latest"}
    foreign = (True, "Llama 3.2 Vision as Ollama has it (mllama): written again, without requantising.")
    assert said["llama3.2-vision:11b"] == said["llama3.2-vision:latest"] == foreign
    assert said["plain:latest"] == (False, "Used where it is; nothing is written.")
    assert "a language model alone" in said["llama3.1:8b"][1].lower()
    assert "damaged" in said["bad:latest"][1] or "version" in said["bad:latest"][1]
    assert {model.source for model in found} == {ollama}


def test_folders_and_files_are_looked_at(own: Own, tmp_path: Path) -> None:
    converted = own("Q8_0")
    several = tmp_path / "several"
    several.mkdir()
    for name in ("a.gguf", "b.gguf"):
        os.link(converted.text, several / name)
    found, has_ollama = find_importable([converted.text.parent, several, tmp_path / "missing"])
    assert not has_ollama
    assert [(one.name, bool(one.problem)) for one in found] == [
        (converted.text.stem, False),
        ("a", False),
        ("b", False),
        ("missing", True),
    ]


@pytest.mark.parametrize(("size", "form"), [("11B", "old"), ("90B", "new")])
def test_published_sizes_are_planned_by_their_headers(size: str, form: str, tmp_path: Path) -> None:
    files = write_full_size(size, form, tmp_path)
    plan = plan_import(find_source(files.model, mmproj=files.projector), tmp_path / "out")
    shape = shape_of(config_of(SHAPES[size]), "Q4_K_M", "F16")
    text, mmproj = plan.files
    weights = sum(shape.text.layer_bytes) + shape.text.output_bytes + shape.text.embedding_bytes
    assert 0 < text.n_bytes - weights < 12 << 20  # the tokenizer
    assert plan.bytes_to_write == pytest.approx(sum(path.stat().st_size for path in files.layers.values()), rel=2e-3)
    assert mmproj.n_bytes > (2 << 30 if size == "11B" else 11 << 30)

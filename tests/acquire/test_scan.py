"""What the models folder is said to hold, whatever lies in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from desktop_vlm.acquire.checkpoint_folder import convert_folder
from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.scan import scan
from desktop_vlm.api.library import InstalledModel, Origin
from desktop_vlm.api.options import ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.record import Record


def put(folder: ModelsFolder, files: ModelFiles, place: str = "", text: str = "", mmproj: str = "") -> Path:
    target = folder.path / place
    target.mkdir(parents=True, exist_ok=True)
    os.link(files.text, target / (text or files.text.name))
    os.link(files.mmproj, target / (mmproj or files.mmproj.name))
    return target


def record(folder: ModelsFolder, files: ModelFiles) -> None:
    with folder.working("w") as work:
        shutil.copy(files.text, work / "t.gguf")
        shutil.copy(files.mmproj, work / "m.gguf")
        text, mmproj = (file_record(work / name, "", lambda _: None) for name in ("t.gguf", "m.gguf"))
        made = Record("A", "mllama", text, mmproj, "F32", "F32", Origin(), is_reference=False, added="")
        folder.install(work, "a", made)


def only(models: tuple[InstalledModel, ...]) -> InstalledModel:
    (model,) = models
    return model


def test_no_folder_is_an_empty_library(folder: ModelsFolder) -> None:
    assert scan(folder).models == ()
    assert not folder.path.exists()


@pytest.mark.parametrize("place", ["", "mine", os.fsdecode(b"caf\xe9")])
def test_a_pair_without_a_record_is_found_by_its_headers(place: str, folder: ModelsFolder, pair: ModelFiles) -> None:
    target = put(folder, pair, place, "x.gguf", "y.gguf")
    found = scan(folder)
    model = only(found.models)
    assert found.problems == ()
    assert model.files == ModelRef(target / "x.gguf", target / "y.gguf")
    assert (model.family, model.text_type, model.vision_type) == ("mllama", "F32", "F32")
    assert (model.problem, model.is_owned, model.origin.kind) == ("", False, "found")
    assert model.id.isascii()
    assert model.n_bytes == pair.text.stat().st_size + pair.mmproj.stat().st_size


def test_the_demos_files_are_a_model_anywhere(folder: ModelsFolder) -> None:
    folder.path.mkdir()
    for path in demo_model():
        (folder.path / path.name).symlink_to(path)
    model = only(scan(folder).models)
    assert (model.family, model.problem, model.sees_images) == ("mllama", "", True)


def test_junk_is_never_a_model(folder: ModelsFolder, pair: ModelFiles) -> None:
    whole = pair.text.read_bytes()
    junk = {
        "empty.gguf": b"",
        "text.gguf": b"hello",
        "magic.gguf": b"GGUF",
        "random.gguf": b"GGUF" + bytes(range(256)) * 40,
        "header.gguf": whole[:2000],
        "huge.gguf": b"GGUF\x03\x00\x00\x00" + b"\xff" * 16,
    }
    folder.path.mkdir()
    for name, content in junk.items():
        (folder.path / name).write_bytes(content)
    (folder.path / "cut.gguf").write_bytes(whole[: len(whole) // 2])
    (folder.path / "folder.gguf").mkdir()
    found = scan(folder)
    assert {path.name for path in folder.path.iterdir()} >= set(junk)
    for name in junk:
        assert any(name in problem for problem in found.problems), name
    cut = only(found.models)  # its header is whole, so that it can be named for what it is
    assert "damaged or cut off" in cut.problem


def test_a_projector_alone_is_said(folder: ModelsFolder, pair: ModelFiles) -> None:
    folder.path.mkdir()
    os.link(pair.mmproj, folder.path / "m.gguf")
    found = scan(folder)
    assert found.models == ()
    assert found.problems == (f"{folder.path / 'm.gguf'} is a vision projector without its language model.",)


def test_several_projectors_need_a_choice_unless_the_name_tells(folder: ModelsFolder, pair: ModelFiles) -> None:
    put(folder, pair, "", "a-text-F32.gguf", "b-mmproj-F32.gguf")
    os.link(pair.mmproj, folder.path / "c-mmproj-F32.gguf")
    assert (
        "Several vision projectors fit it (b-mmproj-F32.gguf, c-mmproj-F32.gguf)" in only(scan(folder).models).problem
    )
    os.link(pair.mmproj, folder.path / "a-mmproj-F32.gguf")
    model = only(scan(folder).models)
    assert model.problem == ""
    assert model.files.mmproj == folder.path / "a-mmproj-F32.gguf"


def test_recorded_files_that_changed_cannot_be_loaded(folder: ModelsFolder, pair: ModelFiles) -> None:
    record(folder, pair)
    assert only(scan(folder).models).problem == ""
    text = folder.path / "a" / "t.gguf"
    n_bytes = text.stat().st_size
    text.write_bytes(b"x" * n_bytes)
    assert "is no GGUF file any more" in only(scan(folder).models).problem
    text.write_bytes(b"GGUF")
    assert "has another size" in only(scan(folder).models).problem
    text.unlink()
    assert "is gone" in only(scan(folder).models).problem


def test_a_broken_record_leaves_its_files_to_their_headers(folder: ModelsFolder, pair: ModelFiles) -> None:
    record(folder, pair)
    (folder.path / "a" / "model.json").write_text("{", encoding="utf-8")
    found = scan(folder)
    assert only(found.models).problem == ""
    assert not only(found.models).is_owned
    assert "is damaged; its files are looked at instead" in found.problems[0]


def test_references_lie_elsewhere(folder: ModelsFolder, pair: ModelFiles, tmp_path: Path) -> None:
    gone = ModelRef(tmp_path / "gone.gguf")
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"junk")
    references = (ModelRef(pair.text, pair.mmproj), gone, ModelRef(junk), ModelRef(pair.text, pair.mmproj))
    model = only(scan(folder, references).models)
    assert (model.files, model.problem, model.origin.kind) == (ModelRef(pair.text, pair.mmproj), "", "reference")


def test_a_checkpoints_folder_becomes_a_model(folder: ModelsFolder, checkpoint_folder: object) -> None:
    assert callable(checkpoint_folder)
    source = checkpoint_folder("alpha")
    model = convert_folder(source, folder, "q8_0", "", lambda _: None)
    assert only(scan(folder).models) == model
    assert (model.id, model.text_type, model.vision_type) == ("alpha-q8_0", "Q8_0", "Q8_0")
    assert (model.origin, model.is_owned) == (Origin("convert", str(source)), True)
    assert len(list((folder.path / model.id).iterdir())) == 3

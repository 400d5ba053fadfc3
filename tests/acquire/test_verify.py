"""Verification finds every changed byte and every number that is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.verify import verify
from desktop_vlm.api.errors import Cancelled
from desktop_vlm.api.library import InstalledModel, Origin
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.library import ModelsFolder, installed
from desktop_vlm.models.record import Record
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf

REMEDY = "remove the model and get it again"


@pytest.fixture
def model(folder: ModelsFolder, model_files: Callable[..., ModelFiles]) -> InstalledModel:
    return add(folder, model_files("alpha", "Q8_0"))


def add(folder: ModelsFolder, files: ModelFiles) -> InstalledModel:
    with folder.working("w") as work:
        records = []
        for path in (files.text, files.mmproj):
            copy = work / path.name
            copy.write_bytes(path.read_bytes())
            records.append(file_record(copy, "", lambda _: None))
        record = Record("A", "mllama", records[0], records[1], "Q8_0", "Q8_0", Origin(), is_reference=False, added="")
        return installed(folder.install(work, "a", record), {})


def check(folder: ModelsFolder, model: InstalledModel) -> tuple[str, ...]:
    return verify(folder, model, lambda _: None).problems


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def test_a_whole_model_is_whole(folder: ModelsFolder, model: InstalledModel) -> None:
    seen: list[JobProgress] = []
    found = verify(folder, model, seen.append)
    assert found.problems == ()
    assert found.is_compared
    assert model.files.mmproj
    n_tensors = sum(len(read_gguf(path).tensors) for path in (model.files.text, model.files.mmproj))
    assert found.n_tensors == n_tensors
    assert seen[-1].done_bytes == seen[-1].total_bytes == model.n_bytes


def test_a_changed_byte_anywhere_is_found(folder: ModelsFolder, model: InstalledModel) -> None:
    text = read_gguf(model.files.text)
    ends = [place.offset + place.n_bytes for place in text.tensors.values()]
    last = text.n_bytes - 1
    original = model.files.text.read_bytes()
    for at in {max(ends) - 1, last, next(iter(text.tensors.values())).offset + 2}:
        overwrite(model.files.text, at, bytes([original[at] ^ 1]))
        assert check(folder, model) == (
            f"{model.files.text.name} has another content than when it was made; {REMEDY}.",
        )
        overwrite(model.files.text, at, original[at : at + 1])
    assert check(folder, model) == ()


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_numbers_that_are_none_are_found_in_every_type(
    number: float, folder: ModelsFolder, model: InstalledModel
) -> None:
    seen = set()
    for path in (model.files.text, model.files.mmproj):
        assert path
        for name, place in read_gguf(path).tensors.items():
            if place.type.name in seen:
                continue
            seen.add(place.type.name)
            bad = np.float32(number) if place.type.name == "F32" else np.float16(number)
            before = path.read_bytes()[place.offset : place.offset + 4]
            overwrite(path, place.offset, bad.tobytes())
            assert f"{path.name} has numbers in {name} that are not finite; {REMEDY}." in check(folder, model)
            overwrite(path, place.offset, before)
    assert seen == {"F32", "F16", "Q8_0"}


def test_a_file_that_is_cut_off_is_found(folder: ModelsFolder, model: InstalledModel) -> None:
    with model.files.text.open("r+b") as file:
        file.truncate(model.text_bytes // 2)
    (problem,) = check(folder, model)
    assert "damaged or cut off" in problem


def test_a_file_that_is_gone_or_no_gguf_is_said(folder: ModelsFolder, model: InstalledModel) -> None:
    model.files.text.write_bytes(b"not a model")
    assert model.files.mmproj
    model.files.mmproj.unlink()
    text, mmproj = check(folder, model)
    assert "is not a GGUF file" in text
    assert "There is no file" in mmproj


def test_files_without_checksums_are_read_all_the_same(
    folder: ModelsFolder, model_files: Callable[..., ModelFiles]
) -> None:
    files = model_files("alpha", "Q8_0")
    model = add(folder, files)
    loose = InstalledModel(**{**vars(model), "id": "unknown"})
    found = verify(folder, loose, lambda _: None)
    assert found.problems == ()
    assert not found.is_compared


def test_it_can_be_stopped(folder: ModelsFolder, model: InstalledModel) -> None:
    def stop(_: JobProgress) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        verify(folder, model, stop)

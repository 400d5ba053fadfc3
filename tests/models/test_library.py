"""The models folder: records, names, removal; whatever lies in it, and whoever else writes there."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import Origin, Speed
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models import catalogue
from desktop_vlm.models.library import ModelsFolder, find_installed, id_of, installed, note_use, now, slug
from desktop_vlm.models.record import RECORD, FileRecord, Record, read_record
from desktop_vlm.models.usage import note_usage, read_usage


@pytest.fixture
def folder(tmp_path: Path) -> ModelsFolder:
    return ModelsFolder(tmp_path / "models")


def record(name: str, text: FileRecord, mmproj: FileRecord | None = None, **others: Any) -> Record:
    values: dict[str, Any] = {
        "family": "mllama",
        "text_type": "Q4_K_M",
        "vision_type": "Q8_0",
        "origin": Origin("hub", "org/name", "c0ffee"),
        "is_reference": False,
        "added": "2026-11-28T17:20:07Z",
    }
    return Record(name, text=text, mmproj=mmproj, **(values | others))


def add(folder: ModelsFolder, name: str, model_id: str = "", text: str = "t.gguf") -> str:
    with folder.working("w") as work:
        (work / text).write_bytes(b"GGUFtext")
        (work / "m.gguf").write_bytes(b"GGUF")
        made = record(name, FileRecord.of(work / text), FileRecord.of(work / "m.gguf"))
        return folder.install(work, model_id or slug(name), made).id


def test_a_model_appears_whole_and_is_read_back(folder: ModelsFolder) -> None:
    assert folder.entries() == []
    assert add(folder, "Llama ä") == "llama"
    (entry,) = folder.entries()
    model = installed(entry, {})
    assert (model.id, model.name, model.family, model.is_owned) == ("llama", "Llama ä", "mllama", True)
    assert model.files == ModelRef(folder.path / "llama" / "t.gguf", folder.path / "llama" / "m.gguf")
    assert (model.text_bytes, model.mmproj_bytes, model.n_bytes) == (8, 4, 12)
    assert model.origin == Origin("hub", "org/name", "c0ffee")
    assert model.problem == ""
    assert not (folder.path / ".partial" / "w").exists()


def test_a_second_model_of_the_same_id_gets_a_number(folder: ModelsFolder) -> None:
    assert [add(folder, "A"), add(folder, "A"), add(folder, "A")] == ["a", "a-2", "a-3"]


def test_what_is_gone_is_said(folder: ModelsFolder) -> None:
    add(folder, "A")
    (folder.path / "a" / "m.gguf").unlink()
    (entry,) = folder.entries()
    assert installed(entry, {}).problem == "m.gguf is gone: get the model again, or remove it from the list."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"name": 3}',
        b"x" * 2_000_000,
    ],
)
def test_a_broken_record_hides_no_other_model(content: bytes, folder: ModelsFolder) -> None:
    add(folder, "A")
    (folder.path / "b").mkdir()
    (folder.path / "b" / RECORD).write_bytes(content)
    first, second = folder.entries()
    assert first.record
    assert second.record is None
    assert str(folder.path / "b" / RECORD) in second.problem


@pytest.mark.parametrize("path", ["../a/t.gguf", "/etc/passwd", "", ".", "..", "x/y.gguf", "a\0b"])
def test_a_record_names_no_files_outside_its_folder(path: str, folder: ModelsFolder) -> None:
    add(folder, "A")
    file = folder.path / "a" / RECORD
    table = json.loads(file.read_text(encoding="utf-8"))
    table["text"]["path"] = path
    file.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(UserError, match="is damaged"):
        read_record(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [("is_reference", 1), ("name", None), ("origin", []), ("mmproj", "m.gguf"), ("text", {}), ("added", 3.0)],
)
def test_every_field_of_a_record_has_its_type(key: str, value: Any, folder: ModelsFolder) -> None:
    add(folder, "A")
    file = folder.path / "a" / RECORD
    table = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(table | {key: value}), encoding="utf-8")
    with pytest.raises(UserError, match="is damaged"):
        read_record(file)


def test_fields_of_a_newer_version_are_passed_over(folder: ModelsFolder) -> None:
    add(folder, "A")
    file = folder.path / "a" / RECORD
    table = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(table | {"version": 9, "colour": "blue"}), encoding="utf-8")
    assert read_record(file).name == "A"


# Removing and renaming


def test_removing_deletes_the_files_of_the_record_and_no_others(folder: ModelsFolder) -> None:
    add(folder, "A")
    add(folder, "B")
    (folder.path / "a" / "notes.txt").write_text("mine", encoding="utf-8")
    folder.remove("a")
    assert [path.name for path in (folder.path / "a").iterdir()] == ["notes.txt"]
    folder.remove("b")
    assert not (folder.path / "b").exists()
    with pytest.raises(UserError, match="There is no model b"):
        folder.remove("b")


def test_removing_a_reference_leaves_its_files(folder: ModelsFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.gguf"
    elsewhere.write_bytes(b"GGUF")
    found = record("Mine", FileRecord.of(elsewhere, is_reference=True), is_reference=True)
    entry = folder.add_reference(ModelRef(elsewhere), found)
    assert folder.add_reference(ModelRef(elsewhere), found) == entry
    (listed,) = folder.entries()
    assert not installed(listed, {}).is_owned
    assert installed(listed, {}).files.text == elsewhere
    folder.remove(entry.id)
    assert elsewhere.exists()
    assert folder.entries() == []


def test_a_link_to_a_model_elsewhere_is_removed_and_not_what_it_leads_to(folder: ModelsFolder, tmp_path: Path) -> None:
    add(folder, "A")
    outside = tmp_path / "outside"
    (folder.path / "a").rename(outside)
    (folder.path / "a").symlink_to(outside)
    (entry,) = folder.entries()
    assert not entry.is_owned
    folder.remove("a")
    assert sorted(path.name for path in outside.iterdir()) == ["m.gguf", RECORD, "t.gguf"]


def test_renaming(folder: ModelsFolder) -> None:
    add(folder, "A")
    add(folder, "B")
    assert installed(folder.rename("a", "  Größer "), {}).name == "Größer"
    assert [entry.record.name for entry in folder.entries() if entry.record] == ["Größer", "B"]
    for name, sentence in (
        ("b", "Another model is named b"),
        ("", "1 to 120 characters"),
        ("x" * 121, "1 to 120 characters"),
        ("a\nb", "in one line"),
    ):
        with pytest.raises(UserError, match=sentence):
            folder.rename("a", name)
    assert not list((folder.path / "a").glob(".model*"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_said(folder: ModelsFolder) -> None:
    add(folder, "A")
    (folder.path / "a").chmod(0o500)
    try:
        with pytest.raises(UserError, match="cannot be written"):
            folder.rename("a", "B")
        with pytest.raises(UserError, match="cannot be removed"):
            folder.remove("a")
    finally:
        (folder.path / "a").chmod(0o700)
    assert len(folder.entries()) == 1


# Names


def test_ids_are_plain_whatever_a_folder_is_called(folder: ModelsFolder) -> None:
    folder.path.mkdir()
    add(folder, "A")
    odd = os.fsdecode(b"caf\xe9 \xff GGUF")
    for name in (odd, "UPPER", "a b", "ü", "-x", "é" * 60):
        (folder.path / name).mkdir()
        (folder.path / name / RECORD).write_text((folder.path / "a" / RECORD).read_text("utf-8"), "utf-8")
    ids = [entry.id for entry in folder.entries()]
    assert len(set(ids)) == 7
    for one in ids:
        assert one.isascii()
        assert one.isprintable()
        assert " " not in one
        assert folder.entry(one).id == one
    assert id_of("a-2") == "a-2"
    assert id_of(odd) == id_of(odd)


def test_a_model_is_found_by_id_and_by_name(folder: ModelsFolder) -> None:
    add(folder, "Llama 3.2")
    add(folder, "Llama 3.2", "llama-q8")
    add(folder, "Other")
    found = find_installed(folder, "OTHER")
    assert found
    assert found.id == "other"
    found = find_installed(folder, "llama-q8")
    assert found
    assert found.id == "llama-q8"
    assert find_installed(folder, "nothing") is None
    assert find_installed(folder, "smolvlm2-500m") is None
    repo = catalogue.catalogue()[0].repo
    with folder.working("w") as work:
        (work / "t.gguf").write_bytes(b"GGUF")
        made = record("Small", FileRecord.of(work / "t.gguf"), origin=Origin("hub", repo, ""))
        folder.install(work, "small-q8_0", made)
    found = find_installed(folder, "SmolVLM2-500M")
    assert found
    assert found.id == "small-q8_0"
    with pytest.raises(
        UserError, match=r"Several models are named Llama 3\.2; say which you mean: llama-3\.2, llama-q8"
    ):
        find_installed(folder, "Llama 3.2")


def test_no_more_than_a_folder_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    with pytest.raises(UserError, match="choose another models folder"):
        ModelsFolder(file).entries()
    with pytest.raises(UserError, match="choose another models folder"), ModelsFolder(file).working("a"):
        pass


# Several at once


def test_models_that_appear_at_once_all_appear(folder: ModelsFolder) -> None:
    def add_one(number: int) -> None:
        with folder.working(f"w{number}") as work:
            (work / "t.gguf").write_bytes(b"GGUF")
            folder.install(work, "same", record("Same", FileRecord.of(work / "t.gguf")))

    threads = [threading.Thread(target=add_one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(folder.entries()) == 8


def test_one_works_on_a_model_at_a_time(folder: ModelsFolder) -> None:
    with (
        folder.working("a"),
        folder.working("b"),
        pytest.raises(UserError, match="Another process"),
        folder.working("a"),
    ):
        pass


# Use


def test_use_and_speed_are_kept(folder: ModelsFolder) -> None:
    add(folder, "A")
    text = folder.path / "a" / "t.gguf"
    note_use(folder, text, Speed(10.5, 0.25))
    note_use(folder, text, Speed(12.0, 0.0))  # no image in this one
    model = installed(folder.entries()[0], read_usage(folder.path))
    assert model.speed == Speed(12.0, 0.25)
    assert model.last_used <= now()
    assert model.last_used.startswith("20")


def test_use_of_other_models_is_nobodys_business(folder: ModelsFolder, tmp_path: Path) -> None:
    add(folder, "A")
    note_use(folder, tmp_path / "elsewhere.gguf", Speed(1.0, 1.0))
    assert read_usage(folder.path) == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 3}', '{"/x": {"decode_tokens_per_s": "fast"}}', "[" * 9999])
def test_a_broken_file_of_uses_is_no_error(content: str, folder: ModelsFolder) -> None:
    add(folder, "A")
    (folder.path / ".usage.json").write_text(content, encoding="utf-8")
    read_usage(folder.path)
    note_use(folder, folder.path / "a" / "t.gguf", Speed(1.0, 0.0))
    assert read_usage(folder.path)[str(folder.path / "a" / "t.gguf")].speed == Speed(1.0, 0.0)


def test_no_folder_is_made_for_uses(folder: ModelsFolder) -> None:
    note_usage(folder.path, folder.path / "t.gguf", now(), Speed(1.0, 1.0))
    assert not folder.path.exists()

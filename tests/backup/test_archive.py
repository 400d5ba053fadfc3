"""The file of a backup: whole or not at all, and refused in a sentence where it is anything else."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.backup.archive import ACTIONS, HISTORY, MANIFEST, SETTINGS, read_manifest, unpack, write_archive

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {HISTORY: tmp_path / "h", SETTINGS: tmp_path / "s", ACTIONS: tmp_path / "missing"}
    made[HISTORY].write_bytes(bytes(range(256)) * 40)
    made[SETTINGS].write_bytes(b"[model]\n")
    return made


@pytest.fixture
def backup(tmp_path: Path, files: dict[str, Path]) -> Path:
    target = tmp_path / "backup.zip"
    write_archive(target, files, conversations=3, created_at=1000.5)
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "unpacked"
    made.mkdir()
    return made


def rewritten(backup: Path, change: Change, compression: int = zipfile.ZIP_STORED) -> Path:
    """The backup with other entries."""
    with zipfile.ZipFile(backup) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(backup, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return backup


def manifest(**values: object) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        entries[MANIFEST] = json.dumps({**json.loads(entries[MANIFEST]), **values}).encode()

    return change


def test_what_is_written_is_read(backup: Path, files: dict[str, Path], folder: Path) -> None:
    contents = read_manifest(backup)
    assert (contents.created_at, contents.conversations, contents.names) == (1000.5, 3, (HISTORY, SETTINGS))
    parts: list[float] = []
    assert unpack(backup, folder, parts.append) == contents
    assert (folder / HISTORY).read_bytes() == files[HISTORY].read_bytes()
    assert sorted(file.name for file in folder.iterdir()) == [HISTORY, SETTINGS]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    with zipfile.ZipFile(backup) as archive:  # any other program can open it
        assert archive.testzip() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.update({"../evil": b"x"}),
        lambda entries: entries.update({"models/a.gguf": b"x"}),
        lambda entries: entries.pop(HISTORY),
        lambda entries: entries.pop(MANIFEST),
        lambda entries: entries.update({MANIFEST: b"[]"}),
        lambda entries: entries.update({MANIFEST: b"{"}),
        lambda entries: entries.update({MANIFEST: b"[" * 60_000}),
        lambda entries: entries.update({MANIFEST: b" " * 70_000 + entries[MANIFEST]}),
        lambda entries: entries.update({HISTORY: entries[HISTORY][:-1] + b"x"}),
        lambda entries: entries.update({HISTORY: b""}),
        lambda entries: entries.update({ACTIONS: b"not in the list"}),
        manifest(format="another"),
        manifest(version="1"),
        manifest(entries=[]),
        manifest(entries={HISTORY: 5}),
        manifest(conversations=-1),
        manifest(created_at="now"),
        manifest(created_at=1e300),
    ],
)
def test_another_archive_is_refused(backup: Path, folder: Path, change: Change) -> None:
    rewritten(backup, change)
    with pytest.raises(UserError, match=r"is no backup of Desktop VLM|is damaged \(history.db"):
        unpack(backup, folder)
    assert not (folder.parent / "evil").exists()


def test_a_bomb_is_refused_unread(backup: Path, folder: Path) -> None:
    rewritten(backup, lambda entries: entries.update({SETTINGS: b"\0" * 50_000_000}), compression=zipfile.ZIP_DEFLATED)
    assert backup.stat().st_size < 200_000
    with pytest.raises(UserError, match="is no backup"):
        unpack(backup, folder)
    assert list(folder.iterdir()) == []


def test_a_directory_of_many_entries_is_refused_before_it_is_read(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten(backup, lambda entries: entries.update({f"{number}": b"" for number in range(2000)}))
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UserError, match="is no backup"):
        read_manifest(backup)


def test_a_large_archives_directory_is_bounded_too(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = backup.read_bytes()
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2**40, 2**40, 2**44, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22, 1)
    backup.write_bytes(data[:-22] + large + locator + data[-22:])
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UserError, match="is no backup"):
        read_manifest(backup)


def test_a_later_version_says_so(backup: Path) -> None:
    rewritten(backup, manifest(version=2))
    with pytest.raises(UserError, match="written by a newer version of this app"):
        read_manifest(backup)


@pytest.mark.parametrize("content", [b"", b"PK", b"\0" * 100, b"PK\5\6" + b"\0" * 18])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(UserError, match="is no backup of Desktop VLM"):
        read_manifest(file)
    with pytest.raises(UserError, match="There is no file"):
        read_manifest(tmp_path / "none.zip")
    with pytest.raises(UserError, match="is a folder"):
        read_manifest(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_never_come_out(
    tmp_path_factory: pytest.TempPathFactory, backup: Path, data: st.DataObject
) -> None:
    """Whatever is flipped or cut: a sentence, or exactly what was written."""
    whole = bytearray(backup.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)) :]
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "b.zip").write_bytes(whole)
    (folder / "out").mkdir()
    try:
        unpack(folder / "b.zip", folder / "out")
    except UserError:
        return
    with zipfile.ZipFile(io.BytesIO(backup.read_bytes())) as archive:
        assert (folder / "out" / HISTORY).read_bytes() == archive.read(HISTORY)


def test_a_backup_that_is_stopped_leaves_nothing_and_the_old_file(backup: Path, files: dict[str, Path]) -> None:
    before = backup.read_bytes()

    def stop(_part: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_archive(backup, files, conversations=9, created_at=1.0, progress=stop)
    assert backup.read_bytes() == before
    assert [file.name for file in backup.parent.iterdir() if "partial" in file.name] == []


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, files: dict[str, Path]) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_archive(tmp_path / "none" / "b.zip", files, conversations=0, created_at=0)

"""Captures that are kept for a time: only for their user, and gone from the disk when they are to be gone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from desktop_vlm.history.capture_folder import CaptureFolder, KeptCapture


def entry(data: bytes, taken_at: float = 100.0, region: tuple[int, ...] = (1, 2, 30, 40)) -> KeptCapture:
    return KeptCapture(hashlib.sha256(data).hexdigest(), "Screenshot.png", 30, 40, taken_at, "HDMI-1", region)


@pytest.fixture
def folder(tmp_path: Path) -> CaptureFolder:
    return CaptureFolder(tmp_path / "captures")


def test_what_was_written_is_read_and_what_left_is_deleted(folder: CaptureFolder) -> None:
    one, two = entry(b"one"), entry(b"two", region=())
    assert folder.load() == []
    folder.write([one, two], [(one.sha256, b"one"), (two.sha256, b"two")])
    assert folder.load() == [(one, b"one"), (two, b"two")]
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.path.iterdir()} == {0o600}
    folder.write([two])
    assert folder.load() == [(two, b"two")]
    assert sorted(file.name for file in folder.path.iterdir()) == [f"{two.sha256}.png", "captures.json"]
    folder.write([])
    assert not folder.path.exists()


def test_what_nobody_knows_is_deleted_and_what_changed_is_not_shown(folder: CaptureFolder) -> None:
    one = entry(b"one")
    folder.write([one], [(one.sha256, b"one")])
    (folder.path / "left.partial").write_bytes(b"half")
    (folder.path / f"{one.sha256}.png").write_bytes(b"another")
    assert folder.load() == []
    assert [file.name for file in folder.path.iterdir()] == ["captures.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "../../etc/passwd"},
        {"width": -1},
        {"region": [1, 2]},
        {"region": None},
        {"taken_at": "yesterday"},
        {"more": 1},
    ],
)
def test_an_index_of_strangers_is_nothing(folder: CaptureFolder, change: dict[str, object]) -> None:
    one = entry(b"one")
    folder.write([one], [(one.sha256, b"one")])
    index = folder.path / "captures.json"
    rows = json.loads(index.read_text())
    index.write_text(json.dumps([{**rows[0], **change}]))
    assert folder.load() == []
    for text in ("", "[", "{}", "[1]", "null", "[" * 100_000):
        index.write_text(text)
        assert folder.load() == []

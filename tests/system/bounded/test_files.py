"""Only ordinary files, up to a size; what has a file's name may be anything else a moment later."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded import files
from desktop_vlm.system.bounded.files import open_regular, read_bytes, read_text
from desktop_vlm.system.bounded.links import check_belongs

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 2048)
    assert read_bytes(path, 2048) == b"x" * 2048
    with pytest.raises(UserError, match=r"/a is larger than 1 KiB, which no such file is; check which file it is\.$"):
        read_bytes(path, 2047)
    path.write_bytes(b"")
    assert read_bytes(path, 10) == b""


@posix
@pytest.mark.parametrize("kind", ["pipe", "device", "socket"])
def test_what_waits_forever_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    monkeypatch.chdir(tmp_path)  # addresses of sockets are short
    with socket.socket(socket.AF_UNIX) as made:
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            made.bind("a")
        for read in (read_bytes, read_text, open_regular):
            with pytest.raises(UserError, match=r"/a is not an ordinary file; save it on disk and name that file\.$"):
                read(path)


@posix
@pytest.mark.parametrize("late", ["pipe", "socket"])
def test_what_takes_a_files_place_between_look_and_opening_is_refused(
    late: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    made = socket.socket(socket.AF_UNIX)

    def replace(_path: Path) -> os.stat_result:
        found = path.stat()
        path.unlink()
        if late == "pipe":
            os.mkfifo(path)
        else:
            made.bind("a")
        return found

    monkeypatch.setattr(files, "check_ordinary", replace)
    with made, pytest.raises(UserError, match="is not an ordinary file"):
        read_bytes(path, 10)


def test_what_grows_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    opened = files.open_regular

    def grow(*args: object) -> object:
        file = opened(*args)  # type: ignore[arg-type]
        with path.open("ab") as more:
            more.write(b"x" * 100_000)
        return file

    monkeypatch.setattr(files, "open_regular", grow)
    with pytest.raises(UserError, match="is larger than 0 KiB"):
        read_bytes(path, 20)


@pytest.mark.parametrize(("path", "sentence"), [("no such", "There is no file"), ("a\0b", "its name holds a NUL")])
def test_names_of_nothing(path: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=sentence):
        read_bytes(tmp_path / path, 10)
    with pytest.raises(UserError, match="is a folder; name a file in it"):
        read_bytes(tmp_path, 10)


def test_links_that_lead_to_another_file_outside_of_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "model", tmp_path / "outside"
    blobs = tmp_path / "models--a--b" / "blobs"
    for folder in (inside, outside, blobs):
        folder.mkdir(parents=True)
    for path in (inside / "a.json", outside / "a.json", outside / "secret", blobs / "0123"):
        path.write_bytes(b"{}")
    for target in (inside / "a.json", outside / "a.json", blobs / "0123"):
        link = inside / "linked" / "a.json" if target.parent == outside else inside / "b.json"
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        check_belongs(link)
    (inside / "c.json").symlink_to(outside / "secret")
    with pytest.raises(UserError, match=r"c\.json is a link to another file outside of its folder, .*/secret: put a"):
        check_belongs(inside / "c.json")

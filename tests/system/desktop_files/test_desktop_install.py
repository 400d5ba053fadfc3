"""Files in the desktop's folders: written, written again, and gone without a trace."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.folders import DesktopFolders
from desktop_vlm.system.desktop_files.icons import SIZES_PX, icon_folder
from desktop_vlm.system.desktop_files.install import install, remove, run_if_present

PROGRAM = ["/usr/bin/desktop-vlm"]


@pytest.fixture
def folders(tmp_path: Path) -> DesktopFolders:
    return DesktopFolders.of_user(
        {
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "DESKTOP_VLM_HOME": str(tmp_path / "home"),
        }
    )


class Tools:
    """Notes what would be run."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def __call__(self, words: Sequence[str]) -> None:
        self.calls.append(list(words))


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below one, with what is in the files."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_everything_lies_where_the_desktop_looks(folders: DesktopFolders, tmp_path: Path) -> None:
    tools = Tools()
    written = install(folders, program=PROGRAM, run=tools)
    hicolor = Path("data/icons/hicolor")
    assert {path.relative_to(tmp_path) for path in written} == {
        Path(f"data/applications/{APPLICATION_ID}.desktop"),
        Path(f"data/metainfo/{APPLICATION_ID}.metainfo.xml"),
        hicolor / "scalable" / "apps" / f"{APPLICATION_ID}.svg",
        *(hicolor / f"{px}x{px}" / "apps" / f"{APPLICATION_ID}.png" for px in SIZES_PX),
    }
    assert "Exec=/usr/bin/desktop-vlm window %F\n" in folders.menu_entry.read_text()
    sources = icon_folder()
    assert sources is not None
    assert (tmp_path / hicolor / "48x48" / "apps" / f"{APPLICATION_ID}.png").read_bytes() == (
        sources / "icon-48.png"
    ).read_bytes()
    assert tools.calls == [["update-desktop-database", str(tmp_path / "data" / "applications")]]


def test_removal_leaves_no_trace(folders: DesktopFolders, tmp_path: Path) -> None:
    written = install(folders, at_login=True, program=PROGRAM, run=run_if_present)
    assert remove(folders, run=run_if_present) == written
    assert everything(tmp_path) == {}


def test_removal_leaves_what_others_put_there(folders: DesktopFolders, tmp_path: Path) -> None:
    other = tmp_path / "data" / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("[Desktop Entry]\nType=Application\nName=Other\nExec=true\nMimeType=image/png;\n")
    (tmp_path / "data" / "icons" / "hicolor" / "16x16" / "apps").mkdir(parents=True)  # empty, but not ours
    before = everything(tmp_path)
    install(folders, program=PROGRAM, run=run_if_present)
    later = tmp_path / "data" / "metainfo" / "later.xml"
    later.write_text("<component/>")
    remove(folders, run=run_if_present)
    after = everything(tmp_path)
    cache = after.pop("data/applications/mimeinfo.cache", b"[MIME Cache]\nimage/png=other.desktop;\n")
    assert cache == b"[MIME Cache]\nimage/png=other.desktop;\n"
    assert after == {**before, "data/metainfo": None, "data/metainfo/later.xml": b"<component/>"}


@pytest.mark.skipif(not shutil.which("update-desktop-database"), reason="desktop-file-utils is not installed")
def test_open_with_is_known_after_installing(folders: DesktopFolders) -> None:
    install(folders, program=PROGRAM)
    cache = (folders.menu_entry.parent / "mimeinfo.cache").read_text()
    assert f"image/webp={APPLICATION_ID}.desktop;\n" in cache
    assert f"application/pdf={APPLICATION_ID}.desktop;\n" in cache


def test_installing_again_after_a_move_replaces_and_can_be_removed(folders: DesktopFolders, tmp_path: Path) -> None:
    install(folders, program=["/old/desktop-vlm"], run=Tools())
    install(folders, program=["/new/desktop-vlm"], at_login=True, run=Tools())
    assert "Exec=/new/desktop-vlm window %F\n" in folders.menu_entry.read_text()
    assert "Exec=/new/desktop-vlm window --hidden\n" in folders.login_entry.read_text()
    remove(folders, run=Tools())
    assert everything(tmp_path) == {}


def test_removal_where_nothing_is_touches_nothing(folders: DesktopFolders, tmp_path: Path) -> None:
    tools = Tools()
    assert remove(folders, run=tools) == []
    assert tools.calls == []
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("record", ["", "[]", '{"files": 5, "caches": [], "folders": []}', '{"files": [["x"]]}'])
def test_a_record_that_cannot_be_read_counts_as_none(folders: DesktopFolders, record: str) -> None:
    folders.record.parent.mkdir(parents=True)
    folders.record.write_text(record)
    assert remove(folders, run=Tools()) == []


def test_what_was_begun_can_be_removed(folders: DesktopFolders, tmp_path: Path) -> None:
    folders.metainfo.mkdir(parents=True)  # in the way of our file
    with pytest.raises(UserError, match=r"metainfo\.xml could not be written: Is a directory\."):
        install(folders, program=PROGRAM, run=Tools())
    assert folders.menu_entry.exists()
    folders.metainfo.rmdir()
    assert remove(folders, run=Tools()) == [folders.menu_entry]
    assert set(everything(tmp_path)) == {"data", "data/metainfo"}


def test_a_relative_folder_is_passed_over_as_the_specification_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    found = DesktopFolders.of_user({"XDG_DATA_HOME": "here", "XDG_CONFIG_HOME": ""})
    assert found.data == Path("/home/someone/.local/share")
    assert found.config == Path("/home/someone/.config")


def test_a_tool_that_is_missing_or_fails_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "update-desktop-database"
    tool.write_text('#!/bin/sh\necho called >> "$1"\nexit 1\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    run_if_present(["update-desktop-database", str(tmp_path / "log")])
    run_if_present(["no-such-tool-of-any-desktop"])
    assert (tmp_path / "log").read_text() == "called\n"

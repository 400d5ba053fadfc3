"""An export is complete or not there, whatever fails, and can be stopped."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from desktop_vlm import export as exporting
from desktop_vlm.api.errors import UserError
from desktop_vlm.export import EXPORTERS, export
from desktop_vlm.history import History
from tests.export.contents import JPEG, PNG, WITHOUT_QT, contents


@pytest.mark.parametrize("key", WITHOUT_QT)
@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_disk_that_fills_up_leaves_nothing_half_done(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch, key: str, failing: int
) -> None:
    """The first, second or third file cannot be brought to the disk; JSON is one file only."""
    target = out / f"x{EXPORTERS[key].suffix}"
    target.write_bytes(b"the last export")
    calls = 0

    def fsync(_handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == (failing if key == "markdown" else 1):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError) as error:
        export(history, conversation, key, target)
    assert str(error.value) == (
        f"{target.name} cannot be written to {out} (No space left on device); choose another folder or free some space."
    )
    assert contents(out) == {target.name: b"the last export"}
    assert [file.name for file in out.iterdir()] == [target.name]


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_a_damaged_picture_leaves_nothing_half_done(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    whole = history.picture

    def damaged(sha256: str) -> bytes:
        if whole(sha256) == JPEG:
            raise UserError("The picture photo is damaged.")
        return PNG

    monkeypatch.setattr(history, "picture", damaged)
    with pytest.raises(UserError, match=r"^The picture photo is damaged\.$"):
        export(history, conversation, key, out / "x")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_a_folder_that_is_not_there_is_reported(history: History, conversation: int, out: Path, key: str) -> None:
    with pytest.raises(
        UserError, match=r"^x\.out cannot be written to .*missing \(No such file or directory\); choose"
    ):
        export(history, conversation, key, out / "missing" / "x.out")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_an_export_has_the_permissions_of_any_new_file(history: History, conversation: int, out: Path) -> None:
    plain = out / "plain"
    plain.touch()
    target = export(history, conversation, "json", out / "x.json")
    assert target.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("key", ["html", "markdown"])
def test_an_export_is_watched_and_can_be_stopped(history: History, conversation: int, out: Path, key: str) -> None:
    seen: list[tuple[int, int]] = []
    export(history, conversation, key, out / "whole", watch=lambda at, of: seen.append((at, of)))
    assert seen == [(0, 3), (1, 3), (2, 3)]
    before = sorted(out.rglob("*"))

    def stop(at: int, _of: int) -> None:
        if at == 1:
            raise UserError("Stopped.")

    with pytest.raises(UserError, match="Stopped"):
        export(history, conversation, key, out / "stopped", watch=stop)
    assert sorted(out.rglob("*")) == before


def test_pdf_without_the_window_says_what_to_do(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "page_writers", [])
    with pytest.raises(UserError, match="drawn by the window"):
        export(history, conversation, "pdf", out / "page.pdf")
    assert list(out.iterdir()) == []

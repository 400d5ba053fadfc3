"""`desktop-vlm install-desktop`: prints what it did, and undoes it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.cli import install_desktop
from desktop_vlm.system.desktop_files import APPLICATION_ID


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    install_desktop.add_parser(parser.add_subparsers())
    args = parser.parse_args(["install-desktop", *words])
    return int(args.run(args))


def test_it_prints_each_file_that_it_writes_and_deletes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--autostart") == 0
    wrote = capsys.readouterr().out.splitlines()
    files = {str(path) for path in tmp_path.rglob(f"{APPLICATION_ID}*")}
    assert {line.removeprefix("Wrote ") for line in wrote} == files
    assert len(files) == 13
    assert str(tmp_path / "config" / "autostart" / f"{APPLICATION_ID}.desktop") in files

    assert run("--remove") == 0
    deleted = capsys.readouterr().out.splitlines()
    assert [line.replace("Deleted", "Wrote") for line in deleted] == wrote
    assert list(tmp_path.iterdir()) == []

    assert run("--remove") == 0
    assert capsys.readouterr().out == "There was nothing to delete.\n"


def test_without_autostart_nothing_starts_at_login(tmp_path: Path) -> None:
    assert run() == 0
    assert not (tmp_path / "config").exists()


def test_elsewhere_it_says_so_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UserError) as caught:
        run()
    assert str(caught.value) == ("Menu entries are written on Linux only; start at login is in the window's settings.")
    assert list(tmp_path.iterdir()) == []

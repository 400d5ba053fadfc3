"""Users made for terminals, and their windows: no other home is emptied, and nothing is made without being asked."""

from __future__ import annotations

import os
import pwd
import random
import sys
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("pyte")

from training.interfaces.terminals import pack, people


def test_users_who_were_not_made_here_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    someone = pwd.struct_passwd(("name", "x", os.getuid(), os.getgid(), "Somebody,,,", str(home), "/bin/bash"))
    monkeypatch.setattr(pwd, "getpwnam", lambda _: someone)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RuntimeError, match="somebody's, or in use"):
        people.draw_person(random.Random(1))
    assert (home / "letter.txt").read_text() == "mine"


def test_it_must_be_said_that_the_computer_may_be_spoilt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["pack", str(tmp_path / "terminals.zip")])
    with pytest.raises(SystemExit) as stopped:
        pack.main()
    assert stopped.value.code == 2
    assert "--disposable" in capsys.readouterr().err
    assert not (tmp_path / "terminals.zip").exists()


def test_large_windows_have_small_letters_and_some_have_few_lines() -> None:
    rng = random.Random(4)
    looks = [pack.draw_look(rng, ["stterm"], large=True) for _ in range(60)]
    assert {one.size for one in looks} <= set(range(9, 14))
    assert min(one.geometry[0] * one.size for one in looks) > 1900
    assert sum(20 <= one.geometry[1] <= 45 for one in looks) > 30
    assert all(6 <= pack.draw_look(rng, ["stterm"], short=True).geometry[1] <= 16 for _ in range(20))

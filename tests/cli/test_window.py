"""What `desktop-vlm window` makes of its arguments."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.cli import window
from desktop_vlm.ui.desktop.instance import Command


def command(*arguments: str) -> Command:
    parser = argparse.ArgumentParser()
    window.add_parser(parser.add_subparsers())
    return window._command(parser.parse_args(["window", *arguments]))


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (["--capture", "--delay", "2"], Command("capture", delay_s=2.0)),
        (["--copy-text"], Command("copy-text")),
        (["--copy-text", "--delay", "1.5"], Command("copy-text", delay_s=1.5)),
        (["--toggle"], Command("toggle")),
        (["--quit"], Command("quit")),
        ([], Command("show")),
    ],
)
def test_what_is_asked_of_the_running_program(arguments: list[str], made: Command) -> None:
    assert command(*arguments) == made


@pytest.mark.parametrize("option", ["--capture", "--copy-text"])
def test_what_makes_its_image_itself_takes_no_files(option: str, tmp_path: Path) -> None:
    file = tmp_path / "shot.png"
    file.touch()
    with pytest.raises(UserError, match=f"^{option} takes no files: it makes the image itself.$"):
        command(option, str(file))


def test_only_one_thing_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command("--capture", "--copy-text")
    assert "not allowed with argument" in capsys.readouterr().err

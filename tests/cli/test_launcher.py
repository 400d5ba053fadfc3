"""The script of the shell that starts the program's Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[2] / "scripts" / "bin" / "desktop-vlm"
FAKE = """#!/bin/sh
exec 9> "$SEEN"
for number in 0 1 2; do [ -e "/dev/fd/$number" ] && printf '%s' "$number" >&9; done
printf '|%s' "$@" >&9
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell scripts")


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """The launcher beside a program that writes down which streams it has, and its arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(LAUNCHER, folder)
    (folder / "desktop-vlm-python").write_text(FAKE)
    (folder / "desktop-vlm-python").chmod(0o755)
    return folder


def seen(bin_folder: Path, line: str) -> bytes:
    """What the program was given by a line of sh."""
    file = bin_folder / "seen"
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "SEEN": str(file)}
    done = subprocess.run(["sh", "-c", line], cwd=bin_folder, env=environment, capture_output=True, check=True)
    assert done.stderr == b""
    return file.read_bytes()


@pytest.mark.parametrize(
    ("streams", "open_ones"),
    [
        ("</dev/null", b"012"),
        ("</", b"12"),
        ("</dev/null 1</", b"02"),
        ("</dev/null 2</", b"01"),
        ("</ 1</ 2</", b""),
        ("<&- 1</", b"2"),
        ("<&- >&- 2>&-", b""),
        ("</ >&-", b"2"),
    ],
)
def test_a_stream_that_is_a_folder_is_closed(bin_folder: Path, streams: str, open_ones: bytes) -> None:
    assert seen(bin_folder, f"desktop-vlm ask {streams}") == open_ones + b"|ask"


def test_arguments_stay_the_bytes_that_they_are(bin_folder: Path) -> None:
    line = "desktop-vlm ask '' 'a  b' \"$(printf 'caf\\351')\" -- -n"
    assert seen(bin_folder, line) == b"012|ask||a  b|caf\xe9|--|-n"


def test_it_is_found_by_a_link_from_another_folder(bin_folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(bin_folder / "desktop-vlm")
    assert seen(bin_folder, f"'{link}' q") == b"012|q"


def test_it_starts_the_installed_program() -> None:
    installed = Path(sys.executable).with_name("desktop-vlm")
    if not installed.exists():
        pytest.skip("the program is not installed beside this interpreter")
    found = subprocess.run(f"'{installed}' ask - q </", shell=True, capture_output=True, check=False)
    assert found.returncode == 2
    assert found.stderr.startswith(b"desktop-vlm: stdin is closed or a folder;")

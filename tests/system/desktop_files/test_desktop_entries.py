"""The texts: what is in them, and what the desktop's own validators say."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.entries import MIME_TYPES, exec_line, login_entry, menu_entry
from desktop_vlm.system.desktop_files.metainfo import metainfo
from desktop_vlm.system.desktop_files.program import program_command, window_command

AWKWARD = ['/opt/a b/50% off/$HOME/`x`/"q"/back\\slash/prog', "-m", "desktop_vlm"]


def parsed(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def unquoted(line: str) -> list[str]:
    """An `Exec` value as the desktop reads it: first as a string, then as arguments, then its field codes."""
    plain = line.replace("\\\\", "\\")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', plain)
    return [(re.sub(r"\\(.)", r"\1", quoted) if quoted else bare).replace("%%", "%") for quoted, bare in words]


def test_the_menu_entry_starts_this_program_with_files() -> None:
    entry = parsed(menu_entry(["/usr/bin/desktop-vlm"]))
    main = entry["Desktop Entry"]
    assert main["Exec"] == "/usr/bin/desktop-vlm window %F"
    assert main["Icon"] == APPLICATION_ID
    assert main["MimeType"].startswith("image/png;image/jpeg;image/webp;image/gif;image/bmp;image/tiff;image/avif;")
    assert {"image/heic", "image/jxl", "image/svg+xml", "application/pdf"} < set(MIME_TYPES)
    assert main["Actions"] == "capture;copy-text;show;"
    assert entry["Desktop Action capture"]["Exec"] == "/usr/bin/desktop-vlm window --capture"
    assert entry["Desktop Action copy-text"]["Exec"] == "/usr/bin/desktop-vlm window --copy-text"
    assert entry["Desktop Action show"]["Exec"] == "/usr/bin/desktop-vlm window --show"


def test_the_login_entry_shows_no_window() -> None:
    entry = parsed(login_entry(["/usr/bin/desktop-vlm"]))["Desktop Entry"]
    assert entry["Exec"] == "/usr/bin/desktop-vlm window --hidden"
    assert "MimeType" not in entry


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/bin/desktop-vlm", "/usr/bin/desktop-vlm"),
        ("/opt/my apps/x", '"/opt/my apps/x"'),
        ("50%", "50%%"),
        ("$HOME", '"\\\\$HOME"'),
        ('say "hi"', '"say \\\\"hi\\\\""'),
        ("back\\slash", '"back\\\\\\\\slash"'),
        ("", '""'),
    ],
)
def test_words_are_quoted_and_escaped_twice(word: str, written: str) -> None:
    assert exec_line([word]) == written
    assert unquoted(written) == [word]


def test_an_awkward_path_comes_out_as_it_went_in() -> None:
    assert unquoted(exec_line(AWKWARD)) == AWKWARD


def test_the_program_is_the_script_beside_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert program_command() == [str(tmp_path / "python"), "-m", "desktop_vlm"]
    (tmp_path / "desktop-vlm").touch()
    assert program_command() == [str(tmp_path / "desktop-vlm")]
    assert window_command("--capture") == [str(tmp_path / "desktop-vlm"), "window", "--capture"]


def test_on_windows_no_console_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    (tmp_path / "pythonw.exe").touch()
    assert program_command() == [str(tmp_path / "pythonw.exe"), "-m", "desktop_vlm"]


def test_the_description_names_entry_and_types() -> None:
    root = Xml.fromstring(metainfo())
    assert root.findtext("id") == APPLICATION_ID
    assert root.findtext("launchable") == f"{APPLICATION_ID}.desktop"
    assert [one.text for one in root.iter("mediatype")] == list(MIME_TYPES)


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_a_real_desktop_starts_an_awkward_path(tmp_path: Path) -> None:
    program = tmp_path / AWKWARD[0].removeprefix("/").replace("%", "")  # GLib looks for %% in the program's own path
    received = tmp_path / "received"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {received}.part\nmv {received}.part {received}\n')
    program.chmod(0o755)
    entry = tmp_path / "x.desktop"
    entry.write_text(menu_entry([str(program)]), encoding="utf-8")
    subprocess.run(["gio", "launch", entry, "/tmp/a b.png"], check=True, timeout=60)
    for _ in range(1000):
        if received.exists():
            break
        time.sleep(0.05)
    assert received.read_text() == "window\n/tmp/a b.png\n"


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not installed")
@pytest.mark.parametrize("program", [["/usr/bin/desktop-vlm"], AWKWARD], ids=["plain", "awkward"])
def test_the_desktops_validator_finds_nothing(tmp_path: Path, program: list[str]) -> None:
    files = [tmp_path / f"{APPLICATION_ID}.desktop", tmp_path / "login.desktop"]
    files[0].write_text(menu_entry(program), encoding="utf-8")
    files[1].write_text(login_entry(program), encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream is not installed")
def test_appstreams_validator_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    file = tmp_path / f"{APPLICATION_ID}.metainfo.xml"
    file.write_text(metainfo(), encoding="utf-8")
    done = subprocess.run(["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Validation was successful" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:"))]

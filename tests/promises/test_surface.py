"""Promise 7: no port is opened, no argument holds a secret, and nothing is loaded from the current folder."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import llama_cpp
import pytest

import desktop_vlm
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.reader_client import ReaderClient
from desktop_vlm.system.own_modules import child_command
from tests.promises.conftest import LIBRARIES, PLANTED, SECRET, Asked, Place
from tests.promises.processes import Child, listening, words_of
from tests.service.test_decoder import PDF

MODULES = ("worker", "decoder", "formulas", "reader", "job")


def test_nothing_of_the_current_folder_is_loaded(asked: Asked) -> None:
    assert asked.code == 0, asked.err
    assert asked.loaded == ()
    planted = {one.stem for one in asked.place.iterdir()}
    assert planted >= set(PLANTED)
    assert not shutil.which("cc") or planted >= {f"lib{name}" for name in LIBRARIES}


def test_what_is_planted_would_be_loaded(hostile: Place) -> None:
    """What the test above rests on: Python alone loads it, and so does whoever opens a library by its name."""
    would = hostile.run(sys.executable, "-c", "import tomlkit, ctypes")
    if (hostile.folder / "libstrange.so").exists():
        ctypes.CDLL(str(hostile.folder / "libstrange.so"))
    loaded = hostile.loaded()
    for mark in hostile.marks.iterdir():
        mark.unlink()
    assert would.returncode == 0
    assert {"tomlkit", "ctypes"} <= set(loaded)
    assert "library" in loaded or not (hostile.folder / "libstrange.so").exists()


def test_the_installed_program_takes_no_module_of_its_own_name_from_there(hostile: Place) -> None:
    program = shutil.which("desktop-vlm", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("it is not installed here")
    planted = hostile.folder / "desktop_vlm.py"
    planted.write_text(f"open({str(hostile.marks / 'own')!r}, 'w').close()\n", encoding="utf-8")
    try:
        done = hostile.run(program, "--version")
    finally:
        planted.unlink()
    assert done.stdout.startswith("desktop-vlm ")
    assert hostile.loaded() == ()


@pytest.mark.skipif(sys.platform != "linux", reason="by the process table")
@pytest.mark.parametrize("module", MODULES)
def test_our_processes_listen_nowhere_and_have_no_words_of_their_work(module: str) -> None:
    with Child(module) as child:
        assert child.greets()
        assert listening(child.pid) == []
        assert words_of(child.pid) == [sys.executable, "-P", "-m", f"desktop_vlm.service.{module}"]


@pytest.mark.skipif(sys.platform != "linux", reason="by the process table")
def test_while_they_work_neither() -> None:
    client = DecoderClient()
    try:
        list(client.images(PDF, f"{SECRET}.pdf", what="pages", password=SECRET))
        (child, _), *_ = client._idle
        assert listening(child.pid) == []
        assert SECRET not in " ".join(words_of(child.pid))
    finally:
        client.close()
    with ReaderClient() as reader:
        reader.start()
        assert SECRET not in " ".join(words_of(reader.pid))


def test_listening_is_seen() -> None:
    """What the tests above rest on."""
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == b"1\n"
        assert len(listening(process.pid)) == 1
        process.stdin.write(b"\n")


def test_the_cache_that_scanners_flag_is_never_made() -> None:
    """llama-cpp-python brings diskcache along, which reads pickles from its folder (SECURITY.md)."""
    package = Path(desktop_vlm.__file__).parent
    users = [
        path.name
        for path in package.rglob("*.py")
        if re.search(r"diskcache|LlamaDiskCache|llama_cache|llama_cpp\.server", path.read_text(encoding="utf-8"))
    ]
    assert users == []
    assert "LlamaDiskCache" in (Path(llama_cpp.__file__).parent / "llama_cache.py").read_text(encoding="utf-8")


def test_a_program_is_started_as_a_module_of_where_it_is_installed() -> None:
    assert child_command("a.b")[1:] == ("-P", "-m", "a.b")

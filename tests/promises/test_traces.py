"""Promise 11: questions and images reach no disk and no log unless they are saved."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles
from tests.promises.conftest import PIXELS, SECRET, Asked, Place

WORDS = SECRET.encode()
CRASHING = """
import os, signal, sys
from desktop_vlm import backend
from desktop_vlm.cli.main import main
def chat(*_, **__):
    os.kill(os.getpid(), signal.SIGSEGV)
backend.Model.chat = chat
sys.exit(main())
"""


TELLING = """
import os, resource
def work():
    print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
    os._exit(0)
"""


def files_with(folder: Path, words: bytes) -> list[str]:
    """Names of the files under a folder that hold these bytes, also as UTF-16."""
    forms = (words, words.decode("latin-1").encode("utf-16-le"))
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def test_a_question_leaves_nothing_behind(asked: Asked) -> None:
    assert asked.code == 0
    for folder in (asked.home, asked.place):
        assert files_with(folder, WORDS) == []
        assert files_with(folder, PIXELS * 8) == []
    assert SECRET not in asked.err  # which --verbose makes long
    assert len(asked.err) > 500


def test_what_is_left_behind_would_be_found(hostile: Place) -> None:
    """What the test above rests on."""
    left = hostile.home / "tmp" / "left"
    left.write_bytes(b"x" * 5000 + WORDS + PIXELS * 9)
    assert files_with(hostile.home, WORDS) == files_with(hostile.home, PIXELS * 8) == ["tmp/left"]
    left.write_bytes(SECRET.encode("utf-16-le"))
    assert files_with(hostile.home, WORDS) == ["tmp/left"]
    left.unlink()


@pytest.fixture
def _cores_allowed() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.skipif(sys.platform != "linux", reason="a command has a child of its own only there")
@pytest.mark.usefixtures("_cores_allowed")
def test_a_crash_in_the_middle_leaves_nothing_either(hostile: Place, model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    before = {path.name for path in hostile.folder.iterdir()}
    command = [sys.executable, "-P", "-c", CRASHING, "--verbose", "ask", "--model", str(files.text), "--ctx", "256"]
    done = hostile.run(*command, "--threads", "1", f"What is {SECRET}?")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("desktop-vlm: The engine stopped: it crashed (signal 11)")
    assert SECRET not in done.stderr
    assert {path.name for path in hostile.folder.iterdir()} == before  # no core file
    assert files_with(hostile.home, WORDS) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core files")
@pytest.mark.usefixtures("_cores_allowed")
@pytest.mark.parametrize(
    "start",
    [
        "from desktop_vlm.cli.supervision import supervised; supervised(work, print)",
        "from desktop_vlm.ui.app import program\nprogram._log_to = lambda _: work()\nprogram.run('name', None)",
        "from desktop_vlm.service.pipes import prepare_process; prepare_process(); work()",
    ],
    ids=["ask", "window", "child"],
)
def test_cores_are_off(start: str, tmp_path: Path) -> None:
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("here nobody may write core files")
    code = f"{TELLING}\n{start}"
    environment = {**os.environ, "DESKTOP_VLM_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.strip() in {"0", "1"}, done.stderr  # 1 is less than any core file, and "never" for programs

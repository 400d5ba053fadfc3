"""`desktop-vlm import`: lists, plans, writes, refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.cli.main import EXIT_INTERRUPTED, EXIT_USER_ERROR, main
from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.library import ModelsFolder
from tests.ollama import add_model, write_new_form, write_old_form
from tests.ollama.full_size import write_full_size

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def ollama(model_files: Callable[..., ModelFiles], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ollama's folder, which the environment leads to, and no other."""
    models = tmp_path / "disk" / "models"
    own = model_files("alpha", "Q8_0")
    add_model(models, write_old_form(own, tmp_path / "old").layers, tag="11b")
    add_model(models, write_new_form(own, tmp_path / "new").layers)
    add_model(models, {"model": own.text, "projector": own.mmproj}, name="llava")
    monkeypatch.setenv("OLLAMA_MODELS", str(models))
    monkeypatch.setenv("HOME", str(tmp_path))
    return models


@pytest.mark.usefixtures("ollama")
def test_without_a_path_it_lists_what_ollama_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in ("llama3.2-vision:11b", "llama3.2-vision:latest"):
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}  ("))
        assert lines[at + 1] == "  Llama 3.2 Vision as Ollama has it (mllama): written again, without requantising."
    assert lines[lines.index("llava:latest") + 1] == "  Used where it is; nothing is written."
    assert lines[-1] == "Import one with: desktop-vlm import NAME"


def test_without_ollama_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop_vlm.acquire.sources.find_folders", list)
    monkeypatch.setattr("desktop_vlm.acquire.found_models.find_folders", list)
    assert main(["import"]) == 0
    assert capsys.readouterr().out.startswith(
        "There is no folder of Ollama's on this computer. Give the path of a GGUF"
    )
    assert main(["import", "llama3.2-vision"]) == EXIT_USER_ERROR
    assert "llama3.2-vision is no file or folder here, and Ollama is not here, or has no models." in (
        capsys.readouterr().err
    )
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("ollama")
def test_a_model_is_imported_by_its_name_and_then_asked_by_it(
    home: ModelsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "llama3.2-vision:11b"]) == 0
    output, errors = capsys.readouterr()
    (entry,) = home.entries()
    assert f"Language model:   {entry.folder}/llama3.2-vision-11b-text-Q8_0.gguf" in output
    assert f"Vision projector: {entry.folder}/llama3.2-vision-11b-mmproj-Q8_0.gguf" in output
    assert 'desktop-vlm ask --model llama3.2-vision-11b image.png "What is in this image?"' in output
    assert "taken to be interleaved" in output
    assert "100% " in errors
    assert main(["import", "llama3.2-vision:11b"]) == 0
    assert "llama3.2-vision:11b is here already." in capsys.readouterr().out
    assert len(home.entries()) == 1
    assert main(["ask", "--model", entry.id, "--max-tokens", "1", "Hello"]) == 0


def test_a_dry_run_writes_nothing(ollama: Path, home: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    for source in ("llama3.2-vision", str(next((ollama / "blobs").iterdir())), str(ollama.parent)):
        arguments = ["--name", "llama3.2-vision:11b"] if source == str(ollama.parent) else []
        assert main(["import", source, "--dry-run", *arguments]) == 0
    assert "to write: " in capsys.readouterr().out
    assert not home.path.exists()


def test_files_go_where_asked(ollama: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        assert main(["import", "llama3.2-vision", "--out", str(out), "--cross-rows", "plain"]) == 0
    output = capsys.readouterr().out
    assert "Everything is finished already, nothing to do." in output
    assert "plain, as asked" in output
    assert sorted(path.name.split("-", 3)[-1].split("-")[0] for path in out.iterdir()) == ["mmproj", "text"]
    assert main(["import", "llava", "--out", str(out / "pair"), "--files", "link"]) == 0
    pair = sorted(map(str, (out / "pair").iterdir()))
    assert main(["import", *pair, "--dry-run"]) == main(["import", *reversed(pair), "--dry-run"]) == 0
    assert main(["import", *pair, *pair]) == EXIT_USER_ERROR
    assert {path.stat().st_ino for path in (out / "pair").iterdir()} <= {
        path.stat().st_ino for path in (ollama / "blobs").iterdir()
    }


@pytest.mark.usefixtures("ollama")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mistral"], "mistral is no file or folder here, and Ollama has these models: llama3.2-vision:11b, "),
        (["llama3.2-vision:90b"], "no file or folder here"),
        (["/nowhere/model.gguf"], "/nowhere/model.gguf is no file or folder here"),
        ([os.devnull], "is not an ordinary file"),
        (["."], "is no language model in GGUF"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", *arguments]) == EXIT_USER_ERROR
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.splitlines()) == 1


def test_an_interrupt_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    files = write_full_size("11B", "new", tmp_path)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "desktop_vlm", "import", str(files.model), "--out", str(out)]
    with subprocess.Popen([*command, "--cross-rows", "plain"], stdout=subprocess.DEVNULL) as process:
        deadline_s = time.monotonic() + 60
        while not any(out.glob("*.partial")) and time.monotonic() < deadline_s:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == EXIT_INTERRUPTED
    assert list(out.iterdir()) == []

"""`desktop-vlm models`, and the names of installed models elsewhere."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from desktop_vlm.acquire.pull_plan import key_of
from desktop_vlm.acquire.target import read_target
from desktop_vlm.api.library import PartialModel
from desktop_vlm.cli.main import EXIT_ENGINE_ERROR, EXIT_USER_ERROR, main
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.partial import note_partial
from tests.cli.conftest import REPO

ID = "tiny-gguf-q4_k_m"


@pytest.fixture
def model(home: ModelsFolder, hub_with_pair: object, capsys: pytest.CaptureFixture[str]) -> ModelsFolder:
    """The models folder, with one model in it."""
    assert hub_with_pair
    assert main(["pull", REPO]) == 0
    capsys.readouterr()
    return home


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["models", *arguments]) == 0
    return capsys.readouterr().out


def test_an_empty_folder_says_how_to_get_one(home: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"There are no models in {home.path} yet" in output(capsys)
    assert json.loads(output(capsys, "--json"))["models"] == []
    assert not home.path.exists()


def test_models_are_listed(model: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["list"]):
        text = output(capsys, *arguments)
        assert f"{ID}  (Tiny-GGUF)" in text
        assert "Q4_K_M, vision Q8_0; 18.0 MB" in text
    for arguments in (["--json"], ["list", "--json"]):
        (found,) = json.loads(output(capsys, *arguments))["models"]
        assert (found["id"], found["text_type"], found["is_owned"]) == (ID, "Q4_K_M", True)
        assert Path(found["text"]).parent == model.path / ID


def test_a_stopped_download_is_listed_and_deleted(model: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    key = key_of(read_target("org/other"))
    with model.working(key) as work:
        note_partial(work, PartialModel(key, "Other Q8_0", "org/other", "Q8_0", "", 100_000, 10**6))
    text = output(capsys)
    assert f"{key}  (Other Q8_0, stopped)\n  10% 0.1 MB of 1.0 MB is here" in text
    assert "go on with `desktop-vlm pull org/other:Q8_0`" in text
    output(capsys, "remove", key, "--yes")
    assert not (model.path / ".partial" / key).exists()


def test_removing_asks(
    model: ModelsFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["models", "remove", ID]) == EXIT_USER_ERROR
    assert "Delete Tiny-GGUF Q4_K_M, 18.0 MB? Say so with --yes." in capsys.readouterr().err

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert main(["models", "remove", "Tiny-GGUF"]) == EXIT_USER_ERROR
    assert "Nothing was deleted." in capsys.readouterr().err
    assert len(model.entries()) == 1
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert "Tiny-GGUF is deleted." in output(capsys, "remove", ID)
    assert not (model.path / ID).exists()


def test_renaming_and_verifying(model: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Tiny-GGUF is named My model now." in output(capsys, "rename", ID, "My model")
    assert "My model Q4_K_M is whole." in output(capsys, "verify")
    file = model.path / ID / "tiny-Q4_K_M.gguf"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert main(["models", "verify", "My model"]) == EXIT_USER_ERROR
    text, errors = capsys.readouterr()
    assert "My model Q4_K_M has problems:\n  tiny-Q4_K_M.gguf has another content" in text
    assert "get or convert these models again" in errors


@pytest.mark.usefixtures("model")
def test_without_an_engine_models_are_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("verify", "unrecorded"):
        monkeypatch.setitem(sys.modules, f"desktop_vlm.acquire.{name}", None)
    assert ID in output(capsys)
    assert main(["models", "verify"]) == EXIT_ENGINE_ERROR
    assert "The engine cannot be loaded" in capsys.readouterr().err


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("command", [["remove", "--yes"], ["verify"], ["rename", "--"]])
def test_names_that_are_none(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["models", *command, "na\udce4me", *(["x"] if command[0] == "rename" else [])]
    assert main(arguments) == EXIT_USER_ERROR
    assert "There is no model naäme" in capsys.readouterr().err


def test_ask_takes_an_installed_model_by_its_name(model: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ask", "--max-tokens", "1", "--ctx", "64", "Hello"]
    for name in (ID, "tiny-gguf"):
        assert main([*arguments, "--model", name]) == 0
    assert [bool(one["last_used"]) for one in json.loads(output(capsys, "--json").split("\n", 2)[2])["models"]] == [
        True
    ]
    (model.path / ID / "tiny-Q4_K_M.gguf").unlink()
    assert main([*arguments, "--model", ID]) == EXIT_USER_ERROR
    assert "tiny-Q4_K_M.gguf is gone: get the model again" in capsys.readouterr().err
    assert main([*arguments, "--model", "nothing"]) == EXIT_USER_ERROR
    assert "There is no model nothing" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_knows_the_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for words in ("pull", "models", "verify", "dry-run", "install-desktop"):
        assert words in script, words

"""`desktop-vlm pull` against a hub on this computer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_vlm.cli.main import EXIT_INTERRUPTED, EXIT_USER_ERROR, main
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.partial import find_partial
from tests.cli.conftest import REPO
from tests.hub.faults import answer_with, slow
from tests.hub.server import HubServer
from tests.quickest import best_s

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.usefixtures("hub_with_pair")
def test_a_model_is_pulled_and_then_here(home: ModelsFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pull", REPO]) == 0
    output, errors = capsys.readouterr()
    assert f"Language model:   {home.path}/tiny-gguf-q4_k_m/tiny-Q4_K_M.gguf" in output
    assert 'desktop-vlm ask --model tiny-gguf-q4_k_m image.png "What is in this image?"' in output
    assert "100% " in errors
    assert main(["pull", f"{REPO}:q4_k_m", "--offline"]) == 0
    assert "Tiny-GGUF Q4_K_M is here already." in capsys.readouterr().out
    assert len(home.entries()) == 1


def test_a_dry_run_says_all_and_fetches_nothing(
    hub_with_pair: HubServer, home: ModelsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pull", REPO, "--dry-run"]) == 0
    output = capsys.readouterr().out
    for words in (
        "Tiny-GGUF Q4_K_M, vision Q8_0",
        f"from      {REPO} at ",
        "licence   see ",
        "download  ",
        "finished GGUF",
    ):
        assert words in output, words
    assert hub_with_pair.content_requests("*.gguf") == []
    assert not home.path.exists()


def test_the_catalogue_is_listed_without_a_hub(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pull", "--list"]) == 0
    output = capsys.readouterr().out
    assert "llama-3.2-11b-vision  (Llama 3.2 Vision 11B)" in output
    assert "European Union" in output
    assert max(len(line) for line in output.splitlines()) <= 100


def test_conditions_are_said_before_anything_is_downloaded(
    hub_with_pair: HubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = "meta-llama/Llama-3.2-11B-Vision-Instruct"
    hub_with_pair.add(repo, {"config.json": b"{}", "model.safetensors": b""}, gated="manual", members=("hf_x",))
    assert main(["pull", "llama-3.2-11b-vision"]) == EXIT_USER_ERROR
    errors = capsys.readouterr().err
    assert (
        errors.index("Llama 3.2 Community License, https://") < errors.index("European Union") < errors.index("gated")
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pull"], "Say which model to get"),
        (["pull", "nothing"], "no model of the catalogue"),
        (["pull", "smolvlm2-500m:Q9"], "choose Q8_0, F16"),
        (["pull", "org/none"], "There is no repository org/none"),
        (["pull", REPO, "--vision-type", "Q2_K"], "no vision projector in Q2_K"),
        (["pull", REPO, "--offline"], "--offline forbids downloading"),
    ],
)
@pytest.mark.usefixtures("hub_with_pair")
def test_what_cannot_be_is_one_sentence(
    arguments: list[str], sentence: str, home: ModelsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == EXIT_USER_ERROR
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith("desktop-vlm: ")
    assert sentence in errors
    assert errors.count("\n") == 1
    assert not home.path.exists()


def test_a_setting_forbids_the_network_too(
    hub_with_pair: HubServer, home: ModelsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    config = home.path.parents[1] / "config"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text("[downloads]\noffline = true\n", encoding="utf-8")
    assert main(["pull", REPO]) == EXIT_USER_ERROR
    assert "the setting Stay offline forbids" in capsys.readouterr().err
    assert hub_with_pair.seen == []


@pytest.mark.usefixtures("hub_with_pair")
def test_a_folder_of_the_settings_is_used(home: ModelsFolder, tmp_path: Path) -> None:
    config, other = home.path.parents[1] / "config", tmp_path / "other models"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text(f"[downloads]\nfolder = {str(other)!r}\n", encoding="utf-8")
    assert main(["pull", REPO]) == 0
    assert len(ModelsFolder(other).entries()) == 1
    assert not home.path.exists()


def test_a_damaged_hub_is_a_sentence(hub_with_pair: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    hub_with_pair.misbehave("*", answer_with(404), where="api")
    assert main(["pull", REPO]) == EXIT_USER_ERROR
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_ctrl_c_keeps_what_arrived(hub_with_pair: HubServer, home: ModelsFolder) -> None:
    hub_with_pair.misbehave("*.gguf", slow(300_000))
    assert best_s(lambda: seconds_to_end_a_pull(home), 2) < 2  # alone it takes 0.3 s
    hub_with_pair.behave()
    assert main(["pull", REPO]) == 0
    assert find_partial(home) == ()


def seconds_to_end_a_pull(home: ModelsFolder) -> float:
    """From Ctrl+C, once some arrived, to the end of a program that pulls."""
    shutil.rmtree(home.path, ignore_errors=True)
    process = subprocess.Popen([sys.executable, "-m", "desktop_vlm", "pull", REPO], stderr=subprocess.PIPE, text=True)
    try:
        until_s = time.monotonic() + 60
        while not any(one.done_bytes > 100_000 for one in find_partial(home)):
            assert time.monotonic() < until_s
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        pressed_s = time.monotonic()
        _, errors = process.communicate(timeout=60)
        took_s = time.monotonic() - pressed_s
    finally:
        process.kill()
        process.wait()
    assert process.returncode == EXIT_INTERRUPTED
    assert "what arrived is kept" in errors
    assert "Traceback" not in errors
    return took_s

"""`desktop-vlm bench`: its figures belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from desktop_vlm.cli.main import main
from desktop_vlm.cli.predict import IS_PREDICTION
from desktop_vlm.convert import ModelFiles
from desktop_vlm.diagnostics.bench import HOOKED, PLAIN, STOPPED, WITH_IMAGE
from desktop_vlm.models import catalogue

FAST = ["--prompt", "16", "--generate", "4", "--repeat", "2", "--ctx", "64", "--threads", "1"]


def test_json_has_every_row(model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--model", str(model_files("alpha").text), *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result["rows"]) == [PLAIN, HOOKED, STOPPED, WITH_IMAGE]
    assert result["rows"][PLAIN]["decode_ratio"] == 1.0
    assert all(row["decode_ratio"] > 0 for row in result["rows"].values())
    assert result["encode_ms"] > 0
    assert result["n_threads"] == 1


def test_the_table_of_a_text_only_model(
    model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = tmp_path_factory.mktemp("alone") / "text.gguf"
    alone.symlink_to(model_files("alpha").text)
    assert main(["bench", "--model", str(alone), *FAST]) == 0
    table = capsys.readouterr().out
    assert PLAIN in table
    assert WITH_IMAGE not in table
    assert "encode" not in table


def test_a_prediction_is_marked_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--predict", "RTX 4060", "--model", "llama-3.2-11b-vision"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("GeForce RTX 4060: 8 GB, 272 GB/s")
    assert IS_PREDICTION in said
    assert re.search(r"Llama 3.2 Vision 11B Q4_K_M .* \d+ - \d+ t/s", said)


def test_a_prediction_for_all_models_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--predict", "rtx 2060 6 gb", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["prediction"] == IS_PREDICTION
    assert result["gpu"]["memory_gib"] == 6
    assert len(result["models"]) == len(catalogue.catalogue())
    by_name = {one["model"]: one for one in result["models"]}
    assert by_name["Llama 3.2 Vision 90B Q4_K_M"]["fits"] == "no"
    speed = by_name["LLaVA 1.5 7B Q4_K_M"]["decode_tokens_per_s"]
    assert 0 < speed["low"] < speed["high"]


def test_a_prediction_for_files_that_are_here(
    model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]
) -> None:
    files = model_files("alpha")
    assert main(["bench", "--predict", "RTX 4090", "--model", str(files.text), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["models"]
    assert found["fits"] == "gpu"
    assert found["encode_s"]["low"] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["RTX 4061"], "did you mean GeForce RTX 4060"),
        (["RTX 4060", "--model", "llama-3.2-11b-vision:Q3"], "cannot be had in Q3"),
        (["RTX 4060", "--model", "nonsense"], "There is no model nonsense"),
        (["RTX 4060", "--kv-type", "Q77"], "Q77"),
    ],
)
def test_what_cannot_be_predicted(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--predict", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_list_of_gpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--predict", "list"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"GeForce RTX 4090 +24 GB +1008 GB/s +165 TFLOPS +661 TOPS", listed)

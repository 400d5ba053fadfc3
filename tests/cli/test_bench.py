"""`desktop-vlm bench`: its figures belong together."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from desktop_vlm.cli.main import main
from desktop_vlm.convert import ModelFiles
from desktop_vlm.diagnostics.bench import HOOKED, PLAIN, STOPPED, WITH_IMAGE

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

"""`desktop-vlm bench`: its figures belong together."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageColor

from desktop_vlm.cli.main import main
from desktop_vlm.cli.predict import IS_PREDICTION
from desktop_vlm.cli.status_line import StatusLine
from desktop_vlm.convert import ModelFiles
from desktop_vlm.diagnostics.bench import HOOKED, PLAIN, STOPPED, WITH_IMAGE
from desktop_vlm.diagnostics.speed.chart import OURS as OURS_COLOR
from desktop_vlm.diagnostics.speed.chart import PLAIN as PLAIN_COLOR
from desktop_vlm.families import loading
from desktop_vlm.models import catalogue
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.families.mtmd.gguf_pairs import write_pair

FAST = ["--prompt", "16", "--generate", "4", "--repeat", "2", "--ctx", "64", "--threads", "1"]


@pytest.fixture(scope="module")
def family_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Name of a tiny checkpoint -> its two files."""
    root = tmp_path_factory.mktemp("families")

    def files(name: str) -> tuple[Path, Path]:
        folder = root / name
        if not folder.exists():
            write_pair(FAMILY_CHECKPOINTS[name], folder)
        return folder / "text.gguf", folder / "mmproj.gguf"

    return files


def test_json_has_every_row(model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--model", str(model_files("alpha").text), *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result["rows"]) == [PLAIN, HOOKED, STOPPED, WITH_IMAGE]
    assert result["rows"][PLAIN]["decode_ratio"] == 1.0
    assert all(row["decode_ratio"] > 0 for row in result["rows"].values())
    assert result["encode_ms"] > 0
    assert result["n_threads"] == 1
    assert (result["n_turns"], result["is_complete"]) == (2, True)
    by_name = {one["name"]: one for one in result["figures"]}
    image = "{} x {}".format(*result["image"])
    assert list(by_name) == [
        "load the model",
        f"encode an image of {image}",
        "first token, a new image and 15 tokens",
        "second question of 32 tokens",
        "read a prompt of 16 tokens",
        "decode, text",
        "decode, text, stops between layers",
        "decode behind an image",
        "decode what stood before",
    ]
    assert by_name[f"encode an image of {image}"]["ours"] == result["encode_ms"]
    for name, row in (("decode, text", HOOKED), ("decode, text, stops between layers", STOPPED)):
        assert by_name[name]["ours"] == result["rows"][row]["decode_tokens_per_s"]
        assert by_name[name]["times_as_fast"] == pytest.approx(1 / result["rows"][row]["decode_ratio"])
    assert by_name["decode, text"]["plain"] == result["rows"][PLAIN]["decode_tokens_per_s"]
    assert list(result["passes_ms"]) == ["1", "2", "4", "8", "16"]
    assert "llama.cpp itself cannot run this vision projector" in result["notes"][0]


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
    assert re.search(r"decode, text +[\d,.]+ tokens/s +[\d,.]+ tokens/s +\d+\.\d{3}\n", table)
    assert "medians of 2 turns" in table


@pytest.mark.parametrize("ending", ["svg", "PNG"])
def test_the_table_as_a_chart(
    model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"chart.{ending}"
    assert main(["bench", "--model", str(model_files("alpha").text), *FAST, "--json", "--picture", str(path)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == [path]
    if ending == "svg":
        words = [one.text for one in ElementTree.parse(path).iter() if one.text and one.text.strip()]
        assert words[0] == result["model"]
        compared = next(one for one in result["figures"] if one["name"] == "decode, text")
        assert {f"{compared['ours']:,.1f} tokens/s", f"{compared['plain']:,.1f} tokens/s"} <= set(words)
    else:
        with Image.open(path) as image:
            assert (image.format, image.width) == ("PNG", 1920)
            colors = {color for _, color in image.getcolors(1 << 20) or []}
            assert {ImageColor.getrgb(OURS_COLOR), ImageColor.getrgb(PLAIN_COLOR)} <= colors


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--picture", "chart.pdf"], "must end with .svg or .png"),
        (["--picture", "no/such/chart.svg"], "no folder"),
        (["--picture", "folder.svg"], "is a folder"),
        (["--image", "560"], "no size of an image"),
        (["--image", "0x20"], "no size of an image"),
    ],
)
def test_what_cannot_be_drawn_is_said_before_anything_is_measured(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    monkeypatch.setattr(loading, "load", None)
    assert main(["bench", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["llava", "pixtral", "qwen"])
def test_images_of_other_families_stand_beside_libmtmd(
    family_files: Callable[[str], tuple[Path, Path]], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, mmproj = family_files(name)
    size = ["--image", "100x60", "--ctx", "512"]
    assert main(["bench", "--model", str(text), "--mmproj", str(mmproj), *FAST, *size, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    compared = [one["name"] for one in result["figures"] if one["plain"]]
    image = "{} x {}".format(*result["image"])
    assert compared == [
        f"encode an image of {image}",
        "first token, a new image and 15 tokens",
        "read a prompt of 16 tokens",
        "decode, text",
        "decode behind an image",
        "decode what stood before",
    ]
    assert all(one["times_as_fast"] > 0 for one in result["figures"] if one["plain"])
    assert result["notes"] == []


def test_a_draft_model_is_measured(
    model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    files, alone = model_files("alpha"), tmp_path / "text.gguf"
    alone.symlink_to(files.text)
    words = ["bench", "--model", str(alone), *FAST[2:], "--prompt", "16", "--ctx", "512", "--json", "--draft"]
    assert main([*words, str(files.text)]) == 0
    result = json.loads(capsys.readouterr().out)
    (drafted,) = [one for one in result["figures"] if one["name"] == "decode with the draft model"]
    assert drafted["ours"] > 0
    assert drafted["plain"] > 0
    assert re.fullmatch(rf"{files.text.name} guessed [\d,]+ tokens, of which [\d,]+ were right.", result["notes"][-1])
    assert result["placement"].endswith(f"{files.text.name} drafts.")
    assert main([*words, str(model_files("beta").text)]) == 2
    assert "its tokenizer is another one" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "nothing.gguf")]) == 2
    assert "nothing.gguf" in capsys.readouterr().err


def test_an_image_that_does_not_fit_is_said(
    family_files: Callable[[str], tuple[Path, Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    text, mmproj = family_files("llava")
    assert (
        main(
            [
                "bench",
                "--model",
                str(text),
                "--mmproj",
                str(mmproj),
                "--prompt",
                "230",
                "--generate",
                "20",
                "--ctx",
                "256",
            ]
        )
        == 2
    )
    assert "choose a longer one (--ctx)" in capsys.readouterr().err


@pytest.fixture
def interrupted_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have Ctrl+C come at the nth part of the measurement; 0 is the first."""

    def arrange(part: int) -> None:
        left = part

        def show(_status: StatusLine, stage: str, _fraction: float) -> None:
            nonlocal left
            if stage.startswith("Measuring"):
                if left == 0:
                    signal.raise_signal(signal.SIGINT)
                left -= 1

        monkeypatch.setattr(StatusLine, "show", show)

    return arrange


def test_what_was_measured_before_ctrl_c_is_shown(
    model_files: Callable[..., ModelFiles],
    capsys: pytest.CaptureFixture[str],
    interrupted_at: Callable[[int], None],
) -> None:
    model = ["bench", "--model", str(model_files("alpha").text), *FAST]
    interrupted_at(2)
    assert main([*model, "--json"]) == 130
    result = json.loads(capsys.readouterr().out)
    assert (result["is_complete"], result["n_turns"]) == (False, 0)
    assert list(result["rows"]) == [PLAIN, HOOKED, STOPPED]
    assert result["encode_ms"] is None
    interrupted_at(5)
    assert main(model) == 130
    said = capsys.readouterr().out
    assert "decode behind an image" in said
    assert "Stopped: not everything was measured." in said
    interrupted_at(0)
    assert main(model) == 130
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "Stopped before anything was measured.\n")


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

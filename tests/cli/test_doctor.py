"""`desktop-vlm doctor`: what a person reads, what a program reads, and what is left without llama.cpp."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_vlm import __version__
from desktop_vlm.api.loaded_model import DeviceMemory
from desktop_vlm.cli.doctor import as_text
from desktop_vlm.cli.main import main
from desktop_vlm.convert import ModelFiles
from desktop_vlm.diagnostics import doctor
from desktop_vlm.diagnostics.doctor import Engine, GpuState, ModelNeed, Program, Report, TextReading
from desktop_vlm.system.gpus import InstalledGpu, NvidiaDriver, pinned_engine

GIB = 1 << 30
CPU = DeviceMemory("CPU", "A processor", False, 12 * GIB, 16 * GIB)
ENGINE = Engine("0.5", {"CPU": ["AVX", "AVX2"]}, uses_gpu=False, has_compiled_callback=False, has_scheduler=True)
MODEL = ModelNeed(
    "A model",
    text_bytes=4 * GIB,
    cross_attention_bytes=GIB,
    context_bytes=GIB // 2,
    buffers_bytes=GIB // 4,
    fits=True,
    here="all on CPU (5.8 of 12.0 GiB), vision streamed",
)


def report(**changes: object) -> Report:
    facts: dict[str, object] = {
        "program": Program("1.2", "3.11.7", "Linux", "0.3.36"),
        "engine": ENGINE,
        "problem": "",
        "n_cores": 4,
        "devices": [CPU],
        "gpus": [],
        "nvidia_driver": None,
        "n_ctx": 4096,
        "models": [MODEL],
    }
    return Report(**(facts | changes))  # type: ignore[arg-type]


def test_the_whole_report() -> None:
    idle = GpuState("NVIDIA H200", is_used=False, could_help=True, why="Do this:", command="pip install it")
    used = GpuState("AMD Navi", is_used=True, could_help=False)
    driver = NvidiaDriver("570.86.15", "12.8")
    assert (
        as_text(report(gpus=[idle, idle, used], nvidia_driver=driver))
        == """\
Versions
  desktop-vlm         1.2
  Python              3.11.7 on Linux
  llama-cpp-python    0.3.36
  NVIDIA's driver     570.86.15, runs CUDA up to 12.8
  llama.cpp           0.5
  built for CPU       AVX, AVX2
  GPU                 none that this build can use
  evaluation callback not compiled, which is slower; taken out while it has nothing to do

Devices
  CPU                 A processor                                              12.0 of 16.0 GiB free
                      4 cores to use

GPUs not used
  NVIDIA H200, 2 of them
      Do this:
      pip install it

Protection against hostile files
  more rights         shut off
  debuggers           shut off
  other files         shut off
  network, programs   shut off

What models need, in GiB, with a context of 4,096 tokens
                                                 text   vision    image KV cache  buffers    total
  A model                                        4.00        -     1.00     0.50     0.25     5.75
  image: cross-attention layers, and what encoding an image takes; buffers: working memory, program.

What will be used here
  A model                                   all on CPU (5.8 of 12.0 GiB), vision streamed
  vision streamed: the encoder's weights are streamed from disk per image, which saves their memory.

Models run on the CPU (GPU not used), and would be faster on NVIDIA H200: see above what to do."""
    )


def test_whether_text_in_images_can_be_read() -> None:
    found = as_text(report(text=TextReading((), {"rapidocr": "3.10.0", "onnxruntime": "1.32.0"})))
    assert (
        "\nText in images\n  can be read with    rapidocr 3.10.0\n                      onnxruntime 1.32.0\n\n" in found
    )
    lacking = TextReading(("rapidocr", "onnxruntime"), {"zxing-cpp": "3.1.1"}, "pip install it")
    title, what, command = as_text(report(text=lacking)).split("\n\n")[2].splitlines()
    assert (title, command.strip()) == ("Text in images", "pip install it")
    assert what.strip() == "cannot be read: rapidocr, onnxruntime not installed"


def test_what_a_system_cannot_take_from_its_processes_is_said() -> None:
    found = as_text(report(unprotected={"files": "this kernel has no Landlock"}))
    assert "  other files         not shut off: this kernel has no Landlock\n  network, programs   shut off\n" in found


def test_the_last_word_follows_from_the_gpus() -> None:
    idle = GpuState("AMD Navi", is_used=False, could_help=True)
    inside = GpuState("Intel GPU", is_used=False, could_help=False)
    gpu = DeviceMemory("CUDA0", "NVIDIA H200", True, GIB, GIB)
    last = [
        as_text(report(gpus=[idle], devices=[gpu, CPU])).splitlines()[-1],
        as_text(report(gpus=[inside])).splitlines()[-1],
    ]
    assert last == [
        "Models run on CUDA0 as far as they fit.",
        "Models run on the CPU; there is no GPU that they would surely be faster on.",
    ]


def test_a_gpu_that_is_left_alone_is_not_counted_on() -> None:
    """GIVEN two that ggml knows, wherever the system lists them THEN those say so that no model is put on."""
    both = [DeviceMemory(f"Vulkan{n}", name, True, GIB, 2 * GIB) for n, name in enumerate(("Inside", "Outside"))]
    lines = as_text(report(engine=replace(ENGINE, left_alone=("Vulkan0",)), devices=[*both, CPU])).splitlines()
    start = lines.index("Devices")
    assert [" ".join(line.split()) for line in lines[start + 1 : start + 4]] == [
        "Vulkan0 Inside 1.0 of 2.0 GiB free",
        "no model is put on it",
        "Vulkan1 Outside 1.0 of 2.0 GiB free",
    ]
    assert lines[-1] == "Models run on Vulkan1 as far as they fit."


def test_the_cpu_says_whether_our_kernels_are_used() -> None:
    found = [
        as_text(report(engine=replace(ENGINE, cpu_vision_kernels=why)))
        .split("4 cores to use\n")[1]
        .split("\n")[0]
        .strip()
        for why in (None, "", "the processor lacks AVX2")
    ]
    assert found == ["", "our vision kernels are used", "our vision kernels are not used: the processor lacks AVX2"]


def test_each_gpu_says_whether_our_kernels_are_used() -> None:
    gpus = [DeviceMemory(f"CUDA{number}", "NVIDIA T4", True, GIB, GIB) for number in range(3)]
    why = {"CUDA0": "", "CUDA1": "the GPU has compute capability 7.5, and they need 8.0"}
    text = as_text(report(engine=replace(ENGINE, vision_kernels=why), devices=[*gpus, CPU]))
    assert (
        """
  CUDA0               NVIDIA T4                                                  1.0 of 1.0 GiB free
                      our vision kernels are used
  CUDA1               NVIDIA T4                                                  1.0 of 1.0 GiB free
                      our vision kernels are not used: the GPU has compute capability 7.5, and they
                      need 8.0
  CUDA2               NVIDIA T4                                                  1.0 of 1.0 GiB free
  CPU  """
        in text
    )


def test_the_last_word_names_the_gpus_that_models_run_on() -> None:
    gpus = [DeviceMemory(f"Vulkan{n}", "It", True, GIB, GIB) for n in range(2)]
    engine = replace(ENGINE, left_alone=("Vulkan1",))
    assert as_text(report(engine=engine, devices=[*gpus, CPU])).endswith("Models run on Vulkan0 as far as they fit.")
    text = as_text(report(devices=[*gpus, CPU]))
    assert text.endswith("Models run on Vulkan0, Vulkan1 as far as they fit.")


def test_a_backend_without_features_is_listed() -> None:
    lines = as_text(report(engine=replace(ENGINE, features={"Vulkan": [], "CPU": ["AVX"]}))).splitlines()
    assert lines[5:7] == ["  built for Vulkan    yes", "  built for CPU       AVX"]


def test_lines_fit_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN this machine and unused GPUs THEN no line but one to be typed exceeds 100 columns."""
    gpus = [InstalledGpu("Intel", "Intel GPU 8086:a7a0", could_help=False)]
    monkeypatch.setattr(doctor, "installed_gpus", lambda: gpus)
    assert main(["doctor", "--ctx", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 100] == []
    assert "What models need, in GiB, with the context that each was trained with" in lines
    assert "      It shares the CPU's memory and may not be faster, so nothing is missing." in lines


def test_a_long_name_is_cut() -> None:
    processor = DeviceMemory("CPU", 60 * "p", False, GIB, GIB)
    lines = as_text(report(devices=[processor], models=[ModelNeed(60 * "m", here="not installed")])).splitlines()
    assert f"  CPU                 {50 * 'p'}…        1.0 of 1.0 GiB free" in lines
    assert f"  {40 * 'm'}… not installed" in lines


def test_an_unused_gpu_is_no_failure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed_gpus", lambda: [InstalledGpu("AMD", "AMD Navi 32", could_help=True)])
    assert main(["doctor"]) == 0
    assert "would be faster on AMD Navi 32" in capsys.readouterr().out


def test_json_is_all_of_it(model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]) -> None:
    files = model_files("alpha")
    arguments = ["--model", str(files.text), "--mmproj", str(files.mmproj), "--kv-type", "f16", "--gpu-layers", "0"]
    assert main(["doctor", "--json", "--ctx", "256", *arguments]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert (reported["n_ctx"], reported["problem"]) == (256, "")
    assert [device["name"] for device in reported["devices"]][-1] == "CPU"
    tiny = next(model for model in reported["models"] if model["name"] == files.text.stem)
    assert tiny["context_bytes"] == 2 * 5 * 256 * 64 * 2
    parts = ("text_bytes", "vision_bytes", "cross_attention_bytes", "context_bytes", "buffers_bytes")
    assert tiny["total_bytes"] == sum(tiny[part] for part in parts)
    assert tiny["reason"].startswith("All on the processor (CPU ")


def test_a_bad_model_is_the_persons_turn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "text.gguf").write_bytes(b"not one")
    assert main(["doctor", "--model", str(tmp_path)]) == 2
    assert capsys.readouterr() == ("", "desktop-vlm: text.gguf is not a GGUF file; convert or download it again.\n")


@pytest.mark.parametrize("options", [[], ["--json"], ["--model", "somewhere", "--ctx", "256"]])
def test_without_llama_cpp_the_rest_is_reported(options: list[str]) -> None:
    code = (
        "import sys; sys.modules['llama_cpp'] = None\n"
        f"from desktop_vlm.cli.main import main; sys.exit(main(['doctor', *{options}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("desktop-vlm: The engine's library cannot be loaded (")
    assert done.stderr.endswith(f"; install it again: pip install --force-reinstall --no-cache-dir {pinned_engine()}\n")
    if "--json" in options:
        reported = json.loads(done.stdout)
        assert (reported["engine"], reported["devices"], reported["models"]) == (None, [], [])
        assert reported["problem"] in done.stderr
    else:
        assert done.stdout.startswith(f"Versions\n  desktop-vlm         {__version__}\n")
        assert "What models need" not in done.stdout

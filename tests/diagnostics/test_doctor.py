"""What the doctor finds: the engine's facts, why a GPU is not used, and what is planned for models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.loaded_model import DeviceMemory
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.diagnostics import doctor
from desktop_vlm.diagnostics.doctor import Engine, GpuState, Request, examine, gpu_state, need_of
from desktop_vlm.families import loading
from desktop_vlm.families.mllama.memory import VisionShape
from desktop_vlm.families.mllama.presets import known_models
from desktop_vlm.families.registry import families
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.memory import CPU
from desktop_vlm.runtime.planner import DeviceBudget, plan
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.system.gpus import InstalledGpu, install_line, pinned_engine

GIB = 1 << 30
PLAIN = Engine("1", {"CPU": ["AVX"]}, uses_gpu=False, has_compiled_callback=True, has_scheduler=True)
VULKAN = Engine("1", {"Vulkan": [], "CPU": []}, uses_gpu=False, has_compiled_callback=True, has_scheduler=True)
CUDA = Engine("1", {"CUDA": ["ARCHS 900"], "CPU": []}, uses_gpu=True, has_compiled_callback=True, has_scheduler=True)


def device(name: str, description: str, *, is_gpu: bool = True) -> DeviceMemory:
    return DeviceMemory(name, description, is_gpu, GIB, GIB)


# The engine


def test_features_are_those_that_llama_cpp_prints() -> None:
    """GIVEN llama.cpp's own line `CPU : AVX = 1 | AVX2 = 1 |` THEN the doctor has the same."""
    printed: dict[str, list[str]] = {}
    backend = ""
    for item in filter(None, map(str.strip, llama.llama_print_system_info().decode().split("|"))):
        name, _, feature = item.rpartition(" : ")
        backend = name or backend
        printed.setdefault(backend, []).append(feature.replace(" = 1", "").replace(" = ", " "))
    report = examine(Request())
    assert report.engine
    assert {name: found for name, found in report.engine.features.items() if found} == printed
    assert "AVX2" in report.engine.features["CPU"] or "NEON" in report.engine.features["CPU"]


def test_a_feature_with_a_value_shows_it() -> None:
    assert doctor._listed({"ARCHS": "750,900", "USE_GRAPHS": "1"}) == ["ARCHS 750,900", "USE_GRAPHS"]


def test_it_says_what_loading_a_model_shows(model_files: Callable[..., ModelFiles]) -> None:
    report = examine(Request())
    assert report.engine
    text = TextModel(
        model_files("alpha").text,
        n_ctx=64,
        n_batch=16,
        n_gpu_layers=0,
        n_threads=1,
        kv_type=None,
        should_stop=lambda: False,
    )
    assert report.engine.has_scheduler == (text.scheduler is not None)
    text.close()
    assert report.devices[-1].name == CPU
    assert 0 < report.devices[-1].free_bytes <= report.devices[-1].total_bytes
    assert pinned_engine() == f"llama-cpp-python=={report.program.llama_cpp_python}"
    assert report.problem == ""


# GPUs


@pytest.mark.parametrize(
    ("vendor", "name", "description"),
    [
        ("NVIDIA", "CUDA0", "Tesla T4"),
        ("NVIDIA", "Vulkan0", "NVIDIA GeForce RTX 3060"),
        ("AMD", "ROCm0", "gfx1101"),
        ("AMD", "Vulkan0", "AMD Radeon RX 7800 XT (RADV NAVI32)"),
        ("Intel", "Vulkan0", "Intel(R) Arc(tm) A770 Graphics (DG2)"),
        ("Apple", "MTL0", "M3"),
    ],
)
def test_a_gpu_that_is_used_is_known_by_its_device(vendor: str, name: str, description: str) -> None:
    gpu = InstalledGpu(vendor, "It", could_help=True)
    used = GpuState("It", is_used=True, could_help=False)
    assert gpu_state(gpu, CUDA, [device(name, description), device("CPU", "Intel", is_gpu=False)]) == used
    assert not gpu_state(gpu, CUDA, [device("CPU", f"{name} {description}", is_gpu=False)]).is_used
    other = "AMD" if vendor == "NVIDIA" else "NVIDIA"
    assert not gpu_state(InstalledGpu(other, "It", could_help=True), CUDA, [device(name, description)]).is_used


def test_an_unused_gpu_comes_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    nvidia, amd = (InstalledGpu(vendor, "It", could_help=True) for vendor in ("NVIDIA", "AMD"))
    assert gpu_state(nvidia, PLAIN, []) == GpuState(
        "It",
        is_used=False,
        could_help=True,
        why="This llama-cpp-python does not use it. With a C++ compiler and the CUDA toolkit installed, "
        "build one that does:",
        command=install_line("NVIDIA", "linux"),
    )
    assert gpu_state(amd, PLAIN, []).command == install_line("AMD", "linux")
    monkeypatch.setattr("sys.platform", "win32")
    assert gpu_state(amd, PLAIN, []).command == install_line("AMD", "win32")


@pytest.mark.parametrize(
    ("gpu", "engine", "why"),
    [
        (
            InstalledGpu("NVIDIA", "It", could_help=True),
            CUDA,
            "llama-cpp-python was built with CUDA but finds no GPU; is its driver new enough?",
        ),
        (
            InstalledGpu("NVIDIA", "It", could_help=False),
            PLAIN,
            "NVIDIA's driver is not running; install it, then ask again.",
        ),
        (
            InstalledGpu("AMD", "It", could_help=True),
            VULKAN,
            "llama-cpp-python was built with Vulkan but finds no GPU; is its driver new enough?",
        ),
        (
            InstalledGpu("Intel", "It", could_help=True),
            VULKAN,
            "llama-cpp-python was built with Vulkan but finds no GPU; is its driver new enough?",
        ),
        (
            InstalledGpu("Intel", "It", could_help=False),
            PLAIN,
            "It shares the CPU's memory and may not be faster, so nothing is missing.",
        ),
        (InstalledGpu("AMD", "It", could_help=True), None, ""),
    ],
)
def test_where_another_build_would_not_help_nothing_is_to_be_typed(
    gpu: InstalledGpu, engine: Engine | None, why: str
) -> None:
    assert gpu_state(gpu, engine, []) == GpuState("It", False, gpu.could_help, why, "")


def test_an_integrated_gpu_beside_another_is_left_alone() -> None:
    """GIVEN a laptop with both, of which ggml lists both THEN only the one that models are put on is used."""
    engine = replace(VULKAN, left_alone=("Vulkan1",))
    both = [device("Vulkan0", "NVIDIA GeForce RTX 4060"), device("Vulkan1", "AMD Radeon 780M (RADV PHOENIX)")]
    inside, gpu = InstalledGpu("AMD", "Radeon 780M", could_help=False), InstalledGpu("NVIDIA", "4060", could_help=True)
    assert gpu_state(gpu, engine, both) == GpuState("4060", is_used=True, could_help=False)
    state = gpu_state(inside, engine, both)
    assert (state.is_used, state.could_help, state.command) == (False, False, "")
    assert state.why == "It is integrated, and left alone because there is a GPU with memory of its own."
    assert gpu_state(inside, replace(engine, left_alone=()), both[1:]).is_used


# Models


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the free memory: of the CPU, and of GPUs CUDA0, CUDA1, ..., in GiB."""

    class Processor:
        def __init__(self, gib: float) -> None:
            self._n_bytes = int(gib * GIB)

        def memory(self) -> tuple[int, int]:
            return self._n_bytes, self._n_bytes

    def set_to(main_gib: float, *gpu_gib: float) -> None:
        monkeypatch.setattr("desktop_vlm.runtime.ggml.device.cpu_device", lambda: Processor(main_gib))
        gpus = [DeviceBudget(f"CUDA{i}", int(gib * GIB)) for i, gib in enumerate(gpu_gib)]
        monkeypatch.setattr(loading, "device_budgets", lambda: gpus)

    return set_to


def test_the_parts_are_the_planners(memory: Callable[..., None], model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    shape = loading.open_files(ModelRef(files.text, files.mmproj)).shape
    assert shape
    assert isinstance(shape.vision, VisionShape)
    memory(64)
    need = need_of("tiny", shape, Request(n_ctx=512))
    n_layers, n_heads_kv, head_dim, f32 = 5, 2, 32, 4
    assert need.context_bytes == 2 * n_layers * 512 * n_heads_kv * head_dim * f32
    assert need.text_bytes == sum(shape.text.layer_bytes) + shape.text.output_bytes + shape.text.embedding_bytes
    assert need.vision_bytes == sum(shape.vision.block_bytes) + shape.vision.outside_bytes
    keys = 2 * 2 * 256 * n_heads_kv * head_dim * f32  # two layers, keys and values, 68 tokens padded to 256
    assert need.cross_attention_bytes == sum(shape.vision.cross_bytes.values()) + keys
    assert need.total_bytes == plan(shape, [], 64 * GIB, LoadOptions(n_ctx=512)).needs[CPU].total
    assert (need.fits, need.here) == (True, f"all on CPU ({need.total_bytes / GIB:.1f} of 64.0 GiB)")
    memory(64, 8)
    assert need_of("tiny", shape, Request(n_ctx=512, n_gpu_layers=0)) == need
    on_gpu = need_of("tiny", shape, Request(n_ctx=512))
    assert on_gpu.here.startswith("all on CUDA0 (")
    assert on_gpu.text_bytes == need.text_bytes
    assert on_gpu.reason.startswith("All layers on GPUs (CUDA0 ")


def test_what_an_integrated_gpu_takes_is_not_there_for_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN main memory for one of both THEN it does not fit, and the sentence has the sum."""
    shape = known_models()[0].shape
    monkeypatch.setattr(
        "desktop_vlm.runtime.ggml.device.cpu_device", lambda: SimpleNamespace(memory=lambda: (4 * GIB, 16 * GIB))
    )
    gpus = [DeviceBudget("Vulkan0", 12 * GIB, shares_main_memory=True)]
    monkeypatch.setattr(loading, "device_budgets", lambda: gpus)
    need = need_of("11B", shape, Request(n_gpu_layers=33))
    chosen = plan(shape, gpus, 4 * GIB, LoadOptions(n_ctx=4096, n_gpu_layers=33))
    together = sum(part.still_free for part in chosen.needs.values())
    assert not need.fits
    assert need.here.endswith(f"CPU has 4.0 of the {together / GIB:.1f} GiB needed")


def test_what_is_chosen_is_said_in_few_words(memory: Callable[..., None]) -> None:
    shape = known_models()[0].shape
    memory(64, 24)
    assert need_of("11B", shape, Request(kv_type="q8_0")).here.endswith(" of 24.0 GiB), KV cache in Q8_0")
    memory(64, 7, 3.5)
    part = need_of("11B", known_models()[2].shape, Request())
    n, _, rest = part.here.partition(" of 33 layers on CUDA0 (")
    assert 5 < int(n) < 33
    assert rest.endswith(" of 3.5 GiB), KV cache in Q8_0, vision streamed")
    assert part.fits
    memory(4)
    none = need_of("11B", shape, Request())
    assert not none.fits
    assert none.here.startswith("does not fit: CPU has 4.0 of the ")
    assert none.here.endswith(" GiB needed")


def test_the_demo_comes_first_then_the_named_model_then_the_known_ones(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("beta")
    names = [model.name for model in examine(Request(files.text, n_ctx=128)).models]
    known = [model.name for family in families() for model in family.known_models()]
    assert names == ["The bundled demo", files.text.stem, *known]
    assert known[: len(known_models())] == [model.name for model in known_models()]
    assert known[len(known_models()) :] == [
        f"{name} Q4_K_M, vision F16"
        for name in (
            "LLaVA 1.5 7B",
            "LLaVA 1.5 13B",
            "Pixtral 12B",
            "Qwen2.5-VL 3B",
            "Qwen2.5-VL 7B",
            "Qwen2.5-VL 72B",
        )
    ]


def test_a_demo_that_is_not_installed_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise UserError("It is not installed.")

    monkeypatch.setattr(doctor, "demo_model", missing)
    demo = examine(Request()).models[0]
    assert (demo.here, demo.reason, demo.total_bytes, demo.fits) == ("not installed", "It is not installed.", 0, False)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Request(Path("none.gguf")), "There is no model none.gguf; check the path."),
        (Request(mmproj=Path("a.gguf")), "A vision projector alone is no model; name the text GGUF too, with --model."),
        (Request(n_ctx=-1), "The setting n_ctx is -1; it must be at least 0."),
        (Request(kv_type="Q9"), "There is no KV cache type Q9; choose auto or one of F32, F16, BF16, Q8_0, Q4_0."),
    ],
)
def test_wrong_requests_are_refused_in_a_sentence(asked: Request, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        examine(asked)
    assert str(refused.value) == sentence

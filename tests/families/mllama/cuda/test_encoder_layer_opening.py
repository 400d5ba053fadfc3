"""Where our own CUDA kernels are used at all, and why not elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gguf import GGMLQuantizationType as GgmlType

from benchmarks.random_model import write
from desktop_vlm.api.errors import OutOfMemoryError
from desktop_vlm.families.mllama.cuda import encoder_layer
from desktop_vlm.families.mllama.cuda.driver import CudaError
from desktop_vlm.families.mllama.cuda.encoder_layer import CudaLayer, why_unavailable
from desktop_vlm.families.mllama.cuda.requirements import UnavailableError, check_weights, log_once
from desktop_vlm.families.mllama.mmproj import Mmproj, TensorInfo, open_mmproj
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.device import Device, cpu_device
from tests.families.mllama.cuda.fake_gpu import FakeCublas, FakeGpu

WIDTH, FFN = 160, 640  # of the tiny random model
CUDA0 = Device(1, "CUDA0", "A GPU", library.DEVICE_GPU)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Mmproj]:
    folder: Path = tmp_path_factory.mktemp("tiny")
    return lambda kind: open_mmproj(write("tiny", folder, "F16", kind)[1])


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> list[FakeGpu]:
    """GPUs that are handed out, the last first."""
    left: list[FakeGpu] = []
    log_once.cache_clear()
    monkeypatch.setattr(encoder_layer, "loaded_cublas", lambda: "cublas")
    monkeypatch.setattr(encoder_layer, "Cublas", FakeCublas)
    monkeypatch.setattr(encoder_layer, "Gpu", lambda _ordinal: left.pop())
    return left


def opened(mmproj: Mmproj, device: Device = CUDA0) -> CudaLayer | None:
    return CudaLayer.open(device, mmproj.vision, mmproj.tensors)


def test_a_gpu_that_can_is_opened_and_closed(tiny: Callable[[str], Mmproj], gpus: list[FakeGpu]) -> None:
    gpu = FakeGpu()
    gpus.append(gpu)
    layer = opened(tiny("Q8_0"))
    assert layer is not None
    assert layer.shapes(8)["unpacked"] == (GgmlType.F16, (WIDTH * FFN,))
    assert gpu.calls == []
    layer.close()
    assert gpu.calls == ["enter", "close cublas", "close"]


def test_the_number_in_the_devices_name_is_the_gpus(
    tiny: Callable[[str], Mmproj], gpus: list[FakeGpu], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus += [FakeGpu(), FakeGpu()]
    asked: list[int] = []

    def gpu(ordinal: int) -> FakeGpu:
        asked.append(ordinal)
        return gpus.pop()

    monkeypatch.setattr(encoder_layer, "Gpu", gpu)
    for name in ("CUDA0", "CUDA11"):
        assert opened(tiny("F16"), replace(CUDA0, name=name))
    assert asked == [0, 11]


NOT_USED = "our own CUDA kernels are not used on {}: {}"


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        (replace(CUDA0, name="Vulkan0"), "they are for NVIDIA GPUs"),
        (replace(CUDA0, name="ROCm0"), "they are for NVIDIA GPUs"),
        (
            replace(CUDA0, name="Vulkan0", description="NVIDIA RTX 3060"),
            "llama-cpp-python was not built with CUDA (GGML_CUDA)",
        ),
        (None, ""),
    ],
)
def test_other_devices_are_left_to_ggml(
    device: Device | None,
    reason: str,
    tiny: Callable[[str], Mmproj],
    gpus: list[FakeGpu],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """GIVEN a GPU that CUDA does not run THEN none is opened and the reason is logged; of the CPU none is expected."""
    gpus.append(FakeGpu())
    with caplog.at_level(logging.INFO):
        assert opened(tiny("F16"), device or cpu_device()) is None
    assert caplog.messages == ([NOT_USED.format(device.name, reason)] if device else [])
    assert [record.levelname for record in caplog.records] == (["INFO"] if device else [])  # nothing is amiss
    assert len(gpus) == 1


def test_without_cublas_no_gpu_is_opened(
    tiny: Callable[[str], Mmproj],
    gpus: list[FakeGpu],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gpus.append(FakeGpu())
    monkeypatch.setattr(encoder_layer, "loaded_cublas", lambda: None)
    assert opened(tiny("F16")) is None
    assert len(gpus) == 1
    assert caplog.messages == [NOT_USED.format("CUDA0", "ggml did not load cuBLAS, or a release that we do not know")]


@pytest.mark.parametrize(("capability", "name"), [((6, 1), "6.1"), ((7, 5), "7.5")])
def test_older_gpus_are_closed_again(
    capability: tuple[int, int],
    name: str,
    tiny: Callable[[str], Mmproj],
    gpus: list[FakeGpu],
    caplog: pytest.LogCaptureFixture,
) -> None:
    gpu = FakeGpu(capability=capability)
    gpus.append(gpu)
    assert opened(tiny("F16")) is None
    assert gpu.calls == ["close"]
    assert caplog.messages == [NOT_USED.format("CUDA0", f"the GPU has compute capability {name}, and they need 8.0")]


def test_the_reason_is_logged_once(
    tiny: Callable[[str], Mmproj], gpus: list[FakeGpu], caplog: pytest.LogCaptureFixture
) -> None:
    """GIVEN the model is loaded three times, on two GPUs THEN each GPU has its line once."""
    gpus += [FakeGpu(capability=(7, 5)) for _ in range(3)]
    for name in ("CUDA0", "CUDA0", "CUDA1"):
        assert opened(tiny("F16"), replace(CUDA0, name=name)) is None
    assert [record.args[0] for record in caplog.records if isinstance(record.args, tuple)] == ["CUDA0", "CUDA1"]


@pytest.mark.parametrize("error", [CudaError("find the GPU", 100), OSError("libcuda.so.1: cannot open")])
def test_where_the_driver_refuses_ggml_computes(
    error: Exception,
    tiny: Callable[[str], Mmproj],
    gpus: list[FakeGpu],  # noqa: ARG001 - cuBLAS is there
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(_ordinal: int) -> None:
        raise error

    monkeypatch.setattr(encoder_layer, "Gpu", refuse)
    assert opened(tiny("F16")) is None
    assert caplog.messages == [NOT_USED.format("CUDA0", error)]


def gpu_of_an_old_driver(monkeypatch: pytest.MonkeyPatch) -> FakeGpu:
    """A GPU whose driver cannot translate the kernels."""

    def too_old(*_: object) -> None:
        raise CudaError("translate the kernels", 222)

    gpu = FakeGpu()
    monkeypatch.setattr(gpu, "load", too_old)
    return gpu


def test_a_gpu_whose_driver_is_older_than_the_kernels_is_closed_again(
    tiny: Callable[[str], Mmproj], gpus: list[FakeGpu], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = gpu_of_an_old_driver(monkeypatch)
    gpus.append(gpu)
    assert opened(tiny("F16")) is None
    assert gpu.calls == ["close cublas", "close"]


def test_where_cublas_finds_no_memory_the_gpu_is_closed_again(
    tiny: Callable[[str], Mmproj], gpus: list[FakeGpu], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutOfMemoryError("no room")

    gpu = FakeGpu()
    gpus.append(gpu)
    monkeypatch.setattr(encoder_layer, "Cublas", full)
    assert opened(tiny("F16")) is None
    assert gpu.calls == ["close"]


def test_a_device_is_looked_at_without_weights(gpus: list[FakeGpu]) -> None:
    """GIVEN a GPU that is good for the kernels and one that is not THEN both are closed again."""
    good, old = FakeGpu(), FakeGpu(capability=(7, 5))
    gpus += [old, good]
    assert why_unavailable(CUDA0) == ""
    assert why_unavailable(CUDA0) == "the GPU has compute capability 7.5, and they need 8.0"
    assert why_unavailable(replace(CUDA0, name="MTL0")) == "they are for NVIDIA GPUs"
    assert (good.calls, old.calls) == (["close cublas", "close"], ["close"])


def test_a_driver_that_cannot_translate_the_kernels_is_a_reason(
    gpus: list[FakeGpu], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = gpu_of_an_old_driver(monkeypatch)
    gpus.append(gpu)
    assert why_unavailable(CUDA0) == "The graphics driver could not translate the kernels (CUDA status 222)"
    assert gpu.calls == ["close cublas", "close"]


@pytest.mark.parametrize("kind", ["F16", "Q8_0"])
def test_types_that_fit(kind: str, tiny: Callable[[str], Mmproj]) -> None:
    mmproj = tiny(kind)
    assert mmproj.tensors["v.blk.0.ffn_up.weight"].ggml_type == GgmlType[kind]
    check_weights(mmproj.vision, mmproj.tensors)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"num_attention_heads": 4}, "heads have 40 numbers, and they need 80"),
        ({"hidden_act": "relu"}, "the activation relu is not one of gelu, gelu_pytorch_tanh, quick_gelu"),
        ({"hidden_size": 80 * 52, "num_attention_heads": 52}, "the encoder is 4,160 wide, and they take 4,096"),
    ],
)
def test_shapes_that_do_not_fit(config: Mapping[str, Any], reason: str, tiny: Callable[[str], Mmproj]) -> None:
    mmproj = tiny("F16")
    with pytest.raises(UnavailableError) as refused:
        check_weights(replace(mmproj.vision, **config), mmproj.tensors)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("v.blk.3.ffn_down.weight", GgmlType.Q4_K, "weights are Q4_K, and they take F16 and Q8_0"),
        ("v.global.blk.0.attn_k.weight", GgmlType.BF16, "weights are BF16, and they take F16 and Q8_0"),
        ("v.blk.1.attn_norm.bias", GgmlType.F16, "norms and biases are F16, and they take F32"),
        ("mm.0.weight", GgmlType.Q4_K, ""),
    ],
)
def test_one_tensor_of_another_type(name: str, kind: GgmlType, reason: str, tiny: Callable[[str], Mmproj]) -> None:
    """Those outside the layers are ggml's in any case."""
    mmproj = tiny("F16")
    other: dict[str, TensorInfo] = {name: replace(mmproj.tensors[name], ggml_type=kind)}
    found = ""
    try:
        check_weights(mmproj.vision, mmproj.tensors | other)
    except UnavailableError as refused:
        found = str(refused)
    assert found == reason


def test_a_feed_forward_width_that_does_not_fit(tiny: Callable[[str], Mmproj]) -> None:
    mmproj = tiny("F16")
    info = mmproj.tensors["v.blk.0.ffn_up.weight"]
    odd = {"v.blk.0.ffn_up.weight": replace(info, shape=(info.shape[0], 650))}
    with pytest.raises(UnavailableError, match="the feed-forward width 650 is no multiple of 32"):
        check_weights(mmproj.vision, mmproj.tensors | odd)

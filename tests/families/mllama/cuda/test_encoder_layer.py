"""What a layer puts on the GPU's stream, and where it is used at all; `test_gpu` computes with it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from ctypes import c_float, c_int, c_uint64, c_void_p
from dataclasses import dataclass, replace
from math import e, log2
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType

from benchmarks.random_model import write
from desktop_vlm.api.errors import OutOfMemoryError
from desktop_vlm.families.mllama.cuda import encoder_layer
from desktop_vlm.families.mllama.cuda.driver import CudaError
from desktop_vlm.families.mllama.cuda.encoder_layer import _KERNELS, PARTS_BYTES, CudaLayer, why_unavailable
from desktop_vlm.families.mllama.cuda.kernels import PTX
from desktop_vlm.families.mllama.cuda.requirements import UnavailableError, check_weights, log_once
from desktop_vlm.families.mllama.mmproj import Mmproj, TensorInfo, VisionEncoderConfig, open_mmproj
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.device import Device, cpu_device

WIDTH, N_HEADS, FFN = 160, 2, 640
N_ALL, N_VALID = 301, 290
FIRST_PART, SECOND_PART = 151, 150
ATTN_GATE, FFN_GATE = 0.5, -0.25
HIDDEN = 1 << 40
CONFIG = VisionEncoderConfig(
    hidden_size=WIDTH,
    num_attention_heads=N_HEADS,
    num_hidden_layers=4,
    num_global_layers=1,
    intermediate_layers_indices=(1,),
    norm_eps=1e-5,
    hidden_act="quick_gelu",
    image_size=112,
    patch_size=14,
    num_channels=3,
    max_num_tiles=4,
)
CUDA0 = Device(1, "CUDA0", "A GPU", library.DEVICE_GPU)
QKV = ("attn_q", "attn_k", "attn_v")
PRODUCTS = (*QKV, "attn_output", "ffn_up", "ffn_down", "ffn_up", "ffn_down")

KINDS = {c_void_p: "u64", c_uint64: "u64", c_float: "f32", c_int: "u32"}
ITEM_BYTES = {GgmlType.F32: 4, GgmlType.F16: 2}


@dataclass(frozen=True)
class Started:
    name: str
    grid: tuple[int, int]
    n_threads: int
    arguments: tuple[Any, ...]

    @property
    def values(self) -> list[Any]:
        return [argument.value for argument in self.arguments]


@dataclass(frozen=True)
class Product:
    name: str
    weight: int
    x: int
    out: int
    n_in: int
    n_out: int
    n_rows: int
    out_stride: int
    factor: float
    add_to_f32: bool


class FakeGpu:
    """Notes what is put on its stream; its kernels are their names."""

    def __init__(self, *, n_multiprocessors: int = 3, capability: tuple[int, int] = (8, 0)) -> None:
        self.n_multiprocessors = n_multiprocessors
        self.capability = capability
        self.calls: list[Any] = []

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: self.calls.append(name)

    def load(self, _ptx: bytes, names: tuple[str, ...]) -> dict[str, str]:
        return {name: name for name in names}

    def start(self, kernel: str, grid: tuple[int, int], n_threads: int, *arguments: Any) -> None:
        self.calls.append(Started(kernel, grid, n_threads, arguments))


class FakeCublas:
    """Notes products on the GPU's stream, in the order in which a layer has them."""

    def __init__(self, _library: object, gpu: FakeGpu) -> None:
        self.calls = gpu.calls
        self.names = iter(PRODUCTS)

    def lend(self, workspace: int) -> None:
        self.calls.append(("lend", workspace))

    def linear(self, weight: int, x: int, out: int, **how: Any) -> None:
        self.calls.append(Product(next(self.names), weight, x, out, **how))

    def close(self) -> None:
        self.calls.append("close cublas")


def tensor(address: int, kind: GgmlType, *shape: int) -> Any:
    ne = [*shape, 1, 1, 1][:4]
    nb = [ITEM_BYTES.get(kind, 1) * int(np.prod(ne[:dim])) for dim in range(4)]
    return SimpleNamespace(contents=SimpleNamespace(data=address, ne=ne, nb=nb, type=int(kind)))


class Bench:
    """A layer on a GPU that is not there, its memory and its weights."""

    def __init__(self, kind: GgmlType = GgmlType.F16, *, n_multiprocessors: int = 3, ffn: int = FFN) -> None:
        gpu: Any = FakeGpu(n_multiprocessors=n_multiprocessors)
        cublas: Any = FakeCublas(None, gpu)
        self.calls: list[Any] = gpu.calls
        self.layer = CudaLayer(gpu, cublas, CONFIG, ffn)
        self.hidden = tensor(HIDDEN, GgmlType.F32, WIDTH, N_ALL)
        self.shapes = self.layer.shapes(N_ALL)
        self.room: Any = {
            name: tensor((k + 1) << 32, of, *shape) for k, (name, (of, shape)) in enumerate(self.shapes.items())
        }
        vectors = {f"{norm}_norm.{part}": WIDTH for norm in ("attn", "ffn") for part in ("weight", "bias")}
        vectors |= {"ffn_up.bias": ffn, "ffn_down.bias": WIDTH}
        matrices = {f"{part}.weight": (WIDTH, WIDTH) for part in (*QKV, "attn_output")}
        matrices |= {"ffn_up.weight": (WIDTH, ffn), "ffn_down.weight": (ffn, WIDTH)}
        self.weights = {
            name: tensor((k + 100) << 32, kind, *shape) for k, (name, shape) in enumerate(matrices.items())
        } | {name: tensor((k + 200) << 32, GgmlType.F32, n) for k, (name, n) in enumerate(vectors.items())}

    def run(self) -> Bench:
        self.layer.run(self.hidden, self.room, self.weights, N_VALID, ATTN_GATE, FFN_GATE)
        return self

    def at(self, name: str) -> int:
        address: int = (self.weights.get(name) or self.room[name]).contents.data
        return address

    def started(self, name: str) -> list[Started]:
        return [call for call in self.calls if isinstance(call, Started) and call.name == name]

    @property
    def products(self) -> list[Product]:
        return [call for call in self.calls if isinstance(call, Product)]

    @property
    def order(self) -> list[str]:
        return [getattr(call, "name", call) for call in self.calls]


def parameters() -> dict[str, list[str]]:
    """What each kernel takes, as the PTX has it."""
    entries = re.findall(r"\.entry (\w+)\(([^)]*)\)", PTX.read_text(encoding="ascii"))
    return {name: re.findall(r"\.param \.(\w+) ", taken) for name, taken in entries}


def test_every_kernel_is_given_what_it_takes() -> None:
    bench = Bench(GgmlType.Q8_0).run()
    bench.layer.keep(bench.hidden, 64)
    started = [call for call in bench.calls if isinstance(call, Started)]
    assert {call.name for call in started} == set(_KERNELS)
    taken = parameters()
    for call in started:
        assert [KINDS[type(argument)] for argument in call.arguments] == taken[call.name], call.name


def test_the_steps_of_a_layer_in_their_order() -> None:
    bench = Bench().run()
    feed_forward = ["ffn_up", "add_bias_and_activate", "ffn_down"]
    assert bench.order == [
        "enter",
        ("lend", bench.at("workspace")),
        *("layer_norm", *QKV, "attention", "join_attention", "attn_output"),
        *("layer_norm", *feed_forward, *feed_forward),
        "wait_for_the_mark_before",
    ]


def test_products_read_and_write_where_they_should() -> None:
    bench = Bench().run()
    normed, wide = bench.at("normed"), bench.at("wide")
    expected = [(normed, wide + 2 * k * WIDTH, WIDTH, WIDTH, N_ALL, 3 * WIDTH, 1.0, False) for k in range(3)]
    expected.append((normed, HIDDEN, WIDTH, WIDTH, N_ALL, WIDTH, ATTN_GATE, True))
    for start, n in ((0, FIRST_PART), (FIRST_PART, SECOND_PART)):
        expected += [
            (normed + 2 * start * WIDTH, wide, WIDTH, FFN, n, FFN, 1.0, False),
            (wide, HIDDEN + 4 * start * WIDTH, FFN, WIDTH, n, WIDTH, FFN_GATE, True),
        ]
    found = bench.products
    assert [(p.x, p.out, p.n_in, p.n_out, p.n_rows, p.out_stride, p.factor, p.add_to_f32) for p in found] == expected
    assert [p.weight for p in found] == [bench.at(f"{name}.weight") for name in PRODUCTS]


@pytest.mark.parametrize("ffn", [FFN, 8 * WIDTH])
def test_nothing_is_written_past_the_end(ffn: int) -> None:
    bench = Bench(GgmlType.Q8_0, ffn=ffn).run()
    ends = {HIDDEN: HIDDEN + 4 * WIDTH * N_ALL}
    for name, (kind, shape) in bench.shapes.items():
        ends[bench.at(name)] = bench.at(name) + ITEM_BYTES[kind] * int(np.prod(shape))

    def end_of(address: int) -> int:
        return ends[max(start for start in ends if start <= address)]

    for product in bench.products:
        n_written = (product.n_rows - 1) * product.out_stride + product.n_out
        assert product.out + (4 if product.add_to_f32 else 2) * n_written <= end_of(product.out), product
        assert product.x + 2 * product.n_rows * product.n_in <= end_of(product.x), product
    assert max(call.values[2] for call in bench.started("unpack_q8_0")) * 2 <= end_of(bench.at("unpacked"))


def test_the_bias_of_the_last_product_is_added_before_it() -> None:
    bench = Bench().run()
    first, second = bench.started("layer_norm")
    expected = [HIDDEN, bench.at("normed"), bench.at("attn_norm.weight"), bench.at("attn_norm.bias")]
    assert first.values == [*expected, pytest.approx(1e-5), None, 0.0, WIDTH]
    expected = [HIDDEN, bench.at("normed"), bench.at("ffn_norm.weight"), bench.at("ffn_norm.bias")]
    assert second.values == [*expected, pytest.approx(1e-5), bench.at("ffn_down.bias"), FFN_GATE, WIDTH]
    assert (first.grid, first.n_threads) == ((N_ALL, 1), 64)  # four numbers a thread, whole warps


def test_attention_is_said_its_sizes() -> None:
    bench = Bench(n_multiprocessors=2).run()
    (attention,), (join,) = bench.started("attention"), bench.started("join_attention")
    wide, to = bench.at("wide"), [bench.at("normed"), bench.at("parts")]
    factor = pytest.approx(80**-0.5 * log2(e))
    sides = [wide, wide + 2 * WIDTH, wide + 4 * WIDTH]
    assert attention.values == [*sides, *to, N_HEADS, N_VALID, N_ALL, 3 * WIDTH, WIDTH, factor]
    assert join.values == [*to, 4, N_VALID, N_ALL, WIDTH, factor]
    assert (join.grid, join.n_threads, attention.n_threads) == ((3, N_HEADS), 256, 128)


@pytest.mark.parametrize(("n_multiprocessors", "n_blocks"), [(1, 2), (2, 4), (3, 6), (132, 6)])
def test_attention_fills_the_gpu_but_no_block_goes_without_a_unit(n_multiprocessors: int, n_blocks: int) -> None:
    bench = Bench(n_multiprocessors=n_multiprocessors).run()
    assert [call.grid for call in bench.started("attention")] == [(n_blocks, 1)]
    assert bench.shapes["parts"] == (GgmlType.F32, (2 * n_blocks * 128 * 82,))


def test_the_parts_of_the_largest_gpus_are_counted_in() -> None:
    (n,) = Bench(n_multiprocessors=188).layer.shapes(100_000)["parts"][1]
    assert n == 2 * 376 * 128 * 82
    assert 4 * n <= PARTS_BYTES


def test_each_part_of_the_tokens_is_activated() -> None:
    bench = Bench().run()
    found = bench.started("add_bias_and_activate")
    rows = (FIRST_PART, SECOND_PART)
    assert [c.values for c in found] == [[bench.at("wide"), bench.at("ffn_up.bias"), FFN, n * FFN, 2] for n in rows]
    assert [(c.grid, c.n_threads) for c in found] == [((48, 1), 256), ((47, 1), 256)]  # 2048 numbers a block


def test_weights_in_q8_0_are_unpacked_right_before_their_product() -> None:
    bench = Bench(GgmlType.Q8_0).run()
    unpacked = bench.at("unpacked")
    at = [k for k, call in enumerate(bench.calls) if isinstance(call, Product)]
    assert [bench.order[k] for k in at] == list(PRODUCTS)
    for k in at:
        product, before = bench.calls[k], bench.calls[k - 1]
        count = product.n_in * product.n_out
        assert (product.weight, before.name) == (unpacked, "unpack_q8_0")
        assert before.values == [bench.at(f"{product.name}.weight"), unpacked, count]
        assert (before.grid, before.n_threads) == ((-(-count // 2048), 1), 256)
    assert len(bench.started("unpack_q8_0")) == len(PRODUCTS)


def test_keeping_and_waiting() -> None:
    bench = Bench()
    bench.layer.keep(bench.hidden, 4096)
    bench.layer.wait()
    assert bench.order == ["enter", "round_to_f16", "enter", "wait"]
    (kept,) = bench.started("round_to_f16")
    assert kept.values == [HIDDEN, 4096, WIDTH * N_ALL]
    assert (kept.grid, kept.n_threads) == ((48, 1), 256)  # 1024 numbers a block


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


def test_a_gpu_whose_driver_is_older_than_the_kernels_is_closed_again(
    tiny: Callable[[str], Mmproj], gpus: list[FakeGpu], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_old(*_: object) -> None:
        raise CudaError("translate the kernels", 222)

    gpu = FakeGpu()
    monkeypatch.setattr(gpu, "load", too_old)
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
    def too_old(*_: object) -> None:
        raise CudaError("translate the kernels", 222)

    gpu = FakeGpu()
    monkeypatch.setattr(gpu, "load", too_old)
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

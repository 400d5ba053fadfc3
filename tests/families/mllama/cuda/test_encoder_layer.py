"""What a layer puts on the GPU's stream; `test_gpu` computes with it."""

from __future__ import annotations

import re
from ctypes import c_float, c_int, c_uint64, c_void_p
from math import e, log2
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.families.mllama.cuda.encoder_layer import _KERNELS, PARTS_BYTES, CudaLayer
from desktop_vlm.families.mllama.cuda.kernels import PTX
from desktop_vlm.families.mllama.mmproj import VisionEncoderConfig
from tests.families.mllama.cuda.fake_gpu import PRODUCTS, QKV, FakeCublas, FakeGpu, Product, Started

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

KINDS = {c_void_p: "u64", c_uint64: "u64", c_float: "f32", c_int: "u32"}
ITEM_BYTES = {GgmlType.F32: 4, GgmlType.F16: 2}


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

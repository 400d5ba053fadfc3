"""Our kernels for processors against NumPy in float64."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.runtime.ggml.cpu_kernels import VARIABLE, VARIANTS, CpuKernels, cpu_kernels, opened, why_unavailable
from desktop_vlm.runtime.ggml.device import Backend, cpu_device
from desktop_vlm.runtime.ggml.graph import Graph, Scratch, Tensor, TensorStore, get_tensor, set_tensor
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from tests.goldens import deviation

Array = NDArray[np.float32]
_RANDOM = np.random.default_rng(7)
_HEADS, _HEAD, _TOKENS = 2, 20, 301


@pytest.fixture(params=VARIANTS)
def kernels(request: pytest.FixtureRequest) -> CpuKernels:
    found = cpu_kernels(request.param)
    return found or pytest.skip(why_unavailable() or f"the processor lacks {request.param}")


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with closing(Backend(cpu_device(), 2, lambda: False)) as made:
        yield made


def run(backend: Backend, inputs: list[Array], build: Callable[..., Tensor]) -> Array:
    """The result of a graph over float32 inputs."""
    with closing(Scratch(backend)) as scratch, Graph(backend) as graph:
        leaves = [graph.input(GgmlType.F32, *values.shape[::-1]) for values in inputs]
        result = build(graph, *leaves)
        graph.run_to(result)
        scratch.place(graph)
        for leaf, values in zip(leaves, inputs, strict=True):
            set_tensor(leaf, values)
        graph.compute()
        return get_tensor(result)


def numbers(*shape: int) -> Array:
    return _RANDOM.standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("depth", [32, 588, 1280])
@pytest.mark.parametrize("n", [1, 131])
def test_products_of_rows(kernels: CpuKernels, backend: Backend, depth: int, n: int) -> None:
    weight, x, bias = numbers(288, depth), numbers(n, depth), numbers(288)
    weight[3] = 0
    x[0, :] *= 1e6  # its own scale

    def build(graph: Graph, w: Tensor, x: Tensor, b: Tensor) -> Tensor:
        return kernels.product(graph, kernels.weights(graph, w), kernels.rows(graph, x), b)

    found = run(backend, [weight, x, bias], build).reshape(n, 288)
    expected = x.astype(np.float64) @ weight.T + bias
    for row, exact in zip(found, expected, strict=True):
        assert deviation(row, exact) <= 1e-3


@pytest.mark.parametrize("kind", [GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q4_0])
def test_weights_of_a_type_are_those_that_ggml_multiplies(
    kernels: CpuKernels, backend: Backend, kind: GgmlType
) -> None:
    x = numbers(40, 256)
    rows = quantize_rows(kind, numbers(64, 256))
    with closing(TensorStore(backend, {"w": (kind, (256, 64))}, weights=True)) as store:
        set_tensor(store["w"], rows)
        ours = run(
            backend,
            [x],
            lambda graph, x: kernels.product(graph, kernels.weights(graph, store["w"]), kernels.rows(graph, x)),
        )
        exact = run(backend, [np.eye(256, dtype=np.float32)], lambda graph, x: graph.linear(store["w"], x))
    assert deviation(ours, x @ exact) <= (
        2e-2 if kind == GgmlType.Q4_0 else 5e-3
    )  # of the unpacked ones ggml's rounding


def test_norm_and_gelu_on_the_way(kernels: CpuKernels, backend: Backend) -> None:
    x, weight, bias, eye = 3 + numbers(50, 160), numbers(160), numbers(160), np.eye(160, dtype=np.float32)

    def normed(graph: Graph, x: Tensor, w: Tensor, b: Tensor, eye: Tensor) -> Tensor:
        return kernels.product(graph, kernels.weights(graph, eye), kernels.rows(graph, x, norm=(w, b, 1e-5)))

    def activated(graph: Graph, x: Tensor, eye: Tensor) -> Tensor:
        return kernels.product(graph, kernels.weights(graph, eye), kernels.gelu_rows(graph, x))

    centred = x - x.mean(axis=1, keepdims=True)
    expected = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) * weight + bias
    assert deviation(run(backend, [x, weight, bias, eye], normed), expected) <= 3e-4
    y = np.linspace(-9, 9, 50 * 160, dtype=np.float32).reshape(50, 160)
    erf = np.vectorize(math.erf)(y / math.sqrt(2))
    assert np.abs(run(backend, [y, eye], activated) - y * (1 + erf) / 2).max() <= 9 / 4095


@pytest.mark.parametrize("spread", [0.1, 1.0, 6.0])
@pytest.mark.parametrize("n_seeing_all", [64, 200, _TOKENS])
def test_attention(kernels: CpuKernels, backend: Backend, spread: float, n_seeing_all: int) -> None:
    q, k, v = (numbers(_TOKENS, _HEADS * _HEAD) for _ in range(3))
    scale = spread * _HEAD**-0.5

    def part(start: int, stop: int) -> Array:
        def build(graph: Graph, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            heads = kernels.heads(graph, q, k, v, _HEADS)
            return kernels.attention(graph, heads, start, stop, n_seeing_all, scale)

        return run(backend, [q, k, v], build)

    found = np.concatenate([part(*ends) for ends in pairwise([0, 96, 288, _TOKENS])])
    error = np.abs(found - exact_attention(q, k, v, n_seeing_all, scale)).max()
    assert error <= (5e-3 if spread > 1 else 1e-3) * np.abs(v).max()  # sharp attention follows small errors of scores


def test_one_key_that_takes_most_leaves_the_others_theirs(kernels: CpuKernels, backend: Backend) -> None:
    """Each of the others has 1e-4 of the largest weight, and all together as much."""
    n = 6400
    q, k, v = np.zeros((n, 32), np.float32), np.zeros((n, 32), np.float32), numbers(n, 32) + 1
    q[:, 0], k[0, 0], v[0] = 1, math.log(1e4), -1

    def build(graph: Graph, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return kernels.attention(graph, kernels.heads(graph, q, k, v, 1), 0, 96, n, 1.0)

    found = run(backend, [q, k, v], build)
    error = np.abs(found - exact_attention(q[:96], k, v, n, 1.0)).max()
    assert error <= 1e-3 * np.abs(v).max()


def exact_attention(q: Array, k: Array, v: Array, n_seeing_all: int, scale: float) -> Array:
    """In float64; heads beside each other."""
    n_heads = q.shape[1] // _HEAD if q.shape[1] == _HEADS * _HEAD else 1
    parts = []
    heads = (np.split(x.astype(np.float64), n_heads, axis=1) for x in (q, k, v))
    for q_head, k_head, v_head in zip(*heads, strict=True):
        scores = q_head @ k_head.T * scale
        scores[n_seeing_all:, n_seeing_all:] = -np.inf
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        parts.append(weights / weights.sum(axis=1, keepdims=True) @ v_head)
    return np.concatenate(parts, axis=1).astype(np.float32)


def test_the_variants_compute_the_same(backend: Backend) -> None:
    """Integers are added up exactly, and their sums in the same order: a norm alone is rounded differently."""
    variants = [kernels for kernels in map(cpu_kernels, VARIANTS) if kernels]
    if len(variants) < 2:
        pytest.skip("there is one variant at most for this processor")
    for n, depth, n_out in ((1, 32, 16), (13, 100, 48), (101, 700, 272), (97, 1281, 560)):
        inputs = [numbers(n, depth), numbers(n_out, depth), numbers(n_out), 3 + numbers(depth), numbers(depth)]
        inputs[0][0] = 1e6, *[0] * (depth - 1)

        def plain(graph: Graph, x: Tensor, w: Tensor, b: Tensor, kernels: CpuKernels) -> Tensor:
            return kernels.product(graph, kernels.weights(graph, w), kernels.rows(graph, x), b)

        def normed(
            graph: Graph, x: Tensor, w: Tensor, b: Tensor, scale: Tensor, shift: Tensor, kernels: CpuKernels
        ) -> Tensor:
            rows = kernels.rows(graph, x, norm=(scale, shift, 1e-5))
            return kernels.product(graph, kernels.weights(graph, w), rows, b)

        one, other = (run(backend, inputs[:3], partial(plain, kernels=kernels)) for kernels in variants)
        assert (one == other).all()
        one, other = (run(backend, inputs, partial(normed, kernels=kernels)) for kernels in variants)
        assert deviation(one, other) <= 1e-4


@pytest.mark.parametrize("head", [2, 20, 64, 80, 88, 128])
def test_the_variants_attend_to_the_same(backend: Backend, head: int) -> None:
    variants = [kernels for kernels in map(cpu_kernels, VARIANTS) if kernels]
    if len(variants) < 2:
        pytest.skip("there is one variant at most for this processor")
    q, k, v = (numbers(211, 3 * head) for _ in range(3))

    def attention(graph: Graph, q: Tensor, k: Tensor, v: Tensor, kernels: CpuKernels) -> Tensor:
        return kernels.attention(graph, kernels.heads(graph, q, k, v, 3), 96, 211, 133, head**-0.5)

    one, other = (run(backend, [q, k, v], partial(attention, kernels=kernels)) for kernels in variants)
    assert np.abs(one - other).max() <= 1e-6 * np.abs(v).max()


@pytest.mark.parametrize("flaw", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_stays_none(kernels: CpuKernels, backend: Backend, flaw: float) -> None:
    weight, x = numbers(32, 256), numbers(20, 256)
    x[7, 200] = flaw

    def product(graph: Graph, w: Tensor, x: Tensor) -> Tensor:
        return kernels.product(graph, kernels.weights(graph, w), kernels.rows(graph, x))

    def attention(graph: Graph, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return kernels.attention(graph, kernels.heads(graph, q, k, v, _HEADS), 0, 70, 70, 1.0)

    flawed = np.isnan(run(backend, [weight, x], product).reshape(20, 32)).all(axis=1)
    assert np.flatnonzero(flawed).tolist() == [7]
    for at in (0, 2):  # of queries one row, of values one column
        inputs = [numbers(70, _HEADS * _HEAD) for _ in range(3)]
        inputs[at][7, 5] = flaw
        found = np.isnan(run(backend, inputs, attention).reshape(70, _HEADS * _HEAD))
        assert found[7, 5]
        assert found.sum() == (_HEAD if at == 0 else 70)


def test_a_block_of_zeros_and_of_the_smallest_numbers(kernels: CpuKernels, backend: Backend) -> None:
    weight, x = numbers(32, 256), np.zeros((3, 256), np.float32)
    x[1, :128], x[2, 200] = 1e-40, 1

    def product(graph: Graph, w: Tensor, x: Tensor) -> Tensor:
        return kernels.product(graph, kernels.weights(graph, w), kernels.rows(graph, x))

    found = run(backend, [weight, x], product).reshape(3, 32)
    assert (found[0] == 0).all()
    assert np.abs(found[1]).max() < 1e-30
    assert np.abs(found[2] - weight[:, 200]).max() < 1e-3


def test_a_graph_runs_as_often_as_one_likes(kernels: CpuKernels, backend: Backend) -> None:
    weight, x = numbers(48, 128), numbers(100, 128)
    with closing(Scratch(backend)) as scratch, Graph(backend) as graph:
        leaves = [graph.input(GgmlType.F32, *values.shape[::-1]) for values in (weight, x)]
        result = kernels.product(graph, kernels.weights(graph, leaves[0]), kernels.rows(graph, leaves[1]))
        graph.run_to(result)
        scratch.place(graph)
        for factor in (1, -2):
            set_tensor(leaves[0], weight * factor)
            set_tensor(leaves[1], x)
            graph.compute()
            assert deviation(get_tensor(result), x @ weight.T * factor) <= 1e-3


def test_what_is_not_taken(kernels: CpuKernels) -> None:
    assert kernels.takes(GgmlType.Q6_K, (1280, 5120))
    assert kernels.takes(GgmlType.BF16, (1280, 5120))
    assert not kernels.takes(GgmlType.F32, (1280, 5120)), "more exact in ggml"
    assert not kernels.takes(GgmlType.F16, (1280, 5120)), "more exact in ggml"
    assert not kernels.takes(GgmlType.Q8_0, (1280, 5121))
    assert not kernels.takes(GgmlType.Q8_0, (20000, 32))
    assert not kernels.takes(GgmlType.Q8_0, (32,))
    assert kernels.takes_heads(80)
    assert not kernels.takes_heads(136)
    assert not kernels.takes_heads(5)


def test_without_a_compiled_library_ggml_does_it(tmp_path: Path) -> None:
    """GIVEN none, or a damaged one THEN it is as if there were none."""
    damaged = tmp_path / "damaged.so"
    damaged.write_bytes(b"no library")
    assert opened(tmp_path / "none.so") is None
    assert opened(damaged) is None


def test_it_is_said_why_there_are_none() -> None:
    assert (why_unavailable() == "") == (cpu_kernels() is not None)


def test_the_environment_chooses_a_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN the name of a variant THEN it is that one; any other word leaves all to ggml, and it is said why."""
    fastest = next((kernels for kernels in map(cpu_kernels, VARIANTS) if kernels), None)
    if fastest is None:
        pytest.skip(why_unavailable())
    choose = cpu_kernels.__wrapped__
    monkeypatch.setattr("desktop_vlm.runtime.ggml.cpu_kernels.cpu_kernels", choose)
    chosen = {}
    for word in ("", "avx2", "none"):
        monkeypatch.setenv(VARIABLE, word)
        chosen[word] = getattr(choose(), "variant", None)
    assert chosen == {"": fastest.variant, "avx2": "avx2", "none": None}
    assert why_unavailable() == "DESKTOP_VLM_CPU_KERNELS asks for 'none'"

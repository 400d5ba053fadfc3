"""Every operation that we bind, against NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from math import erf, sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.api.errors import Cancelled, OutOfMemoryError
from desktop_vlm.runtime.ggml import graph as graph_module
from desktop_vlm.runtime.ggml.device import Backend, cpu_device, device_of_buffer
from desktop_vlm.runtime.ggml.graph import Graph, HostArray, Scratch, Tensor, TensorStore, get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import PREC_F32, function

Array = NDArray[np.float32]
RNG = np.random.RandomState(3)


def normal(*shape: int) -> Array:
    return RNG.standard_normal(shape).astype(np.float32)


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    made = Backend(cpu_device(), 2, lambda: False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def compute(backend: Backend) -> Iterator[Callable[..., Array]]:
    """Run `build(graph, *tensors)` on NumPy inputs (whose shapes are ggml's reversed)."""
    scratch = Scratch(backend)

    def run(build: Callable[..., Tensor], *inputs: NDArray[Any]) -> Array:
        types = {
            np.dtype(np.float32): GgmlType.F32,
            np.dtype(np.float16): GgmlType.F16,
            np.dtype(np.int32): GgmlType.I32,
        }
        with Graph(backend) as graph:
            tensors = [graph.input(types[values.dtype], *values.shape[::-1]) for values in inputs]
            result = graph.contiguous(build(graph, *tensors))
            graph.run_to(result)
            assert graph.unsupported() == []
            scratch.place(graph)
            for tensor, values in zip(tensors, inputs, strict=True):
                set_tensor(tensor, values)
            graph.compute()
            return get_tensor(result)

    yield run
    scratch.close()


Compute = Callable[..., Array]
A, B, ROW = normal(3, 5, 8), normal(3, 5, 8), normal(8)
WEIGHT, BIAS, X = normal(6, 8), normal(6), normal(5, 8)


def norm(x: Array, eps: float) -> Array:
    normed: Array = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)
    return normed


def gelu(x: Array) -> Array:
    return np.array([v * (1 + erf(v / sqrt(2))) / 2 for v in x.reshape(-1).astype(float)], np.float32).reshape(x.shape)


@pytest.mark.parametrize(
    ("build", "inputs", "expected"),
    [
        (lambda g, a, b: g.add(a, b), (A, B), A + B),
        (lambda g, a, b: g.add(a, b), (A, ROW), A + ROW),
        (lambda g, a, b: g.mul(a, b), (A, ROW), A * ROW),
        (lambda g, a: g.scale(a, -2.5), (A,), A * -2.5),
        (lambda g, w, x, b: g.linear(w, x, b), (WEIGHT, X, BIAS), X @ WEIGHT.T + BIAS),
        (lambda g, x, w, b: g.layer_norm(x, w, b, 0.1), (X, ROW, ROW), norm(X, 0.1) * ROW + ROW),
        (lambda g, x, w: g.rms_norm(x, w, 0.1), (X, ROW), X / np.sqrt((X**2).mean(-1, keepdims=True) + 0.1) * ROW),
        (lambda g, x: g.activation(x, "gelu"), (A,), gelu(A)),
        (lambda g, a, b: g.swiglu(a, b), (A, B), A / (1 + np.exp(-A)) * B),
        (lambda g, t, i: g.rows(t, i), (X, np.array([4, 0, 4], np.int32)), X[[4, 0, 4]]),
        (lambda g, a, b: g.concat(a, b, 0), (A, B), np.concatenate([A, B], -1)),
        (lambda g, a, b: g.concat(a, b, 2), (A, B), np.concatenate([A, B], 0)),
        (lambda g, a: g.repeat(a, 8, 4), (ROW,), np.tile(ROW, (4, 1))),
        (lambda g, a: g.permute(a, 1, 2, 0, 3), (A,), A.transpose(1, 2, 0)),
        (lambda g, a: g.reshape(a, 40, 3), (A,), A.reshape(3, 40)),
        (lambda g, a: g.slice(a, 1, 1, 4), (A,), A[:, 1:4]),
        (lambda g, a: g.cast(g.cast(a, GgmlType.F16), GgmlType.F32), (A,), A.astype(np.float16).astype(np.float32)),
        (lambda g, a, b: g.copy(a, b), (A, B), A),
    ],
)
def test_operations_equal_numpy(build: Any, inputs: tuple[Array, ...], expected: Array, compute: Compute) -> None:
    np.testing.assert_allclose(compute(build, *inputs), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("quick_gelu", A / (1 + np.exp(-1.702 * A))),
        ("gelu_pytorch_tanh", A / 2 * (1 + np.tanh(sqrt(2 / np.pi) * (A + 0.044715 * A**3)))),
    ],
)
def test_tabulated_activations_are_close(kind: str, expected: Array, compute: Compute) -> None:
    # ggml takes these two from a table of half-precision values.
    np.testing.assert_allclose(compute(lambda g, x: g.activation(x, kind), A), expected, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("n_queries", [1, 7, 70])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_with_grouped_heads(n_queries: int, masked: bool, compute: Compute) -> None:
    head_dim, n_heads, n_kv_heads, n_keys = 8, 6, 2, 33
    q, k, v = (
        normal(n_heads, n_queries, head_dim),
        normal(n_kv_heads, n_keys, head_dim),
        normal(n_kv_heads, n_keys, head_dim),
    )
    mask = np.zeros((n_queries, n_keys), np.float16)
    mask[:, 20:] = -np.inf
    scores = q @ np.repeat(k, 3, 0).transpose(0, 2, 1) * 0.3 + (mask.astype(np.float32) if masked else 0)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    expected = (weights / weights.sum(-1, keepdims=True)) @ np.repeat(v, 3, 0)  # (n_heads, n_queries, head_dim)
    if masked:
        found = compute(lambda g, q, k, v, m: g.attention(q, k, v, m, 0.3), q, k, v, mask)
    else:
        found = compute(lambda g, q, k, v: g.attention(q, k, v, None, 0.3), q, k, v)
    expected = expected.transpose(1, 0, 2)  # (n_queries, n_heads, head_dim)
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-4, atol=1e-5)


def test_attention_without_a_kernel_is_the_same(compute: Compute, monkeypatch: pytest.MonkeyPatch) -> None:
    q, k, v = normal(4, 600, 8), normal(2, 33, 8), normal(2, 33, 8)

    def attention(graph: Graph, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return graph.attention(q, k, v, None, 0.3)

    expected = compute(attention, q, k, v)
    monkeypatch.setattr(
        Graph, "attention", lambda self, q, k, v, mask, scale: self._plain_attention(q, k, v, mask, scale)
    )
    np.testing.assert_allclose(compute(attention, q, k, v), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("registry", "least"), [("CUDA", 2), ("SYCL", 2), ("Vulkan", 1), ("Metal", 99)])
@pytest.mark.parametrize(("n_queries", "n_pieces"), [(1, 1), (5, 1), (14, 2), (20, 4)])
def test_exact_attention_does_without_flash_attention_where_that_adds_up_in_float16(
    registry: str, least: int, n_queries: int, n_pieces: int, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN such a device with room for 16 queries of a head THEN they are computed in pieces, to the same numbers."""
    monkeypatch.setattr("desktop_vlm.runtime.ggml.graph.EXACT_SCORES_BYTES", 16 * 33 * 2 * 4)  # heads of keys have two
    q, k, v, mask = normal(4, n_queries, 8), normal(2, 33, 8), normal(2, 33, 8), np.zeros((n_queries, 33), np.float16)
    mask[:, 30:] = -np.inf
    found, names = [], []
    for device in (backend.device, replace(backend.device, registry=registry)):
        monkeypatch.setattr(backend, "device", device)
        with Graph(backend) as graph, closing(Scratch(backend)) as scratch:
            queries, keys, values = (graph.input(GgmlType.F32, *given.shape[::-1]) for given in (q, k, v))
            seen = graph.input(GgmlType.F16, 33, n_queries)
            out = graph.attention(queries, keys, values, seen, 0.3, exact=True)
            graph.run_to(out)
            scratch.place(graph)
            set_tensor(seen, mask)
            for tensor, given in ((queries, q), (keys, k), (values, v)):
                set_tensor(tensor, given)
            graph.compute()
            found.append(get_tensor(out))
            count = function("ggml_graph_n_nodes")(graph.handle)
            nodes = [function("ggml_graph_node")(graph.handle, index) for index in range(count)]
            names.append([function("ggml_op_desc")(node) for node in nodes])
    np.testing.assert_allclose(found[1], found[0], rtol=1e-4, atol=1e-5)
    in_pieces = n_queries >= least
    assert (names[1].count(b"SOFT_MAX"), names[1].count(b"FLASH_ATTN_EXT")) == ((n_pieces, 0) if in_pieces else (0, 1))


@pytest.mark.parametrize(("registry", "n_queries", "n_pieces"), [("CUDA", 16, 1), ("CUDA", 40, 3), ("SYCL", 40, 1)])
def test_on_cuda_few_queries_are_computed_by_sixteens(
    registry: str, n_queries: int, n_pieces: int, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/decisions/0011."""
    q, k, v = normal(4, n_queries, 8), normal(2, 33, 8), normal(2, 33, 8)
    found, n_softmax = [], []
    for device in (backend.device, replace(backend.device, registry=registry)):
        monkeypatch.setattr(backend, "device", device)
        with Graph(backend) as graph, closing(Scratch(backend)) as scratch:
            queries, keys, values = (graph.input(GgmlType.F32, *given.shape[::-1]) for given in (q, k, v))
            out = graph.attention(queries, keys, values, None, 0.3, exact=True)
            graph.run_to(out)
            scratch.place(graph)
            for tensor, given in ((queries, q), (keys, k), (values, v)):
                set_tensor(tensor, given)
            graph.compute()
            found.append(get_tensor(out))
            nodes = [
                function("ggml_graph_node")(graph.handle, i)
                for i in range(function("ggml_graph_n_nodes")(graph.handle))
            ]
            n_softmax.append([function("ggml_op_desc")(node) for node in nodes].count(b"SOFT_MAX"))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-4, atol=1e-5)
    assert n_softmax == [0, n_pieces]


@pytest.mark.parametrize("kind", [GgmlType.F16, GgmlType.Q8_0, GgmlType.Q4_K])
def test_products_ask_for_sums_in_float32(kind: GgmlType, backend: Backend) -> None:
    """Without that, Vulkan and CUDA sum up in float16 what is not of a type with a larger range."""
    with Graph(backend) as graph:
        weight, x = graph.input(kind, 256, 8), graph.input(GgmlType.F32, 256, 4)
        assert graph.linear(weight, x).contents.op_params[0] == PREC_F32
        assert graph.linear(weight, x, graph.input(GgmlType.F32, 8)).contents.src[0].contents.op_params[0] == PREC_F32


@pytest.mark.parametrize("kind", [GgmlType.F32, GgmlType.BF16])
def test_products_of_types_with_a_larger_range_are_left_alone(kind: GgmlType, backend: Backend) -> None:
    """CUDA would unpack BF16 for it."""
    with Graph(backend) as graph:
        weight, x = graph.input(kind, 256, 8), graph.input(GgmlType.F32, 256, 4)
        assert graph.linear(weight, x).contents.op_params[0] == 0


def test_attention_without_a_kernel_sums_up_in_float32_as_well(backend: Backend) -> None:
    with Graph(backend) as graph:
        q = graph.input(GgmlType.F32, 32, 3, 2)
        k, v = (graph.input(GgmlType.F16, 32, 5, 2) for _ in "kv")
        graph.run_to(graph._plain_attention(q, k, v, None, 1.0))
        count = function("ggml_graph_n_nodes")(graph.handle)
        nodes = [function("ggml_graph_node")(graph.handle, index) for index in range(count)]
        products = [node for node in nodes if function("ggml_op_desc")(node) == b"MUL_MAT"]
        assert [node.contents.op_params[0] for node in products] == [PREC_F32, PREC_F32]


def test_an_alias_changes_the_owners_memory(backend: Backend) -> None:
    store = TensorStore(backend, {"h": (GgmlType.F32, (8, 5))}, weights=False)
    set_tensor(store["h"], X)
    owner = store["h"].contents
    assert device_of_buffer(owner.buffer).is_cpu
    scratch = Scratch(backend)
    with Graph(backend) as graph:
        alias = graph.alias(owner.buffer, owner.data, 8, 5)
        graph.run_to(graph.copy(graph.scale(alias, 3.0), alias))
        scratch.place(graph)
        graph.compute()
    np.testing.assert_array_equal(get_tensor(store["h"]), X * 3)
    scratch.close()
    store.close()


def test_a_graph_stops_when_said(compute: Compute) -> None:  # noqa: ARG001 - keeps the libraries loaded first
    stopping = Backend(cpu_device(), 1, lambda: True)
    scratch = Scratch(stopping)
    with Graph(stopping) as graph:
        x = graph.input(GgmlType.F32, 8, 5)
        graph.run_to(graph.scale(x, 2.0))
        scratch.place(graph)
        with pytest.raises(Cancelled):
            graph.compute()
    scratch.close()
    stopping.close()


def test_scratch_says_when_its_memory_moved(backend: Backend) -> None:
    scratch = Scratch(backend)
    generations = []
    for size in (64, 32, 1 << 20):
        with Graph(backend) as graph:
            graph.run_to(graph.scale(graph.input(GgmlType.F32, size), 2.0))
            scratch.place(graph)
            generations.append(scratch.generation)
    assert generations == [1, 1, 2]
    scratch.close()


def test_float16_comes_back_as_it_is(backend: Backend) -> None:
    values = A.astype(np.float16)
    store = TensorStore(backend, {"a": (GgmlType.F16, (8, 5, 3))}, weights=False)
    set_tensor(store["a"], values)
    found = get_tensor(store["a"])
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found, values)
    store.close()


@pytest.mark.parametrize("is_pinned", [False, True])
def test_an_array_in_main_memory_holds_numbers(
    is_pinned: bool, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a buffer of the device, where it has such memory; here the processor's own stands in for a GPU's."""
    called: list[str] = []

    def noted(name: str) -> Any:
        called.append(name)
        if name == "ggml_backend_dev_host_buffer_type":
            return lambda handle: function("ggml_backend_dev_buffer_type")(handle) if is_pinned else None
        return function(name)

    monkeypatch.setattr(graph_module, "function", noted)
    array = HostArray(backend, 5, 8)
    assert array.values.dtype == np.float32
    assert array.values.shape == (5, 8)
    array.values[:] = X
    store = TensorStore(backend, {"x": (GgmlType.F32, (8, 5))}, weights=False)
    set_tensor(store["x"], array.values)
    np.testing.assert_array_equal(get_tensor(store["x"]), X)
    store.close()
    called.clear()
    array.close()
    array.close()
    assert called == ["ggml_backend_buffer_free"] * is_pinned


def test_scratch_that_was_given_back_and_not_replaced_is_of_another_generation(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ggml gives the old memory back before it asks for more; graphs that were placed there must know."""
    scratch = Scratch(backend)
    sizes = iter((4000, 0))
    monkeypatch.setattr(Scratch, "n_bytes", property(lambda _: next(sizes)))
    monkeypatch.setattr("desktop_vlm.runtime.ggml.graph.function", lambda _: lambda *_: False)
    before = scratch.generation
    with pytest.raises(OutOfMemoryError):
        scratch.place(SimpleNamespace(handle=0))  # type: ignore[arg-type]
    assert scratch.generation == before + 1
    monkeypatch.undo()
    scratch.close()

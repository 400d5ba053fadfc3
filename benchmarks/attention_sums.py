"""Whether attention adds up thousands of values rightly on this device: the shapes of Llama 3.2 Vision, beside float64.

    python -m benchmarks.attention_sums --device gpu --json FILE

A whole image has 6,404 states. Where all of them are seen alike, as those of a white image are, a sum in float16 stands
still or is infinite (docs/decisions/0010). Each row is one way to compute one kind of values: the largest deviation
from float64 as a part of the largest value, and the time. "chosen" is what the engine takes for text that sees an
image, "own kernel" what its encoder takes where it can; where they are off by more than `BOUND`, or are no numbers, the
exit code is 1.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.random_model import write
from desktop_vlm.families.mllama.cross_attention import KEY_BLOCK
from desktop_vlm.families.mllama.cuda.encoder_layer import CudaLayer, _Layer
from desktop_vlm.families.mllama.mmproj import open_mmproj
from desktop_vlm.runtime.ggml.device import Backend, cpu_device, gpu_devices
from desktop_vlm.runtime.ggml.graph import (
    NARROW_QUERIES,
    Graph,
    Scratch,
    Tensor,
    TensorStore,
    get_tensor,
    key_type,
    set_tensor,
)
from desktop_vlm.runtime.ggml.library import PREC_F32, function
from desktop_vlm.system.cores import usable_cores

BOUND = 2e-3
"""Of the largest value. Weights in float16 cost a quarter of it, sums in float16 five times as much and more."""

N_STATES = 6_404
N_ROWS = (1, 2, 8, 16, 32, 64, 256)
KINDS = ("random 1", "equal 1", "equal 100", "equal 10000", "signs 10000", "halves 10000")
_CHECKED = 97
"""Of the encoder's queries: every so-manieth is computed in float64 as well."""

Array = NDArray[np.float32]
Way = Callable[[Graph, Tensor, Tensor, Tensor, Tensor | None, float], Tensor]
"""Queries [head_dim, n, n_heads], keys, values [head_dim, n_keys, n_kv_heads], mask [n_keys, n], scale -> attention's
result [head_dim, n_heads, n], as `Graph.attention`."""


@dataclass(frozen=True)
class Shape:
    """Heads of one kind of attention."""

    name: str
    n_heads: int
    n_kv_heads: int
    head_dim: int


CROSS = Shape("cross-attention", 32, 8, 128)
ENCODER = Shape("encoder", 2, 2, 80)
"""Two of the sixteen heads, which do not know of each other."""


@dataclass(frozen=True)
class Found:
    """What one way made of one kind of values.

    Attributes:
        deviation: the largest, as a part of the largest value; NaN or infinite where a result is.
        seconds: median of some runs.
    """

    shape: str
    way: str
    values: str
    rows: int
    deviation: float
    seconds: float

    @property
    def is_right(self) -> bool:
        return bool(self.deviation <= BOUND)  # NaN is not


def states(kind: str, n_keys: int, shape: Shape) -> tuple[Array, Array]:
    """Keys and values (n_kv_heads, n_keys, head_dim), as float16 holds them.

    Kinds: `random SIZE`; `equal SIZE`, all states alike; `signs SIZE`, alike but for the sign of the values, which
    changes from one to the next; `halves SIZE`, the first half of one sign.
    """
    random = np.random.default_rng(5)
    name, _, size = kind.partition(" ")
    numbers = (shape.n_kv_heads, n_keys if name == "random" else 1, shape.head_dim)
    k, v = random.standard_normal(numbers, np.float32), random.standard_normal(numbers, np.float32)
    if name != "random":
        signs = np.ones((1, n_keys, 1), dtype=np.float32)
        if name == "signs":
            signs[:, 1::2] = -1
        elif name == "halves":
            signs[:, n_keys // 2 :] = -1
        v = np.copysign(0.75 + 0.25 * random.random(numbers, np.float32), v) * signs  # all large, and not round
        k = np.repeat(k, n_keys, axis=1)
    return _as_f16(k), _as_f16(v * np.float32(size))


def reference(q: Array, k: Array, v: Array) -> NDArray[np.float64]:
    """Attention in float64: (n_heads, n, head_dim) with grouped heads -> (n, n_heads, head_dim)."""
    group, out = len(q) // len(k), np.empty((q.shape[1], len(q), q.shape[2]))
    for head, queries in enumerate(q.astype(np.float64)):
        scores = queries @ k[head // group].astype(np.float64).T * q.shape[2] ** -0.5
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        out[:, head] = weights @ v[head // group].astype(np.float64) / weights.sum(axis=1, keepdims=True)
    return out


# The ways


def chosen(graph: Graph, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    """What cross-attention takes."""
    return graph.attention(q, k, v, mask, scale, exact=True)


def fused(graph: Graph, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    """Flash attention, as ggml has it."""
    out = graph._op("ggml_flash_attn_ext", q, k, v, mask, scale, 0.0, 0.0)  # noqa: SLF001 - all ways beside each other
    function("ggml_flash_attn_ext_set_prec")(out, PREC_F32)
    return out


def parts(graph: Graph, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    """Products and softmax one after the other."""
    return graph._plain_attention(q, k, v, mask, scale)  # noqa: SLF001


def parts_of_sixteen(graph: Graph, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    """The same; sixteen queries at once."""
    return graph._plain_attention(q, k, v, mask, scale, at_once=NARROW_QUERIES)  # noqa: SLF001


def parts_of_groups(graph: Graph, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    """The same; heads that share keys are rows of one product. All rows of `mask` are alike."""
    dim, n, n_heads, n_kv = q.contents.ne[0], q.contents.ne[1], q.contents.ne[2], k.contents.ne[2]
    rows = n * n_heads // n_kv
    q = graph.reshape(graph.contiguous(q), dim, rows, n_kv)  # [dim, n*group, n_kv]
    if mask is not None:
        mask = graph.repeat(graph.slice(mask, 1, 0, 1), mask.contents.ne[0], rows)  # [n_keys, n*group]
    out = graph._plain_attention(q, k, v, mask, scale)  # noqa: SLF001 # [dim, n_kv, n*group]
    out = graph.reshape(out, dim, n_kv, n, n_heads // n_kv)  # [dim, n_kv, n, group]
    return graph.reshape(graph.contiguous(graph.permute(out, 0, 2, 3, 1)), dim, n_heads, n)  # [dim, n_heads, n]


WAYS: dict[str, Way] = {
    "chosen": chosen,
    "fused": fused,
    "parts": parts,
    "parts of 16": parts_of_sixteen,
    "parts of groups": parts_of_groups,
}


class Attention:
    """One device, and an image of so many states."""

    def __init__(self, device: str, repeat: int, n_states: int = N_STATES) -> None:
        place = gpu_devices()[0] if device == "gpu" else cpu_device()
        self._backend = Backend(place, usable_cores(), lambda: False)
        self._scratch = Scratch(self._backend)
        self._repeat = repeat
        self._n_states = n_states

    def close(self) -> None:
        self._scratch.close()
        self._backend.close()

    def cross(self, kind: str, n_rows: int, ways: dict[str, Way]) -> Iterator[Found]:
        """`n_rows` of the text that see an image, as in `cross_attention`."""
        k, v = states(kind, self._n_states, CROSS)
        q = _queries(n_rows, CROSS)
        padding = 0 if self._backend.device.is_cpu else -self._n_states % KEY_BLOCK
        mask = np.zeros((n_rows, self._n_states + padding), dtype=np.float16)
        mask[:, self._n_states :] = -np.inf
        padded_k, padded_v = (np.pad(x, ((0, 0), (0, padding), (0, 0))) for x in (k, v))
        expected = reference(q.swapaxes(0, 1), k, v)
        for name, way in ways.items():
            out, seconds = self._run(way, q, padded_k, padded_v, mask if padding else None)
            yield _found(CROSS, name, kind, n_rows, out.reshape(expected.shape), expected, v, seconds)

    def encoder(self, kind: str, ways: dict[str, Way]) -> Iterator[Found]:
        """All states of an image among themselves."""
        k, v = states(kind, self._n_states, ENCODER)
        q = _queries(self._n_states, ENCODER)
        expected = reference(q[::_CHECKED].swapaxes(0, 1), k, v)
        for name, way in ways.items():
            out, seconds = self._run(way, q, k, v, None)
            found = out.reshape(self._n_states, *expected.shape[1:])[::_CHECKED]
            yield _found(ENCODER, name, kind, self._n_states, found, expected, v, seconds)

    def kernel(self, kind: str, folder: Path) -> Iterator[Found]:
        """The same with the encoder's own kernel; nothing where that is not used."""
        mmproj = open_mmproj(write("tiny", folder, "F16", "F16")[1])
        layer = CudaLayer.open(self._backend.device, mmproj.vision, mmproj.tensors)
        if layer is None:
            return
        n = self._n_states
        k, v = states(kind, n, ENCODER)
        q = _queries(n, ENCODER)
        expected = reference(_as_f16(q)[::_CHECKED].swapaxes(0, 1), k, v)
        width = ENCODER.n_heads * ENCODER.head_dim
        room = TensorStore(self._backend, layer.shapes(n), weights=False)
        hidden = TensorStore(self._backend, {"x": (GgmlType.F32, (width, n))}, weights=False)
        side_by_side = [x.reshape(n, width) for x in (q, k.swapaxes(0, 1), v.swapaxes(0, 1))]
        set_tensor(room["wide"], np.concatenate(side_by_side, axis=1).astype(np.float16))
        times = []
        for _ in range(1 + self._repeat):
            started = perf_counter()
            layer._gpu.enter()  # noqa: SLF001 - the attention of a layer alone
            _Layer(layer, hidden["x"], room, {})._attend(n)  # noqa: SLF001
            layer.wait()
            times.append(perf_counter() - started)
        out = get_tensor(room["normed"]).reshape(n, *expected.shape[1:])[::_CHECKED]
        yield _found(ENCODER, "own kernel", kind, n, out, expected, v, median(times[1:]))
        room.close()
        hidden.close()
        layer.close()

    def _run(self, way: Way, q: Array, k: Array, v: Array, mask: NDArray[np.float16] | None) -> tuple[Array, float]:
        kind = key_type(is_cpu=self._backend.device.is_cpu)
        n_rows, n_heads, head_dim = q.shape
        with Graph(self._backend, max_nodes=1024) as graph:
            x = graph.input(GgmlType.F32, head_dim, n_heads, n_rows)  # [head_dim, n_heads, n]
            keys, values = (graph.input(kind, *given.shape[::-1]) for given in (k, v))  # [head_dim, n_keys, n_kv_heads]
            seen = None if mask is None else graph.input(GgmlType.F16, *mask.shape[::-1])  # [n_keys, n]
            out = way(graph, graph.permute(x, 0, 2, 1, 3), keys, values, seen, head_dim**-0.5)
            graph.run_to(out)
            self._scratch.place(graph)
            dtype = np.float32 if kind == GgmlType.F32 else np.float16
            times = []
            for _ in range(1 + self._repeat):
                for tensor, given in ((x, q), (keys, k.astype(dtype)), (values, v.astype(dtype))):
                    set_tensor(tensor, given)
                if mask is not None:
                    set_tensor(seen, mask)
                started = perf_counter()
                graph.compute()
                times.append(perf_counter() - started)
            return get_tensor(out), median(times[1:])


def _found(
    shape: Shape, way: str, kind: str, rows: int, out: Array, expected: NDArray[np.float64], v: Array, seconds: float
) -> Found:
    return Found(shape.name, way, kind, rows, float(np.abs(out - expected).max() / np.abs(v).max()), seconds)


def _queries(n_rows: int, shape: Shape) -> Array:
    return np.random.default_rng(6).standard_normal((n_rows, shape.n_heads, shape.head_dim), np.float32)


def _as_f16(values: Array) -> Array:
    return values.astype(np.float16).astype(np.float32)


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="runs after one that warms up")
    args = parser.parse_args()
    found: list[Found] = []
    with closing(Attention(args.device, args.repeat)) as attention, tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for n_rows in N_ROWS:
                found += _printed(attention.cross(kind, n_rows, WAYS))
            found += _printed(attention.encoder(kind, {"fused": fused, "parts": parts}))
            found += _printed(attention.kernel(kind, Path(folder)))
    report.write(args.json, "attention_sums", args, {"bound": BOUND, "found": [asdict(one) for one in found]})
    wrong = [one for one in found if not one.is_right and one.way in ("chosen", "own kernel")]
    print(f"{len(wrong)} of the engine's are beyond {BOUND:.0e}")
    sys.exit(1 if wrong else 0)


def _printed(found: Iterator[Found]) -> Iterator[Found]:
    for one in found:
        where = f"{one.shape}, {one.rows} rows, {one.values}: {one.way}"
        print(
            f"{where:66}{one.deviation:9.1e}{1e3 * one.seconds:9.2f} ms{'' if one.is_right else '   beyond'}",
            flush=True,
        )
        yield one


if __name__ == "__main__":
    main()

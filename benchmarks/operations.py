"""How fast ggml runs the encoder's operations here: products with weights of each type, and attention.

    python -m benchmarks.operations --device cpu --json docs/benchmarks/operations-cpu.json

In 10^9 floating-point operations a second. It tells which type a vision file should have on this machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from time import perf_counter
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as GgmlType

from benchmarks import report
from benchmarks.quiet import Quiet
from benchmarks.random_model import SHAPES
from desktop_vlm.runtime.ggml.device import Backend, cpu_device, gpu_devices
from desktop_vlm.runtime.ggml.graph import Graph, Scratch, Tensor, TensorStore, set_tensor
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from desktop_vlm.system.cores import usable_cores

_TYPES = (GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q6_K, GgmlType.Q5_K, GgmlType.Q4_K)
Build = Callable[[Graph], tuple[Tensor, Tensor]]
"""Makes a graph's input and its result."""


class Operations:
    """One device, and the shape of one encoder layer over all tiles."""

    def __init__(self, args: argparse.Namespace) -> None:
        device = gpu_devices()[0] if args.device == "gpu" else cpu_device()
        self._backend = Backend(device, usable_cores(), lambda: False)
        self._scratch = Scratch(self._backend)
        self._quiet = Quiet(args.patience if args.device == "cpu" else 0)
        self._repeat: int = args.repeat
        vision = SHAPES[args.shape].vision
        self._width, self._ffn, self._n_heads = (
            vision[key] for key in ("hidden_size", "intermediate_size", "attention_heads")
        )
        tokens = (vision["image_size"] // vision["patch_size"]) ** 2 + 1
        self._n = vision["max_num_tiles"] * (tokens + -tokens % 8)
        self._random = np.random.default_rng(0)

    def close(self) -> None:
        self._scratch.close()
        self._backend.close()

    def linear(self, kind: GgmlType, n_out: int) -> dict[str, Any]:
        """A product of all tokens with weights of a type, width -> `n_out`."""
        rows = (self._random.standard_normal((n_out, self._width)) * 0.02).astype(np.float32)
        with closing(TensorStore(self._backend, {"w": (kind, (self._width, n_out))}, weights=True)) as store:
            set_tensor(store["w"], quantize_rows(kind, rows))

            def build(graph: Graph) -> tuple[Tensor, Tensor]:
                x = graph.input(GgmlType.F32, self._width, self._n)  # [width, n]
                return x, graph.linear(store["w"], x)

            return self._speed(build, 2.0 * self._n * self._width * n_out)

    def attention(self, kind: GgmlType) -> dict[str, Any]:
        """Self-attention of all tokens, keys and values of a type."""
        head_dim = self._width // self._n_heads

        def build(graph: Graph) -> tuple[Tensor, Tensor]:
            x = graph.input(GgmlType.F32, head_dim, self._n, self._n_heads)  # [head_dim, n, n_heads]
            keys = graph.cast(x, kind)  # [head_dim, n, n_heads]
            return x, graph.attention(x, keys, keys, None, head_dim**-0.5)

        return self._speed(build, 4.0 * self._n * self._n * self._width)

    def _speed(self, build: Build, operations: float) -> dict[str, Any]:
        with Graph(self._backend) as graph:
            x, result = build(graph)
            graph.run_to(result)
            self._scratch.place(graph)
            size = tuple(reversed([int(n) for n in x.contents.ne]))
            set_tensor(x, self._random.standard_normal(size).astype(np.float32))
            seconds = [self._quiet.measure(lambda: _seconds(graph)) for _ in range(1 + self._repeat)]
        return report.summary([operations / taken / 1e9 for taken in seconds[1:]], "GFLOP/s")

    def all(self) -> dict[str, Any]:
        """Every operation with every type that the width allows."""
        found: dict[str, Any] = {}
        for kind in _TYPES:
            if kind.name.endswith("_K") and self._width % 256:
                continue
            for n_out in (self._width, self._ffn):
                found[f"linear {self._width} -> {n_out}, {kind.name}"] = self.linear(kind, n_out)
        for kind in (GgmlType.F32, GgmlType.F16):
            found[f"attention, heads of {self._width // self._n_heads}, keys {kind.name}"] = self.attention(kind)
        return found


def _seconds(graph: Graph) -> float:
    started = perf_counter()
    graph.compute()
    return perf_counter() - started


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="runs after one that warms up")
    args = parser.parse_args()
    with closing(Operations(args)) as operations:
        found = operations.all()
    for name, figure in found.items():
        print(f"{name:40}{figure['median']:10,.0f} GFLOP/s   ({figure['lowest']:,.0f} - {figure['highest']:,.0f})")
    report.write(args.json, "operations", args, {"speeds": found})


if __name__ == "__main__":
    main()

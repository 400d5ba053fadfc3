"""A GPU and a cuBLAS that are not there: they note what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

QKV = ("attn_q", "attn_k", "attn_v")
PRODUCTS = (*QKV, "attn_output", "ffn_up", "ffn_down", "ffn_up", "ffn_down")


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

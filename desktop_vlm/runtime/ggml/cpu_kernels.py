"""Products and attention on x86 processors in 16-bit integers (`_cpu_operations.h`), as operations of ggml's graphs.

    rows = kernels.rows(graph, x, norm=(weight, bias, eps))         float32 [depth, n] -> packed rows
    y = kernels.product(graph, weight, rows, bias)                  -> float32 [n_out, n]
    h = kernels.attention(graph, kernels.heads(graph, q, k, v, n_heads), ...)

For AVX2, and for AVX-512 with VNNI. Up to twice as fast as ggml's own, and nearer to float32 for all weights but F16
and F32 (docs/decisions/0009).
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.runtime.ggml.graph import Graph, Tensor
from desktop_vlm.runtime.ggml.library import TensorStruct, function

_LOG = logging.getLogger(__name__)

_LIBRARY_NAME = "_cpu_kernels.dll" if sys.platform == "win32" else "_cpu_kernels.so"
"""A plain library, no module of one Python version: see `setup.py`."""

_BLOCK = 128
_PACKED_BLOCK = 2 * _BLOCK + 4
_KEYS = 64
_MAX_DEPTH = 16384
_OUTPUTS = 16
_NOTHING, _NORM, _GELU = range(3)
VARIANTS = ("avx512", "avx2")
"""The fastest first."""
VARIABLE = "DESKTOP_VLM_CPU_KERNELS"
"""The environment's: one of `VARIANTS`, for measuring it on a processor that has more; any other word for none."""
ROWS_AT_ONCE = 96
"""Parts of the rows that attention is asked about start at multiples of this."""


class _Work(ctypes.Structure):
    """`struct work`."""

    _fields_ = (
        ("data_offset", ctypes.c_int64),
        ("source", ctypes.c_void_p * 4),
        ("to_float", ctypes.c_void_p),
        ("row_bytes", ctypes.c_int64),
        ("n", ctypes.c_int64),
        ("depth", ctypes.c_int64),
        ("n_outputs", ctypes.c_int64),
        ("n_heads", ctypes.c_int64),
        ("first", ctypes.c_int64),
        ("n_seeing_all", ctypes.c_int64),
        ("factor", ctypes.c_float),
        ("before", ctypes.c_int32),
        ("n_taken", ctypes.c_int64),
        ("n_done", ctypes.c_int64),
    )


class _Kernels(ctypes.Structure):
    """`struct kernels`."""

    _fields_ = (
        ("rows", ctypes.c_int64),
        ("tile", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in ("pack_rows", "pack_outputs", "pack_values", "product", "attention")),
    )


class _TypeTraits(ctypes.Structure):
    """The beginning of `struct ggml_type_traits`."""

    _fields_ = (
        ("type_name", ctypes.c_char_p),
        ("blck_size", ctypes.c_int64),
        ("blck_size_interleave", ctypes.c_int64),
        ("type_size", ctypes.c_size_t),
        ("is_quantized", ctypes.c_bool),
        ("to_float", ctypes.c_void_p),
    )


@dataclass(frozen=True)
class Packed:
    """A tensor in the kernels' own order: `n` rows, or tokens of all heads, of `depth` numbers each."""

    tensor: Tensor
    n: int
    depth: int


@dataclass(frozen=True)
class Heads:
    """Queries, keys and values of all tokens, packed head by head."""

    queries: Packed
    keys: Packed
    values: Packed
    n_heads: int


class CpuKernels:
    """The kernels of one of `VARIANTS`."""

    def __init__(self, kernels: _Kernels, variant: str) -> None:
        self._kernels = kernels
        self.variant = variant

    @staticmethod
    def takes(kind: GgmlType, shape: tuple[int, ...]) -> bool:
        """Whether weights of this type and shape [depth, n_out] can be multiplied with, and as exactly as by ggml."""
        fits = len(shape) == 2 and shape[0] <= _MAX_DEPTH and shape[1] % _OUTPUTS == 0
        return fits and (kind == GgmlType.BF16 or GGML_QUANT_SIZES[kind][0] > 1)

    @staticmethod
    def takes_heads(head_dim: int) -> bool:
        """Whether attention works with heads of this size."""
        return head_dim <= _BLOCK and head_dim % 2 == 0

    def rows(self, graph: Graph, x: Tensor, *, norm: tuple[Tensor, Tensor, float] | None = None) -> Packed:
        """Pack `x`, float32 [depth, n]; with `norm` (weight, bias, epsilon) its layer norm."""
        work = _Work(before=_NORM if norm else _NOTHING, factor=norm[2] if norm else 0)
        return self._rows(graph, work, [x, *(norm[:2] if norm else ())])

    def gelu_rows(self, graph: Graph, x: Tensor) -> Packed:
        """Pack the GELU (by erf) of `x`, float32 [depth, n]."""
        return self._rows(graph, _Work(before=_GELU), [x])

    def _rows(self, graph: Graph, work: _Work, sources: list[Tensor], n_heads: int = 1) -> Packed:
        depth, n = sources[0].contents.ne[0] // n_heads, sources[0].contents.ne[1]
        work.n, work.depth, work.n_heads, work.row_bytes = n, depth, n_heads, sources[0].contents.nb[1]
        panels = -(-n // self._kernels.rows) * n_heads
        return Packed(self._packed(graph, self._kernels.pack_rows, work, sources, panels, self._kernels.rows), n, depth)

    def weights(self, graph: Graph, weight: Tensor) -> Packed:
        """Pack weights [depth, n_out] of any type; while a graph runs, for they would take twice the memory."""
        depth, n_out = weight.contents.ne[0], weight.contents.ne[1]
        work = _Work(n=n_out, n_outputs=n_out, depth=depth, n_heads=1, row_bytes=weight.contents.nb[1])
        work.to_float = _to_float(weight.contents.type)
        panels = n_out // self._kernels.tile
        tensor = self._packed(graph, self._kernels.pack_outputs, work, [weight], panels, self._kernels.tile)
        return Packed(tensor, n_out, depth)

    def product(self, graph: Graph, weight: Packed, x: Packed, bias: Tensor | None = None) -> Tensor:
        """Packed `weight` [depth, n_out], packed `x` [depth, n] -> float32 [n_out, n]."""
        work = _Work(n=x.n, depth=x.depth, n_outputs=weight.n)
        sources = [x.tensor, weight.tensor] + ([] if bias is None else [bias])
        return _operation(graph, self._kernels.product, work, sources, GgmlType.F32, weight.n, x.n)

    def heads(self, graph: Graph, q: Tensor, k: Tensor, v: Tensor, n_heads: int) -> Heads:
        """Pack queries, keys and values, each float32 [n_heads * head_dim, n]."""
        head_dim, n = q.contents.ne[0] // n_heads, q.contents.ne[1]
        blocks, tile = -(-n // _KEYS), self._kernels.tile
        queries = self._rows(graph, _Work(), [q], n_heads)
        row_bytes = k.contents.nb[1]
        work = _Work(n=n, n_outputs=blocks * _KEYS, depth=head_dim, n_heads=n_heads, row_bytes=row_bytes)
        panels = blocks * _KEYS // tile * n_heads
        keys = self._packed(graph, self._kernels.pack_outputs, work, [k], panels, tile)
        work = _Work(n=n, depth=head_dim, n_heads=n_heads, row_bytes=row_bytes)
        panels = blocks * -(-head_dim // tile) * n_heads
        values = self._packed(graph, self._kernels.pack_values, work, [v], panels, tile)
        return Heads(queries, Packed(keys, n, head_dim), Packed(values, n, head_dim), n_heads)

    def attention(self, graph: Graph, heads: Heads, start: int, stop: int, n_seeing_all: int, scale: float) -> Tensor:
        """Softmax attention of tokens `start` to `stop`: float32 [n_heads * head_dim, stop - start].

        The first `n_seeing_all` tokens see all, the others see only those. `start` is a multiple of `ROWS_AT_ONCE`.
        """
        work = _Work(n=stop - start, depth=heads.keys.depth, n_outputs=heads.keys.n, n_heads=heads.n_heads)
        work.first, work.n_seeing_all, work.factor = start, n_seeing_all, scale
        sources = [packed.tensor for packed in (heads.queries, heads.keys, heads.values)]
        width = heads.n_heads * heads.keys.depth
        return _operation(graph, self._kernels.attention, work, sources, GgmlType.F32, width, stop - start)

    def _packed(
        self, graph: Graph, kernel: int, work: _Work, sources: list[Tensor], n_panels: int, width: int
    ) -> Tensor:
        """Integers and scales of `n_panels` panels; those of values have one block each."""
        blocks = 1 if kernel == self._kernels.pack_values else -(-work.depth // _BLOCK)
        n_bytes = n_panels * width * blocks * _PACKED_BLOCK
        return _operation(graph, kernel, work, sources, GgmlType.I8, n_bytes)


def packed_bytes(depth: int, n: int) -> int:
    """What `n` rows or outputs of `depth` numbers take when packed, at most; queries and keys for each head."""
    return (n + _KEYS) * -(-depth // _BLOCK) * _PACKED_BLOCK


def packed_values_bytes(depth: int, n: int) -> int:
    """What the values of one head and `n` tokens take when packed."""
    return -(-n // _KEYS) * -(-depth // _OUTPUTS) * _OUTPUTS * _PACKED_BLOCK


def _operation(graph: Graph, kernel: int, work: _Work, sources: list[Tensor], kind: GgmlType, *shape: int) -> Tensor:
    work.data_offset = TensorStruct.data.offset
    for i, source in enumerate(sources):
        work.source[i] = ctypes.cast(source, ctypes.c_void_p).value
    return graph.custom(kernel, work, sources, kind, *shape)


def _to_float(kind: int) -> int | None:
    """Ggml's function that unpacks a row of this type; None for float32."""
    if kind == GgmlType.F32:
        return None
    traits = _TypeTraits.from_address(function("ggml_get_type_traits")(kind))
    address: int | None = traits.to_float
    return address


@cache
def cpu_kernels(variant: str = "") -> CpuKernels | None:
    """The fastest kernels for this processor, or those of one of `VARIANTS`, by default what `VARIABLE` names.

    None on other processors, or where no C compiler was there when this package was installed.
    """
    library, requested = _library(), variant or os.environ.get(VARIABLE, "")
    if library is None:
        return None
    for name in [requested] if requested else VARIANTS:
        if found := library.desktop_vlm_cpu_kernels(name.encode()):
            return CpuKernels(found.contents, name)
    return None


def why_unavailable() -> str:
    """Why ggml's operations do it all here, in a few words; empty where the kernels are used."""
    if _library() is None:
        return "they were not compiled when Desktop VLM was installed, which needs GCC or Clang"
    if cpu_kernels():
        return ""
    requested = os.environ.get(VARIABLE)
    return f"{VARIABLE} asks for {requested!r}" if requested else "the processor lacks AVX2"


@cache
def _library() -> Any:
    return opened(Path(__file__).with_name(_LIBRARY_NAME))


def opened(path: Path) -> Any:
    """The compiled kernels; None where there are none, or they are of another version of this module."""
    if not path.exists():
        return None
    try:
        library = ctypes.CDLL(str(path))
        size, find = library.desktop_vlm_cpu_work_size, library.desktop_vlm_cpu_kernels
    except (OSError, AttributeError):
        _LOG.warning("the compiled kernels for processors cannot be loaded; ggml's own are used")
        return None
    size.restype, find.restype, find.argtypes = ctypes.c_int64, ctypes.POINTER(_Kernels), [ctypes.c_char_p]
    return library if size() == ctypes.sizeof(_Work) else None

"""Building, placing and running ggml graphs.

A `Graph` owns the descriptions of its tensors; the numbers live in buffers: weights in a `TensorStore`,
inputs and intermediate results in the `Scratch` memory that graphs of one backend share, since only one
of them runs at a time.

Shapes are in ggml's order throughout: the fastest-changing dimension first.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError, OutOfMemoryError
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.device import Backend
from desktop_vlm.runtime.ggml.library import function

Tensor = Any
"""A `library.Tensor` (ctypes pointers carry no type parameters that a checker could use)."""


def key_type(*, is_cpu: bool) -> GgmlType:
    """The type of keys and values that `Graph.attention` is right and quick with.

    With F16, ggml's attention on processors adds up the values of all keys in F16: where thousands are seen alike, the
    sum stands still or is infinite (docs/decisions/0010). F32 is exact, and reads a prompt in half the time.
    """
    return GgmlType.F32 if is_cpu else GgmlType.F16


def _no_room(backend: Backend, what: str) -> OutOfMemoryError:
    return OutOfMemoryError(
        f"{backend.device.name} has no room for {what}; choose a shorter context or fewer layers on the GPU."
    )


class _Context:
    """A `ggml_context` that holds descriptions only."""

    def __init__(self, n_tensors: int, extra_bytes: int = 0) -> None:
        size = n_tensors * function("ggml_tensor_overhead")() + extra_bytes
        self.handle: int = function("ggml_init")(library.InitParams(size, None, True))
        if not self.handle:
            raise EngineError("There is no memory left for the description of a computation.")

    def new(self, ggml_type: GgmlType, *shape: int, name: str = "") -> Tensor:
        dims = list(shape) + [1] * (library.MAX_DIMS - len(shape))
        tensor = function("ggml_new_tensor_4d")(self.handle, int(ggml_type), *dims)
        if name:
            function("ggml_set_name")(tensor, name.encode()[: library.MAX_NAME_BYTES - 1])
        return tensor

    def close(self) -> None:
        if self.handle:
            function("ggml_free")(self.handle)
            self.handle = 0


class TensorStore:
    """Named tensors in one buffer on one device: weights, or state that outlives a graph.

    Attributes:
        device: where they are.
        tensors: by name.
        n_bytes: what they take there.
    """

    def __init__(self, backend: Backend, shapes: dict[str, tuple[GgmlType, tuple[int, ...]]], *, weights: bool) -> None:
        """Allocate the buffer.

        Args:
            backend: where the buffer lives.
            shapes: name -> (type, shape in ggml's order).
            weights: mark the buffer as weights, which lets backends keep it in a faster form.

        Raises:
            OutOfMemoryError: the device has no room; the message says how much was asked for.
        """
        self.device = backend.device
        self._context = _Context(len(shapes) + 1)
        self.tensors = {name: self._context.new(kind, *shape, name=name) for name, (kind, shape) in shapes.items()}
        size = function("ggml_backend_alloc_ctx_tensors_from_buft_size")(self._context.handle, backend.buffer_type)
        self._buffer = function("ggml_backend_alloc_ctx_tensors_from_buft")(self._context.handle, backend.buffer_type)
        if not self._buffer:
            self._context.close()
            raise _no_room(backend, f"{math.ceil(size / 2**20):,} MiB more")
        if weights:
            function("ggml_backend_buffer_set_usage")(self._buffer, library.USAGE_WEIGHTS)
        self.n_bytes = int(function("ggml_backend_buffer_get_size")(self._buffer))

    def __getitem__(self, name: str) -> Tensor:
        return self.tensors[name]

    def clear(self) -> None:
        """Set every byte to zero."""
        function("ggml_backend_buffer_clear")(self._buffer, 0)

    def close(self) -> None:
        if self._buffer:
            function("ggml_backend_buffer_free")(self._buffer)
            self._buffer = 0
            self._context.close()


class HostArray:
    """An array in main memory that the device reads without a detour, where it has such memory.

    Attributes:
        values: float32, to be filled and read.
    """

    def __init__(self, backend: Backend, *shape: int) -> None:
        n_bytes = 4 * int(np.prod(shape))
        kind = function("ggml_backend_dev_host_buffer_type")(backend.device.handle)
        self._buffer = function("ggml_backend_buft_alloc_buffer")(kind, n_bytes) if kind else None
        if self._buffer:
            address = function("ggml_backend_buffer_get_base")(self._buffer)
            memory = (ctypes.c_float * (n_bytes // 4)).from_address(address)
            self.values = np.ctypeslib.as_array(memory).reshape(shape)
        else:
            self.values = np.empty(shape, dtype=np.float32)

    def close(self) -> None:
        """Free it; `values` must not be used any more."""
        if self._buffer:
            function("ggml_backend_buffer_free")(self._buffer)
            self._buffer = None


class Scratch:
    """Memory for the intermediate results of one graph at a time, grown as needed.

    Attributes:
        generation: counts how often the memory moved; a graph placed under an older one must be built again.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._allocator = function("ggml_gallocr_new")(backend.buffer_type)
        self.generation = 0

    @property
    def n_bytes(self) -> int:
        return int(function("ggml_gallocr_get_buffer_size")(self._allocator, 0))

    def place(self, graph: Graph) -> None:
        """Give every intermediate tensor of `graph` its address.

        Raises:
            OutOfMemoryError: the device has no room.
        """
        before = self.n_bytes
        is_placed = function("ggml_gallocr_alloc_graph")(self._allocator, graph.handle)
        if self.n_bytes != before:  # also where it failed: the old memory is given back first
            self.generation += 1
        if not is_placed:
            raise _no_room(self._backend, "a computation's intermediate results")

    def close(self) -> None:
        if self._allocator:
            function("ggml_gallocr_free")(self._allocator)
            self._allocator = 0


_PLAIN_QUERIES = 512


class Graph:
    """A computation on one backend: make tensors, `run_to` the requested ones, `place`, `set` inputs, `compute`."""

    def __init__(self, backend: Backend, *, max_nodes: int = 256) -> None:
        overhead = function("ggml_graph_overhead_custom")(max_nodes, False)
        self._context = _Context(2 * max_nodes, overhead)
        self._backend = backend
        self._kept: list[Any] = []  # what C reads while the graph runs
        self.handle: int = function("ggml_new_graph_custom")(self._context.handle, max_nodes, False)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _op(self, name: str, *arguments: Any) -> Tensor:
        return function(name)(self._context.handle, *arguments)

    # Leaves

    def input(self, ggml_type: GgmlType, *shape: int, name: str = "") -> Tensor:
        """A leaf that `set` fills; it keeps its memory until the graph has run."""
        tensor = self._context.new(ggml_type, *shape, name=name)
        tensor.contents.flags |= library.FLAG_INPUT
        return tensor

    def alias(self, buffer: int, address: int, *shape: int) -> Tensor:
        """A float32 leaf on memory that somebody else owns.

        It has no parents, so that expanding this graph never reaches into the owner's graph.
        """
        tensor = self._context.new(GgmlType.F32, *shape)
        if function("ggml_backend_tensor_alloc")(buffer, tensor, address) != library.STATUS_SUCCESS:
            raise EngineError("The library refused to share a tensor's memory.")
        return tensor

    # Operations

    def add(self, a: Tensor, b: Tensor) -> Tensor:
        return self._op("ggml_add", a, b)

    def add_to(self, a: Tensor, b: Tensor) -> Tensor:
        """`a + b`, written over `a`; what reads the old `a` must be among the parents of `b`."""
        return self._op("ggml_add_inplace", a, b)

    def mul(self, a: Tensor, b: Tensor) -> Tensor:
        return self._op("ggml_mul", a, b)

    def scale(self, a: Tensor, factor: float) -> Tensor:
        return self._op("ggml_scale", a, factor)

    def linear(self, weight: Tensor, x: Tensor, bias: Tensor | None = None) -> Tensor:
        """`weight` [n_in, n_out], `x` [n_in, n] -> [n_out, n], accumulated in float32."""
        product = self._product(weight, x)
        return product if bias is None else self.add(product, bias)

    def _product(self, a: Tensor, b: Tensor) -> Tensor:
        """ggml_mul_mat, accumulated in float32.

        Unless asked for it, GPUs may do so in float16, which ends at 65,504. Where `a` is of a type with a larger range
        none does, and CUDA would unpack BF16 for nothing.
        """
        product = self._op("ggml_mul_mat", a, b)
        if a.contents.type not in _OF_LARGE_RANGE:
            function("ggml_mul_mat_set_prec")(product, library.PREC_F32)
        return product

    def layer_norm(self, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
        return self.add(self.mul(self._op("ggml_norm", x, eps), weight), bias)

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        return self.mul(self._op("ggml_rms_norm", x, eps), weight)

    def activation(self, x: Tensor, kind: str) -> Tensor:
        """`kind` as in a checkpoint's `hidden_act`."""
        return self._op(ACTIVATIONS[kind], x)

    def swiglu(self, gate: Tensor, up: Tensor) -> Tensor:
        """silu(gate) * up."""
        return self._op("ggml_swiglu_split", gate, up)

    def attention(
        self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float, *, exact: bool = False
    ) -> Tensor:
        """Softmax attention with grouped heads.

        Args:
            q: [head_dim, n_queries, n_heads] float32.
            k: [head_dim, n_keys, n_kv_heads], best of `key_type`.
            v: the same.
            mask: float16 [n_keys, n_queries], added to the scores; None to see all keys.
            scale: factor on the scores.
            exact: add up in float32 on every device. CUDA's flash attention does so for single queries only, Vulkan's
                in single precision only, and else in float16, whatever is asked for (docs/decisions/0011); it takes
                less time and memory.

        Returns:
            [head_dim, n_heads, n_queries] float32.
        """
        registry, n_queries = self._backend.device.registry, q.contents.ne[1]
        least_queries = _SUMS_IN_F16.get(registry)
        if exact and least_queries and n_queries >= least_queries:
            at_once = NARROW_QUERIES if registry == "CUDA" and n_queries <= _MOST_IN_NARROW_PARTS else n_queries
            return self._plain_attention(q, k, v, mask, scale, EXACT_SCORES_BYTES, at_once)
        out = self._op("ggml_flash_attn_ext", q, k, v, mask, scale, 0.0, 0.0)
        function("ggml_flash_attn_ext_set_prec")(out, library.PREC_F32)
        return out if self._backend.supports(out) else self._plain_attention(q, k, v, mask, scale)

    def _plain_attention(
        self,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        mask: Tensor | None,
        scale: float,
        scores_bytes: int | None = None,
        at_once: int = _PLAIN_QUERIES,
    ) -> Tensor:
        """`attention` from its parts, of `at_once` queries each, or fewer where scores take more than `scores_bytes`.

        By heads first: what belongs to one is then unpacked and turned once.
        """
        group, n_kv_heads = q.contents.ne[2] // k.contents.ne[2], k.contents.ne[2]
        heads_at_once, out = n_kv_heads, None
        if scores_bytes is not None:
            of_a_query = 4 * k.contents.ne[1] * group  # and one head of keys
            at_once = min(q.contents.ne[1], at_once, max(scores_bytes // of_a_query // 8 * 8, 8))
            heads_at_once = min(n_kv_heads, max(scores_bytes // (of_a_query * at_once), 1))
        for start in range(0, n_kv_heads, heads_at_once):
            stop = min(start + heads_at_once, n_kv_heads)
            queries = self.slice(q, 2, start * group, stop * group)  # [head_dim, n_queries, some heads]
            keys, values = (self.slice(x, 2, start, stop) for x in (k, v))  # [head_dim, n_keys, some heads]
            part = self._attention_of_heads(queries, keys, values, mask, scale, at_once)  # [head_dim, some, n_queries]
            out = part if out is None else self.concat(out, part, 1)
        return out

    def _attention_of_heads(
        self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float, at_once: int
    ) -> Tensor:
        columns = self.contiguous(self.permute(v, 1, 0, 2, 3))  # [n_keys, head_dim, n_kv_heads]
        n_queries, out = q.contents.ne[1], None
        for start in range(0, n_queries, at_once):
            stop = min(start + at_once, n_queries)
            scores = self._product(k, self.slice(q, 1, start, stop))  # [n_keys, n, n_heads]
            seen = mask if mask is None else self.slice(mask, 1, start, stop)  # [n_keys, n]
            weights = self._op("ggml_soft_max_ext", scores, seen, scale, 0.0)  # [n_keys, n, n_heads]
            part = self._product(columns, weights)  # [head_dim, n, n_heads]
            part = self.contiguous(self.permute(part, 0, 2, 1, 3))  # [head_dim, n_heads, n]
            out = part if out is None else self.concat(out, part, 2)
        return out

    def rows(self, table: Tensor, indices: Tensor) -> Tensor:
        """`table` [n, n_rows], `indices` int32 [m] -> [n, m] float32."""
        return self._op("ggml_get_rows", table, indices)

    def concat(self, a: Tensor, b: Tensor, dim: int) -> Tensor:
        return self._op("ggml_concat", a, b, dim)

    def copy(self, source: Tensor, destination: Tensor) -> Tensor:
        """Write `source` over `destination` (any shape of the same size, any type)."""
        return self._op("ggml_cpy", source, destination)

    def repeat(self, a: Tensor, *shape: int) -> Tensor:
        """`a` repeated to `shape`."""
        return self._op("ggml_repeat_4d", a, *shape, *([1] * (library.MAX_DIMS - len(shape))))

    def contiguous(self, a: Tensor) -> Tensor:
        return self._op("ggml_cont", a)

    def cast(self, a: Tensor, ggml_type: GgmlType) -> Tensor:
        return self._op("ggml_cast", a, int(ggml_type))

    def reshape(self, a: Tensor, *shape: int) -> Tensor:
        return self._op("ggml_reshape_4d", a, *shape, *([1] * (library.MAX_DIMS - len(shape))))

    def permute(self, a: Tensor, *axes: int) -> Tensor:
        """Dimension i of `a` becomes dimension `axes[i]`."""
        return self._op("ggml_permute", a, *axes)

    def slice(self, a: Tensor, dim: int, start: int, stop: int) -> Tensor:
        """A view of `a[start:stop]` along `dim`."""
        source = a.contents
        shape = list(source.ne)
        shape[dim] = stop - start
        return self._op("ggml_view_4d", a, *shape, *source.nb[1:4], start * source.nb[dim])

    def custom(self, kernel: int, work: ctypes.Structure, sources: list[Tensor], kind: GgmlType, *shape: int) -> Tensor:
        """A tensor that a C function of our own makes from `sources`, on a processor, with all threads.

        Args:
            kernel: the address of a `ggml_custom_op_t`.
            work: what it is given beside.
            sources: tensors that have to be there before.
            kind: the result's type.
            shape: the result's shape.
        """
        self._kept.append(work)
        dims = list(shape) + [1] * (library.MAX_DIMS - len(shape))
        arguments = (library.Tensor * len(sources))(*sources)
        with_all_threads = -1
        return self._op(
            "ggml_custom_4d",
            int(kind),
            *dims,
            arguments,
            len(sources),
            kernel,
            with_all_threads,
            ctypes.addressof(work),
        )

    # Running

    def run_to(self, tensor: Tensor) -> None:
        """Compute `tensor` (and what it needs) after what was asked for before."""
        function("ggml_build_forward_expand")(self.handle, tensor)

    def unsupported(self) -> list[str]:
        """The operations in the graph that the device cannot run; empty when all is well."""
        count = function("ggml_graph_n_nodes")(self.handle)
        nodes = [function("ggml_graph_node")(self.handle, index) for index in range(count)]
        return [f"op {node.contents.op}" for node in nodes if not self._backend.supports(node)]

    def compute(self) -> None:
        """Run it; see `Backend.compute` for the errors."""
        self._backend.compute(self.handle)

    def start(self) -> None:
        """Put it behind what the backend has to do; see `Backend.start`."""
        self._backend.start(self.handle)

    def close(self) -> None:
        self._context.close()


EXACT_SCORES_BYTES = 32 << 20
"""Scores that attention in parts holds at once to add up in float32: the fewer pieces, the faster."""

NARROW_QUERIES = 16
"""Up to so many columns CUDA multiplies float16 as it is; for more, cuBLAS has it unpacked to float32, and adds
thousands of values up in a few multiprocessors while the others have nothing to do."""
_MOST_IN_NARROW_PARTS = 48
"""Queries; of more, reading all keys again for each sixteen takes longer."""

_SUMS_IN_F16 = {"CUDA": 2, "ROCm": 2, "MUSA": 2, "SYCL": 2, "Vulkan": 1}
"""From how many queries on flash attention adds up in float16; the first three are of ggml's CUDA code."""

_OF_LARGE_RANGE = (GgmlType.F32, GgmlType.BF16)
_DTYPES = {int(GgmlType.F32): np.float32, int(GgmlType.F16): np.float16}

ACTIVATIONS = {"gelu": "ggml_gelu_erf", "gelu_pytorch_tanh": "ggml_gelu", "quick_gelu": "ggml_gelu_quick"}
"""A checkpoint's `hidden_act` -> the operation."""


def lies_within(buffer: int, address: int, n_bytes: int) -> bool:
    """Whether so many bytes from an address on are a buffer's."""
    base: int = function("ggml_backend_buffer_get_base")(buffer)
    return base <= address and address + n_bytes <= base + function("ggml_backend_buffer_get_size")(buffer)


def set_tensor(tensor: Tensor, values: NDArray[Any], offset_bytes: int = 0) -> None:
    """Copy `values` as they lie in memory into a placed tensor, starting `offset_bytes` into it."""
    values = np.ascontiguousarray(values)
    function("ggml_backend_tensor_set")(tensor, values.ctypes.data_as(ctypes.c_void_p), offset_bytes, values.nbytes)


def get_tensor(tensor: Tensor) -> NDArray[Any]:
    """The values of a placed tensor, float32 or float16 as it has them, in NumPy's order (slowest dimension first)."""
    shape = [int(n) for n in tensor.contents.ne]
    while len(shape) > 1 and shape[-1] == 1:
        shape.pop()
    values = np.empty(shape[::-1], dtype=_DTYPES[tensor.contents.type])
    function("ggml_backend_tensor_get")(tensor, values.ctypes.data_as(ctypes.c_void_p), 0, values.nbytes)
    return values

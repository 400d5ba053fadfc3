"""The cross-attention layers: how the text attends to an image.

Each layer is one of Meta's `TransformerBlock`s with attention to the image's states: no positions, keys
and queries normalised per head, two tanh gates. llama.cpp knows nothing of them; `eval_hook` runs them
between its layers, on the memory of its own tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import tanh

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.mmproj import CrossAttentionConfig, Mmproj, load_weights
from desktop_vlm.runtime.ggml.device import Backend
from desktop_vlm.runtime.ggml.graph import (
    Graph,
    Scratch,
    Tensor,
    TensorStore,
    get_tensor,
    key_type,
    lies_within,
    set_tensor,
)
from desktop_vlm.runtime.native_stops import Launch

KEY_BLOCK = 256
"""Off the processor, keys are padded to a multiple of this: CUDA's grouped-query attention needs it."""

_MAX_GRAPHS = 64
_GENERATIONS = count(1)

ROWS_AT_ONCE = 256
"""Rows of the text that pass the feed-forward part in one go, which is wide."""

_STATES_AT_ONCE = {True: 1024, False: 2048}


def states_at_once(*, is_cpu: bool) -> int:
    """States whose keys and values are made in one go: on GPUs as many as need no more memory than a prompt's rows."""
    return _STATES_AT_ONCE[is_cpu]


_KEEP_ORDER = ("CUDA",)
"""Devices whose streams are known to do one thing after the other, whoever put it there."""

_PARTS = (
    "attn_norm.weight",
    "cross_attn_q_proj.weight",
    "cross_attn_k_proj.weight",
    "cross_attn_v_proj.weight",
    "cross_attn_o_proj.weight",
    "cross_attn_q_norm.weight",
    "cross_attn_k_norm.weight",
    "ffn_norm.weight",
    "ffn_gate.weight",
    "ffn_up.weight",
    "ffn_down.weight",
)


@dataclass(frozen=True)
class HiddenRows:
    """Rows of the residual stream inside llama.cpp: float32 [width, n_rows] at `address` in `buffer`.

    What is made for some rows is good for equal ones only. An address is none without its buffer (on Vulkan each begins
    at the same one), and neither is a buffer that was freed, whose handle the next one may get.

    Attributes:
        generation: which of our own buffers it is, counted for as long as the process lives; 0 for llama.cpp's.
    """

    buffer: int
    address: int
    n_rows: int
    generation: int = 0


class StagedRows:
    """Rows of another device's memory, copied here for as long as the layers of this one work on them.

    Attributes:
        hidden: where they are meanwhile.
    """

    def __init__(self, backend: Backend, rows: NDArray[np.float32]) -> None:
        """Copy float32 (n_rows, width) here."""
        self._backend = backend
        self._store = TensorStore(backend, {"rows": (GgmlType.F32, rows.shape[::-1])}, weights=False)
        tensor = self._store["rows"].contents
        self.hidden = HiddenRows(tensor.buffer, tensor.data, len(rows), next(_GENERATIONS))
        set_tensor(self._store["rows"], rows)

    def rows(self) -> NDArray[np.float32]:
        """The rows as they are now: float32 (n_rows, width)."""
        self._backend.wait()
        return get_tensor(self._store["rows"])

    def __enter__(self) -> StagedRows:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()


class CrossAttention:
    """The cross-attention layers that live on one device: weights, keys and values, and their graphs.

    Attributes:
        layers: the checkpoint's indices of the layers held here.
        device: where they are.
    """

    def __init__(
        self,
        mmproj: Mmproj,
        layers: tuple[int, ...],
        backend: Backend,
        scratch: Scratch,
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        """Load the weights of `layers`; `on_bytes` is given the size of each tensor that is there.

        Raises:
            Cancelled: from `on_bytes`.
            EngineError: the device has no room.
            UserError: the file ends early.
        """
        self.layers = layers
        self.device = backend.device
        self._config: CrossAttentionConfig = mmproj.cross_attention
        self._backend = backend
        self._scratch = scratch
        parts = [f"blk.{layer}.{part}" for layer in layers for part in _PARTS]
        self._weights = load_weights(mmproj, parts, backend, on_bytes)
        self._gates = {
            f"blk.{layer}.{gate}": tanh(float(mmproj.read(f"blk.{layer}.{gate}").reshape(-1)[0]))
            for layer in layers
            for gate in ("cross_attn_attn_gate", "cross_attn_mlp_gate")
        }
        self._kv_type = key_type(is_cpu=backend.device.is_cpu)
        self._keys: TensorStore | None = None
        self._n_keys = 0
        self._graphs: dict[tuple[int, HiddenRows], tuple[Graph, int]] = {}
        self._last: dict[int, HiddenRows] = {}  # llama.cpp's rows that each layer changed last

    def close(self) -> None:
        self.forget()
        self._weights.close()

    # Keys and values of an image

    def attend_to(self, images: Sequence[TileStates]) -> None:
        """Make the keys and values of the visible states of `images` in every layer.

        A stream that keeps its order may still be at it when this returns, while the text's first pass is prepared.

        Raises:
            Cancelled: the backend was asked to stop; `attend_to` must be called again before the next use.
            EngineError: the device failed or has no room.
        """
        self._n_keys = 0  # nothing valid until all layers are done
        n_keys = sum(image.n_visible for image in images)
        self._reserve_keys(n_keys)
        n_made, at_once = 0, states_at_once(is_cpu=self.device.is_cpu)
        for image in images:
            for start in range(0, image.n_visible, at_once):
                stop = min(start + at_once, image.n_visible)
                self._make_keys(image, start, stop, n_made + start)
            n_made += image.n_visible
        if self.stream is None:
            self._backend.wait()
        self._n_keys = n_keys

    def forget(self) -> None:
        """Give the memory of keys and values back; `attend_to` must be called again before the next use."""
        self._n_keys = 0
        self._drop_graphs()
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _reserve_keys(self, n_states: int) -> None:
        """Room for `n_states` keys and values, rounded up; what lies beyond is zero and masked."""
        block = 1 if self._backend.device.is_cpu else KEY_BLOCK
        n_padded = -(-n_states // block) * block
        if self._keys is None or self._keys["mask"].contents.ne[0] != n_padded:
            self.forget()
            config = self._config
            shape = (config.head_dim, n_padded, config.num_key_value_heads)
            shapes = {f"{kind}.{layer}": (self._kv_type, shape) for layer in self.layers for kind in "kv"}
            self._keys = TensorStore(self._backend, {**shapes, "mask": (GgmlType.F16, (n_padded, 1))}, weights=False)
            self._keys.clear()
        mask = np.zeros(n_padded, dtype=np.float16)
        mask[n_states:] = -np.inf
        set_tensor(self._keys["mask"], mask)

    def _make_keys(self, image: TileStates, start: int, stop: int, at: int) -> None:
        """Keys and values of states `start` to `stop`, of all layers, as number `at` on.

        The states travel to the device once, if they are not there.
        """
        there = image.visible_on(self.device)
        with Graph(self._backend, max_nodes=64 + 16 * len(self.layers)) as graph:
            if there is None:
                states = image.visible[start:stop].astype(np.float32, copy=False)
                x = graph.input(GgmlType.F32, self._config.hidden_size, stop - start)  # [width, n]
            else:
                x = graph.cast(graph.slice(there, 1, start, stop), GgmlType.F32)  # [width, n]
            for layer in self.layers:
                self._add_keys(graph, layer, x, at)
            self._scratch.place(graph)
            if there is None:
                set_tensor(x, states)
                graph.compute()
            else:
                graph.start()  # the next one's description is made meanwhile

    def _add_keys(self, graph: Graph, layer: int, x: Tensor, start: int) -> None:
        config, weights, block, n = self._config, self._weights, f"blk.{layer}", x.contents.ne[1]
        assert self._keys is not None

        def heads(part: str) -> Tensor:
            y = graph.linear(weights[f"{block}.{part}.weight"], x)  # [n_kv_heads*head_dim, n]
            return graph.reshape(y, config.head_dim, config.num_key_value_heads, n)  # [head_dim, n_kv_heads, n]

        k_norm = weights[f"{block}.cross_attn_k_norm.weight"]
        k = graph.rms_norm(heads("cross_attn_k_proj"), k_norm, config.rms_norm_eps)  # [head_dim, n_kv_heads, n]
        for kind, made in (("k", k), ("v", heads("cross_attn_v_proj"))):
            kept = graph.slice(self._keys[f"{kind}.{layer}"], 1, start, start + n)  # [head_dim, n, n_kv_heads]
            graph.run_to(graph.copy(graph.permute(made, 0, 2, 1, 3), kept))

    # The layer itself

    def run(self, layer: int, hidden: HiddenRows) -> None:
        """Apply one layer in place to rows that all see the image given to `attend_to`.

        A GPU may still be at it when this returns; what its stream does next comes after.

        Raises:
            EngineError: the device failed.
        """
        if not self._n_keys:
            raise RuntimeError("cross attention ran before an image's keys and values were made")
        graph = self._ready(layer, hidden) or self._remember(layer, hidden)
        self._backend.start(graph.handle)
        if not self._backend.in_order:
            self._backend.wait()
        if not hidden.generation:
            self._last[layer] = hidden
            self._describe_next(layer, hidden)

    def _describe_next(self, layer: int, hidden: HiddenRows) -> None:
        """Make the next layer's graph for as many rows now, while a GPU is at this one, instead of keeping it waiting.

        llama.cpp mostly puts a node's rows where they were the last time. Where not, the graph is never asked for.
        """
        at = self.layers.index(layer) + 1
        last = self._last.get(self.layers[at]) if at < len(self.layers) else None
        if last is None or last.buffer != hidden.buffer:  # which may be gone
            return
        if len(self._graphs) >= _MAX_GRAPHS:  # the one that is at work would be dropped, too
            return
        expected = replace(last, n_rows=hidden.n_rows)
        n_bytes = 4 * self._config.hidden_size * hidden.n_rows
        if lies_within(expected.buffer, expected.address, n_bytes) and not self._ready(self.layers[at], expected):
            self._remember(self.layers[at], expected)

    def stage(self, rows: NDArray[np.float32]) -> StagedRows:
        """Memory here for rows of another device, float32 (n_rows, width).

        Raises:
            OutOfMemoryError: there is none.
        """
        self._drop_graphs()  # of rows staged earlier, for which nobody can ask again
        return StagedRows(self._backend, rows)

    def launch(self, layers: tuple[int, ...], hidden: HiddenRows) -> Launch | None:
        """What `run` would do for these layers, one after the other; None if a graph is to be made or waited for."""
        if not self._backend.in_order:
            return None
        graphs = [self._ready(layer, hidden) for layer in layers]
        handles = tuple(graph.handle for graph in graphs if graph)
        if not self._n_keys or len(handles) < len(layers):
            return None
        no_wait = self.stream is not None
        return Launch(hidden.buffer, hidden.address, hidden.n_rows, self._backend.handle, handles, no_wait)

    @property
    def stream(self) -> int | None:
        """The `ggml_backend_t` on which layers come after what llama.cpp put there; None where that is not known."""
        keeps_order = self._backend.in_order and self.device.registry in _KEEP_ORDER
        return self._backend.handle if keeps_order else None

    def _ready(self, layer: int, hidden: HiddenRows) -> Graph | None:
        found = self._graphs.get((layer, hidden))
        return found[0] if found and found[1] == self._scratch.generation else None

    def _remember(self, layer: int, hidden: HiddenRows) -> Graph:
        key, graph = (layer, hidden), self._build(layer, hidden)
        if len(self._graphs) >= _MAX_GRAPHS:
            self._drop_graphs()
        if key in self._graphs:
            self._graphs.pop(key)[0].close()
        self._graphs[key] = (graph, self._scratch.generation)
        return graph

    def _drop_graphs(self) -> None:
        for graph, _ in self._graphs.values():
            graph.close()
        self._graphs.clear()

    def _build(self, layer: int, hidden: HiddenRows) -> Graph:
        config, weights, block, n = self._config, self._weights, f"blk.{layer}", hidden.n_rows
        assert self._keys is not None
        eps = config.rms_norm_eps
        graph = Graph(self._backend, max_nodes=256 + n)
        x = graph.alias(hidden.buffer, hidden.address, config.hidden_size, n)  # [width, n]
        h = graph.rms_norm(x, weights[f"{block}.attn_norm.weight"], eps)  # [width, n]
        q = graph.linear(weights[f"{block}.cross_attn_q_proj.weight"], h)  # [n_heads*head_dim, n]
        q = graph.reshape(q, config.head_dim, config.num_attention_heads, n)  # [head_dim, n_heads, n]
        q = graph.rms_norm(q, weights[f"{block}.cross_attn_q_norm.weight"], eps)  # [head_dim, n_heads, n]
        q = graph.permute(q, 0, 2, 1, 3)  # [head_dim, n, n_heads]
        k, v = self._keys[f"k.{layer}"], self._keys[f"v.{layer}"]  # [head_dim, n_keys, n_kv_heads]
        mask = None  # what hides the padding from every row: [n_keys, n]
        if not self._backend.device.is_cpu:
            # The copy is no kernel and so waits for the norm, which the attention may not: docs/decisions/0005.
            mask = graph.contiguous(self._keys["mask"])  # [n_keys, 1]
            mask = graph.repeat(mask, mask.contents.ne[0], n) if n > 1 else mask
        h = graph.attention(q, k, v, mask, config.head_dim**-0.5, exact=True)  # [head_dim, n_heads, n]
        h = graph.reshape(h, config.hidden_size, n)  # [width, n]
        h = graph.linear(weights[f"{block}.cross_attn_o_proj.weight"], h)  # [width, n]
        x = graph.add_to(x, graph.scale(h, self._gates[f"{block}.cross_attn_attn_gate"]))  # [width, n]
        for start in range(0, n, ROWS_AT_ONCE):
            part = graph.slice(x, 1, start, min(start + ROWS_AT_ONCE, n)) if n > ROWS_AT_ONCE else x  # [width, some]
            h = graph.rms_norm(part, weights[f"{block}.ffn_norm.weight"], eps)  # [width, some]
            gate = graph.linear(weights[f"{block}.ffn_gate.weight"], h)  # [ffn, some]
            up = graph.linear(weights[f"{block}.ffn_up.weight"], h)  # [ffn, some]
            h = graph.linear(weights[f"{block}.ffn_down.weight"], graph.swiglu(gate, up))  # [width, some]
            h = graph.scale(h, self._gates[f"{block}.cross_attn_mlp_gate"])  # [width, some]
            graph.run_to(graph.add_to(part, h))
        self._scratch.place(graph)
        return graph

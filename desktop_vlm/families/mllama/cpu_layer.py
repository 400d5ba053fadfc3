"""One layer of the vision encoder on processors that our kernels know (`runtime/ggml/cpu_kernels`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_vlm.families.mllama.mmproj import TensorInfo, VisionEncoderConfig
from desktop_vlm.runtime.ggml.cpu_kernels import (
    ROWS_AT_ONCE,
    CpuKernels,
    Heads,
    cpu_kernels,
    packed_bytes,
    packed_values_bytes,
)
from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.ggml.graph import Graph, Tensor

PARTS = 4
"""Pieces of the tokens wherever they can be taken one after the other: to be stopped in between, and for memory, which
the feed-forward part's width of 4 x 1280, for one, would otherwise rule."""

_MATRICES = tuple(f"{part}.weight" for part in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down"))


@dataclass(frozen=True)
class CpuLayer:
    """Builds a layer's graph from packed products and attention."""

    kernels: CpuKernels
    config: VisionEncoderConfig

    @classmethod
    def open(cls, device: Device, config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> CpuLayer | None:
        """None where ggml's operations do it: on other devices and processors, and for weights in F32 and F16."""
        kernels = cpu_kernels() if device.is_cpu else None
        return cls(kernels, config) if kernels and _are_known(config, tensors) else None

    def build(
        self, graph: Graph, x: Tensor, weights: Mapping[str, Tensor], n_valid: int, attn_gate: float, ffn_gate: float
    ) -> None:
        """Have `graph` compute one layer over `x`, float32 [width, n_all], in place.

        Tokens from `n_valid` on see only those before.
        """
        n_all = x.contents.ne[1]
        heads = self._heads(graph, x, weights)
        output = self.kernels.weights(graph, weights["attn_output.weight"])
        scale = self.config.head_dim**-0.5
        for start, stop in parts(n_all):
            h = self.kernels.attention(graph, heads, start, stop, n_valid, scale)  # [width, n]
            h = self.kernels.product(graph, output, self.kernels.rows(graph, h))  # [width, n]
            _add(graph, graph.slice(x, 1, start, stop), h, attn_gate)
        up = self.kernels.weights(graph, weights["ffn_up.weight"])
        down = self.kernels.weights(graph, weights["ffn_down.weight"])
        norm = (weights["ffn_norm.weight"], weights["ffn_norm.bias"], self.config.norm_eps)
        for start, stop in parts(n_all):
            part = graph.slice(x, 1, start, stop)  # [width, n]
            rows = self.kernels.rows(graph, part, norm=norm)
            h = self.kernels.product(graph, up, rows, weights["ffn_up.bias"])  # [ffn, n]
            if self.config.hidden_act == "gelu":
                rows = self.kernels.gelu_rows(graph, h)
            else:
                rows = self.kernels.rows(graph, graph.activation(h, self.config.hidden_act))
            h = self.kernels.product(graph, down, rows, weights["ffn_down.bias"])  # [width, n]
            _add(graph, part, h, ffn_gate)

    def _heads(self, graph: Graph, x: Tensor, weights: Mapping[str, Tensor]) -> Heads:
        norm = (weights["attn_norm.weight"], weights["attn_norm.bias"], self.config.norm_eps)
        rows = self.kernels.rows(graph, x, norm=norm)
        q, k, v = (
            self.kernels.product(graph, self.kernels.weights(graph, weights[f"attn_{part}.weight"]), rows)
            for part in ("q", "k", "v")
        )  # [width, n_all] each
        return self.kernels.heads(graph, q, k, v, self.config.num_attention_heads)


def _are_known(config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> bool:
    matrices = [info for name, info in tensors.items() if name.startswith("v.") and name.endswith(_MATRICES)]
    return CpuKernels.takes_heads(config.head_dim) and all(
        CpuKernels.takes(info.ggml_type, info.shape) for info in matrices
    )


def scratch_bytes(config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> int:
    """Memory that a layer's graph works in, at most; 0 for weights that are left to ggml."""
    if not _are_known(config, tensors):
        return 0
    width, n_all = config.hidden_size, config.n_all
    feed_forward = tensors["v.blk.0.ffn_up.weight"].shape[1]
    n_part = parts(n_all)[0][1]
    stream = 4 * width * n_all
    keys = config.num_attention_heads * packed_bytes(config.head_dim, n_all)
    values = config.num_attention_heads * packed_values_bytes(config.head_dim, n_all)
    matrices = packed_bytes(width, width), packed_bytes(width, feed_forward) + packed_bytes(feed_forward, width)
    return max(
        3 * stream + packed_bytes(width, n_all) + matrices[0],  # queries, keys and values are made
        2 * keys + max(3 * stream, stream + values),  # and packed
        2 * keys + values + matrices[0] + n_part * width * 4 * 3,  # attention and its output
        matrices[1] + n_part * (width * 4 * 3 + feed_forward * 4 * 2),  # the feed-forward part
    )


def parts(n: int, multiple: int = ROWS_AT_ONCE) -> list[tuple[int, int]]:
    """All of `n` tokens, in `PARTS` pieces or fewer that start at multiples of a number; by default attention's."""
    size = -(-n // (PARTS * multiple)) * multiple
    return [(start, min(start + size, n)) for start in range(0, n, size)]


def _add(graph: Graph, x: Tensor, h: Tensor, gate: float) -> None:
    graph.run_to(graph.add_to(x, graph.scale(h, gate) if gate != 1 else h))

"""The tensors of the architectures that our families' language models have, as src/models/*.cpp creates them.

llama.cpp checks the shapes of all others by itself, when it creates them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop_vlm.runtime.gate.hyperparameters import WHOLE_HEADS, Hyperparameters
from desktop_vlm.runtime.gate.tables import Rule, exact


@dataclass(frozen=True)
class _Variant:
    """What an architecture has besides the common tensors: norms of queries and keys."""

    has_query_norm: bool = False


_VARIANTS = {
    "llama": _Variant(),
    "mistral3": _Variant(),
    "qwen2": _Variant(),
    "qwen2vl": _Variant(),
    "qwen3": _Variant(has_query_norm=True),
    "qwen3vl": _Variant(has_query_norm=True),
}


def decoder_rules(model: Hyperparameters, n_tokens: int) -> Iterator[Rule]:
    """The rules for a language model's tensors; of an architecture without a table at most those of its attention."""
    variant = _VARIANTS.get(model.architecture)
    if variant is None:
        if model.architecture in WHOLE_HEADS:
            for layer in range(model.n_layers):
                yield from _projections(model, layer, is_complete=False)
        return
    yield Rule("token_embd.weight", (model.width, n_tokens))
    yield exact("output_norm.weight", model.width)
    yield Rule("output.weight", (model.width, n_tokens), is_needed=False)
    yield exact("rope_freqs.weight", model.rope_length // 2, is_needed=False)
    for layer in range(model.n_layers):
        yield from _attention(model, variant, layer)
        yield from _experts(model, layer) if model.n_experts else _feed_forward(model, layer)


def _attention(model: Hyperparameters, variant: _Variant, layer: int) -> Iterator[Rule]:
    block = f"blk.{layer}"
    yield exact(f"{block}.attn_norm.weight", model.width)
    yield exact(f"{block}.ffn_norm.weight", model.width)
    yield from _projections(model, layer, is_complete=True)
    if variant.has_query_norm:
        yield exact(f"{block}.attn_q_norm.weight", model.key_length)
        yield exact(f"{block}.attn_k_norm.weight", model.key_length)


def _projections(model: Hyperparameters, layer: int, *, is_complete: bool) -> Iterator[Rule]:
    """Queries, keys, values and output; some architectures create them by the width, and take them apart by heads."""
    block, width = f"blk.{layer}", model.width
    n_queries = model.n_heads[layer] * model.key_length
    n_keys = model.n_kv_heads[layer] * model.key_length
    n_values = model.n_kv_heads[layer] * model.value_length
    for part, size in (("attn_q", n_queries), ("attn_k", n_keys), ("attn_v", n_values)):
        yield Rule(f"{block}.{part}.weight", (width, size), is_needed=False)
        yield exact(f"{block}.{part}.bias", size, is_needed=False)
    yield Rule(f"{block}.attn_qkv.weight", (width, n_queries + n_keys + n_values), is_needed=False)
    yield Rule(f"{block}.attn_output.weight", (n_queries, width), is_needed=is_complete)


def _feed_forward(model: Hyperparameters, layer: int) -> Iterator[Rule]:
    block, width, inner = f"blk.{layer}", model.width, model.feed_forward[layer]
    yield Rule(f"{block}.ffn_gate.weight", (width, inner))
    yield Rule(f"{block}.ffn_up.weight", (width, inner))
    yield Rule(f"{block}.ffn_down.weight", (inner, width))


def _experts(model: Hyperparameters, layer: int) -> Iterator[Rule]:
    block, width, inner, count = f"blk.{layer}", model.width, model.feed_forward[layer], model.n_experts
    yield Rule(f"{block}.ffn_gate_inp.weight", (width, count))
    yield Rule(f"{block}.ffn_gate_exps.weight", (width, inner, count))
    yield Rule(f"{block}.ffn_up_exps.weight", (width, inner, count))
    yield Rule(f"{block}.ffn_down_exps.weight", (inner, width, count))

"""The tensors of a vision transformer, as `clip_graph::build_vit` and its kin use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.gate.types import FLOATS
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_BLOCK = re.compile(r"v\.blk\.(\d+)\.(.+)")
_KINDS = """mlp ldp ldpv2 qwen2vl_merger qwen2.5vl_merger exaone4_5 adapter gemma3 idefics3 resampler minicpmv4_6"""
_SWAPPED = frozenset(_KINDS.split())
"""Kinds of which there are such files."""
_EXPERTS = ("ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps", "exp_probs_b")
"""What some blocks have in place of the feed-forward layer."""


def patch_rules(encoder: EncoderSettings, *, n_positions: int | None = None, is_needed: bool = True) -> Iterator[Rule]:
    """The patch embedding, and the `n_positions` learned positions where the encoder adds them."""
    patch, width = encoder.patch_size, encoder.width
    yield Rule("v.patch_embd.weight", (patch, patch, 3, width), FLOATS, is_needed)
    yield exact("v.patch_embd.bias", width, is_needed=False)
    for norm in ("v.pre_ln", "v.post_ln"):
        yield exact(f"{norm}.weight", width, is_needed=False)
        yield exact(f"{norm}.bias", width, is_needed=False)
    if n_positions is not None:
        yield exact("v.position_embd.weight", width, n_positions)


def block_rules(encoder: EncoderSettings, file: GgufFile, *, needs_biases: bool = False) -> Iterator[Rule]:
    """The blocks of an encoder whose heads and widths its settings tell.

    Args:
        encoder: its settings.
        file: where the width of each block's feed-forward layer is looked up, which the settings may leave out.
        needs_biases: whether queries, keys and values must have biases, and lie in tensors of their own.
    """
    width = encoder.width
    queries, keys = encoder.n_heads * encoder.head_length, encoder.n_kv_heads * encoder.head_length
    for layer in range(encoder.n_layers):
        block = f"v.blk.{layer}"
        is_fused = f"{block}.attn_qkv.weight" in file.tensors and not needs_biases
        if is_fused:
            yield Rule(f"{block}.attn_qkv.weight", (width, queries + 2 * keys))
            yield exact(f"{block}.attn_qkv.bias", queries + 2 * keys, is_needed=False)
        for part, size in (("attn_q", queries), ("attn_k", keys), ("attn_v", keys)):
            yield Rule(f"{block}.{part}.weight", (width, size), is_needed=not is_fused)
            yield exact(f"{block}.{part}.bias", size, is_needed=needs_biases)
        yield Rule(f"{block}.attn_out.weight", (queries, width))
        yield exact(f"{block}.attn_out.bias", width, is_needed=False)
        for norm in ("ln1", "ln2", "ls1", "ls2", "attn_post_norm", "ffn_post_norm"):
            yield exact(f"{block}.{norm}.weight", width, is_needed=False)
            yield exact(f"{block}.{norm}.bias", width, is_needed=False)
        if f"{block}.ffn_gate_exps.weight" not in file.tensors:
            yield from _feed_forward(block, encoder, file)


def _feed_forward(block: str, encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """Older files have `ffn_up` and `ffn_down` swapped, which libmtmd notices by the width of the second."""
    up, down, width = f"{block}.ffn_up", f"{block}.ffn_down", encoder.width
    found = file.tensors.get(f"{down}.weight")
    if found and found.shape[0] == width and encoder.kind in _SWAPPED:
        up, down = down, up
    first, second = file.tensors.get(f"{up}.weight"), file.tensors.get(f"{down}.weight")
    inner = encoder.feed_forward or (second.shape[0] if second else 1)  # old files say 0
    if first and len(first.shape) > 1:
        inner = first.shape[1]
    yield Rule(f"{up}.weight", (width, inner))
    yield Rule(f"{down}.weight", (inner, width))
    yield exact(f"{up}.bias", inner, is_needed=False)
    yield exact(f"{down}.bias", width, is_needed=False)
    yield Rule(f"{block}.ffn_gate.weight", (width, inner), is_needed=False)
    yield exact(f"{block}.ffn_gate.bias", inner, is_needed=False)


def check_without(file: GgufFile, names: Iterable[str]) -> None:
    """Check that tensors of other encoders are not there, which libmtmd would count with and not use.

    Raises:
        UserError: one is.
    """
    for name in names:
        if name in file.tensors:
            raise refused(file, f"the tensor {name} is there, and this kind of encoder has none")


def check_blocks_alike(encoder: EncoderSettings, file: GgufFile) -> None:
    """Check that every block has the tensors of the first, which the library takes for granted.

    Raises:
        UserError: one lacks a tensor, or is none of the encoder's.
    """
    blocks: dict[int, set[str]] = {layer: set() for layer in range(encoder.n_layers)}
    for name in file.tensors:
        if found := _BLOCK.fullmatch(name):
            if int(found[1]) in blocks:
                blocks[int(found[1])].add(found[2])
        elif name == "v.blk" or name.startswith("v.blk."):
            raise refused(file, f"the tensor {name} belongs to no block of the encoder")
    names = {name for parts in blocks.values() for name in parts if not name.startswith(_EXPERTS)}
    for layer, parts in blocks.items():
        has_experts = any(part.startswith(_EXPERTS) for part in parts)
        missing = {name for name in names - parts if not (has_experts and name.startswith("ffn_"))}
        if missing:
            raise refused(file, f"the tensor v.blk.{layer}.{min(missing)} is missing, which other blocks have")


def check_biases(file: GgufFile) -> None:
    """Check that a bias is as long as what its layer gives.

    Raises:
        UserError: one is not.
    """
    for name, place in file.tensors.items():
        if not name.endswith(".bias") or not name.startswith(("v.", "mm.")):
            continue
        weight = file.tensors.get(name.removesuffix("bias") + "weight")
        if weight and place.n_rows == 1 and place.shape[0] not in weight.shape:
            raise refused(
                file, f"the tensor {name} has the shape {list(place.shape)} beside a weight of {list(weight.shape)}"
            )

"""The shape of a model, read from its files' headers: how large what is, without loading any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.families.mllama.vision_encoder import on_device
from desktop_vlm.families.mllama.vision_weights import ALWAYS_RESIDENT, split_by_block
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader, read_header


@dataclass(frozen=True)
class TextShape:
    """The text half, as far as memory goes; sizes in bytes.

    Attributes:
        layer_bytes: weights of each layer.
        output_bytes: of the output layer and its norm; where it shares the embeddings, a copy of them.
        embedding_bytes: of the token embeddings, which llama.cpp keeps in main memory.
        kv_width: numbers in a key, over all KV heads, as in a value.
    """

    layer_bytes: tuple[int, ...]
    output_bytes: int
    embedding_bytes: int
    width: int
    feed_forward: int
    kv_width: int
    head_dim: int
    n_ctx_train: int
    is_f32: bool


@dataclass(frozen=True)
class VisionShape:
    """The vision half; sizes in bytes.

    Attributes:
        block_bytes: weights of the encoder's blocks and the projector.
        outside_bytes: of what belongs to no block.
        cross_bytes: self-attention layer (-1: the embeddings) -> weights of the cross-attention layers after it.
        n_cross: the same -> how many layers.
        n_tokens: of all tiles, as the text sees them; `n_all` with the encoder's padding.
        n_kept: intermediate states that the projector reads.
    """

    block_bytes: tuple[int, ...]
    outside_bytes: int
    cross_bytes: Mapping[int, int]
    n_cross: Mapping[int, int]
    width: int
    feed_forward: int
    n_tokens: int
    n_all: int
    n_kept: int
    kv_width: int
    text_width: int


@dataclass(frozen=True)
class ModelShape:
    """Both halves of a model; `vision` is None for text only."""

    text: TextShape
    vision: VisionShape | None


def read_shape(text_path: Path, mmproj: Mmproj | None) -> ModelShape | None:
    """The shape of a model on disk; None when the text file says too little, which loading it will tell."""
    header = read_header(text_path)
    text = _text_shape(header) if header else None
    return ModelShape(text, vision_shape(mmproj) if mmproj else None) if text else None


def _text_shape(header: GgufHeader) -> TextShape | None:
    prefix = header.texts.get("general.architecture", "")

    def count(key: str, default: int = 0) -> int:
        return header.integers.get(f"{prefix}.{key}", default)

    n_layers, width, n_heads = count("block_count"), count("embedding_length"), count("attention.head_count")
    if not (n_layers and width and n_heads):
        return None
    by_layer = [0] * n_layers
    for name, n_bytes in header.tensors.items():
        part = name.split(".")
        if part[0] == "blk" and part[1].isdigit() and int(part[1]) < n_layers:
            by_layer[int(part[1])] += n_bytes
    embedding_bytes = header.tensors.get("token_embd.weight", 0)
    head_dim = width // n_heads
    return TextShape(
        layer_bytes=tuple(by_layer),
        output_bytes=header.tensors.get("output.weight", embedding_bytes),
        embedding_bytes=embedding_bytes,
        width=width,
        feed_forward=count("feed_forward_length", 4 * width),
        kv_width=count("attention.head_count_kv", n_heads) * head_dim,
        head_dim=head_dim,
        n_ctx_train=count("context_length"),
        is_f32=header.integers.get("general.file_type") == 0,
    )


def vision_shape(mmproj: Mmproj) -> VisionShape:
    """The vision half's shape, from its opened file."""
    vision, cross = mmproj.vision, mmproj.cross_attention
    blocks = split_by_block(name for name in mmproj.tensors if on_device(name))
    sizes = {block: sum(mmproj.tensors[n].n_bytes for n in parts.values()) for block, parts in blocks.items()}
    cross_bytes: dict[int, int] = {}
    n_cross: dict[int, int] = {}
    for k, layer in enumerate(cross.cross_attention_layers):
        after = layer - k - 1
        weights = sum(info.n_bytes for name, info in mmproj.tensors.items() if name.startswith(f"blk.{layer}."))
        cross_bytes[after] = cross_bytes.get(after, 0) + weights
        n_cross[after] = n_cross.get(after, 0) + 1
    return VisionShape(
        block_bytes=tuple(size for block, size in sizes.items() if block != ALWAYS_RESIDENT),
        outside_bytes=sizes.get(ALWAYS_RESIDENT, 0),
        cross_bytes=cross_bytes,
        n_cross=n_cross,
        width=vision.hidden_size,
        feed_forward=mmproj.tensors["v.blk.0.ffn_up.weight"].shape[1],
        n_tokens=vision.n_tokens,
        n_all=vision.n_all,
        n_kept=len(vision.intermediate_layers_indices),
        kv_width=cross.num_key_value_heads * cross.head_dim,
        text_width=cross.hidden_size,
    )

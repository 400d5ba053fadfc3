"""The shape of a language model, read from its file's header: how large what is, without loading any of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.runtime.ggml.gguf_header import GgufHeader


@dataclass(frozen=True)
class TextShape:
    """The language model, as far as memory goes; sizes in bytes.

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
    n_heads: int
    kv_width: int
    head_dim: int
    n_ctx_train: int
    is_f32: bool


def text_shape(header: GgufHeader) -> TextShape | None:
    """The shape that a header tells; None when it says too little, which loading the file will tell.

    Settings that differ from layer to layer (a list in the file) count as if no layer had less than all heads.
    """
    n_layers, width, n_heads = (
        header.count(key) for key in ("block_count", "embedding_length", "attention.head_count")
    )
    if not (n_layers and width and n_heads):
        return None
    by_layer = [0] * n_layers
    for name, n_bytes in header.tensors.items():
        part = name.split(".")
        if part[0] == "blk" and len(part) > 1 and part[1].isdecimal() and int(part[1]) < n_layers:
            by_layer[int(part[1])] += n_bytes
    embedding_bytes = header.tensors.get("token_embd.weight", 0)
    head_dim = header.count("attention.key_length", width // n_heads)
    return TextShape(
        layer_bytes=tuple(by_layer),
        output_bytes=header.tensors.get("output.weight", embedding_bytes),
        embedding_bytes=embedding_bytes,
        width=width,
        feed_forward=header.count("feed_forward_length", 4 * width),
        n_heads=n_heads,
        kv_width=header.count("attention.head_count_kv", n_heads) * head_dim,
        head_dim=head_dim,
        n_ctx_train=header.count("context_length"),
        is_f32=header.integers.get("general.file_type") == 0,
    )

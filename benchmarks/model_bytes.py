"""How many bytes a token has to read: what decides its time when memory is the limit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.runtime.ggml.gguf_header import read_header

_ONLY_FOR_IMAGES = ("k_proj", "v_proj", "k_norm")
"""Cross-attention weights that are read when an image arrives, not when a token does."""


@dataclass(frozen=True)
class BytesPerToken:
    """What decoding one token reads.

    Attributes:
        text: weights of the language model without the table of embeddings, of which it reads one row.
        cross_weights: weights of the cross-attention layers without those of keys and values.
        cross_keys: keys and values of an image that takes every tile, in F16.
    """

    text: int
    cross_weights: int
    cross_keys: int

    def ideal_slowdown(self, *, with_keys: bool) -> float:
        """Time with an image over time without, if both were proportional to the bytes."""
        more = self.cross_weights + (self.cross_keys if with_keys else 0)
        return (self.text + more) / self.text


def bytes_per_token(text_path: Path, mmproj: Mmproj) -> BytesPerToken:
    """Sum the tensors of both files."""
    header = read_header(text_path)
    assert header is not None
    sizes = header.tensors
    looked_up = "token_embd.weight" if "output.weight" in sizes else ""
    cross, vision = mmproj.cross_attention, mmproj.vision
    n_keys = vision.max_num_tiles * vision.tokens_per_tile
    return BytesPerToken(
        text=sum(n_bytes for name, n_bytes in sizes.items() if name != looked_up),
        cross_weights=sum(
            info.n_bytes
            for name, info in mmproj.tensors.items()
            if name.startswith("blk.") and not any(part in name for part in _ONLY_FOR_IMAGES)
        ),
        cross_keys=len(cross.cross_attention_layers) * 2 * n_keys * cross.num_key_value_heads * cross.head_dim * 2,
    )

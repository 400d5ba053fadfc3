"""The frozen language model of a GGUF, in PyTorch."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from training.language_model import GgufFile, TextShape, read_shape, rope_frequencies
from training.layers import rms_norm

_HIDDEN = -30000.0
"""Added to scores that must not count: their weights become exactly 0. Infinity makes NaN where a whole tile has it."""
_MASKED_ATTENTION = [SDPBackend.EFFICIENT_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]
"""The first that can is taken: on a GPU the first, as FlashAttention takes no mask there; on a processor the second."""


class TextLayer(nn.Module):
    """One frozen layer of the text model; its weights are buffers, so nothing trains them."""

    attn_norm: Tensor
    qkv: Tensor
    output: Tensor
    ffn_norm: Tensor
    gate_up: Tensor
    down: Tensor

    def __init__(self, shape: TextShape, weights: dict[str, NDArray[np.float32]], dtype: torch.dtype) -> None:
        super().__init__()
        self.shape = shape
        parts = {
            "attn_norm": weights["attn_norm"],
            "qkv": np.concatenate([weights["attn_q"], weights["attn_k"], weights["attn_v"]]),
            "output": weights["attn_output"],
            "ffn_norm": weights["ffn_norm"],
            "gate_up": np.concatenate([weights["ffn_gate"], weights["ffn_up"]]),
            "down": weights["ffn_down"],
        }
        for name, values in parts.items():
            value = torch.from_numpy(values)
            self.register_buffer(name, value.to(dtype) if value.ndim == 2 else value, persistent=False)

    def forward(self, x: Tensor, angles: tuple[Tensor, Tensor], length: int, mask: Tensor | None = None) -> Tensor:
        """[R, width] -> [R, width]; every `length` rows are a sequence, with `mask` of `exchange_mask` or causal."""
        parts = self.before(x, *angles)  # [R, n_heads, head_dim] each
        q, k, v = (part.unflatten(0, (-1, length)).transpose(1, 2) for part in parts)  # [S, n_heads, length, head_dim]
        if mask is None:
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # [S, n_heads, length, head_dim]
        else:
            with sdpa_kernel(_MASKED_ATTENTION, set_priority=True):
                out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)  # [S, n_heads, length, head_dim]
        return self.after(x, out.transpose(1, 2).reshape(len(x), -1))  # [R, width]

    def before(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, keys and values repeated for every head: each [R, n_heads, head_dim]."""
        shape = self.shape
        h = rms_norm(x, self.attn_norm, shape.rms_eps).to(self.qkv.dtype)  # [R, width]
        heads = F.linear(h, self.qkv).unflatten(-1, (-1, shape.head_dim))  # [R, n_heads + 2 * n_heads_kv, head_dim]
        q, k, v = heads.split([shape.n_heads, shape.n_heads_kv, shape.n_heads_kv], 1)  # [R, ., head_dim]
        group = shape.n_heads // shape.n_heads_kv
        k, v = _rotate(k, cos, sin).repeat_interleave(group, 1), v.repeat_interleave(group, 1)  # [R, n_heads, head_dim]
        return _rotate(q, cos, sin), k, v

    def after(self, x: Tensor, attended: Tensor) -> Tensor:
        """What follows the attention: two [R, width] -> [R, width]."""
        x = x + F.linear(attended, self.output)  # [R, width]
        h = rms_norm(x, self.ffn_norm, self.shape.rms_eps).to(self.gate_up.dtype)  # [R, width]
        gate, up = F.linear(h, self.gate_up).chunk(2, -1)  # [R, ffn_width]
        return x + F.linear(F.silu(gate) * up, self.down)  # [R, width]


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on neighbouring pairs: [R, heads, head_dim], angles [R, 1, head_dim / 2]."""
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)  # [R, heads, head_dim / 2]
    turned = torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1)  # [R, heads, head_dim / 2, 2]
    return turned.flatten(-2).to(x.dtype)  # [R, heads, head_dim]


def exchange_mask(starts: Tensor, dtype: torch.dtype) -> Tensor:
    """What is added to attention's scores, so that a row sees its own exchange up to itself.

    Args:
        starts: int64 [S, L]: for each row of a sequence the place where its exchange begins.
        dtype: of queries and keys.

    Returns:
        [S, 1, L, L].
    """
    places = torch.arange(starts.shape[1], device=starts.device)  # [L]
    seen = (places <= places[:, None]) & (places >= starts[..., None])  # [S, L, L]
    hidden = torch.full((), _HIDDEN, dtype=dtype, device=starts.device)
    return torch.where(seen, torch.zeros_like(hidden), hidden)[:, None]  # [S, 1, L, L]


class TextModel(nn.Module):
    """The frozen language model of a GGUF. Gradients pass through it; its weights have none.

    Its matrices are kept as `dtype`, its norms in float32.
    """

    token_embd: Tensor
    output_norm: Tensor
    head: Tensor
    cos: Tensor
    sin: Tensor

    def __init__(self, file: GgufFile, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.shape = read_shape(file)
        self.layers = nn.ModuleList(
            TextLayer(self.shape, _layer_weights(file, number), dtype) for number in range(self.shape.n_layers)
        )
        embeddings = torch.from_numpy(file.read("token_embd.weight")).to(dtype)  # [vocab_size, width]
        tied = "output.weight" not in file.tensors
        head = embeddings if tied else torch.from_numpy(file.read("output.weight")).to(dtype)  # [vocab_size, width]
        positions = torch.arange(min(self.shape.context_length, 2048))  # [P]
        angles = torch.outer(positions.float(), torch.from_numpy(rope_frequencies(file)))  # [P, head_dim / 2]
        self.register_buffer("token_embd", embeddings, persistent=False)
        self.register_buffer("head", head, persistent=False)
        self.register_buffer("output_norm", torch.from_numpy(file.read("output_norm.weight")), persistent=False)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def angles(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and sine of positions: int64 [R] -> each [R, 1, head_dim / 2]."""
        return self.cos[positions][:, None], self.sin[positions][:, None]

    def logits(self, x: Tensor) -> Tensor:
        """[n, width] -> [n, vocab_size]."""
        return F.linear(rms_norm(x, self.output_norm, self.shape.rms_eps).to(self.head.dtype), self.head)


def _layer_weights(file: GgufFile, number: int) -> dict[str, NDArray[np.float32]]:
    prefix = f"blk.{number}."
    names = [name for name in file.tensors if name.startswith(prefix)]
    return {name.removeprefix(prefix).removesuffix(".weight"): file.read(name) for name in names}

"""The model that is trained: Meta's vision encoder and cross-attention layers around a frozen language model.

Semantics are those of `desktop_vlm/engine/vision_encoder.py` and `cross_attention.py`, and of the golden
reference behind them; names are the checkpoint's. What differs is only how it is computed:

- Every batch has one number of tiles, so no attention to images needs a mask. Tokens of tiles in use come first and see
  everything; empty tiles and padding come last and see only tokens of tiles in use.
- All questions about one image share its encoding: in cross attention their rows are simply more queries.
- A layer is computed in two parts around its attention. Their shapes do not depend on the number of tiles or
  the length of the text, so each half is compiled once.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

from training.language_model import TextShape
from training.layers import gate, linear, rms_norm
from training.letters import SLOTS
from training.screens.records import MARKS
from training.text_model import TextLayer, TextModel, exchange_mask
from training.vision_encoder import ModelConfig, VisionEncoder, VisionLayer

N_LETTERS = 94
"""Printable ASCII without the space."""

N_LABELS = 1 + N_LETTERS + len(MARKS)
"""What a slot can show: nothing, a letter, or a mark."""


class _CrossProjections(nn.Module):
    def __init__(self, text: TextShape) -> None:
        super().__init__()
        kv_width = text.n_heads_kv * text.head_dim
        self.q_proj, self.o_proj = linear(text.width, text.width), linear(text.width, text.width, std=0.01)
        self.k_proj, self.v_proj = linear(text.width, kv_width), linear(text.width, kv_width)
        self.q_norm, self.k_norm = _Scale(text.head_dim), _Scale(text.head_dim)


class _Scale(nn.Module):
    """The weight of an RMS norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))


class _GatedMlp(nn.Module):
    def __init__(self, text: TextShape) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = linear(text.width, text.ffn_width), linear(text.width, text.ffn_width)
        self.down_proj = linear(text.ffn_width, text.width, std=0.01)


class CrossAttentionBlock(nn.Module):
    """A layer in which rows of the text attend to an image's states."""

    def __init__(self, text: TextShape) -> None:
        super().__init__()
        self.text = text
        self.input_layernorm = _Scale(text.width)
        self.cross_attn = _CrossProjections(text)
        self.cross_attn_attn_gate = gate()
        self.post_attention_layernorm = _Scale(text.width)
        self.mlp = _GatedMlp(text)
        self.cross_attn_mlp_gate = gate()

    def forward(self, x: Tensor, row: Tensor, states: Tensor) -> Tensor:
        """Let rows attend.

        Args:
            x: [R, width], the same number of rows for each image, image by image.
            row: [R, 1], 1 where the image is seen and 0 where the layer does nothing.
            states: [B, K, width].

        Returns:
            [R, width].
        """
        text, batch = self.text, len(states)
        k, v = self.keys(states)  # [B, n_heads_kv, K, head_dim]
        q = self.before(x).unflatten(0, (batch, -1))  # [B, R / B, n_heads, head_dim]
        grouped = q.unflatten(2, (text.n_heads_kv, -1)).permute(
            0, 2, 3, 1, 4
        )  # [B, n_heads_kv, group, R / B, head_dim]
        out = F.scaled_dot_product_attention(grouped.flatten(2, 3), k, v)  # [B, n_heads_kv, group * R / B, head_dim]
        out = out.unflatten(2, grouped.shape[2:4]).permute(0, 3, 1, 2, 4)  # [B, R / B, n_heads_kv, group, head_dim]
        return self.after(x, row, out.reshape(len(x), -1))  # [R, width]

    def keys(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of images: each [B, n_heads_kv, K, head_dim]."""
        attention, heads = self.cross_attn, (self.text.n_heads_kv, self.text.head_dim)
        k, v = attention.k_proj(states), attention.v_proj(states)  # [B, K, n_heads_kv * head_dim]
        k = rms_norm(k.unflatten(-1, heads), attention.k_norm.weight, self.text.rms_eps)  # [B, K, n_heads_kv, head_dim]
        v = v.unflatten(-1, heads)  # [B, K, n_heads_kv, head_dim]
        return k.to(v.dtype).transpose(1, 2), v.transpose(1, 2)

    def before(self, x: Tensor) -> Tensor:
        """Queries: [R, width] -> [R, n_heads, head_dim]."""
        attention, eps = self.cross_attn, self.text.rms_eps
        q = attention.q_proj(rms_norm(x, self.input_layernorm.weight, eps))  # [R, width]
        heads = q.unflatten(-1, (self.text.n_heads, self.text.head_dim))  # [R, n_heads, head_dim]
        return rms_norm(heads, attention.q_norm.weight, eps).to(q.dtype)

    def after(self, x: Tensor, row: Tensor, attended: Tensor) -> Tensor:
        """What follows the attention: [R, width], [R, 1], [R, width] -> [R, width]."""
        x = x + torch.tanh(self.cross_attn_attn_gate) * row * self.cross_attn.o_proj(attended)
        h = rms_norm(x, self.post_attention_layernorm.weight, self.text.rms_eps)  # [R, width]
        h = F.silu(self.mlp.gate_proj(h)) * self.mlp.up_proj(h)  # [R, ffn_width]
        return x + torch.tanh(self.cross_attn_mlp_gate) * row * self.mlp.down_proj(h)


class Adapter(nn.Module):
    """Everything that is trained. Only `letter_head` is not part of the exported model."""

    def __init__(self, config: ModelConfig, text: TextShape) -> None:
        super().__init__()
        self.config, self.text = config, text
        self.vision_model = VisionEncoder(config)
        self.multi_modal_projector = linear(config.width * (1 + len(config.taps)), text.width, bias=True)
        self.layers = nn.ModuleDict({str(layer): CrossAttentionBlock(text) for layer in config.cross_layers})
        self.image_embedding = nn.Parameter(torch.randn(text.width) * 0.02)
        self.letter_head = linear(config.width, SLOTS * N_LABELS, bias=True)

    def letters(self, features: Tensor) -> Tensor:
        """Which letter stands in each slot: [B, tokens, features] -> [B, num_tiles, patches, SLOTS, labels]."""
        final = features[..., : self.config.width]  # [B, num_tiles * tokens_per_tile, width]
        patches = final.unflatten(1, (-1, self.config.tokens_per_tile))[:, :, 1:]  # [B, num_tiles, patches, width]
        return self.letter_head(patches).unflatten(-1, (SLOTS, -1))  # [B, num_tiles, patches, SLOTS, N_LABELS]


class VisionTextModel(nn.Module):
    """The whole model: what is trained, and the frozen language model."""

    def __init__(self, adapter: Adapter, text: TextModel) -> None:
        super().__init__()
        self.adapter, self.text = adapter, text

    def encode(self, tiles: Tensor, ratio_ids: Tensor) -> Tensor:
        """Images to features before the projector; see `VisionEncoder.forward`."""
        features: Tensor = self.adapter.vision_model(tiles, ratio_ids)
        return features

    def hidden(self, features: Tensor | None, tokens: Tensor, positions: Tensor | None = None) -> Tensor:
        """The text's last hidden states.

        Args:
            features: of `encode`, [B, K, .]; None for text alone.
            tokens: int64 [B, Q, L]: Q sequences about each image, padded on the right.
            positions: int64 [B, Q, L], where sequences hold several exchanges: of each token in its own exchange.
                No exchange sees another, or another's image. None where a sequence is one exchange.

        Returns:
            [B * Q * L, width], before the last norm.
        """
        adapter, text = self.adapter, self.text
        length = tokens.shape[2]
        places = torch.arange(length, device=tokens.device).expand(tokens.shape)  # [B, Q, L]
        starts = places - (places if positions is None else positions)  # [B, Q, L], where each exchange begins
        mask = None if positions is None else exchange_mask(starts.flatten(0, 1), text.token_embd.dtype)
        image_places = torch.where(tokens == text.shape.vocab_size, places, -1)  # [B, Q, L]
        row = (image_places.cummax(-1).values >= starts).flatten()[:, None].float()  # [R, 1]
        is_image = (image_places >= 0).flatten()[:, None]  # [R, 1]
        x = F.embedding(tokens.clamp(max=text.shape.vocab_size - 1).flatten(), text.token_embd).float()  # [R, width]
        x = torch.where(is_image, adapter.image_embedding.float(), x)  # [R, width]
        states = None if features is None else adapter.multi_modal_projector(features)  # [B, K, width]
        angles = text.angles((places - starts).flatten())
        for plain in range(-1, text.shape.n_layers):
            if plain >= 0:
                x = text.layers[plain](x, angles, length, mask)  # [R, width]
            for layer in _crossing(adapter.config, plain) if states is not None else ():
                x = adapter.layers[layer](x, row, states)  # [R, width]
        return x


def _crossing(config: ModelConfig, plain: int) -> Sequence[str]:
    """Names of the cross-attention layers that follow plain layer `plain`."""
    pairs = zip(config.cross_layers, config.cross_after, strict=True)
    return [str(layer) for layer, after in pairs if after == plain]


def compile_layers() -> None:
    """Compile the two parts of all layers; each has one shape whatever the batch holds."""
    torch._dynamo.config.recompile_limit = 64  # noqa: SLF001 - its documented place
    for kind in (VisionLayer, CrossAttentionBlock, TextLayer):
        for half in ("before", "after"):
            setattr(kind, half, torch.compile(getattr(kind, half), dynamic=False))

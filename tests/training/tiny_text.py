"""A language model of six layers, without a file."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.language_model import TextShape


class TinyText:
    """A language model of six layers, as its GGUF would be read."""

    def __init__(self) -> None:
        rng = np.random.default_rng(5)

        def made(*shape: int) -> NDArray[np.float32]:
            return rng.normal(0.0, 0.3, shape).astype(np.float32)

        self.shape = TextShape(vocab_size=20, width=16, n_layers=6, n_heads=2, n_heads_kv=1, ffn_width=24,
                               rms_eps=1e-5, rope_theta=1e4, context_length=64)  # fmt: skip
        self.tensors = {"token_embd.weight": made(20, 16), "output_norm.weight": 1 + made(16)}
        sides = {"attn_q": (16, 16), "attn_k": (8, 16), "attn_v": (8, 16), "attn_output": (16, 16),
                 "ffn_gate": (24, 16), "ffn_up": (24, 16), "ffn_down": (16, 24)}  # fmt: skip
        for number in range(6):
            for part, shape in sides.items():
                self.tensors[f"blk.{number}.{part}.weight"] = made(*shape)
            for part in ("attn_norm", "ffn_norm"):
                self.tensors[f"blk.{number}.{part}.weight"] = 1 + made(16)

    def read(self, name: str) -> NDArray[np.float32]:
        return self.tensors[name]


def stand_in(monkeypatch: pytest.MonkeyPatch) -> TinyText:
    """The model; what reads a GGUF's settings finds its own."""
    file = TinyText()
    monkeypatch.setattr("training.text_model.read_shape", lambda _: file.shape)
    monkeypatch.setattr("training.text_model.rope_frequencies", lambda _: np.array([1, 0.5, 0.2, 0.1], np.float32))
    return file

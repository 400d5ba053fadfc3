"""Which optimizer moves which weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from training.muon import BatchedMuon

OPTIMIZERS = ("adamw", "muon")


class Optimizers:
    """AdamW for all weights; or Muon for the matrices inside layers, and AdamW for the rest.

    Muon makes each matrix's step orthogonal. Its steps are scaled to be as large as AdamW's, so that one learning rate
    and one weight decay serve both. Embeddings, the head of letters and vectors are not what it is made for.

    The gates of cross-attention get `attention_gate_lr` of the learning rate. What attention adds is large, so they are
    small: in the bundled model one is 0.004, which a whole step of 8e-4 changes by a fifth.
    """

    def __init__(
        self, kind: str, module: nn.Module, *, weight_decay: float, fused: bool, attention_gate_lr: float = 1.0
    ) -> None:
        if kind not in OPTIMIZERS:
            raise ValueError(f"no optimizer is called {kind!r}; there are {', '.join(OPTIMIZERS)}")
        named = dict(module.named_parameters())
        decayed = [name for name, value in named.items() if value.ndim >= 2 and "embedding" not in name]
        inner = [name for name in decayed if kind == "muon" and named[name].ndim == 2 and "head" not in name]
        groups: list[dict[str, Any]] = [
            {"params": [named[name] for name in decayed if name not in inner], "weight_decay": weight_decay},
            {"params": [value for name, value in named.items() if name not in decayed and not _is_gate(name)]},
            {"params": [value for name, value in named.items() if _is_gate(name)], "lr_share": attention_gate_lr},
        ]
        self._all: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(groups, betas=(0.9, 0.95), weight_decay=0.0, fused=fused)
        ]
        if inner:
            matrices = [named[name] for name in inner]
            self._all.append(BatchedMuon(matrices, weight_decay=weight_decay))

    def step(self, lr: float) -> None:
        """Move all weights by their gradients, and forget these."""
        for optimizer in self._all:
            for group in optimizer.param_groups:
                group["lr"] = lr * group.get("lr_share", 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict[str, Any]]:
        """What `load_state_dict` goes on from."""
        return [optimizer.state_dict() for optimizer in self._all]

    def load_state_dict(self, state: list[dict[str, Any]]) -> None:
        """Go on from what `state_dict` gave.

        Raises:
            ValueError: it is of another kind of optimizer.
        """
        for optimizer, saved in zip(self._all, state, strict=True):
            optimizer.load_state_dict(saved)


def _is_gate(name: str) -> bool:
    """Whether a weight scales what the attention of a cross-attention layer adds."""
    return name.endswith("cross_attn_attn_gate")

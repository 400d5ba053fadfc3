"""What layers of the trained model and of the language model share."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_OPEN_GATE = math.atanh(0.5)


def linear(n_in: int, n_out: int, *, bias: bool = False, std: float = 0.02) -> nn.Linear:
    """A layer with small random weights, and biases of zero."""
    layer = nn.Linear(n_in, n_out, bias=bias)
    nn.init.normal_(layer.weight, std=std)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer


def gate() -> nn.Parameter:
    """Of one value, half open behind its tanh."""
    return nn.Parameter(torch.full((1,), _OPEN_GATE))


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Over the last dimension, in float32."""
    x = x.float()
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight

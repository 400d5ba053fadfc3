"""What ggml's rotary embedding needs: the order of the rows of q and k, and the llama3 frequency factors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Llama3Scaling:
    """The `llama3` kind of RoPE scaling (transformers' `_compute_llama3_parameters`)."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_context: int


def interleaved_order(head_dim: int) -> NDArray[np.intp]:
    """Which row of a head ggml wants at each place: (head_dim,).

    Hugging Face rotates value i with value i + head_dim/2, ggml's llama rotates neighbours.
    """
    return np.arange(head_dim).reshape(2, head_dim // 2).T.reshape(-1)


def frequency_factors(theta: float, head_dim: int, scaling: Llama3Scaling) -> NDArray[np.float32]:
    """What each rotary frequency is divided by: float32 (head_dim / 2,), the content of `rope_freqs.weight`.

    Long wavelengths are divided by `factor`, short ones stay, those between are blended smoothly. In float32
    throughout, as llama.cpp's converter computes it, so that the values are the same bits.
    """
    f32 = np.float32
    exponents = np.arange(0, head_dim, 2, dtype=f32) / f32(head_dim)
    frequencies = f32(1) / np.power(f32(theta), exponents)
    wavelengths = f32(2 * math.pi) / frequencies
    low, high, factor = f32(scaling.low_freq_factor), f32(scaling.high_freq_factor), f32(scaling.factor)
    context = f32(scaling.original_context)
    with np.errstate(divide="ignore", invalid="ignore"):  # low == high leaves nothing between to blend
        smooth = (context / wavelengths - low) / (high - low)
        blended = f32(1) / ((f32(1) - smooth) / factor + smooth)
    factors = np.where(wavelengths > context / low, factor, blended)
    return np.where(wavelengths < context / high, f32(1), factors).astype(f32)

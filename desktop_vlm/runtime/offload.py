"""Where llama.cpp puts a model's layers, which its C functions do not tell."""

from __future__ import annotations

from desktop_vlm.runtime.ggml.device import gpu_devices


def layers_on_gpu(n_asked: int, n_layer: int) -> int:
    """Layers that llama.cpp puts on GPUs, of `n_layer` and the output layer.

    No C function tells: without a GPU none, else all that were asked for (negative: all), or loading fails.
    """
    n_layers = n_layer + 1 if n_asked < 0 else min(n_asked, n_layer + 1)
    return n_layers if gpu_devices() else 0

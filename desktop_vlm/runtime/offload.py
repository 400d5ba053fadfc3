"""Where llama.cpp puts a model's layers, which its C functions do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.runtime.ggml.device import gpu_devices


def layers_on_gpu(n_asked: int, n_layer: int) -> int:
    """Layers that llama.cpp puts on GPUs, of `n_layer` and the output layer.

    No C function tells: without a GPU none, else all that were asked for (negative: all), or loading fails.
    """
    n_layers = n_layer + 1 if n_asked < 0 else min(n_asked, n_layer + 1)
    return n_layers if gpu_devices() else 0


def n_devices(n_gpu_layers: int, n_layer: int, split: Sequence[int]) -> int:
    """On how many devices layers are, the processor counted where it has any.

    Args:
        n_gpu_layers: `layers_on_gpu`.
        n_layer: of the model, without the output layer.
        split: layers on each of several GPUs; empty or all 0 where llama.cpp shares them out, to all that there are.
    """
    n_gpus = sum(map(bool, split)) or len(gpu_devices())
    return (n_gpus if n_gpu_layers else 0) + (n_gpu_layers <= n_layer)

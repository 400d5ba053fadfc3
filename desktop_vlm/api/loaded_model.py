"""What is known of a model once it is loaded, and of the devices that it may run on."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.api.capabilities import Capabilities


@dataclass(frozen=True)
class DeviceMemory:
    """A device that the engine can compute on, and its memory now.

    Attributes:
        name: ggml's short name, such as `CPU` or `CUDA0`.
        description: the hardware's name.
        is_gpu: whether it is a GPU.
        free_bytes, total_bytes: its memory.
    """

    name: str
    description: str
    is_gpu: bool
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class LoadedModel:
    """What was loaded, and where it runs.

    Attributes:
        name: the model's own name, else its file's.
        quantization: type of most weights, such as `Q4_K_M`; empty when the file does not say.
        n_ctx: tokens that fit the context.
        capabilities: what it can do.
        devices: all devices of this machine that the engine knows.
        n_layers: layers that could be on a GPU (the output counts as one).
        n_gpu_layers: how many of them are.
        runs_on_cpu_despite_gpu: a GPU was asked for and is in the machine, but this engine does not use it.
        placement: what was put where, and why, in one sentence.
        load_s: what loading took, in seconds.
        text_bytes, mmproj_bytes: sizes of the files.
    """

    name: str
    quantization: str
    n_ctx: int
    capabilities: Capabilities
    devices: tuple[DeviceMemory, ...]
    n_layers: int
    n_gpu_layers: int
    runs_on_cpu_despite_gpu: bool
    placement: str
    load_s: float
    text_bytes: int
    mmproj_bytes: int

"""How fast a GPU does what a workload asks: measured on one, and what follows for others.

What carries over from GPU to GPU was looked for in figures that others published of plain llama.cpp on consumer GPUs
(docs/benchmarks.md): products of quantised weights go with multiprocessors times clock, not with the peak of the data
sheet, and decoding goes with memory bandwidth as long as the multiprocessors keep up. The ends of the intervals below
were chosen with those figures in view: that they hold for them proves little.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.diagnostics.prediction.gpu_models import GpuModel


@dataclass(frozen=True)
class Rates:
    """Of a GPU and the machine around it.

    Attributes:
        layer_s: starting and finishing the kernels of one layer of the language model.
        read_bytes_per_s: weights and KV cache for one row.
        tile_bytes_per_s: the same for many rows, beside `row_flops_per_s`.
        row_flops_per_s: products of quantised weights with many rows.
        matrix_flops_per_s, attention_flops_per_s: of the vision encoder, by our CUDA kernels.
        library_matrix_flops_per_s, library_attention_flops_per_s, library_masked_flops_per_s: by ggml's; the last with
            a mask of all pairs.
        moved_bytes_per_s: numbers between our kernels.
        library_moved_bytes_per_s: between ggml's, which move four bytes a number, several times.
        library_start_s: of each image by libmtmd.
        encoder_factor: what takes an encoder's time beyond the sum of its parts.
        host_s: resizing and cutting the image on the processor.
        bus_bytes_per_s: from main memory to the GPU.
        main_bytes_per_s: weights of layers that the processor computes.
        disk_bytes_per_s: reading the files.
        start_s: of CUDA and its libraries, with a load.
    """

    layer_s: float
    read_bytes_per_s: float
    tile_bytes_per_s: float
    row_flops_per_s: float
    matrix_flops_per_s: float
    attention_flops_per_s: float
    library_matrix_flops_per_s: float
    library_attention_flops_per_s: float
    library_masked_flops_per_s: float
    moved_bytes_per_s: float
    library_moved_bytes_per_s: float
    library_start_s: float
    encoder_factor: float
    host_s: float
    bus_bytes_per_s: float
    main_bytes_per_s: float
    disk_bytes_per_s: float
    start_s: float


H200 = Rates(
    layer_s=54.4e-6,
    read_bytes_per_s=2.226e12,
    tile_bytes_per_s=1.112e12,
    row_flops_per_s=128.5e12,
    matrix_flops_per_s=673e12,
    attention_flops_per_s=249e12,
    library_matrix_flops_per_s=600e12,
    library_attention_flops_per_s=73e12,
    library_masked_flops_per_s=24.1e12,
    moved_bytes_per_s=3.6e12,
    library_moved_bytes_per_s=1.6e12,
    library_start_s=12.2e-3,
    encoder_factor=1.23,
    host_s=48.4e-3,
    bus_bytes_per_s=45e9,
    main_bytes_per_s=100e9,
    disk_bytes_per_s=3e9,
    start_s=1.5,
)
"""As measured. `python -m benchmarks.prediction` fits those of the language model, `encoder_factor`, `library_start_s`,
`library_masked_flops_per_s` and `host_s`. The parts of the encoder are from its breakdown in docs/benchmarks.md and
docs/decisions/0006; those of bus, main memory, disk and start are assumed, and nothing measured depends on them."""

_H200_CYCLES_PER_S = 132 * 1.83e9
"""Multiprocessors times clock."""

_FAST, _SLOW = 0, 1
"""Places of the two ends in each pair below: what may be hoped for, and what is to be feared."""

_LAYER = (0.5, 1.2)
"""Of the H200's time to start a layer: GeForce GPUs have higher clocks, and older ones no early starts."""
_BANDWIDTH = (0.95, 0.70)
"""Part of the memory's bandwidth that decoding reaches: 0.70 to 0.91 in what others published."""
_LAPTOP_BANDWIDTH = (0.95, 0.55)
"""A laptop may not give its GPU the power for more."""
_WORK = (1.25, 0.75)
"""What a multiprocessor does in a cycle, relative to the H200's."""
_TURING_WORK = (1.0, 0.55)
"""Its tensor units take half as much at once."""
_PRODUCTS, _ATTENTION = (0.95, 0.70), (0.90, 0.45)
"""Parts of the tensor units' peak that cuBLAS and our attention reach, where that is the limit: 0.68 and 0.42 on the
H200, whose units are too fast for what feeds them."""
_LIBRARY = (1.6, 0.5)
"""Of ggml's and libmtmd's encoders, whose parts were measured least."""
_MOVED = (0.85, 0.5)
"""Part of the memory's bandwidth between the encoder's products."""
_HOST = (0.4, 1.5)
"""Of the time that the H200's processor took."""
_BUS = (0.85, 0.4)
_MAIN_BYTES_PER_S = (70e9, 25e9)
"""Of main memory at home: DDR5 and DDR4 in two channels."""
_DISK_BYTES_PER_S = (5e9, 0.5e9)
"""Of an SSD on PCI Express, and of one on SATA."""
_START_S = (0.5, 2.5)

_OTHER_LAYER, _OTHER_BANDWIDTH = (1.0, 4.0), (0.85, 0.35)
"""Of a Radeon, by ggml's kernels for Vulkan or ROCm, of which nothing was measured here."""


def rates_of(gpu: GpuModel) -> tuple[Rates, Rates] | None:
    """The fastest and the slowest that a GPU may be; None where nothing is known of its kernels.

    For a Radeon only decoding means anything (`predicts_images`).
    """
    if gpu.maker == "Intel":
        return None
    return _end(gpu, _FAST), _end(gpu, _SLOW)


def predicts_images(gpu: GpuModel) -> bool:
    """Whether more than decoding can be predicted: whether its kernels are those that were measured."""
    return gpu.maker == "NVIDIA"


def _end(gpu: GpuModel, end: int) -> Rates:
    cycles_per_s = gpu.n_multiprocessors * gpu.clock_hz[1 - end]
    work = (_TURING_WORK if gpu.generation == "Turing" else _WORK)[end] * cycles_per_s / _H200_CYCLES_PER_S
    peak = gpu.f16_flops * cycles_per_s
    is_other = not predicts_images(gpu)
    bandwidth = _OTHER_BANDWIDTH if is_other else _LAPTOP_BANDWIDTH if gpu.is_laptop else _BANDWIDTH
    read = gpu.bytes_per_s * bandwidth[end]
    moved = gpu.bytes_per_s * _MOVED[end]
    return Rates(
        layer_s=H200.layer_s * (_OTHER_LAYER if is_other else _LAYER)[end],
        read_bytes_per_s=read if is_other else min(read, H200.read_bytes_per_s * work),
        tile_bytes_per_s=min(read, H200.tile_bytes_per_s * work),
        row_flops_per_s=H200.row_flops_per_s * work,
        matrix_flops_per_s=min(peak * _PRODUCTS[end], H200.matrix_flops_per_s * work),
        attention_flops_per_s=min(peak * _ATTENTION[end], H200.attention_flops_per_s * work),
        library_matrix_flops_per_s=min(2 * peak * _PRODUCTS[end], H200.library_matrix_flops_per_s * work),
        library_attention_flops_per_s=H200.library_attention_flops_per_s * work * _LIBRARY[end],
        library_masked_flops_per_s=H200.library_masked_flops_per_s * work * _LIBRARY[end],
        moved_bytes_per_s=min(moved, H200.moved_bytes_per_s * work),
        library_moved_bytes_per_s=min(moved, H200.library_moved_bytes_per_s * work),
        library_start_s=H200.library_start_s * (1 / _LIBRARY[end]),
        encoder_factor=H200.encoder_factor,
        host_s=H200.host_s * _HOST[end],
        bus_bytes_per_s=gpu.bus_bytes_per_s * _BUS[end],
        main_bytes_per_s=_MAIN_BYTES_PER_S[end],
        disk_bytes_per_s=min(_DISK_BYTES_PER_S[end], gpu.bus_bytes_per_s * _BUS[end]),
        start_s=_START_S[end],
    )

"""How much work an image is, for whoever estimates times: counts of numbers, products and bytes, no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.model_shape import TextShape


@dataclass(frozen=True)
class ImageWork:
    """What one image asks of a GPU. A FLOP is a multiplication or an addition; bytes are those of the files' types.

    Attributes:
        n_tokens: cells of the KV cache that it takes.
        n_layers: of the encoder.
        matrix_flops, attention_flops: of encoding it: products with weights, and of patches with each other.
        moved_bytes: numbers that the encoder reads and writes beside those products, two bytes each.
        weights_bytes: of the encoder.
        has_own_kernels: whether this program's CUDA kernels can encode it; else ggml's do.
        is_masked: whether some of the encoder's layers see windows only, by a mask of all pairs.
        between_layers: layers that it adds between those of the language model (cross-attention), for each row.
        row_bytes: weights that a pass reads in them, and keys and values of the image.
        row_flops: for each row of a pass.
        key_flops: for the image's keys and values in them, once.
    """

    n_tokens: int
    n_layers: int
    matrix_flops: float
    attention_flops: float
    moved_bytes: float
    weights_bytes: int
    has_own_kernels: bool = False
    is_masked: bool = False
    between_layers: int = 0
    row_bytes: int = 0
    row_flops: float = 0.0
    key_flops: float = 0.0


@runtime_checkable
class TellsWork(Protocol):
    """`VisionNeeds` of a family that can tell how much work an image is."""

    def image_work(self, text: TextShape, placement: Placement, width: int, height: int) -> ImageWork | None:
        """For an image of `width` x `height` pixels; None where the library alone knows how large it gets."""
        ...


def encoder_work(n_patches: int, width: int, feed_forward: int, *, is_gated: bool) -> tuple[float, float, float]:
    """Of one layer of a vision transformer: FLOPs of its weights, FLOPs of its attention, bytes moved beside them.

    The bytes are those of norms, residuals, activations and copies between the products.
    """
    matrices = 4 * width * width + (3 if is_gated else 2) * width * feed_forward
    moved = n_patches * (28 * width + 4 * feed_forward)
    return 2.0 * n_patches * matrices, 4.0 * n_patches * n_patches * width, float(moved)
